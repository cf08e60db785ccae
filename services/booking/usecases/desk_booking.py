"""Staff book for somebody who stands at the desk or rings."""

from services.booking import domain, queries
from services.booking.domain import BookAtDesk, Decision, Outcome, Party, remind_at, seats_of
from services.booking.store import bookings, sessions
from services.booking.store.bookings import Booking
from services.booking.store.sessions import LockedSession
from services.booking.usecases.booking import Request, Taken, keep, person_of
from services.booking.usecases.closing import require_unclosed
from services.booking.usecases.overriding import let_in
from services.booking.usecases.turns import decide_one, finish, state_of
from shared.auth import Staff
from shared.db import Connection
from shared.events import BookingConfirmation, BookingConfirmed
from shared.hours import PermittedHours
from shared.outbox import emit


async def book(
    conn: Connection, request: Request, by: Staff, secret: str, hours: PermittedHours, *, override: bool
) -> queries.KnownBooking:
    """Take seats for a party until the session's end, or let it wait; an override takes them also where it is full.

    Who waits already gets their seats with the booking they have: an offer to them is closed by that. After the start
    they are there, and nobody is told.

    Raises:
        UnknownSession, Closed, PartyTooLarge, PartyEmpty, AdultMissing, SoldOut, QueueFull, QueueClosed, Unreachable,
        AlreadyBooked, UnknownQuestion, AnswerMissing, InvalidAnswer: nothing was taken.
    """
    locked = await sessions.lock_session(conn, request.session_id)
    await require_unclosed(conn, request.session_id)
    person = person_of(request.name, request.reach, secret)
    known = await bookings.waiting(conn, request.session_id, person) if person else None
    if known and known.id in domain.decide(locked.session, [], locked.now).ended:
        raise domain.AlreadyBooked("their time to answer has just ended: try again in a moment")
    command = BookAtDesk(
        party=request.party,
        queue_as=bookings.new_booking_id() if request.queue else None,
        reachable=request.reach.by != "none",
        known=known.id if known else None,
        override=override,
    )
    decision, outcome = await _decided(conn, locked, command, person)
    await let_in(conn, by, locked, outcome)
    if known:
        await _seat(conn, locked, known, decision, request.party, hours)
        return await queries.booking_by_id(conn, known.id)
    begun = locked.now >= locked.session.terms.starts_at
    taken = Taken(
        decision=decision,
        outcome=outcome,
        id=command.queue_as or bookings.new_booking_id(),
        person=person,
        how="door" if begun else "booked",
    )
    made = await keep(conn, locked, request, taken, hours)
    if begun:
        await bookings.set_attendance(conn, made.id, "came")
    return made


async def _decided(
    conn: Connection, locked: LockedSession, command: BookAtDesk, person: bytes | None
) -> tuple[Decision, Outcome]:
    try:
        return decide_one(locked, command)
    except (domain.SoldOut, domain.QueueFull, domain.QueueClosed) as full:
        if person and await bookings.is_active(conn, locked.session.id, person):
            raise domain.AlreadyBooked("they have a seat already, or wait for one") from full
        raise


async def _seat(
    conn: Connection, locked: LockedSession, known: Booking, decision: Decision, party: Party, hours: PermittedHours
) -> None:
    """Give somebody who waits their seats."""
    reminder = remind_at(locked.session.terms, locked.now, hours.zone)
    seated = await bookings.seat(conn, known.id, party, seats_of(locked.session.terms, party), reminder)
    await emit(conn, BookingConfirmed.of(known.id, BookingConfirmation(**state_of(seated).model_dump(), how="offer")))
    await finish(conn, locked, decision)
