"""Volunteers answer: on a page, by SMS, or not at all. The first answer wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.domain import windows
from services.volunteers.domain.assigning import (
    PLEDGE,
    AlreadyAnswered,
    AlreadyBusy,
    Full,
    NotActive,
    OverBudget,
    PledgeMissing,
    RegisterNoteMissing,
    as_refusal,
)
from services.volunteers.domain.matching import Wish, unfit
from services.volunteers.domain.refusals import NotPossibleNow, TooLate, UnknownAssignment
from services.volunteers.store import assignments, candidates, needs, sessions
from services.volunteers.store import shifts as shift_store
from services.volunteers.usecases import friends, shifts, telling
from services.volunteers.usecases.turns import end_assignment, finish
from shared import installation

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal
    from uuid import UUID

    from services.volunteers.store.assignments import Assignment
    from services.volunteers.store.needs import Need
    from services.volunteers.store.sessions import Session
    from shared.db import Connection
    from shared.hours import PermittedHours

_NOT_NOW = (
    AlreadyAnswered,
    AlreadyBusy,
    Full,
    NotActive,
    NotPossibleNow,
    OverBudget,
    RegisterNoteMissing,
    TooLate,
)
"""What makes an answer by SMS one that comes too late: who said yes is thanked."""


async def told(conn: Connection, about: UUID, at: datetime, hours: PermittedHours) -> None:
    """Start the clock of a question: a message told somebody of it then. Told again, the first time stands."""
    made = await assignments.find(conn, about)
    if made is None:
        await shifts.told(conn, about, at, hours)
        return
    session = await sessions.lock(conn, made.session_id)
    since = min(at, session.now)  # another machine's clock may be ahead
    permitted = await installation.hours(conn, hours)
    until = windows.answer_by(session.starts_at, windows.FOR_A_VISITOR, since, permitted)
    if await assignments.note_told(conn, made.id, since, until):
        await needs.wake(conn, made.booking_id, until)


async def untold(conn: Connection, about: UUID, hours: PermittedHours) -> None:
    """No message reaches somebody who is asked: it goes on to the next, as if they had said nothing."""
    made = await assignments.find(conn, about)
    if made is None:
        await shifts.untold(conn, about, hours)
        return
    session = await sessions.lock(conn, made.session_id)
    made = await _still(conn, about)
    if made.state == "proposed":
        await end_assignment(conn, session, made, "expired", "expired")
        await finish(conn, session, hours)


async def accept(
    conn: Connection,
    about: UUID,
    hours: PermittedHours,
    *,
    by: UUID | None = None,
    pledge: int | None = None,
    at: datetime | None = None,
) -> None:
    """Say yes to a visitor or to being on duty; who has said so already has.

    ``by`` is the volunteer who asks, where that is to be looked at; ``at`` is when they said so, if not now.

    Raises:
        UnknownAssignment: there is none of that id, or it is somebody else's.
        PledgeMissing: coaching without having accepted the rules of bank-neutral help.
        AlreadyAnswered: it is another's by now, or nobody's any more.
        TooLate: it has begun.
        Refusal: they cannot do it by now, for one of the reasons that keep people from being asked.
    """
    made = await assignments.find(conn, about)
    if made is None:
        await friends.accept(conn, about, hours, by=by, at=at)
        return
    _theirs(made.volunteer_id, by)
    session = await sessions.lock(conn, made.session_id)
    need = await needs.lock(conn, made.booking_id)
    made = await _still(conn, about)
    if need is None:
        raise UnknownAssignment("there is no such assignment")
    said = min(at or session.now, session.now)
    if session.helping == "coach" and pledge is None and made.pledge is None:
        raise PledgeMissing("accept the rules of bank-neutral help for this visitor", "pledge")
    match made.state:
        case "accepted":
            await assignments.pledge(conn, made.id, said, pledge)
        case "proposed":
            await _take(conn, session, need, made, said, pledge, hours)
        case "declined" | "expired":
            await _come_back(conn, session, need, made, hours)
            await _take(conn, session, need, made, said, pledge, hours)
        case _:
            raise AlreadyAnswered("it is settled")


async def _take(  # noqa: PLR0913, PLR0917 - one step of the above
    conn: Connection,
    session: Session,
    need: Need,
    made: Assignment,
    said: datetime,
    pledge: int | None,
    hours: PermittedHours,
) -> None:
    if said >= session.starts_at or not session.to_come:
        raise TooLate("it has begun, or is not held")
    before = made.stand_in_for and await assignments.find(conn, made.stand_in_for)
    if before and before.live:  # from now on the stand-in is responsible
        await end_assignment(conn, session, before, "released", "taken_over")
    reminder = windows.remind_at(session.starts_at, session.now, hours.zone)
    accepted = await assignments.accept(conn, made.id, said, pledge, reminder)
    covered = await needs.become(conn, need.booking_id, "covered", session.ends_at)
    await telling.accepted(conn, session, covered, accepted)
    await finish(conn, session, hours)


async def _come_back(conn: Connection, session: Session, need: Need, made: Assignment, hours: PermittedHours) -> None:
    """Let somebody whose answer came late, or who has changed their mind, have what nobody else is asked for."""
    if need.session_id != session.id or need.state not in {"sought", "alarmed", "given_up"}:
        raise AlreadyAnswered("it is settled")
    people = await candidates.on_duty(conn, session, hours.zone)
    me = next((one for one in people if one.volunteer_id == made.volunteer_id), None)
    if me is None:
        raise NotPossibleNow("they are not on duty")
    wish = Wish(
        minutes=session.minutes,
        day=session.starts_at.astimezone(hours.zone).date(),
        register_note=session.register_note,
    )
    reason = unfit(me, wish)
    if reason:
        raise as_refusal(reason)
    await assignments.give_share(conn, made.volunteer_id, session.minutes)


async def decline(conn: Connection, about: UUID, hours: PermittedHours, *, by: UUID | None = None) -> None:
    """Say no, also after a yes: it goes on to the next. What is over stays as it is.

    Raises:
        UnknownAssignment: there is none of that id, or it is somebody else's.
        TooLate: it has begun.
    """
    made = await assignments.find(conn, about)
    if made is None:
        await shifts.decline(conn, about, hours, by=by)
        return
    _theirs(made.volunteer_id, by)
    session = await sessions.lock(conn, made.session_id)
    made = await _still(conn, about)
    if not made.live:
        return
    if session.now >= session.starts_at:
        raise TooLate("it has begun")
    await end_assignment(conn, session, made, "declined", "declined")
    await finish(conn, session, hours)


async def replied(
    conn: Connection, about: UUID, says: Literal["yes", "no"], at: datetime, hours: PermittedHours
) -> None:
    """Do what an answer by SMS means. A yes accepts the rules too, as the question says.

    What is no question of ours is not looked at. A yes that comes too late is thanked.
    """
    made, shift = await assignments.find(conn, about), await shift_store.find(conn, about)
    if made is None and shift is None:
        return
    try:
        async with conn.transaction():
            if says == "yes":
                await accept(conn, about, hours, pledge=PLEDGE, at=at)
            else:
                await decline(conn, about, hours)
    except _NOT_NOW:
        if says == "yes":
            await _thank(conn, about, hours)


async def _thank(conn: Connection, about: UUID, hours: PermittedHours) -> None:
    """Tell somebody that it has been settled otherwise; what they were asked is over, if it was not."""
    made = await assignments.find(conn, about)
    if made is None:
        await shifts.thank(conn, about, hours)
        return
    session = await sessions.lock(conn, made.session_id)
    need = await needs.lock(conn, made.booking_id)
    made = await _still(conn, about)
    if made.live:
        await end_assignment(conn, session, made, "released", "taken_over")
        await finish(conn, session, hours)
    elif need:
        await telling.settled_otherwise(conn, session, need, await assignments.touch(conn, about))


async def seek_stand_in(conn: Connection, about: UUID, hours: PermittedHours, *, by: UUID, looking: bool) -> None:
    """Have somebody sought for what one has said yes to; one stays responsible until somebody says yes.

    Raises:
        UnknownAssignment: there is none of that id, or it is somebody else's.
        NotPossibleNow: it is not theirs, or has begun.
    """
    made = await assignments.find(conn, about)
    if made is None:
        await shifts.seek_stand_in(conn, about, hours, by=by, looking=looking)
        return
    _theirs(made.volunteer_id, by)
    session = await sessions.lock(conn, made.session_id)
    made = await _still(conn, about)
    if made.state != "accepted" or not session.to_come:
        raise NotPossibleNow("it is not yours, or has begun")
    await assignments.look_for_stand_in(conn, made.id, looking=looking)
    if not looking:
        for other in await assignments.of_booking(conn, made.booking_id):
            if other.state == "proposed" and other.stand_in_for == made.id:
                await end_assignment(conn, session, other, "released", "taken_over")
    await finish(conn, session, hours)


async def _still(conn: Connection, assignment_id: UUID) -> Assignment:
    """An assignment as it is now that its session's turn is ours."""
    made = await assignments.find(conn, assignment_id)
    if made is None:
        raise UnknownAssignment("there is no such assignment")
    return made


def _theirs(volunteer_id: UUID, by: UUID | None) -> None:
    if by is not None and by != volunteer_id:
        raise UnknownAssignment("there is no such assignment")
