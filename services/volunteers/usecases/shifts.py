"""Who is on duty in a session: asked and answering, offering themselves, put there, taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.domain import windows
from services.volunteers.domain.assigning import AlreadyAnswered, Full, unable
from services.volunteers.domain.refusals import NotPossibleNow, Refusal, TooLate, UnknownAssignment, UnknownShift
from services.volunteers.store import candidates, sessions
from services.volunteers.store import shifts as store
from services.volunteers.usecases import telling
from services.volunteers.usecases.turns import finish, off_duty, take_over
from shared import installation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Literal
    from uuid import UUID

    from services.volunteers.store.candidates import Known
    from services.volunteers.store.sessions import Session
    from services.volunteers.store.shifts import Shift
    from shared.db import Connection
    from shared.hours import PermittedHours


async def ask(
    conn: Connection, session_id: UUID, volunteer_id: UUID, hours: PermittedHours, *, whole_sitting: bool
) -> list[Shift]:
    """Ask a volunteer to be on duty in a session, or in all of its sitting: one question, one answer.

    Raises:
        UnknownSession: catalog has not told of it.
        UnknownVolunteer: there is none of that id.
        Full: nobody is needed any more.
        NotPossibleNow: it has begun, or is not held.
        Refusal: they cannot be, for one of the reasons of :func:`unable`.
    """
    held = await _held(conn, session_id, [volunteer_id], whole_sitting=whole_sitting)
    made: list[Shift] = []
    for session in _possible(held, session_id):
        refusal = await _refusal(conn, session, volunteer_id, hours)
        if refusal is None:
            untold = windows.untold_until(session.starts_at, session.now)
            made.append(await store.add(conn, session, volunteer_id, "asked", coded=not made, wakes_at=untold))
        elif session.id == session_id:
            raise refusal
    await telling.shift_asked(conn, _of(held, made[0]), made[0], ends_at=_of(held, made[-1]).ends_at)
    return made


async def put(
    conn: Connection, session_id: UUID, volunteer_id: UUID, hours: PermittedHours, *, whole_sitting: bool
) -> list[Shift]:
    """Put a volunteer on duty with whom it was agreed.

    Raises:
        Refusal: as :func:`ask`.
    """
    held = await _held(conn, session_id, [volunteer_id], whole_sitting=whole_sitting)
    made: list[Shift] = []
    for session in _possible(held, session_id):
        refusal = await _refusal(conn, session, volunteer_id, hours)
        if refusal is None:
            made.append(await _add_on_duty(conn, session, volunteer_id, hours, coded=not made))
        elif session.id == session_id:
            raise refusal
    await telling.on_duty(conn, _of(held, made[0]), made[0], ends_at=_of(held, made[-1]).ends_at)
    await _finish_all(conn, held, hours)
    return made


async def offer(
    conn: Connection, session_id: UUID, volunteer_id: UUID, hours: PermittedHours, *, whole_sitting: bool
) -> list[Shift]:
    """Take a volunteer at their word who offers themselves: at once where it is their library and what they do.

    Else staff decide. Where no more are needed they are taken if somebody on duty looks for a stand-in.

    Raises:
        Refusal: as :func:`ask`.
    """
    held = await _held(conn, session_id, [volunteer_id], whole_sitting=whole_sitting)
    made: list[Shift] = []
    for session in _possible(held, session_id):
        known = await candidates.lock(conn, volunteer_id, session, hours.zone)
        refusal = _unable(session, known, hours) or await _full(conn, session, or_replaced=True)
        if refusal is None:
            if session.helping in known.tasks and (not known.branches or session.branch_id in known.branches):
                try:
                    made.append(await _add_in_place(conn, session, volunteer_id, hours, coded=not made))
                except NotPossibleNow:
                    if session.id == session_id:
                        raise
            else:
                coded, wakes_at = not made, session.starts_at
                made.append(await store.add(conn, session, volunteer_id, "offered", coded=coded, wakes_at=wakes_at))
        elif session.id == session_id:
            raise refusal
    if taken := [one for one in made if one.state == "on_duty"]:
        await telling.on_duty(conn, _of(held, taken[0]), taken[0], ends_at=_of(held, taken[-1]).ends_at)
    await _finish_all(conn, held, hours)
    return made


async def confirm(conn: Connection, shift_id: UUID, hours: PermittedHours) -> Shift:
    """Put somebody on duty who offered themselves, or say for somebody who was asked that they agreed.

    Raises:
        UnknownShift: there is none of that id.
        AlreadyAnswered: it is over.
        Refusal: as :func:`ask`.
    """
    session, shift = await _turn(conn, shift_id)
    if shift.state == "on_duty":
        return shift
    if not shift.live:
        raise AlreadyAnswered("it is settled")
    confirmed = await _to_duty(conn, session, shift, session.now, hours)
    await telling.on_duty(conn, session, confirmed)
    await _finish_all(conn, [session], hours)
    return confirmed


async def refuse(conn: Connection, shift_id: UUID, hours: PermittedHours) -> Shift:
    """Say no to somebody who offered themselves, take back that somebody was asked, or take them off duty.

    Raises:
        UnknownShift: there is none of that id.
        TooLate: it has begun.
    """
    session, shift = await _turn(conn, shift_id)
    if shift.live:
        if session.now >= session.starts_at:
            raise TooLate("it has begun")
        await off_duty(conn, session, shift, "cancelled", "staff")
        await finish(conn, session, hours)
    return await _still(conn, shift_id)


async def accept(
    conn: Connection, shift_id: UUID, hours: PermittedHours, *, by: UUID | None = None, at: datetime | None = None
) -> None:
    """Say yes to being on duty: in all of the sitting that was asked for with it.

    Whose place they take is off duty by that very yes.

    Raises:
        UnknownAssignment: there is none of that id, or it is somebody else's.
        AlreadyAnswered: it is over.
        TooLate: it has begun.
        Full: others were quicker.
        NotPossibleNow: whose place it is has promised a visitor help that they cannot give.
        Refusal: they cannot be by now, for one of the reasons of :func:`unable`.
    """
    held, shift = await _answering(conn, shift_id, by)
    if shift.state in {"on_duty", "done"}:
        return
    session = _of(held, shift)
    if min(at or session.now, session.now) >= session.starts_at or not session.to_come:
        raise TooLate("it has begun, or is not held")
    if shift.state != "asked":
        raise AlreadyAnswered("it is settled")
    asked = [one for one in await _whole(conn, held, shift) if one.state == "asked"]
    taken: list[Shift] = []
    refused: Refusal | None = None
    for one in asked:
        try:
            taken.append(await _to_duty(conn, _of(held, one), one, session.now, hours))
        except NotPossibleNow:  # a visitor whom they cannot help: who promised it keeps all of the sitting
            raise
        except Refusal as refusal:
            refused = refused or refusal
    if not taken:
        raise refused or AlreadyAnswered("it is settled")
    for one in asked:
        if one.id not in {done.id for done in taken}:
            await off_duty(conn, _of(held, one), one, "cancelled", "taken_over", quietly=True)
    await telling.on_duty(conn, _of(held, taken[0]), taken[0], ends_at=_of(held, taken[-1]).ends_at)
    await _finish_all(conn, held, hours)


async def decline(conn: Connection, shift_id: UUID, hours: PermittedHours, *, by: UUID | None = None) -> None:
    """Say no, also after a yes, for all of the sitting; what is over stays as it is.

    Raises:
        UnknownAssignment: there is none of that id, or it is somebody else's.
        TooLate: it has begun.
    """
    held, shift = await _answering(conn, shift_id, by)
    if not shift.live:
        return
    if _of(held, shift).now >= _of(held, shift).starts_at:
        raise TooLate("it has begun")
    for one in await _whole(conn, held, shift):
        state: Literal["cancelled", "declined"] = "cancelled" if one.state == "on_duty" else "declined"
        if one.state == shift.state and _of(held, one).to_come:
            await off_duty(conn, _of(held, one), one, state, "declined", quietly=one.id != shift.id)
    await _finish_all(conn, held, hours)


async def told(conn: Connection, about: UUID, at: datetime, hours: PermittedHours) -> None:
    """Start the clock of a question to be on duty, and of all that is asked with it."""
    if await store.find(conn, about) is None:
        return
    held, shift = await _answering(conn, about, None)
    session = _of(held, shift)
    since = min(at, session.now)
    permitted = await installation.hours(conn, hours)
    until = windows.answer_by(session.starts_at, windows.FOR_A_SHIFT, since, permitted)
    asked = [one.id for one in await _whole(conn, held, shift) if one.state == "asked"]
    await store.note_told(conn, asked, since, until)


async def untold(conn: Connection, about: UUID, hours: PermittedHours) -> None:
    """No message reaches somebody who is asked to be on duty."""
    if await store.find(conn, about) is None:
        return
    held, shift = await _answering(conn, about, None)
    for one in await _whole(conn, held, shift):
        if one.state == "asked":
            await off_duty(conn, _of(held, one), one, "expired", "expired", quietly=True)
    await _finish_all(conn, held, hours)


async def thank(conn: Connection, shift_id: UUID, hours: PermittedHours) -> None:
    """Tell somebody that their yes came too late; what they were asked is over, if it was not."""
    held, shift = await _answering(conn, shift_id, None)
    if shift.state == "asked":
        for one in await _whole(conn, held, shift):
            if one.state == "asked":
                await off_duty(conn, _of(held, one), one, "cancelled", "taken_over", quietly=one.id != shift.id)
        await _finish_all(conn, held, hours)
    elif not shift.live:
        await telling.shift_settled_otherwise(conn, _of(held, shift), await store.touch(conn, shift_id))


async def seek_stand_in(conn: Connection, shift_id: UUID, hours: PermittedHours, *, by: UUID, looking: bool) -> None:
    """Say that one looks for somebody to take one's place, and stays responsible until somebody does.

    For all of the sitting. Those who could take it are asked one after the other; staff see it, and so does everybody
    who looks for somewhere to help.

    Raises:
        UnknownAssignment: there is none of that id, or it is somebody else's.
        NotPossibleNow: they are not on duty, or it has begun.
    """
    held, shift = await _answering(conn, shift_id, by)
    session = _of(held, shift)
    if shift.state != "on_duty" or not session.to_come:
        raise NotPossibleNow("it is not yours, or has begun")
    for one in await _whole(conn, held, shift):
        if one.state == "on_duty":
            await store.look_for_stand_in(conn, one.id, looking=looking)
    if not looking:
        mine = {one.id for one in await _whole(conn, held, shift)}
        for other in await store.live_in(conn, [one.id for one in held]):
            if other.state == "asked" and other.covers in mine:
                await off_duty(conn, _of(held, other), other, "cancelled", "taken_over", quietly=other.code is None)
    await _finish_all(conn, held, hours)


async def _held(conn: Connection, session_id: UUID, also: Sequence[UUID] = (), *, whole_sitting: bool) -> list[Session]:
    """The turns with a session, or with all of its sitting, and with volunteers who may come to it."""
    session = await sessions.find(conn, session_id)
    ids = await sessions.sitting(conn, session) if session and whole_sitting else [session_id]
    held = await sessions.lock_all(conn, {*ids, session_id}, also)
    return sorted(held, key=lambda one: (one.starts_at, one.id))


async def _turn(conn: Connection, shift_id: UUID) -> tuple[Session, Shift]:
    shift = await _still(conn, shift_id)
    session = await sessions.lock(conn, shift.session_id)
    return session, await _still(conn, shift_id)


async def _answering(conn: Connection, shift_id: UUID, by: UUID | None) -> tuple[list[Session], Shift]:
    """The turns with all of a shift's sitting, and the shift as it is then."""
    shift = await store.find(conn, shift_id)
    if shift is None or by not in {None, shift.volunteer_id}:
        raise UnknownAssignment("there is no such assignment")
    held = await _held(conn, shift.session_id, whole_sitting=True)
    return held, await _still(conn, shift_id)


