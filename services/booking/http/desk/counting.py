"""Who walks in is counted with one tap, by age group and without a name."""

from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import AfterValidator, Field

from services.booking import queries
from services.booking.http.api import api
from services.booking.http.desk.permitted import permitted
from services.booking.store.walk_ins import Group
from services.booking.usecases import desk_counting
from shared import audit
from shared.db import Connection
from shared.keys import DATABASE
from shared.models import Model, Strict

_AT_ONCE = 100
"""A school class and its neighbours; what is beyond it is a slip of the finger."""


def _some(change: int) -> int:
    if change == 0:
        raise ValueError("say how many more came, or how many fewer")
    return change


class WalkInBody(Strict):
    """So many more of an age group; fewer below zero."""

    group: Group
    change: Annotated[int, Field(ge=-_AT_ONCE, le=_AT_ONCE), AfterValidator(_some)]


class WalkIns(Model):
    """How many came without a booking."""

    session_id: UUID
    child: int
    """Up to 12 years."""
    young: int
    """13 to 17."""
    adult: int
    reserve: int | None
    """The seats that are kept for people who walk in; None where nothing is kept."""
    used: int
    """Seats they take, as the session counts; more than the reserve where more were let in."""


async def _shown(conn: Connection, session_id: UUID) -> WalkIns:
    return WalkIns.model_validate(await queries.walk_ins(conn, session_id), from_attributes=True)


@api.get("/v1/sessions/{session}/walk-ins", problems=("unauthorized", "forbidden", "unknown-session"))
async def walk_ins(request: web.Request) -> WalkIns:
    """How many came without a booking (staff of the branch)."""
    desk = await permitted(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await _shown(conn, desk.session_id)


@api.post(
    "/v1/sessions/{session}/walk-ins",
    problems=("unauthorized", "forbidden", "unknown-session", "doors-shut", "closed", "invalid"),
)
async def count(request: web.Request, body: WalkInBody) -> WalkIns:
    """Count people who came without a booking, or take them back (staff of the branch); never below zero.

    From an hour before the start until the session is closed.
    """
    desk = await permitted(request)

    async def work(conn: Connection) -> WalkIns:
        await desk_counting.count(conn, desk.session_id, body.group, body.change)
        await audit.note_hourly(conn, desk.staff, "walk-in", "session", desk.session_id, branch=desk.branch)
        return await _shown(conn, desk.session_id)

    return await request.app[DATABASE].transact(work)
