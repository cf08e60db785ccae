"""The call list: filled by messages that do not arrive, ticked off by staff."""

from uuid import UUID

from services.booking.domain import calls as rules
from services.booking.domain.calls import Call, CallOver, Outcome, UnknownCall
from services.booking.store import calls, series_bookings
from services.booking.store.calls import Entry
from services.booking.usecases import waiting
from shared.db import Connection
from shared.hours import PermittedHours


async def message_failed(conn: Connection, about: UUID, message_id: UUID, template: str, reason: str) -> None:
    """Have somebody told by voice whom a message does not reach, if it matters and is so by now.

    What is about several dates that were booked together is told for the next of them.
    """
    [booking_id, *_] = await series_bookings.bookings_to_come(conn, about) or [about]
    found = await calls.failed(conn, booking_id)
    if found is None or not rules.needs_call(template, reason, found.by):
        return
    call = Call(message_id=message_id, template=template, session_id=found.now.session_id)
    if not rules.of_use(call, found.now):
        return
    if found.standing is None or rules.replaces(call, found.standing, found.now):
        await calls.put(conn, booking_id, call, reason)


async def message_sent(conn: Connection, about: UUID, message_id: UUID) -> None:
    """Let what an older message would have told be told by this one, of each of the dates that it is about."""
    for booking_id in sorted(await series_bookings.bookings_to_come(conn, about) or [about]):
        await calls.note_told(conn, booking_id, message_id)


async def tick(conn: Connection, call_id: UUID, outcome: Outcome, hours: PermittedHours) -> Entry:
    """Keep what came of a call; the same end again changes nothing.

    Who was told of a seat on offer has their time to answer from now.

    Raises:
        UnknownCall: there is no such entry.
        CallOver: somebody else has ended it otherwise, or nobody has to be told any more.
    """
    seen = await calls.find(conn, call_id)
    if seen is None:
        raise UnknownCall("there is no such call")
    offer = not seen.ticked and rules.untold_offer(seen.now)
    ends = rules.ends(outcome, seen.now)
    if offer and ends:  # first, as who holds a session's row waits for what is about its bookings
        await waiting.told(conn, seen.booking_id, None, hours)
    entry = await calls.lock(conn, call_id)
    if entry is None:
        raise UnknownCall("there is no such call")
    if entry.ticked and entry.outcome == outcome:
        return entry
    of_use = entry.now.state == "offered" if offer else rules.of_use(entry.call, entry.now)
    if entry.ticked or not of_use:
        raise CallOver("nobody has to be told any more")
    await calls.note_attempt(conn, call_id, outcome, ends=ends)
    return await _kept(conn, call_id)


async def take_back(conn: Connection, call_id: UUID, attempts: int) -> Entry:
    """Be as if the last of so many attempts had not been; the same again changes nothing.

    Raises:
        UnknownCall: there is no such entry.
        CallOver: somebody has tried again, something else is to be told by now, or nothing is; or their time to answer
            runs, which nobody can take back.
    """
    seen = await calls.find(conn, call_id)
    if seen is None:
        raise UnknownCall("there is no such call")
    other = await calls.lock_booking(conn, seen.booking_id)
    entry = await calls.lock(conn, call_id)
    if entry is None:
        raise UnknownCall("there is no such call")
    if entry.attempts == attempts - 1 and entry.outcome is None:
        return entry
    if entry.attempts != attempts:
        raise CallOver("somebody has tried again since")
    if (entry.ticked and other) or not rules.may_be_taken_back(entry.call, entry.now):
        raise CallOver("this cannot be taken back any more")
    await calls.take_back(conn, call_id)
    return await _kept(conn, call_id)


async def _kept(conn: Connection, call_id: UUID) -> Entry:
    kept = await calls.find(conn, call_id)
    if kept is None:
        raise LookupError(call_id)
    return kept