async def _still(conn: Connection, shift_id: UUID) -> Shift:
    shift = await store.find(conn, shift_id)
    if shift is None:
        raise UnknownShift("there is no such shift")
    return shift


async def _whole(conn: Connection, held: Sequence[Session], shift: Shift) -> list[Shift]:
    """What was asked or promised together: the volunteer's live shifts of the sitting."""
    return await store.of_sitting(conn, [session.id for session in held], shift.volunteer_id)


def _possible(held: Sequence[Session], session_id: UUID) -> list[Session]:
    """The sessions that are still to come and need somebody.

    Raises:
        NotPossibleNow: the one that is meant does not.
    """
    able = [one for one in held if one.to_come and one.status == "published" and one.needed > 0]
    if not any(one.id == session_id for one in able):
        raise NotPossibleNow("it has begun, is not held, or needs nobody")
    return able


def _of(held: Sequence[Session], shift: Shift) -> Session:
    return next(one for one in held if one.id == shift.session_id)


async def _refusal(conn: Connection, session: Session, volunteer_id: UUID, hours: PermittedHours) -> Refusal | None:
    known = await candidates.lock(conn, volunteer_id, session, hours.zone)
    return _unable(session, known, hours) or await _full(conn, session)


def _unable(session: Session, known: Known, hours: PermittedHours) -> Refusal | None:
    return unable(
        known.able,
        day=session.starts_at.astimezone(hours.zone).date(),
        minutes=session.minutes,
        register_note=session.register_note,
    )


