"""What staff do for the people of a session of their branch, and note about them."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from aiohttp import web

from services.booking.domain import Mark
from services.booking.http.api import HOURS, api
from services.booking.http.desk.listing import SessionBookings, shown
from services.booking.http.desk.permitted import Desk, booking_of, permitted
from services.booking.usecases import desk, waiting
from shared import audit
from shared.db import Connection
from shared.keys import DATABASE
from shared.models import Strict

_STAFF = ("unauthorized", "forbidden", "unknown-session", "unknown-booking")

Work = Callable[[Connection, Desk], Awaitable[None]]
"""Something done about a session by who stands at its desk."""


async def acted(request: web.Request, action: str, booking_id: UUID, work: Work, *fields: str) -> SessionBookings:
    """Do something about a booking of the path's session, keep in the audit who did, and show its people."""
    at = await permitted(request)

    async def audited(conn: Connection) -> SessionBookings:
        await work(conn, at)
        await audit.note(conn, at.staff, action, "booking", booking_id, branch=at.branch, fields=fields)
        return await shown(conn, at.session_id)

    return await request.app[DATABASE].transact(audited)


async def _said(
    request: web.Request, action: str, work: Callable[[Connection, UUID], Awaitable[None]]
) -> SessionBookings:
    """Do for somebody what they said by phone or at the desk."""
    booking_id = booking_of(request)

    async def of_this_session(conn: Connection, at: Desk) -> None:
        await desk.require(conn, at.session_id, booking_id)
        await work(conn, booking_id)

    return await acted(request, action, booking_id, of_this_session)


@api.post("/v1/sessions/{session}/bookings/{booking}/told", problems=(*_STAFF, "offer-gone"))
async def tell_for(request: web.Request) -> SessionBookings:
    """Tick that somebody was rung about a seat on offer: their time to answer runs from now (staff of the branch)."""
    return await _said(request, "told", lambda conn, id_: desk.told(conn, id_, request.app[HOURS]))


@api.post("/v1/sessions/{session}/bookings/{booking}/accept", problems=(*_STAFF, "offer-gone"))
async def accept_for(request: web.Request) -> SessionBookings:
    """Take a seat on offer for somebody who said yes (staff of the branch)."""
    return await _said(request, "accepted", lambda conn, id_: waiting.accept(conn, id_, request.app[HOURS]))


@api.post("/v1/sessions/{session}/bookings/{booking}/decline", problems=(*_STAFF, "offer-gone"))
async def decline_for(request: web.Request) -> SessionBookings:
    """Let a seat on offer go to the next, for somebody who said no (staff of the branch)."""
    return await _said(request, "declined", waiting.decline)


@api.post("/v1/sessions/{session}/bookings/{booking}/cancel", problems=(*_STAFF, "closed"))
async def cancel_for(request: web.Request) -> SessionBookings:
    """Give a seat back, or leave the waiting list, for somebody who asked (staff of the branch)."""
    return await _said(request, "cancelled", desk.cancel)


class AttendanceBody(Strict):
    """Whether somebody came."""

    booking_id: UUID
    attendance: Mark | None
    """``excused``: away for a reason they told; ``revoked``: the library takes the seat away, and they are told."""
    override: bool = False
    """Who was missed and is there gets in also where their seat is not free any more: kept in the audit."""


@api.post("/v1/sessions/{session}/attendance", problems=(*_STAFF, "not-seated", "too-early", "sold-out", "closed"))
async def attend(request: web.Request, body: AttendanceBody) -> SessionBookings:
    """Note who came and who did not; null takes it back (staff of the branch).

    Nobody is absent before ten minutes have passed. Absent people's seats are free for who stands by. It can be
    corrected also after the session was closed, and nothing follows from it for anybody.
    """

    async def work(conn: Connection, at: Desk) -> None:
        by = at.staff if body.override else None
        await desk.attend(conn, at.session_id, body.booking_id, body.attendance, let_in_by=by)

    return await acted(request, "attendance", body.booking_id, work, "attendance")


class StandbyBody(Strict):
    """Who stands at the door."""

    booking_id: UUID


@api.post("/v1/sessions/{session}/standby", problems=(*_STAFF, "not-waiting", "too-early", "closed", "sold-out"))
async def standby(request: web.Request, body: StandbyBody) -> SessionBookings:
    """Give a free seat to somebody whom the closed waiting list left without (staff of the branch)."""

    async def work(conn: Connection, at: Desk) -> None:
        await desk.seat_standby(conn, at.session_id, body.booking_id)

    return await acted(request, "seated", body.booking_id, work)
