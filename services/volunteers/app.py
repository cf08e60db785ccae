"""Volunteers on one screen: its rules' refusals, its routes, what it hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.domain.assigning import (
    AlreadyAnswered,
    AlreadyBusy,
    Full,
    NotActive,
    OverBudget,
    PledgeMissing,
    RegisterNoteMissing,
    UnknownNeed,
    UnknownSession,
)
from services.volunteers.domain.partners import StaleRevision
from services.volunteers.domain.refusals import (
    Forbidden,
    IdempotencyKeyReused,
    InvalidMinutes,
    NameTaken,
    NoHours,
    NotPossibleNow,
    TooLate,
    UnknownAssignment,
    UnknownCoordinator,
    UnknownPartner,
    UnknownShift,
    UnknownVolunteer,
    Unwritable,
    WrongCode,
)
from services.volunteers.events import handlers
from services.volunteers.http import HOURS, IDENTITY, VISITORS, api
from services.volunteers.looking_after import Timekeeper
from services.volunteers.store import signing_in
from services.volunteers.usecases import privacy
from shared import audit, limits
from shared.auth import IdentityProvider
from shared.keys import CLIENT, DATABASE, Refusals
from shared.reach import InvalidEmail, InvalidPhone
from shared.service import Loop, application
from shared.visitors import Visitors

if TYPE_CHECKING:
    from aiohttp import web

    from services.volunteers.settings import VolunteersSettings

REFUSALS_HERE: Refusals = {
    Forbidden: (403, "Your role does not allow this"),
    UnknownAssignment: (404, "There is no such assignment"),
    UnknownShift: (404, "There is no such shift"),
    UnknownVolunteer: (404, "There is no such volunteer"),
    UnknownCoordinator: (404, "There is no such coordinator"),
    UnknownSession: (404, "There is no such session"),
    UnknownNeed: (404, "Nobody seeks help under that booking"),
    NotActive: (409, "They are no active volunteer"),
    RegisterNoteMissing: (409, "A register note is missing"),
    OverBudget: (409, "That is more hours than they give"),
    AlreadyBusy: (409, "They are somewhere else then"),
    AlreadyAnswered: (409, "It has been settled"),
    Full: (409, "There are enough helpers"),
    PledgeMissing: (422, "The rules of bank-neutral help were not accepted"),
    WrongCode: (403, "This code does not work"),
    NotPossibleNow: (409, "That is not possible now"),
    TooLate: (409, "It is too late for that"),
    InvalidMinutes: (422, "So many minutes cannot have been"),
    NoHours: (409, "There are no hours to certify"),
    Unwritable: (422, "A name cannot be written there"),
    UnknownPartner: (404, "There is no such partner"),
    InvalidPhone: (422, "This phone number does not work here"),
    InvalidEmail: (422, "This e-mail address does not work"),
    NameTaken: (409, "Another partner is called so already"),
    StaleRevision: (409, "Somebody else changed it meanwhile"),
    IdempotencyKeyReused: (422, "This Idempotency-Key was used for another request"),
}


def create_app(settings: VolunteersSettings) -> web.Application:
    """Compose the service; does no I/O before it is started."""

    def loops(app: web.Application) -> dict[str, Loop]:
        timekeeper = Timekeeper(app[DATABASE], settings.hours)
        return {
            "timekeeper": timekeeper.sessions,
            "reminders": timekeeper.reminders,
            "register notes": timekeeper.register_notes,
        }

    app = application(
        settings,
        "volunteers",
        api=api,
        refusals=REFUSALS_HERE,
        handlers=handlers(settings.hours),
        more_loops=loops,
        forgets=(privacy.forget_old, privacy.forget_wishes, signing_in.forget, limits.forget, audit.forget),
    )
    app[HOURS] = settings.hours
    app[IDENTITY] = IdentityProvider(lambda: app[CLIENT], settings.trust)
    app[VISITORS] = Visitors(
        service="volunteers",
        key=settings.key.get_secret_value(),
        trusted_proxies=settings.trusted_proxies,
        exempt=settings.exempt_networks,
    )
    return app
