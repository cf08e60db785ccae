"""When life happens: somebody is ill today, leaves, or what they do is given to somebody else, in bulk or by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from services.volunteers.domain.assigning import UnknownNeed, as_refusal, unable
from services.volunteers.domain.matching import Choice, Wish, has_note, unfit
from services.volunteers.domain.refusals import NotPossibleNow, Refusal, UnknownAssignment
from services.volunteers.domain.windows import remind_at
from services.volunteers.store import assignments, candidates, needs, sessions, shifts
from services.volunteers.usecases import telling
from services.volunteers.usecases.turns import end_assignment, finish, off_duty, staffed

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import tzinfo
    from typing import Literal
    from uuid import UUID

    from services.volunteers.store.assignments import Assignment
    from services.volunteers.store.needs import Need
    from services.volunteers.store.sessions import Session
    from services.volunteers.store.shifts import Shift
    from shared.db import Connection
    from shared.hours import PermittedHours


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What a volunteer has before them, with the turns of the sessions that it is in."""

    sessions: dict[UUID, Session]
    shifts: list[Shift]
    assignments: list[Assignment]

    def in_session(self, session_id: UUID) -> tuple[Shift | None, list[Assignment]]:
        """Their shift in a session, and whom they help there."""
        shift = next((one for one in self.shifts if one.session_id == session_id), None)
        return shift, [one for one in self.assignments if one.session_id == session_id]


@dataclass(kw_only=True, slots=True)
class HandedOver:
    """What came of giving somebody's to others."""

    moved: int = 0
    refused: list[tuple[UUID, Refusal]] = field(default_factory=list)
    """What stayed as it was, and why."""


async def ill(conn: Connection, volunteer_id: UUID, day: date | None, hours: PermittedHours) -> int:
    """Pass on all that somebody has on a day, today if none is named, with one word; tells how much that was."""
    now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    on = day or now.astimezone(hours.zone).date()
    begins = datetime.combine(on, time(), hours.zone).astimezone(UTC)
    ends = datetime.combine(on + timedelta(days=1), time(), hours.zone).astimezone(UTC)
    held = await _held(conn, volunteer_id, max(now, begins), ends)
    await _let_go(conn, held, "ill")
    for session in held.sessions.values():
        await finish(conn, session, hours)
    return len(held.sessions)


async def left(conn: Connection, volunteer_id: UUID) -> int:
    """Take somebody off all that they have before them who pauses, ends or is forgotten; tells how much that was.

    Others are asked in the next moment, by whoever looks after time.
    """
    now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    held = await _held(conn, volunteer_id, now, None)
    await _let_go(conn, held, "left")
    for session in held.sessions.values():
        await staffed(conn, session)
        await needs.wake_seeking(conn, session.id)
    return len(held.sessions)


async def without_note(conn: Connection, volunteer_id: UUID, until: date | None, zone: tzinfo) -> None:
    """Take somebody off what they have before them with children, where no register note of theirs is in force then.

    ``until`` is the last day on which it is. Others are asked in the next moment, by whoever looks after time.
    """
    now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    held = await _held(conn, volunteer_id, now, None)
    lacking = {
        session.id: session
        for session in held.sessions.values()
        if session.register_note and not has_note(until, session.starts_at.astimezone(zone).date())
    }
    await _let_go(conn, replace(held, sessions=lacking), "staff")
    for session in lacking.values():
        await staffed(conn, session)
        await needs.wake_seeking(conn, session.id)


async def _let_go(conn: Connection, held: Held, why: Literal["ill", "left", "staff"]) -> None:
    """Take somebody off everything; one message tells them of all."""
    first = True
    for session in held.sessions.values():
        shift, mine = held.in_session(session.id)
        for made in mine:
            await end_assignment(conn, session, made, "declined", why, quietly=shift is not None or not first)
            first = first and shift is not None
        if shift:
            state: Literal["cancelled", "declined"] = "cancelled" if shift.state == "on_duty" else "declined"
            await off_duty(conn, session, shift, state, why, quietly=not first)
            first = False


async def hand_over(
    conn: Connection,
    giver: UUID,
    taker: UUID | None,
    hours: PermittedHours,
    *,
    only: Collection[UUID] | None = None,
    where: Collection[str] | None = None,
) -> HandedOver:
    """Give what somebody has before them to somebody else, or have others sought; both are told once.

    ``only`` are the ids of shifts and assignments that are meant, if not all; ``where`` the libraries of who asks.

    Raises:
        UnknownVolunteer: there is no such person to take it.
    """
    now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    held = await _held(conn, giver, now, None, where, also=[taker] if taker else [])
    outcome = HandedOver()
    for session in held.sessions.values():
        shift, mine = held.in_session(session.id)
        if only is not None:
            mine = [one for one in mine if one.id in only or (shift and shift.id in only)]
            shift = shift if shift and shift.id in only else None
        if shift is None and not mine:
            continue
        try:
            async with conn.transaction():
                await _give(conn, session, shift, mine, taker, hours)
        except Refusal as refusal:
            outcome.refused.append((shift.id if shift else mine[0].id, refusal))
        else:
            outcome.moved += 1
    for session in held.sessions.values():
        await finish(conn, session, hours)
    if outcome.moved:
        for volunteer_id in filter(None, (giver, taker)):
            await telling.handed_over(conn, await candidates.contact_of(conn, volunteer_id), outcome.moved)
    return outcome


