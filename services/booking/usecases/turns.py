"""A turn with a session: what was decided is written down, and everybody concerned hears of it, in one transaction."""

from typing import TypeAlias
from uuid import UUID

from services.booking import domain
from services.booking.domain import (
    Command,
    Decision,
    Happening,
    LeftWaiting,
    Offered,
    OfferExpired,
    Outcome,
    Refused,
    Session,
)
from services.booking.store import bookings, holds, sessions
from services.booking.store.bookings import Booking
from services.booking.store.sessions import LockedSession
from shared.db import Connection
from shared.events import (
    Availability,
    AvailabilityChanged,
    BookingClosed,
    BookingOffered,
    BookingOfferExpired,
    BookingState,
)
from shared.outbox import emit

ACTIVE = frozenset({"confirmed", "queued", "offered"})
"""The states in which a booking has a seat or may still get one."""

Turn: TypeAlias = tuple[LockedSession, Booking]


async def turn_of(conn: Connection, booking_id: UUID) -> Turn:
    """Take our turn with the session of a booking; it may have changed to another one while we waited.

    Raises:
        LookupError: there is no such booking.
    """
    session_id = await bookings.session_of(conn, booking_id)
    while session_id is not None:
        locked = await sessions.lock_session(conn, session_id)
        booking = await bookings.now(conn, booking_id)
        if booking.session_id == session_id:
            return locked, booking
        session_id = booking.session_id
    raise LookupError(booking_id)


def decide_one(locked: LockedSession, command: Command) -> tuple[Decision, Outcome]:
    """Decide one command at the time of our turn.

    Raises:
        a refusal of the domain's: a rule said no.
    """
    decision = domain.decide(locked.session, [command], locked.now)
    [outcome] = decision.outcomes
    if isinstance(outcome, Refused):
        raise outcome.refusal
    return decision, outcome


async def finish(conn: Connection, locked: LockedSession, decision: Decision, *, anew: bool = False) -> None:
    """Write a decided session back, with what followed for others, and say how full it is if that changed.

    It is said ``anew`` also where that is as before: when catalog told of it, which is always answered, and when what
    staff watch beside the seats has changed.
    """
    session = decision.session
    await holds.keep(conn, session.id, [held for held in session.holds if held not in locked.session.holds])
    kept = {held.id for held in session.holds}
    await holds.drop(conn, [held.id for held in locked.session.holds if held.id not in kept])
    for happening in decision.happened:
        await _follow(conn, happening)
    if anew or _visible(session) != _visible(locked.session):
        await sessions.save_session(conn, locked, session, revision=locked.revision + 1)
        await announce(conn, session, locked.revision + 1)
    elif session != locked.session:
        await sessions.save_session(conn, locked, session, revision=locked.revision)
    elif (wakes_at := session.wakes_at(locked.now)) != locked.wakes_at:
        await sessions.set_wakes_at(conn, session, wakes_at)


async def _follow(conn: Connection, happening: Happening) -> None:
    match happening:
        case Offered():
            offered = await bookings.offer(conn, happening.id)
            await emit(conn, BookingOffered.of(offered.id, state_of(offered)))
        case OfferExpired():
            expired = await bookings.end(conn, happening.id, "expired")
            await emit(conn, BookingOfferExpired.of(expired.id, state_of(expired)))
        case LeftWaiting():
            closed = await bookings.end(conn, happening.id, "closed")
            await emit(conn, BookingClosed.of(closed.id, state_of(closed)))


def _visible(session: Session) -> Availability:
    return availability(session, 0)


def availability(session: Session, revision: int) -> Availability:
    """How full a session is, for everybody."""
    return Availability(
        session_id=session.id,
        revision=revision,
        capacity=session.terms.capacity,
        taken=session.taken,
        left=session.left,
        queue_capacity=session.terms.queue,
        queue_left=session.queue_left,
    )


async def announce(conn: Connection, session: Session, revision: int) -> None:
    """Say how full a session is now: once in a transaction that changes it."""
    await emit(conn, AvailabilityChanged.of(session.id, availability(session, revision)))


def state_of(booking: Booking) -> BookingState:
    """What others may know of a booking."""
    return BookingState(
        booking_id=booking.id,
        revision=booking.revision,
        session_id=booking.session_id,
        contact_ref=booking.contact_ref,
        language=booking.language,
        adults=booking.adults,
        children=booking.children,
        seats=booking.seats,
        state=booking.state,
        topic=_option(booking, "topic"),
        help_language=_option(booking, "help_language"),
    )


def _option(booking: Booking, question: str) -> str | None:
    """The option that a booking chose, where it was asked."""
    answer = booking.answers.get(question)
    return answer if isinstance(answer, str) else None
