"""Who is on duty: asked or put there by staff, offering themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web

from services.volunteers.domain.refusals import Forbidden
from services.volunteers.http.api import HOURS, IDENTITY, api
from services.volunteers.http.asking import of_library, session_id
from services.volunteers.http.helper import volunteer
from services.volunteers.http.places import SessionView
from services.volunteers.queries import staffing as queries
from services.volunteers.store import shifts as store
from services.volunteers.usecases import shifts as usecases
from shared import audit
from shared.http import path_id, reply
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from services.volunteers.store.shifts import Shift
    from shared.db import Connection
    from shared.hours import PermittedHours

_CANNOT = ("already-busy", "over-budget", "register-note-missing", "not-active", "full", "not-possible-now")
_SESSION = ("unauthorized", "forbidden", "unknown-session")
_SHIFT = ("unauthorized", "forbidden", "unknown-shift")


class NewShift(Strict):
    """Whom staff ask to be on duty, or put there."""

    volunteer_id: UUID
    ask: bool = True
    """Whether they are asked; else it was agreed with them."""
    whole_sitting: bool = False
    """Whether for all of the sitting, with one answer."""


class Offer(Strict):
    """A volunteer's own word that they come."""

    whole_sitting: bool = False


class ShiftView(Model):
    """Somebody in a session."""

    id: UUID
    session_id: UUID
    volunteer_id: UUID
    state: str


class ShiftViews(Model):
    """One for each session of a sitting that they are in now."""

    items: list[ShiftView]
    next: None = None


class GapView(Model):
    """A session that one could help in."""

    session: SessionView
    needed: int
    helpers: int
    looking_for_stand_in: bool
    """Whether somebody who is on duty would like to be replaced."""
    sitting: int
    """How many sessions of the sitting are open; they end when ``session`` says."""


class Gaps(Model):
    """Where somebody is needed, the nearest first."""

    items: list[GapView]
    next: None = None


@api.post(
    "/v1/sessions/{id}/shifts",
    status=201,
    reply=ShiftViews,
    problems=(*_SESSION, "unknown-volunteer", *_CANNOT, "invalid"),
)
async def add_shift(request: web.Request, body: NewShift) -> web.Response:
    """Ask somebody to be on duty, or put them there as was agreed (staff of the branch)."""
    staff = await request.app[IDENTITY].staff(request)
    id_, hours = session_id(request), request.app[HOURS]
    do = usecases.ask if body.ask else usecases.put

    async def work(conn: Connection) -> ShiftViews:
        branch = await of_library(conn, staff, id_)
        made = await do(conn, id_, body.volunteer_id, hours, whole_sitting=body.whole_sitting)
        await audit.note(conn, staff, "asked" if body.ask else "put", "shift", made[0].id, branch=branch)
        return _views(made)

    return reply(await request.app[DATABASE].transact(work), 201)


@api.post(
    "/v1/sessions/{id}/offer",
    status=201,
    reply=ShiftViews,
    problems=(*_SESSION, *_CANNOT, "invalid"),
)
async def offer(request: web.Request, body: Offer) -> web.Response:
    """Say that one comes: on duty at once where it is one's library and what one does (volunteers)."""
    me = await volunteer(request)
    id_, hours = session_id(request), request.app[HOURS]

    async def work(conn: Connection) -> ShiftViews:
        return _views(await usecases.offer(conn, id_, me, hours, whole_sitting=body.whole_sitting))

    return reply(await request.app[DATABASE].transact(work), 201)


@api.get("/v1/me/open-shifts", problems=("unauthorized", "forbidden"))
async def open_shifts(request: web.Request) -> Gaps:
    """Where one could help in the next four weeks (volunteers)."""
    me = await volunteer(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = await queries.gaps(conn, me, await conn.fetchval("SELECT clock_timestamp()"))
    return Gaps(items=[GapView.model_validate(one, from_attributes=True) for one in found])


@api.post("/v1/shifts/{id}/confirm", problems=(*_SHIFT, "already-answered", "too-late", *_CANNOT))
async def confirm_shift(request: web.Request) -> ShiftView:
    """Put somebody on duty who offered themselves, or who was asked and has said yes to staff (staff of the branch)."""
    return await _by_staff(request, usecases.confirm, "confirmed")


@api.post("/v1/shifts/{id}/decline", problems=(*_SHIFT, "too-late"))
async def decline_shift(request: web.Request) -> ShiftView:
    """Say no to somebody who offered themselves (staff of the branch)."""
    return await _by_staff(request, usecases.refuse, "declined")


@api.post("/v1/shifts/{id}/cancel", problems=(*_SHIFT, "too-late"))
async def cancel_shift(request: web.Request) -> ShiftView:
    """Take somebody off duty, or take back that they were asked; they are told (staff of the branch)."""
    return await _by_staff(request, usecases.refuse, "cancelled")


async def _by_staff(
    request: web.Request, do: Callable[[Connection, UUID, PermittedHours], Awaitable[Shift]], action: str
) -> ShiftView:
    staff = await request.app[IDENTITY].staff(request)
    unknown = Problem("unknown-shift", 404, "There is no such shift")
    id_, hours = path_id(request, "id", unknown), request.app[HOURS]

    async def work(conn: Connection) -> ShiftView:
        known = await store.find(conn, id_)
        if known is None:
            if staff.role not in {"staff", "admin"}:
                raise Forbidden("only a branch's staff and administrators change who is on duty there")
            raise unknown
        branch = await of_library(conn, staff, known.session_id)
        shift = await do(conn, id_, hours)
        await audit.note(conn, staff, action, "shift", id_, branch=branch)
        return _view(shift)

    return await request.app[DATABASE].transact(work)


def _views(made: Sequence[Shift]) -> ShiftViews:
    return ShiftViews(items=[_view(shift) for shift in made])


def _view(shift: Shift) -> ShiftView:
    return ShiftView.model_validate(shift, from_attributes=True)
