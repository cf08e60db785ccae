"""Shifts: volunteers in sessions, asked, offering themselves, or on duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, LiteralString
from uuid import UUID

import asyncpg

from services.volunteers.domain.assigning import AlreadyBusy
from services.volunteers.store.assignments import new_code
from shared.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.volunteers.store.sessions import Session
    from shared.db import Connection

ShiftState = Literal["asked", "offered", "on_duty", "declined", "expired", "cancelled", "done", "missed"]
Ended = Literal["declined", "expired", "cancelled"]

_SHIFT: LiteralString = """
    SELECT s.id, s.revision, s.session_id, s.volunteer_id, s.state, s.code, s.told_at, s.answer_by, s.covers,
        s.hand_over, s.ended, s.created_at, v.contact_ref, coalesce(c.language, 'sv') AS language
    FROM shift s JOIN volunteer v ON v.id = s.volunteer_id LEFT JOIN contact c ON c.ref = v.contact_ref
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """A volunteer in a session."""

    id: UUID
    revision: int
    session_id: UUID
    volunteer_id: UUID
    state: ShiftState
    code: str | None
    told_at: datetime | None
    answer_by: datetime | None
    covers: UUID | None
    """Whose place is taken if this one says yes."""
    hand_over: bool
    ended: str | None
    created_at: datetime
    contact_ref: UUID
    language: str

    @property
    def live(self) -> bool:
        """Whether it may come to something, or has."""
        return self.state in {"asked", "offered", "on_duty"}


def _shift(row: asyncpg.Record) -> Shift:
    return Shift(**dict(row))


async def find(conn: Connection, shift_id: UUID) -> Shift | None:
    """A shift; None for an id of something else."""
    row = await conn.fetchrow(_SHIFT + "WHERE s.id = $1", shift_id)
    return _shift(row) if row else None


async def live_in(conn: Connection, session_ids: Sequence[UUID]) -> list[Shift]:
    """Who is asked, offers themselves or is on duty in sessions whose turns are ours, by session and in their order."""
    rows = await conn.fetch(
        _SHIFT
        + """
        WHERE s.session_id = ANY($1) AND s.state IN ('asked', 'offered', 'on_duty')
        ORDER BY s.session_id, s.created_at, s.id
        """,
        session_ids,
    )
    return [_shift(row) for row in rows]


async def live_of(conn: Connection, volunteer_id: UUID, since: datetime) -> list[Shift]:
    """Where a volunteer is asked, offers themselves or is on duty, and what is not over by then."""
    rows = await conn.fetch(
        _SHIFT
        + """
        WHERE s.volunteer_id = $1 AND s.state IN ('asked', 'offered', 'on_duty') AND upper(s.during) > $2
        ORDER BY lower(s.during), s.id
        """,
        volunteer_id,
        since,
    )
    return [_shift(row) for row in rows]


async def of_sitting(conn: Connection, session_ids: Sequence[UUID], volunteer_id: UUID) -> list[Shift]:
    """A volunteer's live shifts in sessions that belong together, the first one first."""
    rows = await conn.fetch(
        _SHIFT
        + """
        WHERE s.session_id = ANY($1) AND s.volunteer_id = $2 AND s.state IN ('asked', 'offered', 'on_duty')
        ORDER BY lower(s.during), s.id
        """,
        session_ids,
        volunteer_id,
    )
    return [_shift(row) for row in rows]


async def is_asked_in_sitting(conn: Connection, sitting_id: UUID | None, volunteer_id: UUID) -> bool:
    """Whether somebody has a question before them that an answer for all of a sitting settles."""
    return bool(
        await conn.fetchval(
            """
            SELECT EXISTS (
                SELECT FROM shift s JOIN session e ON e.id = s.session_id
                WHERE e.sitting_id = $1 AND s.volunteer_id = $2 AND s.state = 'asked' AND s.code IS NOT NULL
            )
            """,
            sitting_id,
            volunteer_id,
        )
    )


async def add(  # noqa: PLR0913 - what a shift is, each named at the call
    conn: Connection,
    session: Session,
    volunteer_id: UUID,
    state: Literal["asked", "offered", "on_duty"],
    *,
    coded: bool = False,
    covers: UUID | None = None,
    wakes_at: datetime | None = None,
    remind_at: datetime | None = None,
) -> Shift:
    """Keep a volunteer in a session.

    Raises:
        AlreadyBusy: they are in it already, or on duty elsewhere at that time.
    """
    id_ = new_id()
    try:
        await conn.execute(
            """
            INSERT INTO shift (
                id, session_id, volunteer_id, during, state, code, covers, wakes_at, remind_at, answered_at, created_at
            ) VALUES (
                $1, $2, $3, tstzrange($4, $5), $6, $7, $8, $9, $10, CASE WHEN $6 = 'on_duty' THEN $11::timestamptz END,
                $11
            )
            """,
            id_,
            session.id,
            volunteer_id,
            session.starts_at,
            session.ends_at,
            state,
            await new_code(conn) if coded else None,
            covers,
            wakes_at,
            remind_at,
            session.now,
        )
    except (asyncpg.ExclusionViolationError, asyncpg.UniqueViolationError) as error:
        raise _busy(error) from error
    return await _found(conn, id_)


