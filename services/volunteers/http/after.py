"""How it went, said by who helped or by staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from aiohttp import web
from pydantic import Field

from services.volunteers.domain.after import Outcome
from services.volunteers.http.api import IDENTITY, api
from services.volunteers.http.either import staff_or_helper
from services.volunteers.usecases import after as usecases
from shared.auth import Staff, forbidden
from shared.http import path_id
from shared.keys import DATABASE, ZONE
from shared.models import Model, Strict
from shared.problems import Problem

if TYPE_CHECKING:
    from shared.db import Connection

Minutes = Annotated[int, Field(strict=True, ge=0, le=1440)]


class OutcomeBody(Strict):
    """How an assignment went."""

    outcome: Outcome
    minutes: Minutes | None = None
    """How long it took, where that differs from the time it was given."""


class OutcomeView(Model):
    """What is kept of how an assignment went."""

    id: UUID
    outcome: Outcome | None
    minutes: int | None


class ShiftBody(Strict):
    """Whether somebody came to their shift."""

    came: bool
    minutes: Minutes | None = None
    """How long they were there, where that differs from the session; a coach's time is counted by visitor."""


class ShiftView(Model):
    """What is kept of a shift that is over."""

    id: UUID
    state: str


@api.post(
    "/v1/assignments/{id}/outcome",
    problems=("unauthorized", "forbidden", "unknown-assignment", "not-possible-now", "too-late", "invalid-minutes"),
)
async def tell_outcome(request: web.Request, body: OutcomeBody) -> OutcomeView:
    """Say how it went, or put it right until the calendar year is over (who helped, or staff of the library)."""
    who = await staff_or_helper(request)
    by = who if isinstance(who, Staff) else who.volunteer_id
    if by is None:
        raise forbidden("only who helped says how it went")
    id_ = path_id(request, "id", Problem("unknown-assignment", 404, "There is no such assignment"))

    async def work(conn: Connection) -> OutcomeView:
        told = await usecases.tell_outcome(conn, by, id_, body.outcome, body.minutes, request.app[ZONE])
        return OutcomeView(id=told.id, outcome=told.outcome, minutes=told.minutes)

    return await request.app[DATABASE].transact(work)


@api.post(
    "/v1/shifts/{id}/done",
    problems=("unauthorized", "forbidden", "unknown-shift", "not-possible-now", "too-late", "invalid-minutes"),
)
async def tell_shift(request: web.Request, body: ShiftBody) -> ShiftView:
    """Say whether somebody came to their shift, or put it right (staff of the library)."""
    staff = await request.app[IDENTITY].staff(request)
    id_ = path_id(request, "id", Problem("unknown-shift", 404, "There is no such shift"))

    async def work(conn: Connection) -> ShiftView:
        worked = await usecases.tell_shift(conn, staff, id_, body.minutes, request.app[ZONE], came=body.came)
        return ShiftView(id=worked.id, state=worked.state)

    return await request.app[DATABASE].transact(work)
