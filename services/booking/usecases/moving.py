"""A visitor changes to another time of the same activity."""

from uuid import UUID

from services.booking import domain
from services.booking.domain import Book, Command, Decline, GiveBack, Leave, Seated, remind_at
from services.booking.store import bookings, sessions
from services.booking.store.bookings import Booking
from services.booking.store.sessions import LockedSession
from services.booking.usecases.turns import ACTIVE, decide_one, finish, state_of
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
    left, chosen, booking = await _turns(conn, booking_id, session_id)
    if booking.session_id == session_id:
        return
    over = booking.id in domain.decide(left.session, [], left.now).ended
    missed = domain.is_away(await bookings.attendance(conn, booking_id))
    if booking.state not in ACTIVE or over or missed:
        raise domain.Closed("this booking is over")
    activity = left.session.terms.activity_id
    if activity is None or activity != chosen.session.terms.activity_id:
        raise domain.OtherActivity("choose another time of the same activity")
    had, outcome = decide_one(chosen, Book(party=booking.party))
    if not isinstance(outcome, Seated):
        raise TypeError(outcome)
    given_up, _ = decide_one(left, _give_up(booking))
    late = booking.state == "confirmed" and left.session.terms.is_late(left.now)
    reminder = remind_at(chosen.session.terms, chosen.now, hours.zone)
    moved = await bookings.move(conn, booking, session_id, outcome.seats, reminder, late=late)
    facts = BookingMove(**state_of(moved).model_dump(), from_session_id=booking.session_id, late=late)
    await emit(conn, BookingMoved.of(booking_id, facts))
    await finish(conn, chosen, had)
    await finish(conn, left, given_up)


def _give_up(booking: Booking) -> Command:
    match booking.state:
        case "queued":
            return Leave(id=booking.id)
        case "offered":
            return Decline(id=booking.id)
        case _:
            return GiveBack(seats=booking.seats, by="visitor")


async def _turns(conn: Connection, booking_id: UUID, session_id: UUID) -> tuple[LockedSession, LockedSession, Booking]:
    """Our turns with the session that is left and the one that is chosen; the booking may move while we wait."""
    leaving = await bookings.session_of(conn, booking_id)
    while leaving is not None:
        left, chosen = await sessions.lock_two(conn, leaving, session_id)
        booking = await bookings.now(conn, booking_id)
        if booking.session_id in {leaving, session_id}:
            return left, chosen, booking
        leaving = booking.session_id
    raise LookupError(booking_id)
