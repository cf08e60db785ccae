"""Seats are kept for a browser while its visitor types."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from services.booking.domain import Held, Holding, Party, ReleaseHold, TakeHold
from services.booking.store import holds, sessions
from services.booking.usecases.turns import decide_one, finish
from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldRequest:
    """What a browser asks for."""

    session_id: UUID
    party: Party
    hold: UUID | None
    """What it has been given so far, if anything."""


async def take(conn: Connection, request: HoldRequest) -> Held:
    """Hold seats, or go on holding them. A browser has one hold: that in another session goes once this one is had.

    Raises:
        UnknownSession, Closed, NotOpen, PartyTooLarge, PartyEmpty, AdultMissing, SoldOut: what was held still is.
    """
    elsewhere = await holds.session_of(conn, request.hold) if request.hold else None
    if request.hold is None or elsewhere is None:
        return await _take(conn, await sessions.lock_session(conn, request.session_id), uuid4(), request.party)
    if elsewhere == request.session_id:
        return await _take(conn, await sessions.lock_session(conn, request.session_id), request.hold, request.party)
    locked, before = await sessions.lock_two(conn, request.session_id, elsewhere)
    held = await _take(conn, locked, uuid4(), request.party)
    released, _ = decide_one(before, ReleaseHold(id=request.hold))
    await finish(conn, before, released)
    return held


async def _take(conn: Connection, locked: sessions.LockedSession, hold_id: UUID, party: Party) -> Held:
    decision, outcome = decide_one(locked, TakeHold(id=hold_id, party=party))
    if not isinstance(outcome, Holding):
        raise TypeError(outcome)
    await finish(conn, locked, decision)
    return outcome.held


async def release(conn: Connection, hold_id: UUID) -> None:
    """Let held seats go; a hold that has ended is none."""
    session_id = await holds.session_of(conn, hold_id)
    if session_id is None:
        return
    locked = await sessions.lock_session(conn, session_id)
    decision, _ = decide_one(locked, ReleaseHold(id=hold_id))
    await finish(conn, locked, decision)
