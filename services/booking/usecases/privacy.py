"""People are forgotten: some time after their session, as was decided, or when they ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from services.booking.reach import Reach
from services.booking.store import bookings, closings, contacts, privacy
from services.booking.usecases import closing, waiting
from services.booking.usecases.turns import ACTIVE, state_of, turn_of
from shared import erasure
from shared.db import Connection, Database
from shared.events import BookingErased
from shared.outbox import emit

_AT_ONCE = 20
"""Sessions in a transaction, which is so small that nobody waits for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """How much was forgotten."""

    sessions: int
    people: int


NOTHING = Forgotten(sessions=0, people=0)
"""Nothing is left to forget."""


async def forget_some(conn: Connection) -> Forgotten:
    """Forget who had to do with some sessions that ended longer ago than was decided; without a decision nobody.

    What is counted of a session is folded into its figures before.
    """
    decision = await erasure.decision(conn)
    if decision is None:
        return NOTHING
    old = await privacy.lock_old_sessions(conn, decision.days, _AT_ONCE)
    for session_id in old:
        await closing.fold(conn, session_id)
    people = await privacy.erase_sessions(conn, old)
    series = await privacy.erase_old_series(conn, decision.days, _AT_ONCE)
    return Forgotten(sessions=len(old), people=people + series)


async def forget_old(conn: Connection) -> int:
    """Forget as :func:`forget_some` does; tells how much, for those who ask until nothing is left."""
    forgotten = await forget_some(conn)
    return forgotten.sessions + forgotten.people


async def find(conn: Connection, reach: Reach | None, code: str | None) -> list[UUID]:
    """The contacts of whoever is reached like this, or has this code. A number may be a whole family's."""
    return await privacy.refs_of(conn, reach=reach, code=code)


async def show(conn: Connection, refs: Sequence[UUID]) -> list[dict[str, Any]]:
    """Everything that booking keeps about these people."""
    return await privacy.known_of(conn, refs)


async def erase(database: Database, refs: Sequence[UUID]) -> Sequence[UUID]:
    """Forget people, and give back what they have coming, whose seats go to the next; gives the ids of the bookings.

    A transaction for each booking: whatever happens in between, doing it again does the rest, and once more nothing.
    """
    found = await database.transact(lambda conn: privacy.bookings_of(conn, refs))
    for booking_id in found:
        await database.transact(partial(_erase, booking_id))
    await database.transact(lambda conn: contacts.erase(conn, refs))
    return found


async def _erase(booking_id: UUID, conn: Connection) -> None:
    locked, booking = await turn_of(conn, booking_id)
    coming = locked.now < locked.session.terms.ends_at and not await closings.find(conn, locked.session.id)
    if booking.state in ACTIVE and coming and await bookings.attendance(conn, booking_id) is None:
        await waiting.let_go(conn, booking_id, "staff")
    if locked.now >= locked.session.terms.ends_at:  # what they answered is still to be counted
        await closing.fold(conn, locked.session.id)
    if not await privacy.forget_booking(conn, booking_id):
        return
    erased = await bookings.touch(conn, booking_id)
    await emit(conn, BookingErased.of(booking_id, state_of(erased)))
