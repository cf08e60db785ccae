"""What is done once it is over: how it went, and who was there; each inside one transaction of its caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.domain import after as rules
from services.volunteers.domain.refusals import Forbidden, NotPossibleNow, UnknownAssignment
from services.volunteers.store import after as store
from services.volunteers.store import assignments, needs, sessions, shifts
from services.volunteers.usecases.turns import end_assignment, off_duty
from shared import audit
from shared.auth import Staff

if TYPE_CHECKING:
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from services.volunteers.domain.after import Outcome
    from services.volunteers.store.after import Assigned, Worked
    from shared.db import Connection
    from shared.events import SessionClosing


async def tell_outcome(
    conn: Connection, by: Staff | UUID, assignment_id: UUID, outcome: Outcome, minutes: int | None, zone: ZoneInfo
) -> Assigned:
    """Keep how an assignment went, or put right what was said of it; gives it as it is then.

    Args:
        conn: In a transaction.
        by: Staff of the library, or the volunteer whose assignment it is.
        assignment_id: Which.
        outcome: How it went.
        minutes: How long, where that differs from the slot.
        zone: In which years end.

    Raises:
        UnknownAssignment: there is none of that id, or it is somebody else's.
        Forbidden: staff of another library.
        NotPossibleNow: it has not begun, or was never theirs.
        TooLate: its year is over.
        InvalidMinutes: more than can have been.
    """
    told = await store.lock_assignment(conn, assignment_id)
    staff = by if isinstance(by, Staff) else None
    if staff is None and told.volunteer_id != by:
        raise UnknownAssignment("there is no such assignment")
    if staff is not None and not staff.may(told.branch_id, "staff"):
        raise Forbidden("only staff of the library say how it went there")
    if told.state not in {"accepted", "done"}:
        raise NotPossibleNow("it is not theirs")
    before = told.outcome is not None
    rules.may_be_told(told.slot, await store.now(conn), zone, told_before=before)
    given = rules.minutes_given(told.slot, outcome, minutes, by_staff=staff is not None)
    if (told.outcome, told.minutes) != (outcome, given):
        await sessions.hold_helpers(conn, [told.session_id])
        await store.tell_outcome(conn, told, outcome, given)
        await _end_others(conn, told)
        if staff is not None:
            action = "outcome-corrected" if before else "outcome-told"
            await audit.note(conn, staff, action, "assignment", told.id, branch=told.branch_id)
    return await store.lock_assignment(conn, assignment_id)


async def tell_shift(
    conn: Connection, staff: Staff, shift_id: UUID, minutes: int | None, zone: ZoneInfo, *, came: bool
) -> Worked:
    """Keep whether somebody came to their shift, or put it right; gives it as it is then.

    Raises:
        UnknownShift: there is none of that id.
        Forbidden: staff of another library.
        NotPossibleNow: it has not begun, or was never theirs.
        TooLate: its year is over.
        InvalidMinutes: more than can have been.
    """
    worked = await store.lock_shift(conn, shift_id)
    if not staff.may(worked.branch_id, "staff"):
        raise Forbidden("only staff of the library say who came to it")
    if worked.state not in {"on_duty", "done", "missed"}:
        raise NotPossibleNow("it is not theirs")
    by_person = worked.counted_by == "person"
    rules.may_be_told(worked.slot, await store.now(conn), zone, told_before=worked.counted_by is not None)
    given = rules.worked(worked.slot, minutes, by_staff=True) if came and not worked.matched else 0
    await store.tell_shift(conn, shift_id, "done" if came else "missed", given)
    action = "shift-corrected" if by_person else "shift-counted"
    await audit.note(conn, staff, action, "shift", shift_id, branch=worked.branch_id)
    return await store.lock_shift(conn, shift_id)


async def _end_others(conn: Connection, told: Assigned) -> None:
    """Ask nobody any more to stand in for who has helped a visitor by now."""
    session = await sessions.find(conn, told.session_id)
    for made in await assignments.of_booking(conn, told.booking_id):
        if session and made.live and made.session_id == session.id:
            await end_assignment(conn, session, made, "released", "taken_over", quietly=True)


async def close(conn: Connection, closing: SessionClosing) -> None:
    """Count the help of a session that is over, again when its closing is corrected; an older word changes nothing."""
    id_ = closing.session_id
    known = await store.lock_session(conn, id_)
    if not await store.learn_closing(conn, id_, closing.revision, held=closing.held) or not known:
        return
    await sessions.hold_helpers(conn, [id_])
    await store.close_session(conn, id_)
    if not closing.held:
        await _ask_nobody(conn, id_)
    await store.count_shifts(conn, id_, held=closing.held)
    await (store.put_back if closing.held else store.strike_out)(conn, id_)


async def _ask_nobody(conn: Connection, session_id: UUID) -> None:
    """End what is asked in a session that does not take place: nobody is sought for its visitors any more."""
    session = await sessions.find(conn, session_id)
    if session is None:
        return
    begun = session.now >= session.starts_at
    for need in await needs.live(conn, session_id):
        await needs.become(conn, need.booking_id, "over", None)
    for shift in await shifts.live_in(conn, [session_id]):
        if shift.state != "on_duty":
            await off_duty(conn, session, shift, "cancelled", "session_cancelled", quietly=begun or shift.code is None)
    for made in await assignments.of_session(conn, session_id):
        if made.state == "proposed":
            await end_assignment(conn, session, made, "released", "session_cancelled", quietly=begun)
