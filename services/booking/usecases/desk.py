"""What staff do with the people of a session: ring them, seat them at the door, see who came."""

from uuid import UUID

from services.booking import domain
from services.booking.domain import Mark, SeatStandby
from services.booking.store import bookings, figures
from services.booking.store.bookings import Booking
from services.booking.store.sessions import LockedSession
from services.booking.usecases import waiting
from services.booking.usecases.closing import fold, require_unclosed
from services.booking.usecases.overriding import let_in
from services.booking.usecases.turns import decide_one, finish, state_of, turn_of
from shared.auth import Staff
from shared.db import Connection
from shared.events import BookingConfirmation, BookingConfirmed
from shared.hours import PermittedHours
from shared.outbox import emit


async def require(conn: Connection, session_id: UUID, booking_id: UUID) -> None:
    """Let only bookings of a session pass: who may change those may not change others.

    Raises:
        UnknownBooking: it has none like that.
    """
    await _turn(conn, session_id, booking_id)


async def _turn(conn: Connection, session_id: UUID, booking_id: UUID) -> tuple[LockedSession, Booking]:
    """Our turn with a session, for one of its bookings.

    Raises:
        UnknownBooking: it has none like that.
    """
    if await bookings.session_of(conn, booking_id) != session_id:
        raise domain.UnknownBooking("this session has no such booking")
    locked, booking = await turn_of(conn, booking_id)
    if booking.session_id != session_id:
        raise domain.UnknownBooking("this session has no such booking")
    return locked, booking


async def attend(
    conn: Connection, session_id: UUID, booking_id: UUID, mark: Mark | None, *, let_in_by: Staff | None = None
) -> None:
    """Note whether somebody came; None takes that back. Absent people's seats are free for who stands at the door.

    What is said after the session was closed corrects its figures. Who is there although their seat is not free any
    more gets in by an override of ``let_in_by``.

    Raises:
        UnknownBooking, NotSeated: nobody there has that seat.
        TooEarly: nobody is absent before ten minutes have passed.
        SoldOut: somebody else has got the seat of who was thought absent.
        Closed: no seat can be taken away any more.
    """
    locked, booking = await _turn(conn, session_id, booking_id)
    before = await bookings.attendance(conn, booking_id)
    if booking.state == "cancelled" and before in {"late_cancel", "excused"}:
        await bookings.set_attendance(conn, booking_id, domain.of_late_cancel(mark))
    elif booking.state == "confirmed":
        await _mark(conn, locked, booking, before, mark, let_in_by)
    else:
        raise domain.NotSeated("this booking has no seat")
    if await figures.are_folded(conn, session_id):
        await fold(conn, session_id)


async def _mark(
    conn: Connection, locked: LockedSession, booking: Booking, before: str | None, mark: Mark | None, by: Staff | None
) -> None:
    domain.may_be_marked(locked.session.terms, before, mark, locked.now)
    if mark == "revoked":
        await require_unclosed(conn, locked.session.id)
    command = domain.command_for(before, mark, booking.seats, override=by is not None)
    if command is None:
        decision = domain.decide(locked.session, [], locked.now)
    else:
        decision, outcome = decide_one(locked, command)
        if by:
            await let_in(conn, by, locked, outcome)
    if mark == "revoked":
        await waiting.cancelled(conn, booking, waiting.GivenUp(by="staff", revoked=True))
    else:
        await bookings.set_attendance(conn, booking.id, mark)
    await finish(conn, locked, decision, anew=mark != before)


async def told(conn: Connection, booking_id: UUID, hours: PermittedHours) -> None:
    """Note that somebody was rung about a seat on offer: their time to answer runs from now.

    Raises:
        OfferGone: none is kept for them.
    """
    booking = await bookings.find(conn, booking_id)
    if booking is None or booking.state != "offered":
        raise domain.OfferGone("no seat is kept for this booking")
    await waiting.told(conn, booking_id, None, hours)


async def cancel(conn: Connection, booking_id: UUID) -> None:
    """Give a seat back or leave the line, for somebody who asked.

    Raises:
        Closed: they are there, or the session was closed.
    """
    locked, _ = await turn_of(conn, booking_id)
    await require_unclosed(conn, locked.session.id)
    if await bookings.attendance(conn, booking_id) == "came":
        raise domain.Closed("they are there: take that back first")
    await waiting.let_go(conn, booking_id, "staff")


async def seat_standby(conn: Connection, session_id: UUID, booking_id: UUID) -> None:
    """Give a free seat to somebody whom the closed waiting list left without; who has it already keeps it.

    Raises:
        UnknownBooking, NotWaiting: nobody there stands by with that booking.
        TooEarly, Closed, SoldOut: before the start, after the end, or no seat is free.
    """
    locked, booking = await _turn(conn, session_id, booking_id)
    if booking.state == "confirmed":
        return
    await require_unclosed(conn, session_id)
    if booking.state != "closed":
        early = locked.now < locked.session.terms.starts_at
        raise (
            domain.TooEarly("until the start seats are offered in order")
            if early
            else domain.NotWaiting("this booking does not stand by")
        )
    decision, _ = decide_one(locked, SeatStandby(seats=booking.seats))
    seated = await bookings.seat_at_door(conn, booking_id)
    facts = BookingConfirmation(**state_of(seated).model_dump(), how="door")
    await emit(conn, BookingConfirmed.of(booking_id, facts))
    await finish(conn, locked, decision)
