"""What follows whenever something changed in a session whose turn is ours: who is asked next, and who hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.domain import matching, windows
from services.volunteers.domain.matching import Wish
from services.volunteers.domain.refusals import NotPossibleNow
from services.volunteers.queries import staffing as queries
from services.volunteers.store import assignments, candidates, needs, sessions, shifts
from services.volunteers.usecases import telling
from shared import installation
from shared.events import Staffing, StaffingChanged
from shared.outbox import emit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal
    from uuid import UUID

    from services.volunteers.domain.matching import Candidate
    from services.volunteers.store.assignments import Assignment
    from services.volunteers.store.needs import Need
    from services.volunteers.store.sessions import Session
    from services.volunteers.store.shifts import Shift
    from shared.db import Connection
    from shared.hours import PermittedHours

_AGAIN = frozenset({"visitor_cancelled", "session_cancelled", "session_moved", "left"})
"""After which somebody may be asked for the same visitor again: it was not they who said no."""


async def finish(conn: Connection, session: Session, hours: PermittedHours) -> None:
    """Tell how staffed a session is, if that changed, and find somebody for each visitor and place that has nobody."""
    await staffed(conn, session)
    await settle(conn, session, hours)
    await cover(conn, session, hours)


async def cover(conn: Connection, session: Session, hours: PermittedHours) -> None:
    """Ask somebody to take the place of each who looks for a stand-in; until a yes they are on duty themselves.

    Of a sitting it is one question: who is asked for one session of it already is asked for the others with it.
    """
    live = await shifts.live_in(conn, [session.id])
    covered = {one.covers for one in live}
    looking = [one for one in live if one.state == "on_duty" and one.hand_over and one.id not in covered]
    if not looking or not session.to_come:
        return
    able = [one for one in await queries.askable(conn, session, hours.zone) if one.can_be_asked]
    for shift in looking:
        topic = await _promised_topic(conn, session, shift)
        somebody = next((one for one in able if matching.knows(one.topics, topic)), None)
        if somebody is None:
            continue
        able.remove(somebody)
        with_others = await shifts.is_asked_in_sitting(conn, session.sitting_id, somebody.volunteer_id)
        asked = await shifts.add(
            conn,
            session,
            somebody.volunteer_id,
            "asked",
            coded=not with_others,
            covers=shift.id,
            wakes_at=windows.untold_until(session.starts_at, session.now),
        )
        if not with_others:
            await telling.shift_asked(conn, session, asked)


async def _promised_topic(conn: Connection, session: Session, shift: Shift) -> str | None:
    """What the visitor wants help with whom somebody on duty has promised it: their stand-in helps that visitor."""
    made = await assignments.promised(conn, session.id, shift.volunteer_id)
    need = made and await needs.find(conn, made.booking_id)
    return need.topic if need else None


async def staffed(conn: Connection, session: Session, *, anew: bool = False) -> None:
    """Tell how many are on duty in a session, if that changed or is to be told ``anew``."""
    helpers = await sessions.count_helpers(conn, session.id)
    if not anew and helpers == session.helpers:
        return
    revision = await sessions.note_staffing(conn, session.id, helpers)
    told = Staffing(session_id=session.id, revision=revision, helpers=helpers, needed=session.needed)
    await emit(conn, StaffingChanged.of(session.id, told))


async def settle(conn: Connection, session: Session, hours: PermittedHours) -> None:
    """Ask somebody for each visitor who has nobody, and for each helper who seeks a stand-in; else alarm.

    It reads this session and those on duty in it, whatever else there is.
    """
    seeking = [need for need in await needs.live(conn, session.id) if need.state != "proposed"]
    made = await assignments.of_session(conn, session.id) if seeking else []
    people: Sequence[Candidate] | None = None
    for need in seeking:
        mine = [one for one in made if one.booking_id == need.booking_id]
        covers = _to_stand_in_for(mine)
        if need.state == "covered" and covers is None:
            continue
        if people is None:
            people = await candidates.on_duty(conn, session, hours.zone) if session.to_come else []
        choice = matching.choose(people, _wish(session, need, mine, hours))
        if choice:
            chosen = choice.candidate
            people = [matching.given(one, session.minutes) if one is chosen else one for one in people]
            proposal = await assignments.propose(conn, session, need, choice, covers.id if covers else None)
            await _asked(conn, session, need, proposal)
        elif need.state == "sought":
            await _alarm(conn, session, need, hours)


def _to_stand_in_for(mine: Sequence[Assignment]) -> Assignment | None:
    """Whose stand-in is sought and not asked yet."""
    if any(one.state == "proposed" for one in mine):
        return None
    return next((one for one in mine if one.state == "accepted" and one.hand_over), None)


def _wish(session: Session, need: Need, mine: Sequence[Assignment], hours: PermittedHours) -> Wish:
    return Wish(
        language=need.wished,
        topic=need.topic,
        minutes=session.minutes,
        day=session.starts_at.astimezone(hours.zone).date(),
        register_note=session.register_note,
        asked=frozenset(one.volunteer_id for one in mine if one.ended not in _AGAIN),
    )


async def _asked(conn: Connection, session: Session, need: Need, proposal: Assignment) -> None:
    wakes_at = windows.untold_until(session.starts_at, session.now)
    if proposal.stand_in_for is None:
        await needs.become(conn, need.booking_id, "proposed", wakes_at)
    else:
        await needs.wake(conn, need.booking_id, wakes_at)
    await needs.count_asked(conn, need.booking_id)
    await telling.proposed(conn, session, need, proposal)


async def _alarm(conn: Connection, session: Session, need: Need, hours: PermittedHours) -> None:
    """Have coordinators look for somebody; where no time is left for that, be honest at once."""
    if session.now >= session.starts_at or session.status in {"cancelled", "closed"}:
        await needs.become(conn, need.booking_id, "over", None)
        return
    permitted = await installation.hours(conn, hours)
    until = windows.give_up_at(session.starts_at, session.now, permitted)
    alarmed = await needs.become(conn, need.booking_id, "alarmed", until)
    await telling.uncovered(conn, session, alarmed, "alarmed")
    await telling.alarm(conn, session)
    if until <= session.now:
        await give_up(conn, session, need)


async def give_up(conn: Connection, session: Session, need: Need) -> None:
    """Say that nobody will come any more, unless somebody does."""
    given_up = await needs.become(conn, need.booking_id, "given_up", session.ends_at)
    await telling.uncovered(conn, session, given_up, "given_up")


async def end_assignment(
    conn: Connection,
    session: Session,
    made: Assignment,
    state: Literal["declined", "expired", "released"],
    why: str,
    *,
    quietly: bool = False,
) -> None:
    """End a question or a promise, and have its visitor's need seek somebody else where nobody is left for it."""
    need = await needs.lock(conn, made.booking_id)
    if need is None:
        raise LookupError(made.booking_id)
    over = await assignments.end(conn, made, state, why, session.minutes)
    await telling.ended(conn, session, need, over, quietly=quietly)
    if need.state == "over" or need.session_id != session.id:
        return
    others = [one for one in await assignments.of_booking(conn, made.booking_id) if one.live]
    if any(one.state == "accepted" for one in others):
        await needs.wake(conn, need.booking_id, session.ends_at)
    elif others:
        await needs.become(conn, need.booking_id, "proposed", need.wakes_at)
    else:
        await needs.become(conn, need.booking_id, "sought", None)


