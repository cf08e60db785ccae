"""Assignments: volunteers who are asked, or have said yes, to help a visitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, LiteralString
from uuid import UUID

import asyncpg

from services.volunteers.domain.assigning import AlreadyBusy
from shared import codes
from shared.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from services.volunteers.domain.matching import Choice
    from services.volunteers.store.needs import Need
    from services.volunteers.store.sessions import Session
    from shared.db import Connection

AssignmentState = Literal["proposed", "accepted", "declined", "expired", "released", "done"]

_COLUMNS: LiteralString = """
    a.id, a.revision, a.booking_id, a.session_id, a.volunteer_id, a.state, a.why, a.stand_in_for, a.hand_over,
    a.proposed_at, a.told_at, a.answer_by, a.pledge, a.ended, v.contact_ref, coalesce(c.language, 'sv') AS language
"""
_FROM: LiteralString = """
    FROM assignment a JOIN volunteer v ON v.id = a.volunteer_id LEFT JOIN contact c ON c.ref = v.contact_ref
"""
_ASSIGNMENT: LiteralString = "SELECT " + _COLUMNS + _FROM


@dataclass(frozen=True, kw_only=True, slots=True)
class Assignment:
    """A volunteer for a visitor."""

    id: UUID
    revision: int
    booking_id: UUID
    session_id: UUID
    volunteer_id: UUID
    state: AssignmentState
    why: dict[str, Any]
    stand_in_for: UUID | None
    hand_over: bool
    proposed_at: datetime
    told_at: datetime | None
    answer_by: datetime | None
    pledge: int | None
    ended: str | None
    contact_ref: UUID
    language: str

    @property
    def live(self) -> bool:
        """Whether it is asked, or theirs."""
        return self.state in {"proposed", "accepted"}


def _assignment(row: asyncpg.Record) -> Assignment:
    return Assignment(**dict(row))


async def find(conn: Connection, assignment_id: UUID) -> Assignment | None:
    """An assignment; None for an id of something else."""
    row = await conn.fetchrow(_ASSIGNMENT + "WHERE a.id = $1", assignment_id)
    return _assignment(row) if row else None


async def of_session(conn: Connection, session_id: UUID) -> list[Assignment]:
    """Every assignment of a session whose turn is ours, also what is over."""
    rows = await conn.fetch(_ASSIGNMENT + "WHERE a.session_id = $1 ORDER BY a.proposed_at, a.id", session_id)
    return [_assignment(row) for row in rows]


async def of_booking(conn: Connection, booking_id: UUID) -> list[Assignment]:
    """Every assignment for a booking, the first one first, also of sessions that it was moved away from."""
    rows = await conn.fetch(_ASSIGNMENT + "WHERE a.booking_id = $1 ORDER BY a.proposed_at, a.id", booking_id)
    return [_assignment(row) for row in rows]


async def promised(conn: Connection, session_id: UUID, volunteer_id: UUID) -> Assignment | None:
    """What a volunteer has said yes to in a session whose turn is ours: one visitor at most."""
    row = await conn.fetchrow(
        _ASSIGNMENT + "WHERE a.session_id = $1 AND a.volunteer_id = $2 AND a.state = 'accepted'",
        session_id,
        volunteer_id,
    )
    return _assignment(row) if row else None


async def live_of(conn: Connection, volunteer_id: UUID, since: datetime) -> list[Assignment]:
    """What a volunteer is asked, or has said yes to, and what is not over by then."""
    rows = await conn.fetch(
        _ASSIGNMENT
        + """
        WHERE a.volunteer_id = $1 AND a.state IN ('proposed', 'accepted') AND upper(a.during) > $2
        ORDER BY lower(a.during), a.id
        """,
        volunteer_id,
        since,
    )
    return [_assignment(row) for row in rows]


async def propose(
    conn: Connection, session: Session, need: Need, choice: Choice, stand_in_for: UUID | None
) -> Assignment:
    """Keep that somebody is asked for a visitor, and that it counts as theirs until they say no.

    Raises:
        AlreadyBusy: they have something else at that time.
    """
    id_ = new_id()
    try:
        await conn.execute(
            """
            INSERT INTO assignment (
                id, booking_id, session_id, volunteer_id, shift_id, during, state, code, why, stand_in_for, proposed_at
            ) VALUES ($1, $2, $3, $4, $5, tstzrange($6, $7), 'proposed', $8, $9, $10, $11)
            """,
            id_,
            need.booking_id,
            session.id,
            choice.candidate.volunteer_id,
            choice.candidate.shift_id,
            session.starts_at,
            session.ends_at,
            await new_code(conn),
            choice.why,
            stand_in_for,
            session.now,
        )
    except asyncpg.ExclusionViolationError as error:
        raise _busy(error) from error
    await conn.execute(
        "UPDATE volunteer SET share = share + $2 WHERE id = $1", choice.candidate.volunteer_id, session.minutes
    )
    return await _found(conn, id_)


async def new_code(conn: Connection) -> str:
    """A code that stands for nothing else here."""
    while True:
        code = codes.new_code()
        taken = await conn.fetchval(
            """
            SELECT EXISTS (SELECT FROM assignment WHERE code = $1) OR EXISTS (SELECT FROM shift WHERE code = $1)
            """,
            code,
        )
        if not taken:
            return code


async def note_told(conn: Connection, assignment_id: UUID, told_at: datetime, answer_by: datetime) -> bool:
    """Start the clock of a question, once; tells whether it had not run yet."""
    news: bool | None = await conn.fetchval(
        """
        UPDATE assignment SET told_at = $2, answer_by = $3
        WHERE id = $1 AND state = 'proposed' AND told_at IS NULL RETURNING true
        """,
        assignment_id,
        told_at,
        answer_by,
    )
    return bool(news)


async def accept(
    conn: Connection, assignment_id: UUID, at: datetime, pledge: int | None, remind_at: datetime | None
) -> Assignment:
    """Keep that somebody said yes, and with it that they were assigned something now.

    Raises:
        AlreadyBusy: they have something else at that time by now.
        AlreadyAnswered: somebody else has it.
    """
    try:
        await conn.execute(
            """
            UPDATE assignment SET
                state = 'accepted', revision = revision + 1, answered_at = $2, ended = NULL, ended_at = NULL,
                pledge = $3, pledged_at = CASE WHEN $3::int IS NOT NULL THEN $2::timestamptz END, remind_at = $4
            WHERE id = $1
            """,
            assignment_id,
            at,
            pledge,
            remind_at,
        )
    except asyncpg.ExclusionViolationError as error:
        raise _busy(error) from error
    accepted = await _found(conn, assignment_id)
    await conn.execute("UPDATE volunteer SET last_assigned_at = $2 WHERE id = $1", accepted.volunteer_id, at)
    return accepted


async def pledge(conn: Connection, assignment_id: UUID, at: datetime, version: int | None) -> None:
    """Keep that somebody who has it already accepted the rules for it, the first time."""
    await conn.execute(
        "UPDATE assignment SET pledge = $3, pledged_at = $2 WHERE id = $1 AND pledge IS NULL AND $3::int IS NOT NULL",
        assignment_id,
        at,
        version,
    )


async def give_share(conn: Connection, volunteer_id: UUID, minutes: int) -> None:
    """Count minutes for, or with a minus not any more for, what a volunteer has given."""
    await conn.execute("UPDATE volunteer SET share = share + $2 WHERE id = $1", volunteer_id, minutes)


async def end(
    conn: Connection, assignment: Assignment, state: Literal["declined", "expired", "released"], why: str, minutes: int
) -> Assignment:
    """Keep why something is not theirs any more, and take it off their share."""
    await conn.execute(
        """
        UPDATE assignment SET
            state = $2, ended = $3, ended_at = clock_timestamp(), revision = revision + 1, hand_over = false,
            answered_at = CASE WHEN $2 = 'declined' THEN clock_timestamp() ELSE answered_at END
        WHERE id = $1
        """,
        assignment.id,
        state,
        why,
    )
    await give_share(conn, assignment.volunteer_id, -minutes)
    return await _found(conn, assignment.id)


async def touch(conn: Connection, assignment_id: UUID) -> Assignment:
    """Raise the revision of something that is told of again."""
    await conn.execute("UPDATE assignment SET revision = revision + 1 WHERE id = $1", assignment_id)
    return await _found(conn, assignment_id)


async def look_for_stand_in(conn: Connection, assignment_id: UUID, *, looking: bool) -> None:
    """Keep whether somebody looks for a stand-in, and stays responsible until there is one."""
    await conn.execute("UPDATE assignment SET hand_over = $2 WHERE id = $1", assignment_id, looking)


async def move(conn: Connection, assignment: Assignment, session: Session, remind_at: datetime | None) -> bool:
    """Let an assignment follow its session; tells whether its volunteer can be there."""
    try:
        async with conn.transaction():
            await conn.execute(
                """
                UPDATE assignment SET during = tstzrange($2, $3), remind_at = $4, reminded = false,
                    answer_by = CASE WHEN answer_by IS NOT NULL THEN least(answer_by, $2) END
                WHERE id = $1
                """,
                assignment.id,
                session.starts_at,
                session.ends_at,
                remind_at,
            )
    except asyncpg.ExclusionViolationError:
        return False
    return True


async def due_reminders(conn: Connection, at_most: int) -> Sequence[UUID]:
    """Whom it is time to remind of an assignment, held so that nobody else does; each is marked as reminded."""
    rows = await conn.fetch(
        """
        UPDATE assignment a SET reminded = true, revision = a.revision + 1
        FROM (
            SELECT id FROM assignment
            WHERE state = 'accepted' AND NOT reminded AND remind_at <= clock_timestamp()
            ORDER BY remind_at LIMIT $1 FOR UPDATE SKIP LOCKED
        ) due
        WHERE a.id = due.id RETURNING a.id
        """,
        at_most,
    )
    return [row["id"] for row in rows]


async def many(conn: Connection, ids: Sequence[UUID]) -> list[Assignment]:
    """Several assignments."""
    rows = await conn.fetch(_ASSIGNMENT + "WHERE a.id = ANY($1) ORDER BY a.id", ids)
    return [_assignment(row) for row in rows]


async def _found(conn: Connection, assignment_id: UUID) -> Assignment:
    found = await find(conn, assignment_id)
    if found is None:
        raise LookupError(assignment_id)
    return found


def _busy(error: asyncpg.ExclusionViolationError) -> Exception:
    if error.constraint_name == "assignment_in_one_place":
        return AlreadyBusy("they have something else at that time")
    return error