async def _give(
    conn: Connection,
    session: Session,
    shift: Shift | None,
    mine: list[Assignment],
    taker: UUID | None,
    hours: PermittedHours,
) -> None:
    """Give one session's to somebody, or to whoever is found."""
    for made in mine:
        state: Literal["released", "declined"] = "released" if taker else "declined"
        await end_assignment(conn, session, made, state, "handed_over", quietly=True)
    if shift:
        await off_duty(conn, session, shift, "cancelled", "handed_over", quietly=True)
    if taker is None:
        return
    if shift is None or shift.state == "on_duty":
        await _have_on_duty(conn, session, taker, hours)
    for made in mine:
        need = await needs.lock(conn, made.booking_id)
        if need and made.state == "accepted":
            await _give_visitor(conn, session, need, taker, hours, quietly=True)


async def assign(conn: Connection, booking_id: UUID, volunteer_id: UUID, hours: PermittedHours) -> None:
    """Have somebody help a visitor, as was agreed with them; whoever was asked or did it is released.

    Language and topic are for those who agree on it to judge; law, hours and time are not.

    Raises:
        UnknownNeed: nobody seeks help under that booking.
        UnknownVolunteer: there is none of that id.
        NotPossibleNow: it has begun, or is not held.
        Refusal: they cannot, for one of the reasons of :func:`unable`.
    """
    known = await needs.find(conn, booking_id)
    if known is None or known.session_id is None or known.state == "over":
        raise UnknownNeed("nobody seeks help under this booking")
    session = await sessions.lock(conn, known.session_id, [volunteer_id])
    need = await needs.lock(conn, booking_id)
    if need is None or need.session_id != session.id or need.state == "over" or not session.to_come:
        raise NotPossibleNow("it has begun, is not held, or was changed just now")
    for made in await assignments.of_booking(conn, booking_id):
        if made.live:
            if made.volunteer_id == volunteer_id and made.state == "accepted":
                return
            by_them = made.volunteer_id == volunteer_id
            await end_assignment(conn, session, made, "released", "staff", quietly=by_them)
    await _have_on_duty(conn, session, volunteer_id, hours)
    await _give_visitor(conn, session, need, volunteer_id, hours)
    await finish(conn, session, hours)


async def release(conn: Connection, assignment_id: UUID, hours: PermittedHours) -> None:
    """Take an assignment back; it goes to the next. What is over stays as it is.

    Raises:
        UnknownAssignment: there is none of that id.
        NotPossibleNow: it has begun.
    """
    made = await assignments.find(conn, assignment_id)
    if made is None:
        raise UnknownAssignment("there is no such assignment")
    session = await sessions.lock(conn, made.session_id)
    made = await assignments.find(conn, assignment_id)
    if made is None or not made.live:
        return
    if not session.to_come:
        raise NotPossibleNow("it has begun, or is not held")
    await end_assignment(conn, session, made, "released", "staff")
    await finish(conn, session, hours)


async def _have_on_duty(conn: Connection, session: Session, volunteer_id: UUID, hours: PermittedHours) -> None:
    """Put somebody on duty who is not yet; they may have been asked.

    Raises:
        UnknownVolunteer: there is none of that id.
        Refusal: they cannot be, for one of the reasons of :func:`unable`.
    """
    known = await candidates.lock(conn, volunteer_id, session, hours.zone)
    before = await shifts.of_sitting(conn, [session.id], volunteer_id)
    if any(one.state == "on_duty" for one in before):
        return
    refusal = unable(
        known.able,
        day=session.starts_at.astimezone(hours.zone).date(),
        minutes=session.minutes,
        register_note=session.register_note,
    )
    if refusal:
        raise refusal
    reminder = remind_at(session.starts_at, session.now, hours.zone)
    if before:
        await shifts.put_on_duty(conn, before[0].id, session.now, reminder)
    else:
        await shifts.add(conn, session, volunteer_id, "on_duty", remind_at=reminder)


async def _give_visitor(
    conn: Connection,
    session: Session,
    need: Need,
    volunteer_id: UUID,
    hours: PermittedHours,
    *,
    quietly: bool = False,
) -> None:
    """Let somebody on duty help a visitor; the pledge they give when they look at it."""
    people = await candidates.on_duty(conn, session, hours.zone)
    me = next(one for one in people if one.volunteer_id == volunteer_id)
    wish = Wish(
        minutes=session.minutes,
        day=session.starts_at.astimezone(hours.zone).date(),
        register_note=session.register_note,
    )
    reason = unfit(me, wish)
    if reason:
        raise as_refusal(reason)
    made = await assignments.propose(conn, session, need, Choice(candidate=me, why={"by_hand": 1}), None)
    reminder = remind_at(session.starts_at, session.now, hours.zone)
    accepted = await assignments.accept(conn, made.id, session.now, None, reminder)
    covered = await needs.become(conn, need.booking_id, "covered", session.ends_at)
    await telling.accepted(conn, session, covered, accepted, quietly=quietly)


async def _held(
    conn: Connection,
    volunteer_id: UUID,
    since: datetime,
    until: datetime | None,
    where: Collection[str] | None = None,
    *,
    also: Collection[UUID] = (),
) -> Held:
    """What somebody has before them that begins before ``until``, and the turns with the sessions it is in.

    ``also`` are volunteers who may come to it. What has begun stays theirs: how it went is said afterwards, and their
    hours count.
    """
    about = {one.session_id for one in await shifts.live_of(conn, volunteer_id, since)}
    about |= {one.session_id for one in await assignments.live_of(conn, volunteer_id, since)}
    held = {
        session.id: session
        for session in await sessions.lock_all(conn, about, {volunteer_id, *also})
        if session.to_come
        and (until is None or session.starts_at < until)
        and (where is None or session.branch_id in where)
    }
    return Held(
        sessions=dict(sorted(held.items(), key=lambda item: item[1].starts_at)),
        shifts=[one for one in await shifts.live_of(conn, volunteer_id, since) if one.session_id in held],
        assignments=[one for one in await assignments.live_of(conn, volunteer_id, since) if one.session_id in held],
    )