async def put_on_duty(conn: Connection, shift_id: UUID, at: datetime, remind_at: datetime | None) -> Shift:
    """Keep that a volunteer who was asked, or offered themselves, is on duty.

    Raises:
        AlreadyBusy: they are on duty elsewhere at that time.
    """
    try:
        await conn.execute(
            """
            UPDATE shift SET state = 'on_duty', revision = revision + 1, answered_at = $2, wakes_at = NULL,
                remind_at = $3, ended = NULL, ended_at = NULL
            WHERE id = $1
            """,
            shift_id,
            at,
            remind_at,
        )
    except (asyncpg.ExclusionViolationError, asyncpg.UniqueViolationError) as error:
        raise _busy(error) from error
    return await _found(conn, shift_id)


async def end(conn: Connection, shift_id: UUID, state: Ended, why: str) -> Shift:
    """Keep why somebody is not, or will not be, on duty."""
    await conn.execute(
        """
        UPDATE shift SET
            state = $2, ended = $3, ended_at = clock_timestamp(), revision = revision + 1, wakes_at = NULL,
            remind_at = NULL, hand_over = false,
            answered_at = CASE WHEN $2 = 'declined' THEN clock_timestamp() ELSE answered_at END
        WHERE id = $1
        """,
        shift_id,
        state,
        why,
    )
    return await _found(conn, shift_id)


async def touch(conn: Connection, shift_id: UUID) -> Shift:
    """Raise the revision of something that is told of again."""
    await conn.execute("UPDATE shift SET revision = revision + 1 WHERE id = $1", shift_id)
    return await _found(conn, shift_id)


async def note_told(conn: Connection, shift_ids: Sequence[UUID], told_at: datetime, answer_by: datetime) -> None:
    """Start the clock of a question, once."""
    await conn.execute(
        """
        UPDATE shift SET told_at = $2, answer_by = $3, wakes_at = $3
        WHERE id = ANY($1) AND state = 'asked' AND told_at IS NULL
        """,
        shift_ids,
        told_at,
        answer_by,
    )


async def wake(conn: Connection, shift_id: UUID, at: datetime) -> None:
    """Say when time alone ends a question, of which nothing else has changed."""
    await conn.execute("UPDATE shift SET wakes_at = $2 WHERE id = $1", shift_id, at)


async def look_for_stand_in(conn: Connection, shift_id: UUID, *, looking: bool) -> None:
    """Keep whether somebody looks for another to take their place, and stays responsible until there is one."""
    await conn.execute("UPDATE shift SET hand_over = $2 WHERE id = $1", shift_id, looking)


async def move(conn: Connection, shift: Shift, session: Session, remind_at: datetime | None) -> bool:
    """Let a shift follow its session; tells whether its volunteer can be there."""
    try:
        async with conn.transaction():
            await conn.execute(
                """
                UPDATE shift SET during = tstzrange($2, $3),
                    answer_by = CASE WHEN answer_by IS NOT NULL THEN least(answer_by, $2) END,
                    wakes_at = CASE WHEN wakes_at IS NOT NULL THEN least(wakes_at, $2) END,
                    remind_at = CASE WHEN state = 'on_duty' THEN $4::timestamptz END
                WHERE id = $1
                """,
                shift.id,
                session.starts_at,
                session.ends_at,
                remind_at,
            )
    except asyncpg.ExclusionViolationError:
        return False
    return True


async def due_reminders(conn: Connection, at_most: int) -> Sequence[UUID]:
    """Whom it is time to remind that they are on duty, marked as reminded.

    Of a sitting only the first of somebody's shifts, and not where a visitor is theirs in it: of that they hear anyway.
    """
    rows = await conn.fetch(
        """
        WITH due AS (
            SELECT id FROM shift WHERE state = 'on_duty' AND remind_at <= clock_timestamp()
            ORDER BY remind_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
        ), marked AS (
            UPDATE shift s SET remind_at = NULL, revision = s.revision + 1 FROM due WHERE s.id = due.id
            RETURNING s.id, s.session_id, s.volunteer_id, s.during
        )
        SELECT m.id FROM marked m JOIN session e ON e.id = m.session_id
        WHERE NOT EXISTS (
            SELECT FROM shift o JOIN session oe ON oe.id = o.session_id
            WHERE o.volunteer_id = m.volunteer_id AND o.state = 'on_duty' AND o.during < m.during
                AND oe.sitting_id = e.sitting_id
        ) AND NOT EXISTS (
            SELECT FROM assignment a JOIN session ae ON ae.id = a.session_id
            WHERE a.volunteer_id = m.volunteer_id AND a.state = 'accepted'
                AND (a.session_id = m.session_id OR ae.sitting_id = e.sitting_id)
        )
        """,
        at_most,
    )
    return [row["id"] for row in rows]


async def many(conn: Connection, ids: Sequence[UUID]) -> list[Shift]:
    """Several shifts."""
    rows = await conn.fetch(_SHIFT + "WHERE s.id = ANY($1) ORDER BY s.id", ids)
    return [_shift(row) for row in rows]


async def _found(conn: Connection, shift_id: UUID) -> Shift:
    found = await find(conn, shift_id)
    if found is None:
        raise LookupError(shift_id)
    return found


def _busy(error: asyncpg.IntegrityConstraintViolationError) -> Exception:
    if error.constraint_name in {"shift_in_one_place", "shift_once"}:
        return AlreadyBusy("they are on duty at that time, or are asked already")
    return error
