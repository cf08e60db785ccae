from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from services.catalog.domain import Group, Invalid, Scope, Session, UnknownSession
from services.catalog.store.columns import folded, session_of, terms_values
from services.catalog.store.history import insert_changes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from shared.claims import Role
    from shared.db import Connection
    from shared.events import Availability


async def now(conn: Connection) -> datetime:
    """The time by the clock that decides."""
    time: datetime = await conn.fetchval("SELECT clock_timestamp()")
    return time


async def insert_sessions(conn: Connection, sessions: Iterable[Session]) -> None:
    """Keep new sessions.

    Raises:
        Invalid: there is no such branch.
    """
    try:
        await conn.executemany(
            """
            INSERT INTO session (
                id, revision, status, activity_id, branch_id, place, room, host, starts_at, ends_at, cancel_reason,
                struck_out, theme, meeting_link, meeting_number, helpers, opens_at, closes_at,
                mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, fill_from_hours,
                offer_minutes, reminder_hours, reconfirm, booked_by, ask, certificate, capacity_from,
                helpers_needed, register_note, search, series_id, series_date, sitting_id
            )
            VALUES (
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40
            )
            """,
            [
                (*_session_values(session), session.series_id, session.series_date, session.sitting_id)
                for session in sessions
            ],
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise _missing(error) from error


async def update_sessions(conn: Connection, changes: Sequence[tuple[Session, Session]], role: Role) -> None:
    """Write changed sessions whose rows the caller has locked, and what is different into their history.

    Raises:
        Invalid: there is no such branch.
    """
    try:
        await conn.executemany(
            """
            UPDATE session SET
                revision = $2, status = $3, activity_id = $4, branch_id = $5, place = $6, room = $7, host = $8,
                starts_at = $9, ends_at = $10, cancel_reason = $11, struck_out = $12, theme = $13, meeting_link = $14,
                meeting_number = $15, helpers = $16, opens_at = $17, closes_at = $18, mode = $19, counts = $20,
                seats = $21, walk_in = $22, queue = $23, party_max = $24, children = $25, late_cancel_hours = $26,
                fill_from_hours = $27, offer_minutes = $28, reminder_hours = $29, reconfirm = $30, booked_by = $31,
                ask = $32, certificate = $33, capacity_from = $34, helpers_needed = $35, register_note = $36,
                search = $37, updated_at = clock_timestamp()
            WHERE id = $1
            """,
            [_session_values(after) for _, after in changes],
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise _missing(error) from error
    await insert_changes(conn, changes, role)


async def lock_group(conn: Connection, session_id: UUID, scope: Scope) -> tuple[Group, datetime]:
    """Lock a session's row until the transaction ends, and those of all that a scope means beside it.

    Gives them, and the time at which all locks were had. Which sessions belong together never changes, so that it can
    be read before; they are locked by id, so that two who do this at once take turns.

    Raises:
        UnknownSession: there is none of that id.
        Invalid: it is part of no sitting or series, and the scope is one.
    """
    rows = await _lock(conn, await _group(conn, session_id, scope))
    sessions = {row["id"]: session_of(row) for row in rows}
    if session_id not in sessions:
        raise UnknownSession("there is no such session")
    chosen = sessions.pop(session_id)
    others = sorted(sessions.values(), key=lambda session: (session.starts_at, session.id))
    return Group(chosen=chosen, others=others), max(row["now"] for row in rows)


async def lock_coming_at(conn: Connection, branch_id: str) -> list[Session]:
    """Lock a library's sessions until the transaction ends; gives those on offer that are not over.

    Drafts are waited for too, as somebody may just be publishing one. Whoever holds the library's row keeps others from
    bringing more to it meanwhile.
    """
    rows = await conn.fetch(
        "SELECT id FROM session WHERE branch_id = $1 AND status <> 'cancelled' AND ends_at > clock_timestamp()",
        branch_id,
    )
    locked = await _lock(conn, [row["id"] for row in rows])
    there = (row for row in locked if row["branch_id"] == branch_id and row["ends_at"] > row["now"])
    return [session_of(row) for row in there if row["status"] == "published"]


async def lock_coming_of(conn: Connection, activity_id: UUID) -> list[Session]:
    """Lock an activity's sessions until the transaction ends; gives those on offer that are not over.

    As :func:`lock_coming_at`: whoever holds the activity's row keeps others from planning more of it.
    """
    rows = await conn.fetch(
        "SELECT id FROM session WHERE activity_id = $1 AND status <> 'cancelled' AND ends_at > clock_timestamp()",
        activity_id,
    )
    locked = await _lock(conn, [row["id"] for row in rows])
    there = (row for row in locked if row["activity_id"] == activity_id and row["ends_at"] > row["now"])
    return [session_of(row) for row in there if row["status"] == "published"]


async def raise_revisions(conn: Connection, sessions: Sequence[Session]) -> None:
    """Write the revisions of sessions whose rows the caller has locked, and of which nothing else is different."""
    await conn.execute(
        """
        UPDATE session SET revision = raised.revision, updated_at = clock_timestamp()
        FROM unnest($1::uuid[], $2::bigint[]) AS raised (id, revision) WHERE session.id = raised.id
        """,
        [session.id for session in sessions],
        [session.revision for session in sessions],
    )


async def _lock(conn: Connection, ids: Collection[UUID]) -> list[asyncpg.Record]:
    """Lock sessions by id, so that two who do this at once take turns; each with the time at which it was had."""
    # Outside the CTE the clock is read after the wait for the lock, not before it.
    return await conn.fetch(
        """
        WITH locked AS (
            SELECT id, revision, status, activity_id, branch_id, place, room, host, starts_at, ends_at, cancel_reason,
                struck_out, theme, meeting_link, meeting_number, helpers, opens_at, closes_at, closed,
                mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, fill_from_hours,
                offer_minutes, reminder_hours, reconfirm, booked_by, ask, certificate, capacity_from,
                helpers_needed, register_note, series_id, series_date, sitting_id
            FROM session WHERE id = ANY ($1) ORDER BY id FOR UPDATE
        )
        SELECT clock_timestamp() AS now, * FROM locked
        """,
        ids,
    )


async def _group(conn: Connection, session_id: UUID, scope: Scope) -> list[UUID]:
    """What a scope means, the session itself among it."""
    if scope == "one":
        return [session_id]
    chosen = await conn.fetchrow("SELECT series_id, series_date, sitting_id FROM session WHERE id = $1", session_id)
    if chosen is None:
        raise UnknownSession("there is no such session")
    if scope == "sitting":
        if chosen["sitting_id"] is None:
            raise Invalid("the session is no slot of a sitting", "scope")
        rows = await conn.fetch("SELECT id FROM session WHERE sitting_id = $1", chosen["sitting_id"])
    else:
        if chosen["series_id"] is None:
            raise Invalid("the session is no date of a series", "scope")
        rows = await conn.fetch(
            "SELECT id FROM session WHERE series_id = $1 AND ($2::date IS NULL OR series_date >= $2)",
            chosen["series_id"],
            chosen["series_date"] if scope == "following" else None,
        )
    return [row["id"] for row in rows]


async def close_session(conn: Connection, session_id: UUID) -> None:
    """Keep that a session is closed; one that nobody knows was made in another database, and is none of ours."""
    await conn.execute("UPDATE session SET closed = true WHERE id = $1", session_id)


async def known_sessions(conn: Connection, ids: Collection[UUID]) -> set[UUID]:
    """Which of these sessions were ever made."""
    return {row["id"] for row in await conn.fetch("SELECT id FROM session WHERE id = ANY ($1)", ids)}


async def put_availability(conn: Connection, availability: Availability) -> None:
    """Keep how full a session is, unless something newer is known."""
    await conn.execute(
        """
        INSERT INTO availability (session_id, revision, seats_left, queue_left, capacity)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (session_id) DO UPDATE SET
            revision = excluded.revision,
            seats_left = excluded.seats_left,
            queue_left = excluded.queue_left,
            capacity = excluded.capacity,
            updated_at = clock_timestamp()
        WHERE availability.revision < excluded.revision
        """,
        availability.session_id,
        availability.revision,
        availability.left,
        availability.queue_left,
        availability.capacity,
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
        session.host,
        session.starts_at,
        session.ends_at,
        session.cancel_reason,
        session.struck_out,
        session.theme,
        session.meeting.link if session.meeting else None,
        (session.meeting.number or None) if session.meeting else None,
        session.helpers,
        session.opens_at,
        session.closes_at,
        *terms_values(session.terms),
        folded(session.theme),
    )


def _missing(error: asyncpg.ForeignKeyViolationError) -> Exception:
    if error.constraint_name == "session_branch":
        return Invalid("there is no such branch", "branch_id")
    return error
