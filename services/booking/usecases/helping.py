"""Volunteers: as many as are on duty make the seats, and whoever books one of them hears whether somebody comes."""

from typing import Literal
from uuid import UUID

from services.booking import domain
from services.booking.domain import Publish
from services.booking.store import bookings, helpers, sessions, staffing
from services.booking.store.bookings import Booking
from services.booking.store.helpers import Helper, Since
from services.booking.store.sessions import LockedSession
from services.booking.usecases.moving import move
from services.booking.usecases.turns import Turn, decide_one, finish, state_of, turn_of
from shared.db import Connection
from shared.events import BookingHelperFound, BookingHelperMissing, BookingWithoutHelper
from shared.hours import PermittedHours
from shared.outbox import emit

_TRIED = 5
"""Other times, for somebody who wants to come then: by then each may be full."""
_NOT_TO_BE_HAD = (
    domain.UnknownSession,
    domain.OtherActivity,
    domain.AlreadyBooked,
    domain.NotOpen,
    domain.Closed,
    domain.SoldOut,
    domain.PartyTooLarge,
    domain.PartyEmpty,
    domain.AdultMissing,
)
"""Why another time cannot be."""


async def note_staffing(conn: Connection, session_id: UUID, revision: int, on_duty: int) -> None:
    """Let a session have the seats that helpers on duty make, also one that is published later.

    Fewer throw nobody out; more are offered to those who wait. What was, when it ended, is not changed any more.
    """
    await sessions.await_turn(conn, session_id)
    if not await staffing.keep(conn, session_id, revision, on_duty):
        return
    try:
        locked = await sessions.lock_session(conn, session_id)
    except domain.UnknownSession:
        return
    before = locked.session.terms
    after = before.staffed_by(on_duty)
    if after == before or before.status == "cancelled" or locked.now >= before.ends_at:
        return
    decision, _ = decide_one(locked, Publish(terms=after))
    await finish(conn, locked, decision)


async def found(conn: Connection, booking_id: UUID, session_id: UUID, since: Since) -> None:
    """Keep that somebody helps, and tell the visitor: once, also when another takes over later."""
    turn = await _noted(conn, booking_id, session_id, "found", since)
    if turn is None or (await helpers.told(conn, booking_id)).what == "found":
        return
    await helpers.note_told(conn, booking_id, "found")
    touched = await bookings.touch(conn, booking_id)
    await emit(conn, BookingHelperFound.of(booking_id, state_of(touched)))


async def uncovered(
    conn: Connection, booking_id: UUID, session_id: UUID, stage: Literal["alarmed", "given_up"], since: Since
) -> None:
    """Keep that nobody helps so far; where nobody will, tell the visitor, and of the next time that they could have."""
    turn = await _noted(conn, booking_id, session_id, "missing" if stage == "given_up" else "sought", since)
    if turn is None or stage == "alarmed" or (await helpers.told(conn, booking_id)).what == "missing":
        return
    _, booking = turn
    instead = await _other_times(conn, booking)
    await _tell_missing(conn, booking, instead[0] if instead else None)


async def change_to_another(conn: Connection, booking_id: UUID, hours: PermittedHours) -> None:
    """Have somebody whom nobody helps come at the time they were told of instead, or at the next that can be had.

    Who was told of none, or has somebody by now, keeps what they have; so does who cannot have any, and is told.
    """
    told_of = (await helpers.told(conn, booking_id)).next_session_id
    if told_of is None:
        return
    booking = await bookings.now(conn, booking_id)
    for session_id in dict.fromkeys([told_of, *await _other_times(conn, booking)]):
        if await _moved(conn, booking, session_id, hours):
            return
    locked, booking = await turn_of(conn, booking_id)
    if _is_left_alone(locked, booking):
        await _tell_missing(conn, booking, None)


def _is_left_alone(locked: LockedSession, booking: Booking) -> bool:
    """Whether there is still nobody to help, and still time to come another time."""
    return booking.left_alone and locked.now < locked.session.terms.starts_at


async def _noted(conn: Connection, booking_id: UUID, session_id: UUID, helper: Helper, since: Since) -> Turn | None:
    """Our turn with a booking, once this is kept of it; None where it is no news, or of no use any more."""
    try:
        locked, booking = await turn_of(conn, booking_id)
    except LookupError:
        return None
    if booking.session_id != session_id or booking.state != "confirmed":
        return None
    if locked.now >= locked.session.terms.ends_at or not await helpers.note(conn, booking_id, helper, since):
        return None
    return locked, booking


async def _other_times(conn: Connection, booking: Booking) -> list[UUID]:
    """Where a seat is free, somebody is on duty whom nobody has yet: also in the other slots of its sitting."""
    terms = await sessions.terms_of(conn, booking.session_id)
    now = await sessions.now(conn)
    others = await sessions.other_times(conn, booking.session_id, terms, now)
    return domain.next_times(others, booking.party, terms.branch_id, now)[:_TRIED]


async def _moved(conn: Connection, booking: Booking, session_id: UUID, hours: PermittedHours) -> bool:
    """Try another time; tells whether there is nothing more to try."""
    try:
        async with conn.transaction():  # what a refusal leaves behind is undone, and both sessions let go
            left, _ = await sessions.lock_two(conn, booking.session_id, session_id)
            now = await bookings.now(conn, booking.id)
            if now.session_id == booking.session_id and _is_left_alone(left, now):
                await move(conn, booking.id, session_id, hours)
    except _NOT_TO_BE_HAD:
        return False
    return True


async def _tell_missing(conn: Connection, booking: Booking, instead: UUID | None) -> None:
    await helpers.note_told(conn, booking.id, "missing", instead)
    touched = await bookings.touch(conn, booking.id)
    facts = BookingWithoutHelper(**state_of(touched).model_dump(), next_session_id=instead)
    await emit(conn, BookingHelperMissing.of(booking.id, facts))