async def _full(conn: Connection, session: Session, *, or_replaced: bool = False) -> Refusal | None:
    """Whether no more are needed; ``or_replaced`` lets through where somebody would like to be."""
    if await sessions.count_helpers(conn, session.id) < session.needed:
        return None
    if or_replaced and await _looking(conn, session):
        return None
    return Full("there are as many helpers as are needed")


async def _looking(conn: Connection, session: Session) -> Shift | None:
    """Who has looked for a stand-in longest."""
    live = await store.live_in(conn, [session.id])
    return next((one for one in live if one.state == "on_duty" and one.hand_over), None)


async def _add_in_place(
    conn: Connection, session: Session, volunteer_id: UUID, hours: PermittedHours, *, coded: bool
) -> Shift:
    """Put somebody on duty; where there are as many as are needed, in place of who looks for a stand-in.

    Raises:
        NotPossibleNow: they cannot help the visitor whom that one has promised it; nothing has changed.
    """
    full = await sessions.count_helpers(conn, session.id) >= session.needed
    looking = await _looking(conn, session) if full else None
    async with conn.transaction():
        made = await _add_on_duty(conn, session, volunteer_id, hours, coded=coded)
        if looking:
            await take_over(conn, session, looking, volunteer_id, hours)
    return made


async def _add_on_duty(
    conn: Connection, session: Session, volunteer_id: UUID, hours: PermittedHours, *, coded: bool
) -> Shift:
    """Put somebody on duty who may have been asked, or have offered themselves, before.

    The first of a sitting has the code with which they can say that they cannot come after all.
    """
    known = await store.of_sitting(conn, [session.id], volunteer_id)
    reminder = windows.remind_at(session.starts_at, session.now, hours.zone)
    if known:
        return await store.put_on_duty(conn, known[0].id, session.now, reminder)
    return await store.add(conn, session, volunteer_id, "on_duty", coded=coded, remind_at=reminder)


