"""Sessions as catalog tells of them, how staffed they are, and what time does to what is asked in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.domain import matching, windows
from services.volunteers.store import assignments, candidates, needs, sessions, shifts
from services.volunteers.usecases import telling
from services.volunteers.usecases.turns import end_assignment, finish, give_up, off_duty, settle, staffed

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal
    from uuid import UUID

    from services.volunteers.store.needs import Need
    from services.volunteers.store.sessions import Session
    from services.volunteers.store.shifts import Shift
    from shared.db import Connection
    from shared.events import SessionState
    from shared.hours import PermittedHours

REMINDED_AT_ONCE = 50
"""Reminders of each kind in one transaction."""


async def publish(conn: Connection, state: SessionState, hours: PermittedHours) -> None:
    """Keep a session as catalog has it now; who helps follows it to another time or place, or cannot."""
    await sessions.await_turn(conn, state.session_id)
    before = await sessions.find(conn, state.session_id)
    if not await sessions.learn(conn, state):
        return
    session = await sessions.lock(conn, state.session_id)
    if session.status == "cancelled":
        return
    if before is not None:
        changed = _changed(before, session)
        anew = _year(before, hours) != _year(session, hours)
        if changed:
            await _move(conn, session, changed, hours, anew=anew)
        elif session.register_note and not before.register_note:
            for shift in await shifts.live_in(conn, [session.id]):
                if not await _may_stay(conn, session, shift, hours):
                    await off_duty(conn, session, shift, "cancelled", "staff")
    first = session.staffing_revision == 0 and session.needed > 0
    if first or (before is not None and before.needed != session.needed):
        await staffed(conn, session, anew=True)
    else:
        await staffed(conn, session)
    await settle(conn, session, hours)


def _changed(before: Session, after: Session) -> tuple[Literal["time", "place"], ...]:
    """What is different that people have to know."""
    time = (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at)
    place = any(before.facts.get(name) != after.facts.get(name) for name in ("place", "room")) or (
        before.branch_id != after.branch_id
    )
    return (*(("time",) if time else ()), *(("place",) if place else ()))


def _year(session: Session, hours: PermittedHours) -> int:
    """Of whose hours it is, by the calendar on the wall."""
    return session.starts_at.astimezone(hours.zone).year


async def _move(
    conn: Connection,
    session: Session,
    changed: tuple[Literal["time", "place"], ...],
    hours: PermittedHours,
    *,
    anew: bool,
) -> None:
    """Let who helps follow a session; who cannot be there then is taken off."""
    reminder = windows.remind_at(session.starts_at, session.now, hours.zone)
    in_vain: set[UUID] = set()
    on_duty: dict[UUID, Shift] = {}
    for shift in await shifts.live_in(conn, [session.id]):
        if await _may_stay(conn, session, shift, hours, anew=anew) and await shifts.move(
            conn, shift, session, reminder
        ):
            on_duty |= {shift.volunteer_id: shift} if shift.state != "offered" else {}
        else:
            in_vain.add(shift.volunteer_id)
            await off_duty(conn, session, shift, "cancelled", "session_moved")
    by_booking = {need.booking_id: need for need in await needs.live(conn, session.id)}
    for made in await assignments.of_session(conn, session.id):
        if not made.live or made.volunteer_id in in_vain:
            continue
        if not await assignments.move(conn, made, session, reminder):
            await end_assignment(conn, session, made, "released", "session_moved")
            continue
        on_duty.pop(made.volunteer_id, None)  # they hear of their visitor's time
        touched = await assignments.touch(conn, made.id)
        await telling.rescheduled(conn, session, by_booking[made.booking_id], touched, changed)
    for shift in on_duty.values():
        touched_shift = await shifts.touch(conn, shift.id)
        await telling.shift_rescheduled(conn, session, touched_shift, changed)
    for need in by_booking.values():
        await _wake_anew(conn, session, need)


async def _may_stay(
    conn: Connection, session: Session, shift: Shift, hours: PermittedHours, *, anew: bool = False
) -> bool:
    """Whether a volunteer's register note is in force on the day that a session is now on.

    And, where it has come into another year and counts ``anew``, whether they give so much in that one.
    """
    if not session.register_note and not anew:
        return True
    able = (await candidates.lock(conn, shift.volunteer_id, session, hours.zone)).able
    noted = not session.register_note or matching.has_note(
        able.note_until, session.starts_at.astimezone(hours.zone).date()
    )
    return noted and (not anew or matching.within_budget(able.minutes, session.minutes, able.budget))


async def _wake_anew(conn: Connection, session: Session, need: Need) -> None:
    match need.state:
        case "proposed" | "alarmed" if need.wakes_at:
            await needs.wake(conn, need.booking_id, min(need.wakes_at, session.starts_at))
        case "given_up":
            await needs.wake(conn, need.booking_id, session.ends_at)
        case "covered":
            await needs.wake(conn, need.booking_id, min(need.wakes_at or session.ends_at, session.ends_at))
        case _:
            pass


async def end(conn: Connection, session_id: UUID, revision: int, status: Literal["withdrawn", "cancelled"]) -> None:
    """Keep that a session is no longer on offer; when it is cancelled, everybody in it is released."""
    await sessions.await_turn(conn, session_id)
    news = await sessions.end(conn, session_id, revision, status)
    if not news or status != "cancelled" or await sessions.find(conn, session_id) is None:
        return
    session = await sessions.lock(conn, session_id)
    for need in await needs.live(conn, session_id):
        await needs.become(conn, need.booking_id, "over", None)
    for shift in await shifts.live_in(conn, [session_id]):
        await off_duty(conn, session, shift, "cancelled", "session_cancelled")
    for made in await assignments.of_session(conn, session_id):
        if made.live:
            await end_assignment(conn, session, made, "released", "session_cancelled")
    await staffed(conn, session)


async def look_after(conn: Connection, session_id: UUID, hours: PermittedHours) -> None:
    """Do in a session whose turn is ours what time alone does: questions run out, visitors are told."""
    session = await sessions.lock(conn, session_id)
    for shift in await shifts.live_in(conn, [session_id]):
        if shift.state == "on_duty":
            continue
        until = _until(session, shift)
        if until <= session.now:
            await off_duty(conn, session, shift, "expired", "expired", quietly=shift.code is None)
        else:
            await shifts.wake(conn, shift.id, until)
    waiting: dict[UUID, datetime] = {}
    for made in await assignments.of_session(conn, session_id):
        if made.state != "proposed":
            continue
        until = made.answer_by or windows.untold_until(session.starts_at, made.proposed_at)
        if until <= session.now:
            await end_assignment(conn, session, made, "expired", "expired")
        else:
            waiting[made.booking_id] = until
    for need in await needs.live(conn, session_id):
        if need.wakes_at and need.wakes_at <= session.now:
            await _go_on(conn, session, need, waiting.get(need.booking_id, session.ends_at))
    await finish(conn, session, hours)


def _until(session: Session, shift: Shift) -> datetime:
    """Until when somebody may be waited for who was asked, or for whom staff is, to whom somebody offered to come."""
    if shift.state == "offered":
        return session.starts_at
    return shift.answer_by or windows.untold_until(session.starts_at, shift.created_at)


async def _go_on(conn: Connection, session: Session, need: Need, until: datetime) -> None:
    """Take a need further whose time has come; else it is looked at again ``until`` a question runs out, or it ends."""
    if session.now >= session.ends_at or (need.state == "alarmed" and not session.to_come):
        await needs.become(conn, need.booking_id, "over", None)
    elif need.state == "alarmed":
        await give_up(conn, session, need)
    elif need.state != "sought":
        await needs.wake(conn, need.booking_id, until)


async def remind(conn: Connection) -> int:
    """Have volunteers reminded whose day comes; tells how many."""
    made = await assignments.many(conn, await assignments.due_reminders(conn, REMINDED_AT_ONCE))
    for one in made:
        session, need = await sessions.find(conn, one.session_id), await needs.find(conn, one.booking_id)
        if session and need:
            await telling.reminder_due(conn, session, need, one)
    due = await shifts.many(conn, await shifts.due_reminders(conn, REMINDED_AT_ONCE))
    for shift in due:
        session = await sessions.find(conn, shift.session_id)
        if session:
            await telling.shift_reminder_due(conn, session, shift)
    return len(made) + len(due)
