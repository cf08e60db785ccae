"""Those who coordinate: a partner's see their own people, a library's are told when nobody is left to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from aiohttp import web

from services.volunteers.domain.people import Coordinator, Way
from services.volunteers.http.api import IDENTITY, api
from services.volunteers.http.bodies import Branches, Email, HelperReach, Language, Name, Phone
from services.volunteers.http.people import CONTACT, ContactBody, parted
from services.volunteers.http.staff import works_here
from services.volunteers.store import coordinators as store
from services.volunteers.usecases import coordinators as usecases
from services.volunteers.usecases import privacy
from shared import idempotency
from shared.http import path_id
from shared.ids import new_id
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import Problem

if TYPE_CHECKING:
    from shared.auth import Staff
    from shared.db import Connection

_STAFF = ("unauthorized", "forbidden")
_REACHED = ("invalid-phone", "invalid-email", "invalid")


class NewCoordinatorBody(ContactBody):
    """Somebody who coordinates."""

    partner_id: UUID | None = None
    """Whose people they coordinate; without one they are the library's own."""
    branches: Branches = ()
    """For which libraries they answer, without a partner; none named is all."""


class CoordinatorPatch(Strict):
    """What shall be different about a coordinator; what is left out stays."""

    name: Name | None = None
    phone: Phone | None = None
    email: Email | None = None
    reach: Way | None = None
    language: Language | None = None
    branches: Branches | None = None
    active: bool | None = None


class CoordinatorView(Model):
    """Somebody who coordinates."""

    id: UUID
    name: str
    reach: HelperReach
    language: str
    partner_id: UUID | None
    branches: tuple[str, ...]
    active: bool

    @classmethod
    def of(cls, known: Coordinator) -> CoordinatorView:
        """Show them to staff."""
        return cls(
            id=known.id,
            name=known.contact.name,
            reach=HelperReach.of(known.contact),
            language=known.contact.language,
            partner_id=known.partner_id,
            branches=tuple(known.branches),
            active=known.active,
        )


class Coordinators(Model):
    """All of them, by name."""

    items: tuple[CoordinatorView, ...]
    next: None = None


@api.get("/v1/coordinators", problems=_STAFF)
async def coordinators(request: web.Request) -> Coordinators:
    """List those who coordinate (staff)."""
    await works_here(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = await store.every(conn)
    return Coordinators(items=tuple(map(CoordinatorView.of, found)))


@api.post(
    "/v1/coordinators",
    status=201,
    reply=CoordinatorView,
    problems=(*_STAFF, *_REACHED, "unknown-partner", "still-running", "idempotency-key-reused"),
)
async def add_coordinator(request: web.Request, body: NewCoordinatorBody) -> web.Response:
    """Add somebody who coordinates (administrators)."""
    staff = await _administrator(request)
    new = Coordinator(
        id=new_id(),
        contact_ref=uuid4(),
        contact=body.contact(),
        partner_id=body.partner_id,
        branches=body.branches,
    )

    async def work(conn: Connection) -> CoordinatorView:
        return CoordinatorView.of(await usecases.add(conn, staff, new))

    return await idempotency.perform(request, work, status=201)


@api.patch("/v1/coordinators/{id}", problems=(*_STAFF, *_REACHED, "unknown-coordinator"))
async def change_coordinator(request: web.Request, body: CoordinatorPatch) -> CoordinatorView:
    """Change what is known about one of them (administrators)."""
    staff = await _administrator(request)
    id_ = _id(request)
    own, contact = parted(body, CONTACT)

    async def work(conn: Connection) -> CoordinatorView:
        return CoordinatorView.of(await usecases.change(conn, staff, id_, own=own, contact=contact))

    return await request.app[DATABASE].transact(work)


@api.delete("/v1/coordinators/{id}", problems=(*_STAFF, "unknown-coordinator"))
async def erase_coordinator(request: web.Request) -> web.Response:
    """Forget who one of them was (administrators)."""
    staff = await _administrator(request)
    id_ = _id(request)
    await request.app[DATABASE].transact(lambda conn: privacy.erase_coordinator(conn, staff, id_))
    return web.Response(status=204)


async def _administrator(request: web.Request) -> Staff:
    return await request.app[IDENTITY].administrator(request, "only administrators change coordinators")


def _id(request: web.Request) -> UUID:
    return path_id(request, "id", Problem("unknown-coordinator", 404, "There is no such coordinator"))
