"""Somebody changes to another time of the same activity."""

from dataclasses import dataclass
from uuid import UUID

from services.booking import domain
from services.booking.domain import (
    Book,
    BookAtDesk,
    By,
    Command,
    Decision,
    Decline,
    GiveBack,
    GivenBack,
    Leave,
    Outcome,
    Seated,
    remind_at,
)
from services.booking.store import bookings, sessions
from services.booking.store.bookings import Booking
from services.booking.store.sessions import LockedSession
from services.booking.usecases.closing import require_unclosed
from services.booking.usecases.overriding import let_in
from services.booking.usecases.turns import ACTIVE, decide_one, finish, state_of
from shared.auth import Staff
from shared.db import Connection
from shared.events import BookingMove, BookingMoved
from shared.hours import PermittedHours
from shared.outbox import emit


async def move(conn: Connection, booking_id: UUID, session_id: UUID, hours: PermittedHours) -> None:
    """Have a booking be for another session: its seat there is had before anything is given up here.

    Doing it again changes nothing.

    Raises:
        UnknownSession, OtherActivity, AlreadyBooked: the other session cannot be.
        Closed: the session that is left has started or the booking is over, or the other one has started.
        NotOpen, SoldOut, PartyTooLarge, PartyEmpty, AdultMissing: nothing was given up.
        LookupError: there is no such booking.
    """
    turn = await _turns(conn, booking_id, session_id)
    if turn.booking.session_id == session_id:
        return
    await _leavable(conn, turn)
    had, outcome = decide_one(turn.chosen, Book(party=turn.booking.party))
    await _changed(conn, turn, had, outcome, hours, by="visitor")


async def move_at_desk(
    conn: Connection, booking_id: UUID, session_id: UUID, by: Staff, hours: PermittedHours, *, override: bool
) -> None:
    """Do the same for somebody who asked at the desk: as staff book, until the end, and on purpose where it is full.

    Who changes to a session that has begun is there. Doing it again changes nothing.

    Raises:
        UnknownSession, OtherActivity, AlreadyBooked, Closed, SoldOut, PartyTooLarge, PartyEmpty, AdultMissing:
            nothing was given up.
        LookupError: there is no such booking.
    """
    turn = await _turns(conn, booking_id, session_id)
    if turn.booking.session_id == session_id:
        return
    await require_unclosed(conn, turn.left.session.id)
    await require_unclosed(conn, session_id)
    await _leavable(conn, turn)
    if await bookings.attendance(conn, booking_id) == "came":
        raise domain.Closed("they are there: take that back first")
    had, outcome = decide_one(turn.chosen, BookAtDesk(party=turn.booking.party, override=override))
    await let_in(conn, by, turn.chosen, outcome)
    await _changed(conn, turn, had, outcome, hours, by="staff")
    if turn.chosen.now >= turn.chosen.session.terms.starts_at:
        await bookings.set_attendance(conn, booking_id, "came")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Turn:
    """Our turns with the session that is left and the one that is chosen, and the booking that goes between them."""

    left: LockedSession
    chosen: LockedSession
    booking: Booking


async def _leavable(conn: Connection, turn: _Turn) -> None:
    """Let only bookings pass that can still be for another time of their activity.

    Raises:
        Closed, OtherActivity: this one cannot.
    """
    booking, left = turn.booking, turn.left
    over = booking.id in domain.decide(left.session, [], left.now).ended
    missed = domain.is_away(await bookings.attendance(conn, booking.id))
    if booking.state not in ACTIVE or over or missed:
        raise domain.Closed("this booking is over")
    activity = left.session.terms.activity_id
    if activity is None or activity != turn.chosen.session.terms.activity_id:
        raise domain.OtherActivity("choose another time of the same activity")


async def _changed(
    conn: Connection, turn: _Turn, had: Decision, outcome: Outcome, hours: PermittedHours, *, by: By
) -> None:
    """Write down that the seat there is had, give up the one here, and tell of both."""
    if not isinstance(outcome, Seated):
        raise TypeError(outcome)
    left, chosen, booking = turn.left, turn.chosen, turn.booking
    given_up, was = decide_one(left, _give_up(booking, by))
    late = isinstance(was, GivenBack) and was.late and not booking.left_alone
    reminder = remind_at(chosen.session.terms, chosen.now, hours.zone)
    moved = await bookings.move(conn, booking, chosen.session.id, outcome.seats, reminder, late=late)
    facts = BookingMove(**state_of(moved).model_dump(), from_session_id=booking.session_id, late=late)
    await emit(conn, BookingMoved.of(booking.id, facts))
    await finish(conn, chosen, had)
    await finish(conn, left, given_up)


def _give_up(booking: Booking, by: By) -> Command:
    match booking.state:
        case "queued":
            return Leave(id=booking.id)
        case "offered":
            return Decline(id=booking.id)
        case _:
            return GiveBack(seats=booking.seats, by=by)


async def _turns(conn: Connection, booking_id: UUID, session_id: UUID) -> _Turn:
    """Our turns with the session that is left and the one that is chosen; the booking may move while we wait."""
    leaving = await bookings.session_of(conn, booking_id)
    while leaving is not None:
        left, chosen = await sessions.lock_two(conn, leaving, session_id)
        booking = await bookings.now(conn, booking_id)
        if booking.session_id in {leaving, session_id}:
            return _Turn(left=left, chosen=chosen, booking=booking)
        leaving = booking.session_id
    raise LookupError(booking_id)
