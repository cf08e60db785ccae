"""One booking in front of staff: seen, as for its slip, and changed to another time."""

from typing import Literal
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime

from services.booking import queries
from services.booking.domain import UnknownBooking
from services.booking.http.api import HOURS, MeetingView, Party, ReachView, State, api
from services.booking.http.desk.permitted import about_session, booking_of, permitted
from services.booking.usecases import desk, moving
from shared import audit, codes, idempotency
from shared.db import Connection
from shared.keys import DATABASE
from shared.models import Model, Strict


class BookingAtDesk(Model):
    """A booking as who stands in front of staff needs it; how they are reached only as a hint."""

    id: UUID
    revision: int
    session_id: UUID
    activity_id: UUID | None
    """Of which other sessions it can be moved to."""
    code: str
    series_code: str | None
    name: str
    reach: ReachView
    language: str
    party: Party
    state: State
    position: int | None
    """Where it stands in the waiting list, 1 for its head."""
    answer_by: AwareDatetime | None
    """Until when a seat that is offered may be accepted; none until the person was told of it."""
    notice: Literal["none", "pending", "sent", "delivered", "failed"]
    """What became of the newest message to them."""
    attendance: Literal["came", "excused", "late_cancel", "no_show", "revoked"] | None
    meeting: MeetingView | None
    """How they get into an online session, if they have a seat in it."""

    @classmethod
    def of(cls, one: queries.KnownBooking) -> "BookingAtDesk":
        """Show a booking to staff."""
        return cls(
            id=one.id,
            revision=one.revision,
            session_id=one.session_id,
            activity_id=one.activity_id,
            code=codes.shown(one.code),
            series_code=one.series_code and codes.shown(one.series_code),
            name=one.name,
            reach=ReachView(by=one.reach.by, hint=one.reach.hint),
            language=one.language,
            party=Party(adults=one.adults, children=one.children),
            state=one.state,
            position=one.position,
            answer_by=one.answer_by,
            notice=one.notice,
            attendance=one.attendance,
            meeting=MeetingView.of(one),
        )


async def _shown(conn: Connection, booking_id: UUID) -> BookingAtDesk:
    """A booking of a session whose staff ask.

    Raises:
        UnknownBooking: its person was erased.
    """
    found = await queries.desk_booking(conn, booking_id)
    if found is None:
        raise UnknownBooking("nothing is kept of who booked this any more")
    return BookingAtDesk.of(found)


@api.get(
    "/v1/sessions/{session}/bookings/{booking}",
    problems=("unauthorized", "forbidden", "unknown-session", "unknown-booking"),
)
async def see_for(request: web.Request) -> BookingAtDesk:
    """Show one booking (staff of the branch). That somebody read it is kept in the audit, once an hour."""
    at = await permitted(request)
    booking_id = booking_of(request)

    async def work(conn: Connection) -> BookingAtDesk:
        await desk.require(conn, at.session_id, booking_id)
        await audit.note_hourly(conn, at.staff, "shown", "booking", booking_id, branch=at.branch)
        return await _shown(conn, booking_id)

    return await request.app[DATABASE].transact(work)


class MoveBody(Strict):
    """The session that suits somebody better."""

    session_id: UUID
    override: bool = False
    """Let them in there also where it is full, past those who wait: on purpose, and kept in the audit."""


@api.post(
    "/v1/sessions/{session}/bookings/{booking}/move",
    reply=BookingAtDesk,
    problems=(
        "unauthorized",
        "forbidden",
        "unknown-session",
        "unknown-booking",
        "other-activity",
        "closed",
        "sold-out",
        "already-booked",
        "party-too-large",
        "party-empty",
        "adult-missing",
        "invalid",
    ),
)
async def move_for(request: web.Request, body: MoveBody) -> web.Response:
    """Change to another session of the same activity for somebody who asked (staff of both branches).

    Nothing is given up before a seat there is had. With an Idempotency-Key the same request gets the same answer for
    48 hours.
    """
    at = await permitted(request)
    await about_session(request, body.session_id)
    booking_id = booking_of(request)

    async def work(conn: Connection) -> BookingAtDesk:
        await desk.require(conn, at.session_id, booking_id)
        hours = request.app[HOURS]
        await moving.move_at_desk(conn, booking_id, body.session_id, at.staff, hours, override=body.override)
        await audit.note(conn, at.staff, "moved", "booking", booking_id, branch=at.branch, fields=("session",))
        return await _shown(conn, booking_id)

    return await idempotency.perform(request, work, status=200)
