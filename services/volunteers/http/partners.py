from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid5

from aiohttp import web
from pydantic import Field, StringConstraints

from services.volunteers.domain.partners import USUAL_HOURS_A_YEAR, Partner, PartnerChange
from services.volunteers.domain.refusals import Forbidden
from services.volunteers.http.api import IDENTITY, api
from services.volunteers.store import partners as store
from services.volunteers.usecases import partners as usecases
from shared import idempotency
from shared.http import path_id, reply
from shared.i18n import swedish_order
from shared.ids import new_id
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import Problem

if TYPE_CHECKING:
    from shared.auth import Staff
    from shared.db import Connection

_KEYED = UUID("5f0c7d5e-7b0a-4a0e-9c35-0d9a9a3d5b11")
"""From which a partner's id is made of an Idempotency-Key, so that the same request again finds the same partner."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
Phone = Annotated[str, StringConstraints(pattern=r"^(\+?[0-9][0-9 -]{3,18}[0-9])?$")]
HoursAYear = Annotated[int, Field(strict=True, ge=1, le=2000)]


class NewPartnerBody(Strict):
    """A new partner."""

    name: Name
    hours_a_year: HoursAYear = USUAL_HOURS_A_YEAR
    """What each of its people gives in a calendar year."""
    phone: Phone = ""
    """The organisation's own, never a person's."""


class PartnerPatch(Strict):
    """What shall be different about a partner; what is left out stays."""

    name: Name | None = None
    hours_a_year: HoursAYear | None = None
    phone: Phone | None = None
    active: bool | None = None
    """Whether its people are asked to help."""
    revision: Annotated[int, Field(strict=True, ge=1)] | None = None
    """The one that the change was made from."""


class PartnerView(Model):
    """An organisation whose people help."""

    id: UUID
    revision: int
    name: str
    hours_a_year: int
    phone: str
    active: bool


class Partners(Model):
    """All of them, in Swedish alphabetical order."""

    items: tuple[PartnerView, ...]
    next: None = None


@api.get("/v1/partners", problems=("unauthorized", "forbidden"))
async def partners(request: web.Request) -> Partners:
    """List the organisations whose people help (staff)."""
    _works_here(await request.app[IDENTITY].staff(request))
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = await store.partners(conn)
    return Partners(items=tuple(map(_view, sorted(found, key=lambda one: swedish_order(one.name)))))


@api.get("/v1/partners/{id}", problems=("unauthorized", "forbidden", "unknown-partner"))
async def partner(request: web.Request) -> PartnerView:
    """Show one of them (staff)."""
    _works_here(await request.app[IDENTITY].staff(request))
    id_ = _partner_id(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return _view(await store.partner(conn, id_))


@api.post(
    "/v1/partners",
    status=201,
    reply=PartnerView,
    problems=("unauthorized", "forbidden", "name-taken", "idempotency-key-reused", "invalid"),
)
async def create_partner(request: web.Request, body: NewPartnerBody) -> web.Response:
    """Add an organisation whose people help (administrators)."""
    staff = await _administrator(request)
    key = idempotency.check_key(request.headers.get(idempotency.HEADER))
    new = Partner(id=uuid5(_KEYED, key) if key else new_id(), **body.model_dump())

    async def work(conn: Connection) -> PartnerView:
        return _view(await usecases.create_partner(conn, staff, new))

    return reply(await request.app[DATABASE].transact(work), 201)


@api.patch(
    "/v1/partners/{id}",
    problems=("unauthorized", "forbidden", "unknown-partner", "name-taken", "stale-revision", "invalid"),
)
async def change_partner(request: web.Request, body: PartnerPatch) -> PartnerView:
    """Change one of them (administrators)."""
    staff = await _administrator(request)
    id_ = _partner_id(request)
    change = PartnerChange(**body.model_dump(exclude={"revision"}))

    async def work(conn: Connection) -> PartnerView:
        return _view(await usecases.change_partner(conn, staff, id_, change, body.revision))

    return await request.app[DATABASE].transact(work)


async def _administrator(request: web.Request) -> Staff:
    return await request.app[IDENTITY].administrator(request, "only administrators change partners")


def _works_here(staff: Staff) -> None:
    """Let administrators and the staff of any library pass.

    Raises:
        Forbidden: the person is neither.
    """
    if staff.role != "admin" and not (staff.role == "staff" and staff.branches):
        raise Forbidden("only staff of a library and administrators see partners")


def _partner_id(request: web.Request) -> UUID:
    return path_id(request, "id", Problem("unknown-partner", 404, "There is no such partner"))


def _view(partner: Partner) -> PartnerView:
    return PartnerView.model_validate(partner, from_attributes=True)