async def off_duty(
    conn: Connection,
    session: Session,
    shift: Shift,
    state: Literal["declined", "expired", "cancelled"],
    why: str,
    *,
    quietly: bool = False,
) -> None:
    """Take somebody off duty, or take back that they were asked; what visitors they had seek somebody else.

    They are told of the shift only, not of each visitor. Whose place they would have taken keeps it.
    """
    over = await shifts.end(conn, shift.id, state, why)
    await telling.shift_ended(conn, session, over, quietly=quietly)
    if shift.state != "on_duty":
        return
    by_others = why in {"staff", "taken_over", "session_moved", "session_cancelled"}
    for made in await assignments.of_session(conn, session.id):
        if made.volunteer_id == shift.volunteer_id and made.live:
            await end_assignment(conn, session, made, "released" if by_others else "declined", why, quietly=True)


async def take_over(conn: Connection, session: Session, shift: Shift, by: UUID, hours: PermittedHours) -> None:
    """Let somebody who is on duty by now have another's place, and with it the visitor who was promised help there.

    The visitor keeps a helper all the while; the pledge is given when they look at it.

    Raises:
        NotPossibleNow: they cannot help that visitor; the caller takes back what was done until here.
    """
    promised = await assignments.promised(conn, session.id, shift.volunteer_id)
    need = promised and await needs.lock(conn, promised.booking_id)
    if promised and need:
        made = await assignments.of_booking(conn, promised.booking_id)
        people = [one for one in await candidates.on_duty(conn, session, hours.zone) if one.volunteer_id == by]
        choice = matching.choose(people, _wish(session, need, made, hours))
        if choice is None:
            raise NotPossibleNow("a visitor was promised help there that they cannot give")
        for one in made:
            if one.live:
                await end_assignment(conn, session, one, "released", "taken_over", quietly=one.id == promised.id)
        given = await assignments.propose(conn, session, need, choice, promised.id)
        reminder = windows.remind_at(session.starts_at, session.now, hours.zone)
        accepted = await assignments.accept(conn, given.id, session.now, None, reminder)
        await needs.become(conn, need.booking_id, "covered", session.ends_at)
        await telling.accepted(conn, session, need, accepted, quietly=True)
    await off_duty(conn, session, shift, "cancelled", "taken_over")
