"""Contact details of those who help and coordinate, for who is about to send them something."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, Field

from services.volunteers.domain.people import By
from services.volunteers.http.api import HOURS, api
from services.volunteers.queries import contacts as queries
from shared.auth import require_service
from shared.keys import DATABASE, SECRET
from shared.models import Model, Strict

if TYPE_CHECKING:
    from services.volunteers.queries.contacts import Reachable


class About(Strict):
    """Whose contact details are asked for, to say something about what."""

    ref: UUID
    about: UUID
    """An assignment, a shift or a notice."""


class HelperRefs(Strict):
    """Whose contact details are asked for."""

    refs: list[UUID] = Field(default=[], max_length=500)
    about: list[About] = Field(default=[], max_length=500)
    """With the code that answers this, for somebody has several."""


class HelperContact(Model):
    """How to reach somebody who helps, for the moment of sending."""

    ref: UUID
    about: UUID | None
    """What the code answers; none where nothing in particular was asked for."""
    name: str
    phone: str | None
    email: str | None
    by: By
    code: str
    """With which they answer; of a sign-in what they type. Empty where there is nothing to answer."""
    language: str
    answer_by: AwareDatetime | None
    """Until when they may answer who are told now."""
    until: AwareDatetime | None
    """When what they are told is of no use any more."""


class HelperContacts(Model):
    """Those that are still known."""

    items: list[HelperContact]


@api.post("/internal/contacts", problems=("unauthorized", "invalid"))
async def contacts(request: web.Request, body: HelperRefs) -> HelperContacts:
    """Give contact details to a service that is about to send; an erased person is left out."""
    require_service(request, request.app[SECRET], "volunteers")
    pairs = [(each.ref, each.about) for each in body.about]
    hours = request.app[HOURS]
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = [*await queries.reachable(conn, body.refs), *await queries.reachable_about(conn, pairs, hours)]
    return HelperContacts(items=[_view(one) for one in found])


def _view(one: Reachable) -> HelperContact:
    return HelperContact.model_validate(one, from_attributes=True)
