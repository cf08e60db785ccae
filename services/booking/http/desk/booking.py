"""Booking for somebody who stands at the desk or rings, and changing how somebody is reached."""

from uuid import UUID

from aiohttp import web

from services.booking.http.api import HOURS, NOT_BOOKED, BookingView, ReachBody, api
from services.booking.http.bookings import BookingRequest
from services.booking.http.desk.listing import SessionBookings, shown
from services.booking.http.desk.permitted import about_session, booking_of, permitted
from services.booking.reach import Behalf, on_behalf, reach
from services.booking.usecases import desk_booking, desk_reach
from services.booking.usecases.booking import Request
from shared import audit, idempotency
from shared.db import Connection
from shared.keys import DATABASE, SECRET
from shared.models import Strict


class DeskBooking(BookingRequest):
    """What staff ask for somebody: any way to be reached, or none."""

    behalf_of: Behalf | None = None
    """Who helps them: ``reach`` is the helper's then, by proxy, and nobody else is written to."""
    override: bool = False
    """Let this party in also where it is full, past those who wait: on purpose, and kept in the audit."""


@api.post(
    "/v1/desk/bookings",
    status=201,
    reply=BookingView,
    problems=(
        *NOT_BOOKED,
        "unauthorized",
        "forbidden",
        "queue-full",
        "queue-closed",
        "unreachable",
        "not-by-proxy",
    ),
)
async def book_at_desk(request: web.Request, body: DeskBooking) -> web.Response:
    """Book for somebody until the session's end (staff of the branch): no limits, and also what the library books.

    Who waits already is seated with the booking they have. With an Idempotency-Key the same request gets the same
    answer for 48 hours.
    """
    desk = await about_session(request, body.session_id)
    wanted = Request(
        session_id=body.session_id,
        party=body.party.told(),
        name=body.name,
        reach=on_behalf(reach(body.reach.by, body.reach.phone, body.reach.email), body.behalf_of),
        language=body.language,
        hold=None,
        queue=body.if_full == "queue",
        answers=body.answered(),
        channel="desk",
    )

    async def work(conn: Connection) -> BookingView:
        made = await desk_booking.book(
            conn, wanted, desk.staff, request.app[SECRET], request.app[HOURS], override=body.override
        )
        await audit.note(conn, desk.staff, "booked", "booking", made.id, branch=desk.branch)
        return BookingView.of(made).model_copy(update={"meeting": None})

    return await idempotency.perform(request, work, status=201)


class ReachCorrection(Strict):
    """How somebody is reached from now on."""

    reach: ReachBody
    behalf_of: Behalf | None = None


@api.post(
    "/v1/sessions/{session}/bookings/{booking}/reach",
    problems=(
        "unauthorized",
        "forbidden",
        "unknown-session",
        "unknown-booking",
        "unreachable",
        "already-booked",
        "invalid-phone",
        "invalid-email",
        "not-by-proxy",
        "invalid",
    ),
)
async def correct_reach(request: web.Request, body: ReachCorrection) -> SessionBookings:
    """Correct a number, or reach somebody in another way (staff of the branch).

    What they must know goes there again. After this another thing may prove the booking: the new number's digits.
    """
    desk = await permitted(request)
    booking_id: UUID = booking_of(request)
    right = on_behalf(reach(body.reach.by, body.reach.phone, body.reach.email), body.behalf_of)

    async def work(conn: Connection) -> SessionBookings:
        changed = await desk_reach.correct(conn, desk.session_id, booking_id, right, request.app[SECRET])
        await audit.note(conn, desk.staff, "reach", "booking", booking_id, branch=desk.branch, fields=changed)
        return await shown(conn, desk.session_id)

    return await request.app[DATABASE].transact(work)
