"""Volunteers on one screen: its rules' refusals, its routes, what it hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from services.volunteers.events import HANDLERS
from services.volunteers.http import IDENTITY, VISITORS, api
from services.volunteers.store import signing_in
from shared import audit, limits
from shared.auth import IdentityProvider
from shared.keys import CLIENT, Refusals
from shared.reach import InvalidEmail, InvalidPhone
from shared.service import application
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
    app = application(
        settings,
        "volunteers",
        api=api,
        refusals=REFUSALS_HERE,
        handlers=HANDLERS,
        forgets=(signing_in.forget, limits.forget, audit.forget),
    )
    app[IDENTITY] = IdentityProvider(lambda: app[CLIENT], settings.trust)
    app[VISITORS] = Visitors(
        service="volunteers",
        key=settings.key.get_secret_value(),
        trusted_proxies=settings.trusted_proxies,
        exempt=settings.exempt_networks,
    )
    return app
