"""Somebody would like to help: the way begins with a word from them, on a public page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from aiohttp import web

from services.volunteers import limits
from services.volunteers.domain.people import Volunteer
from services.volunteers.http.api import VISITORS, api
from services.volunteers.http.bodies import Branches, Languages, Tasks
from services.volunteers.http.people import ContactBody
from services.volunteers.reach import Reached
from services.volunteers.usecases import people as usecases
from shared.ids import new_id
from shared.keys import DATABASE, SECRET
from shared.limits import spend
from shared.models import Model

if TYPE_CHECKING:
    from shared.db import Connection


class InterestBody(ContactBody):
    """Who would like to help, and with what; there is no field to write about anybody in."""

    tasks: Tasks = ()
    branches: Branches = ()
    languages: Languages = ()
    partner: UUID | None = None
    """Through which organisation, if one sends them."""


class Interested(Model):
    """Nothing is told: neither whether somebody of that name is known already."""


@api.post(
    "/v1/interest",
    status=202,
    problems=("unknown-partner", "invalid-phone", "invalid-email", "too-many-requests", "invalid"),
)
async def tell_interest(request: web.Request, body: InterestBody) -> Interested:
    """Tell that one would like to help; a colleague calls or writes back."""
    contact = body.contact()
    reached = Reached(contact.by, contact.phone, contact.email)
    asked = limits.of_interest(request.app[SECRET], reached, request.app[VISITORS].network(request))
    new = Volunteer(
        id=new_id(),
        contact_ref=uuid4(),
        contact=contact,
        state="interest",
        partner_id=body.partner,
        tasks=body.tasks,
        branches=body.branches,
        languages={each.language: each.level for each in body.languages},
    )

    async def work(conn: Connection) -> None:
        await spend(conn, asked)
        await usecases.interested(conn, new)

    await request.app[DATABASE].transact(work)
    return Interested()
