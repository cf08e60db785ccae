"""How friends share the hours without staff: who is asked, and swaps between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.volunteers.domain import rota as rules
from services.volunteers.domain import windows
from services.volunteers.domain.assigning import AlreadyAnswered, AlreadyBusy, unable
from services.volunteers.domain.refusals import NotPossibleNow, Refusal, UnknownShift
from services.volunteers.queries import rota as queries
from services.volunteers.store import candidates, sessions
from services.volunteers.store import friends as store
from services.volunteers.store import shifts as shift_store
from services.volunteers.usecases import shifts, telling
from services.volunteers.usecases.turns import finish, off_duty

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from services.volunteers.domain.rota import Turn
    from services.volunteers.queries.rota import Kept, Named
    from services.volunteers.store.sessions import Session
    from services.volunteers.store.shifts import Shift
    from shared.db import Connection
    from shared.hours import PermittedHours

_ROUNDS = 20
"""Tries to find somebody else for those who could not be asked after all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A library's rota, and who is to be asked, or was now."""

    kept: Sequence[Kept]
    friends: Sequence[Named]
    turns: Sequence[Turn]


async def plan(conn: Connection, branch_id: str, since: datetime, until: datetime, hours: PermittedHours) -> Plan:
    """Who would be asked for what at a library: nobody is, yet."""
    kept = await queries.kept(conn, branch_id, since, until)
    friends = await queries.friends(conn, branch_id)
    wanted = [one.hours() for one in kept if one.missing]
    turns = rules.proposed(wanted, [one.friend for one in friends], hours.zone)
    return Plan(kept=kept, friends=friends, turns=turns)


async def ask_all(conn: Connection, branch_id: str, since: datetime, until: datetime, hours: PermittedHours) -> Plan:
    """Ask friends for every chair of a library that nobody is asked for; asked again, only for what is missing then."""
    await store.await_plan(conn, branch_id)
    cannot: dict[UUID, set[UUID]] = {}
    asked: list[Turn] = []
    for _ in range(_ROUNDS):
        kept = await queries.kept(conn, branch_id, since, until)
        friends = await queries.friends(conn, branch_id)
        wanted = [one.hours(cannot.get(one.session_id, set())) for one in kept if one.missing]
        turns = rules.proposed(wanted, [one.friend for one in friends], hours.zone)
        if not turns:
            break
        for turn in turns:
            if await _ask(conn, turn, hours):
                asked.append(turn)
            else:
                cannot.setdefault(turn.hours_id, set()).add(turn.friend_id)
    kept = await queries.kept(conn, branch_id, since, until)
    return Plan(kept=kept, friends=await queries.friends(conn, branch_id), turns=asked)


async def _ask(conn: Connection, turn: Turn, hours: PermittedHours) -> bool:
    """Ask somebody, and keep why; tells whether they could be."""
    try:
        async with conn.transaction():
            made = await shifts.ask(conn, turn.hours_id, turn.friend_id, hours, whole_sitting=False)
            await store.explain(conn, made[0].id, rules.why(turn))
    except Refusal:
        return False
    return True


async def ask_for_swap(conn: Connection, shift_id: UUID, by: UUID, other_id: UUID, hours: PermittedHours) -> Shift:
    """Ask another friend to swap a turn of theirs for one's own; gives what they are asked.

    Nothing changes before they say yes: then both change at once.

    Raises:
        UnknownShift: there is no such shift, or it is not one's own.
        NotPossibleNow: either is not on duty there, is in the other's session, or the sessions are at one time or at
            two libraries; or they were asked already.
        AlreadyAnswered: somebody is asked for one's turn already.
        Refusal: the other cannot.
    """
    mine, theirs = await _find(conn, shift_id), await _find(conn, other_id)
    if mine.volunteer_id != by:
        raise UnknownShift("there is no such shift")
    held = {one.id: one for one in await sessions.lock_all(conn, {mine.session_id, theirs.session_id})}
    mine, theirs = await _find(conn, shift_id), await _find(conn, other_id)
    own, wanted = held[mine.session_id], held[theirs.session_id]
    _can_be_given(own, mine)
    _can_be_given(wanted, theirs)
    if mine.volunteer_id == theirs.volunteer_id or (own.starts_at < wanted.ends_at and wanted.starts_at < own.ends_at):
        raise NotPossibleNow("these two cannot be swapped")
    if own.branch_id != wanted.branch_id:
        raise NotPossibleNow("friends swap within their library")
    if await shift_store.of_sitting(conn, [wanted.id], by):
        raise AlreadyBusy("you are in their session already")
    made = await _ask_to_cover(conn, own, mine, theirs.volunteer_id, hours)
    await store.give_in_return(conn, made.id, theirs.id)
    await telling.shift_asked(conn, own, made, wanted.id)
    return made


