from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from services.catalog.domain import Activity, Invalid, Meeting, Session, Terms, UnknownSession
from services.catalog.search import fold
from shared.events import Branch

if TYPE_CHECKING:
    from datetime import datetime

    from shared.db import Connection
    from shared.events import Availability


async def now(conn: Connection) -> datetime:
    """The time by the clock that decides."""
    time: datetime = await conn.fetchval("SELECT clock_timestamp()")
    return time


async def insert_activity(conn: Connection, activity: Activity) -> None:
    """Keep a new activity, with its titles folded for searching."""
    await conn.execute(
        """
        INSERT INTO activity (
            id, kind, titles, sms_titles, summaries, languages, level, minutes, audiences, bring, led_by,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, booked_by, search
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        """,
        activity.id,
        activity.kind,
        activity.titles,
        activity.sms_titles,
        activity.summaries,
        activity.languages,
        activity.level,
        activity.minutes,
        activity.audiences,
        activity.bring,
        activity.led_by,
        *_terms_values(activity.terms),
        fold(" ".join(activity.titles.values())),
    )


async def activity(conn: Connection, activity_id: UUID) -> Activity:
    """Read an activity.

    Raises:
        Invalid: there is none of that id.
    """
    row = await conn.fetchrow(
        """
        SELECT id, kind, titles, sms_titles, summaries, languages, level, minutes, audiences, bring, led_by,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, booked_by
        FROM activity WHERE id = $1
        """,
        activity_id,
    )
    if row is None:
        raise Invalid("there is no such activity", "activity_id")
    return activity_of(row)


def activity_of(row: asyncpg.Record) -> Activity:
    """Read a row of the table ``activity``."""
    return Activity(
        id=row["id"],
        kind=row["kind"],
        titles=row["titles"],
        sms_titles=row["sms_titles"],
        summaries=row["summaries"],
        languages=tuple(row["languages"]),
        level=row["level"],
        minutes=row["minutes"],
        audiences=row["audiences"],
        bring=row["bring"],
        led_by=row["led_by"],
        terms=_terms(row),
    )


async def branch(conn: Connection, branch_id: str) -> Branch:
    """Read a branch that is known to be there, as events carry it."""
    (row,) = await conn.fetch("SELECT id, name, sms_name, phone, address FROM branch WHERE id = $1", branch_id)
    return Branch.model_validate(dict(row))


async def insert_session(conn: Connection, session: Session) -> None:
    """Keep a new session.

    Raises:
        Invalid: there is no such branch.
    """
    try:
        await conn.execute(
            """
            INSERT INTO session (
                id, revision, status, activity_id, branch_id, place, room, starts_at, ends_at, cancel_reason,
                theme, meeting_link, meeting_number,
                mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, booked_by
            )
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
            """,
            *_session_values(session),
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise _missing(error) from error


async def update_session(conn: Connection, session: Session) -> None:
    """Write a session whose row the caller has locked.

    Raises:
        Invalid: there is no such branch.
    """
    try:
        await conn.execute(
            """
            UPDATE session SET
                revision = $2, status = $3, activity_id = $4, branch_id = $5, place = $6, room = $7,
                starts_at = $8, ends_at = $9, cancel_reason = $10, theme = $11, meeting_link = $12,
                meeting_number = $13, mode = $14, counts = $15, seats = $16, walk_in = $17, queue = $18,
                party_max = $19, children = $20, late_cancel_hours = $21, booked_by = $22,
                updated_at = clock_timestamp()
            WHERE id = $1
            """,
            *_session_values(session),
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise _missing(error) from error


async def lock_session(conn: Connection, session_id: UUID) -> tuple[Session, datetime]:
    """Lock a session's row until the transaction ends; gives it and the time at which the lock was had.

    Raises:
        UnknownSession: there is none of that id.
    """
    # Outside the CTE the clock is read after the wait for the lock, not before it.
    row = await conn.fetchrow(
        """
        WITH locked AS (
            SELECT id, revision, status, activity_id, branch_id, place, room, starts_at, ends_at, cancel_reason,
                theme, meeting_link, meeting_number,
                mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, booked_by
            FROM session WHERE id = $1 FOR UPDATE
        )
        SELECT clock_timestamp() AS now, * FROM locked
        """,
        session_id,
    )
    if row is None:
        raise UnknownSession("there is no such session")
    session = Session(
        id=row["id"],
        revision=row["revision"],
        status=row["status"],
        activity_id=row["activity_id"],
        branch_id=row["branch_id"],
        place=row["place"],
        room=row["room"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        terms=_terms(row),
        theme=row["theme"],
        meeting=meeting_of(row),
        cancel_reason=row["cancel_reason"],
    )
    return session, row["now"]


def meeting_of(row: asyncpg.Record) -> Meeting | None:
    """Read how one gets into a session from its row."""
    if row["meeting_link"] is None:
        return None
    return Meeting(link=row["meeting_link"], number=row["meeting_number"] or "")


async def session_exists(conn: Connection, session_id: UUID) -> bool:
    """Whether a session of that id was ever made."""
    return bool(await conn.fetchval("SELECT true FROM session WHERE id = $1", session_id))


async def activity_exists(conn: Connection, activity_id: UUID) -> bool:
    """Whether an activity of that id was ever made."""
    return bool(await conn.fetchval("SELECT true FROM activity WHERE id = $1", activity_id))


async def put_availability(conn: Connection, availability: Availability) -> None:
    """Keep how full a session is, unless something newer is known."""
    await conn.execute(
        """
        INSERT INTO availability (session_id, revision, seats_left, queue_left)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (session_id) DO UPDATE SET
            revision = excluded.revision,
            seats_left = excluded.seats_left,
            queue_left = excluded.queue_left,
            updated_at = clock_timestamp()
        WHERE availability.revision < excluded.revision
        """,
        availability.session_id,
        availability.revision,
        availability.left,
        availability.queue_left,
    )


def _terms_values(terms: Terms) -> tuple[object, ...]:
    return (
        terms.mode,
        terms.counts,
        terms.seats,
        terms.walk_in,
        terms.queue,
        terms.party_max,
        terms.children,
        terms.late_cancel_hours,
        terms.booked_by,
    )


def _session_values(session: Session) -> tuple[object, ...]:
    return (
        session.id,
        session.revision,
        session.status,
        session.activity_id,
        session.branch_id,
        session.place,
        session.room,
        session.starts_at,
        session.ends_at,
        session.cancel_reason,
        session.theme,
        session.meeting.link if session.meeting else None,
        (session.meeting.number or None) if session.meeting else None,
        *_terms_values(session.terms),
    )


def _terms(row: asyncpg.Record) -> Terms:
    return Terms(**{field.name: row[field.name] for field in fields(Terms)})


def _missing(error: asyncpg.ForeignKeyViolationError) -> Exception:
    if error.constraint_name == "session_branch":
        return Invalid("there is no such branch", "branch_id")
    return error
