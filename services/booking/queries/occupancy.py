"""How full sessions are, for staff: one question for a day of all libraries."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from services.booking.domain import Occupancy
from services.booking.domain.calls import of_use
from services.booking.store import calls
from shared.db import Connection

_OCCUPANCY: LiteralString = """
    -- Counted from the rows, so that a session whose counter lies shows it: taken is all that is had.
    SELECT s.id AS session_id, s.branch_id, s.revision, s.status, s.starts_at, s.ends_at, s.opens_at, s.closes_at,
        s.mode, s.counts, s.seats, s.walk_in, s.queue, s.ceiling, s.taken,
        had.confirmed, had.offered, had.queued, had.queued_seats, had.came, typing.held, door.walk_ins,
        EXISTS (SELECT FROM closing WHERE session_id = s.id) AS closed
    FROM session s
    CROSS JOIN LATERAL (
        SELECT
            coalesce(sum(seats) FILTER (
                WHERE state = 'confirmed' AND coalesce(attendance, '') NOT IN ('excused', 'no_show')
            ), 0)::int AS confirmed,
            coalesce(sum(seats) FILTER (WHERE state = 'offered'), 0)::int AS offered,
            count(*) FILTER (WHERE state = 'queued')::int AS queued,
            coalesce(sum(seats) FILTER (WHERE state = 'queued'), 0)::int AS queued_seats,
            coalesce(sum(seats) FILTER (WHERE attendance = 'came'), 0)::int AS came
        FROM booking WHERE session_id = s.id
    ) had
    CROSS JOIN LATERAL (SELECT coalesce(sum(seats), 0)::int AS held FROM hold WHERE session_id = s.id) typing
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(people) FILTER (WHERE s.counts <> 'children' OR age_group <> 'adult'), 0)::int AS walk_ins
        FROM walk_in WHERE session_id = s.id
    ) door
"""


async def occupancy_between(
    conn: Connection, since: datetime, until: datetime, branches: Collection[str] | None
) -> Sequence[Occupancy]:
    """How full the sessions are that begin from ``since`` on and before ``until``, the first one first.

    None are the ``branches`` of all libraries.
    """
    rows = await conn.fetch(
        _OCCUPANCY
        + """
        WHERE s.starts_at >= $1 AND s.starts_at < $2 AND ($3::text[] IS NULL OR s.branch_id = ANY ($3))
        ORDER BY s.starts_at, s.branch_id, s.id
        """,
        since,
        until,
        branches if branches is None else list(branches),
    )
    return [Occupancy(**dict(row)) for row in rows]


async def occupancy_of(conn: Connection, session_ids: Collection[UUID]) -> Sequence[Occupancy]:
    """How full these sessions are, the first one first; those that nobody knows are left out."""
    rows = await conn.fetch(
        _OCCUPANCY + "WHERE s.id = ANY ($1) ORDER BY s.starts_at, s.branch_id, s.id", list(session_ids)
    )
    return [Occupancy(**dict(row)) for row in rows]


async def to_call(conn: Connection, session_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many people of each session have to be told by voice; sessions without any are left out."""
    entries = await calls.of_sessions(conn, session_ids)
    return Counter(entry.call.session_id for entry in entries if of_use(entry.call, entry.now))