async def ask_to_take(
    conn: Connection, shift_id: UUID, by: UUID, volunteer_id: UUID | None, hours: PermittedHours
) -> Shift:
    """Ask another friend to take one's turn; without naming one, whoever's turn it is by the rule of the rota.

    Raises:
        UnknownShift: there is no such shift, or it is not one's own.
        NotPossibleNow: one is not on duty there, nobody can, or they are no friend of this library, or were asked.
        AlreadyAnswered: somebody is asked for one's turn already.
        Refusal: the other cannot.
    """
    mine = await _find(conn, shift_id)
    if mine.volunteer_id != by:
        raise UnknownShift("there is no such shift")
    own = await sessions.lock(conn, mine.session_id, [volunteer_id] if volunteer_id else [])
    mine = await _find(conn, shift_id)
    _can_be_given(own, mine)
    made = await _ask_to_cover(conn, own, mine, volunteer_id or await _next(conn, own, mine, hours), hours)
    await telling.shift_asked(conn, own, made)
    return made


async def _next(conn: Connection, session: Session, shift: Shift, hours: PermittedHours) -> UUID:
    """Whose turn it would be to come to a session, of those who are not in it, said no to it or were asked before."""
    (kept,) = [
        one
        for one in await queries.kept(conn, session.branch_id, session.starts_at, session.ends_at)
        if one.session_id == session.id
    ]
    before = await store.ever_asked_to_cover(conn, shift.id)
    friends = [one.friend for one in await queries.friends(conn, session.branch_id)]
    turns = rules.proposed([rules.one_more(kept.hours(before))], friends, hours.zone)
    if not turns:
        raise NotPossibleNow("nobody else can")
    return turns[0].friend_id


async def _ask_to_cover(
    conn: Connection, session: Session, shift: Shift, volunteer_id: UUID, hours: PermittedHours
) -> Shift:
    """Ask somebody to take another's place, which stays theirs until there is a yes."""
    if await store.asked_to_cover(conn, shift.id):
        raise AlreadyAnswered("somebody is asked already")
    known = await candidates.lock(conn, volunteer_id, session, hours.zone)
    day = session.starts_at.astimezone(hours.zone).date()
    refusal = unable(known.able, day=day, minutes=session.minutes, register_note=session.register_note)
    if refusal:
        raise refusal
    if "friend" not in known.tasks or (known.branches and session.branch_id not in known.branches):
        raise NotPossibleNow("they are no friend of this library")
    if volunteer_id in await store.ever_asked_to_cover(conn, shift.id):
        raise NotPossibleNow("they were asked already")
    untold = windows.untold_until(session.starts_at, session.now)
    return await shift_store.add(conn, session, volunteer_id, "asked", coded=True, covers=shift.id, wakes_at=untold)


async def withdraw(conn: Connection, shift_id: UUID, by: UUID, hours: PermittedHours) -> None:
    """Ask nobody any more to take one's turn, or to swap it.

    Raises:
        UnknownShift: there is no such shift, or it is not one's own.
    """
    mine = await _find(conn, shift_id)
    if mine.volunteer_id != by:
        raise UnknownShift("there is no such shift")
    session = await sessions.lock(conn, mine.session_id)
    asked = await store.asked_to_cover(conn, shift_id)
    if asked:
        await off_duty(conn, session, await _find(conn, asked), "cancelled", "taken_over")
        await finish(conn, session, hours)


async def accept(
    conn: Connection, shift_id: UUID, hours: PermittedHours, *, by: UUID | None = None, at: datetime | None = None
) -> None:
    """Say yes to being on duty; where it is a swap, both change in this transaction, so that no chair is ever empty.

    Raises:
        AlreadyAnswered: one of the two is not on duty there any more.
        Refusal: as :func:`shifts.accept`, for either of the two.
    """
    asked = await shift_store.find(conn, shift_id)
    gives = await store.in_return(conn, shift_id)
    if asked is None or asked.state != "asked" or gives is None or asked.covers is None:
        await shifts.accept(conn, shift_id, hours, by=by, at=at)
        return
    mine, covered = await _find(conn, gives), await _find(conn, asked.covers)
    held = {one.id: one for one in await sessions.lock_all(conn, {mine.session_id, covered.session_id})}
    asked, mine, covered = [await _find(conn, id_) for id_ in (shift_id, mine.id, covered.id)]
    if asked.state == "asked":
        if mine.state != "on_duty" or covered.state != "on_duty":
            raise AlreadyAnswered("one of you is not on duty there any more")
        await off_duty(conn, held[mine.session_id], mine, "cancelled", "taken_over", quietly=True)
    await shifts.accept(conn, shift_id, hours, by=by, at=at)
    if asked.state == "asked":
        await shifts.put(conn, mine.session_id, covered.volunteer_id, hours, whole_sitting=False)


async def _find(conn: Connection, shift_id: UUID) -> Shift:
    found = await shift_store.find(conn, shift_id)
    if found is None:
        raise UnknownShift("there is no such shift")
    return found


def _can_be_given(session: Session, shift: Shift) -> None:
    if session.task != "friend" or shift.state != "on_duty" or not session.to_come:
        raise NotPossibleNow("only a turn to come, as a friend, can be swapped")
