"""How people of a session can be told something, and telling all of them."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from aiohttp import web

from services.booking import queries
from services.booking.http.api import api
from services.booking.http.desk.permitted import permitted
from services.booking.usecases import announcing
from shared import audit, idempotency
from shared.db import Connection
from shared.events import Announcement
from shared.keys import DATABASE
from shared.models import Model, Strict


class Reached(Model):
    """So many people who are told in the same way. Nobody's name."""

    state: Literal["confirmed", "queued", "offered"]
    channel: Literal["sms", "email", "call", "door"]
    """``door``: no way to tell them before they come."""
    language: str
    bookings: int
    """Each is told once."""
    persons: int


class ReachOfSession(Model):
    """How many people are told how, if something changes."""

    session_id: UUID
    people: list[Reached]
    to_call: int
    """Bookings whose person must be rung ..."""
    at_door: int
    """... and whose person cannot be."""


def _of(session_id: UUID, people: Sequence[queries.People]) -> ReachOfSession:
    return ReachOfSession(
        session_id=session_id,
        people=[
            Reached(state=some.state, channel=some.channel, language=some.language, bookings=some.bookings,
                    persons=some.persons)
            for some in people
        ],
        to_call=sum(some.bookings for some in people if some.channel == "call"),
        at_door=sum(some.bookings for some in people if some.channel == "door"),
    )  # fmt: skip


@api.get("/v1/sessions/{session}/reach", problems=("unauthorized", "forbidden", "unknown-session"))
async def people_by_channel(request: web.Request) -> ReachOfSession:
    """How many people of a session are told by which channel and in which language (staff of the branch)."""
    session_id = (await permitted(request)).session_id
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return _of(session_id, await queries.reach(conn, session_id))


class AnnouncementBody(Strict):
    """What everybody is told."""

    announcement: Announcement
    preview: bool = False
    """Whether it is only counted who would be told."""
    again: bool = False
    """Whether it is meant although the same was told within an hour."""


class AnnouncementView(Model):
    """What was told, and to how many by which channel."""

    id: UUID | None
    """None of a preview."""
    announcement: Announcement
    told: ReachOfSession


@api.post(
    "/v1/sessions/{session}/announcements",
    status=201,
    reply=AnnouncementView,
    problems=("unauthorized", "forbidden", "unknown-session", "closed", "already-announced", "invalid"),
)
async def announce(request: web.Request, body: AnnouncementBody) -> web.Response:
    """Tell everybody who has a seat one of a short set of things, in their language (staff of the branch).

    The same within an hour is refused, unless it is meant. Who gets no messages comes on the call list. With
    ``preview`` nobody is told, and the answer says who would be.
    """
    desk = await permitted(request)
    session_id = desk.session_id

    async def work(conn: Connection) -> AnnouncementView:
        told = await announcing.announce(conn, session_id, body.announcement, again=body.again, preview=body.preview)
        if not body.preview:
            await audit.note(conn, desk.staff, "announced", "session", session_id, branch=desk.branch)
        return AnnouncementView(id=told.id, announcement=body.announcement, told=_of(session_id, told.people))

    return await idempotency.perform(request, work, status=201)
