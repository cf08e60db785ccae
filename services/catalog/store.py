from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from services.catalog.domain import Activity, Invalid, Meeting, Session, Terms, UnknownSession
from services.catalog.opening import Closure, Hours, Opening
from services.catalog.red_days import red_days
from services.catalog.search import fold
from shared.events import Branch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from shared.db import Connection
    from shared.events import Availability


async def now(conn: Connection) -> datetime:
    """The time by the clock that decides."""
    time: datetime = await conn.fetchval("SELECT clock_timestamp()")
    return time


async def insert_activity(conn: Connection, activity: Activity) -> None:
    """Keep a new activity, with what is told of it folded for searching."""
    await conn.execute(
        """
        INSERT INTO activity (
            id, kind, titles, sms_titles, summaries, languages, level, minutes, audiences, bring, led_by,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, fill_from_hours, offer_minutes,
            reminder_hours, reconfirm, booked_by, search
        )
        VALUES (
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25
        )
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
        _folded(activity.titles, activity.summaries, activity.audiences),
    )


async def activity(conn: Connection, activity_id: UUID) -> Activity:
    """Read an activity.

    Raises:
        Invalid: there is none of that id.
    """
    return (await activities(conn, {activity_id}))[activity_id]


async def activities(conn: Connection, ids: set[UUID]) -> dict[UUID, Activity]:
    """Read activities by their ids.

    Raises:
        Invalid: there is none of one of the ids.
    """
    rows = await conn.fetch(
        """
        SELECT id, kind, titles, sms_titles, summaries, languages, level, minutes, audiences, bring, led_by,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, fill_from_hours, offer_minutes,
            reminder_hours, reconfirm, booked_by
        FROM activity WHERE id = ANY ($1)
        """,
        ids,
    )
    if len(rows) < len(ids):
        raise Invalid("there is no such activity", "activity_id")
    return {row["id"]: activity_of(row) for row in rows}


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


async def known_activities(conn: Connection) -> set[UUID]:
    """The ids of all activities ever made."""
    return {row["id"] for row in await conn.fetch("SELECT id FROM activity")}


async def branches(conn: Connection, ids: set[str]) -> dict[str, Branch]:
    """Read branches that are known to be there, as events carry them."""
    rows = await conn.fetch("SELECT id, name, sms_name, phone, address FROM branch WHERE id = ANY ($1)", ids)
    return {row["id"]: Branch.model_validate(dict(row)) for row in rows}


async def insert_sessions(conn: Connection, sessions: Iterable[Session]) -> None:
    """Keep new sessions.

    Raises:
        Invalid: there is no such branch.
    """
    try:
        await conn.executemany(
            """
            INSERT INTO session (
                id, revision, status, activity_id, branch_id, place, room, starts_at, ends_at, cancel_reason,
                struck_out, theme, meeting_link, meeting_number,
                mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, fill_from_hours,
                offer_minutes, reminder_hours, reconfirm, booked_by, search
            )
            VALUES (
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24, $25, $26, $27, $28
            )
            """,
            [_session_values(session) for session in sessions],
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
                starts_at = $8, ends_at = $9, cancel_reason = $10, struck_out = $11, theme = $12, meeting_link = $13,
                meeting_number = $14, mode = $15, counts = $16, seats = $17, walk_in = $18, queue = $19,
                party_max = $20, children = $21, late_cancel_hours = $22, fill_from_hours = $23, offer_minutes = $24,
                reminder_hours = $25, reconfirm = $26, booked_by = $27, search = $28, updated_at = clock_timestamp()
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
                struck_out, theme, meeting_link, meeting_number,
                mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, fill_from_hours,
                offer_minutes, reminder_hours, reconfirm, booked_by
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
        struck_out=row["struck_out"],
    )
    return session, row["now"]


def meeting_of(row: asyncpg.Record) -> Meeting | None:
    """Read how one gets into a session from its row."""
    if row["meeting_link"] is None:
        return None
    return Meeting(link=row["meeting_link"], number=row["meeting_number"] or "")


async def known_sessions(conn: Connection, ids: Collection[UUID]) -> set[UUID]:
    """Which of these sessions were ever made."""
    return {row["id"] for row in await conn.fetch("SELECT id FROM session WHERE id = ANY ($1)", ids)}


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


async def opening(conn: Connection, first: date, last: date) -> Opening:
    """When branches are open between two days, both included."""
    hours = await conn.fetch("SELECT branch_id, weekday, opens, closes, staffed FROM branch_hours")
    closures = await conn.fetch(
        """
        SELECT id, branch_id, first_day, last_day, reasons FROM closure
        WHERE last_day >= $1 AND first_day <= $2
        """,
        first,
        last,
    )
    return Opening(
        hours=[Hours(**row) for row in hours],
        closures=[Closure(**row) for row in closures],
        red=red_days(first, last).keys(),
    )


async def insert_missing_hours(conn: Connection, hours: Sequence[Hours]) -> None:
    """Keep the hours of branches of which none are known; what is known of the others stays."""
    await conn.execute(
        """
        INSERT INTO branch_hours (branch_id, weekday, opens, closes, staffed)
        SELECT hours.* FROM unnest($1::text[], $2::int[], $3::time[], $4::time[], $5::boolean[])
            AS hours (branch_id, weekday, opens, closes, staffed)
        WHERE NOT EXISTS (SELECT FROM branch_hours known WHERE known.branch_id = hours.branch_id)
        """,
        [stretch.branch_id for stretch in hours],
        [stretch.weekday for stretch in hours],
        [stretch.opens for stretch in hours],
        [stretch.closes for stretch in hours],
        [stretch.staffed for stretch in hours],
    )


async def insert_missing_closures(conn: Connection, closures: Iterable[Closure]) -> None:
    """Keep closures of which none of the same id is known."""
    await conn.executemany(
        """
        INSERT INTO closure (id, branch_id, first_day, last_day, reasons) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id) DO NOTHING
        """,
        [(closure.id, closure.branch_id, closure.first_day, closure.last_day, closure.reasons) for closure in closures],
    )


def _folded(*texts: Mapping[str, str]) -> str:
    """Texts as they are searched, in all their languages."""
    return fold(" ".join(text for told in texts for text in told.values()))


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
        terms.fill_from_hours,
        terms.offer_minutes,
        terms.reminder_hours,
        terms.reconfirm,
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
        session.struck_out,
        session.theme,
        session.meeting.link if session.meeting else None,
        (session.meeting.number or None) if session.meeting else None,
        *_terms_values(session.terms),
        _folded(session.theme),
    )


def _terms(row: asyncpg.Record) -> Terms:
    return Terms(**{field.name: row[field.name] for field in fields(Terms)})


def _missing(error: asyncpg.ForeignKeyViolationError) -> Exception:
    if error.constraint_name == "session_branch":
        return Invalid("there is no such branch", "branch_id")
    return error