async def _to_duty(conn: Connection, session: Session, shift: Shift, at: datetime, hours: PermittedHours) -> Shift:
    """Put on duty who was asked or offered themselves, in place of whom they cover."""
    if not session.to_come:
        raise TooLate("it has begun, or is not held")
    covered = shift.covers and await store.find(conn, shift.covers)
    known = await candidates.lock(conn, shift.volunteer_id, session, hours.zone)
    refusal = _unable(session, known, hours)
    if refusal is None and not (covered and covered.state == "on_duty"):
        refusal = await _full(conn, session)
    if refusal:
        raise refusal
    reminder = windows.remind_at(session.starts_at, session.now, hours.zone)
    made = await store.put_on_duty(conn, shift.id, at, reminder)
    if covered and covered.live:
        await take_over(conn, session, covered, shift.volunteer_id, hours)
    return made


async def _finish_all(conn: Connection, held: Sequence[Session], hours: PermittedHours) -> None:
    """Take back what nobody needs any more, and go on in each session."""
    for session in held:
        full = await sessions.count_helpers(conn, session.id) >= session.needed
        live = await store.live_in(conn, [session.id])
        on_duty = {one.id for one in live if one.state == "on_duty"}
        for other in live:
            in_vain = full if other.covers is None else other.covers not in on_duty
            if other.state == "asked" and in_vain:
                await off_duty(conn, session, other, "cancelled", "taken_over", quietly=True)
        await finish(conn, session, hours)
