"""What the others hear of assignments and shifts; each raises the revision of what it tells of before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.store import candidates
from services.volunteers.usecases import notices
from shared.events import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentEnding,
    AssignmentProposal,
    AssignmentProposed,
    AssignmentReleased,
    AssignmentReminderDue,
    AssignmentReschedule,
    AssignmentRescheduled,
    AssignmentState,
    AssignmentUncovered,
    Lacking,
    ShiftCancelled,
)
from shared.ids import new_id
from shared.outbox import emit

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any, Literal
    from uuid import UUID

    from services.volunteers.store.assignments import Assignment
    from services.volunteers.store.needs import Need
    from services.volunteers.store.sessions import Session
    from services.volunteers.store.shifts import Shift
    from shared.db import Connection

_AS_TOLD = {
    "asked": "proposed",
    "offered": "proposed",
    "on_duty": "accepted",
    "cancelled": "released",
    "missed": "done",
}
"""States of a shift, as events call them where that is another word."""


async def proposed(conn: Connection, session: Session, need: Need, made: Assignment) -> None:
    """Somebody is asked for a visitor."""
    facts = _of_visitor(session, need, made) | {"stand_in": made.stand_in_for is not None}
    await emit(conn, AssignmentProposed.of(made.id, AssignmentProposal.model_validate(facts)))


async def accepted(conn: Connection, session: Session, need: Need, made: Assignment, *, quietly: bool = False) -> None:
    """Somebody will help a visitor."""
    facts = _of_visitor(session, need, made) | {"quietly": quietly}
    await emit(conn, AssignmentAccepted.of(made.id, AssignmentState.model_validate(facts)))


async def ended(conn: Connection, session: Session, need: Need, made: Assignment, *, quietly: bool = False) -> None:
    """Something is not somebody's any more: by their own word or silence, or by others'."""
    facts = _of_visitor(session, need, made) | {"why": made.ended, "quietly": quietly}
    ending = AssignmentEnding.model_validate(facts)
    kind = AssignmentReleased if made.state == "released" else AssignmentDeclined
    await emit(conn, kind.of(made.id, ending))


async def settled_otherwise(conn: Connection, session: Session, need: Need, made: Assignment) -> None:
    """Somebody said yes when it was too late: they are thanked."""
    facts = _of_visitor(session, need, made) | {"state": "released", "why": "taken_over"}
    await emit(conn, AssignmentReleased.of(made.id, AssignmentEnding.model_validate(facts)))


async def reminder_due(conn: Connection, session: Session, need: Need, made: Assignment) -> None:
    """It is the day before they help a visitor."""
    facts = AssignmentState.model_validate(_of_visitor(session, need, made))
    await emit(conn, AssignmentReminderDue.of(made.id, facts))


async def rescheduled(
    conn: Connection, session: Session, need: Need, made: Assignment, changed: tuple[str, ...]
) -> None:
    """What they said yes to is at another time or place."""
    facts = _of_visitor(session, need, made) | {"session_revision": session.revision, "changed": changed}
    await emit(conn, AssignmentRescheduled.of(made.id, AssignmentReschedule.model_validate(facts)))


async def shift_asked(
    conn: Connection,
    session: Session,
    shift: Shift,
    in_return: UUID | None = None,
    *,
    ends_at: datetime | None = None,
) -> None:
    """Somebody is asked to be on duty, perhaps for a session of theirs that another takes."""
    of_all = {"stand_in": shift.covers is not None, "in_return": in_return, "ends_at": ends_at}
    facts = _of_shift(session, shift) | of_all
    await emit(conn, AssignmentProposed.of(shift.id, AssignmentProposal.model_validate(facts)))


async def on_duty(
    conn: Connection, session: Session, shift: Shift, *, ends_at: datetime | None = None, quietly: bool = False
) -> None:
    """Somebody will be on duty; until then, where it is for several sessions of a sitting."""
    facts = _of_shift(session, shift) | {"ends_at": ends_at, "quietly": quietly}
    await emit(conn, AssignmentAccepted.of(shift.id, AssignmentState.model_validate(facts)))


async def shift_ended(conn: Connection, session: Session, shift: Shift, *, quietly: bool = False) -> None:
    """Somebody is not on duty any more, or will not be."""
    facts = _of_shift(session, shift) | {"why": shift.ended, "quietly": quietly}
    ending = AssignmentEnding.model_validate(facts)
    if shift.state == "cancelled":
        await emit(conn, ShiftCancelled.of(shift.id, ending))
    else:
        await emit(conn, AssignmentDeclined.of(shift.id, ending))


async def shift_settled_otherwise(conn: Connection, session: Session, shift: Shift) -> None:
    """Somebody said yes to being on duty when it was too late: they are thanked."""
    facts = _of_shift(session, shift) | {"state": "released", "why": "taken_over"}
    await emit(conn, ShiftCancelled.of(shift.id, AssignmentEnding.model_validate(facts)))


async def shift_reminder_due(conn: Connection, session: Session, shift: Shift) -> None:
    """It is the day before they are on duty."""
    await emit(conn, AssignmentReminderDue.of(shift.id, AssignmentState.model_validate(_of_shift(session, shift))))


async def shift_rescheduled(conn: Connection, session: Session, shift: Shift, changed: tuple[str, ...]) -> None:
    """Where they are on duty is at another time or place."""
    facts = _of_shift(session, shift) | {"session_revision": session.revision, "changed": changed}
    await emit(conn, AssignmentRescheduled.of(shift.id, AssignmentReschedule.model_validate(facts)))


async def uncovered(conn: Connection, session: Session, need: Need, stage: Literal["alarmed", "given_up"]) -> None:
    """There is nobody left to ask for a visitor."""
    facts = Lacking(
        booking_id=need.booking_id, revision=need.revision, session_id=session.id, stage=stage, asked=need.asked
    )
    await emit(conn, AssignmentUncovered.of(need.booking_id, facts))


async def alarm(conn: Connection, session: Session) -> None:
    """Those who coordinate the library's volunteers are told that somebody is to be found by hand.

    Once for a sitting, however many visitors in it have nobody: the page shows them all.
    """
    about = session.sitting_id or session.id
    for contact_ref in await candidates.coordinators(conn, session.branch_id):
        await notices.tell(conn, contact_ref, "alarm", about, session_id=session.id, until=session.starts_at)


async def handed_over(conn: Connection, contact_ref: UUID, count: int) -> None:
    """Somebody is told once that so much was given to others, or to them."""
    await notices.tell(conn, contact_ref, "handed_over", new_id(), count=count)


def _of_visitor(session: Session, need: Need, made: Assignment) -> dict[str, Any]:
    return {
        "assignment_id": made.id,
        "revision": made.revision,
        "session_id": session.id,
        "contact_ref": made.contact_ref,
        "language": made.language,
        "state": made.state,
        "task": session.helping,
        "booking_id": made.booking_id,
        "need_revision": need.revision,
        "topic": need.topic,
        "help_language": need.wished,
    }


def _of_shift(session: Session, shift: Shift) -> dict[str, Any]:
    return {
        "assignment_id": shift.id,
        "revision": shift.revision,
        "session_id": session.id,
        "contact_ref": shift.contact_ref,
        "language": shift.language,
        "state": _AS_TOLD.get(shift.state, shift.state),
        "task": session.helping,
    }
