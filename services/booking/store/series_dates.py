"""The dates of a series: which there are, which somebody wants, and what became of each.

The row of their series booking is held by whoever changes one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, LiteralString
from uuid import UUID

from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesDate:
    """A session of a series, as far as choosing it is concerned; nobody's turn is taken."""

    session_id: UUID
    series_id: UUID | None
    sitting_id: UUID | None
    activity_id: UUID | None
    status: Literal["published", "withdrawn", "cancelled"]
    starts_at: datetime


_DATE: LiteralString = "SELECT id AS session_id, series_id, sitting_id, activity_id, status, starts_at FROM session "


async def coming(conn: Connection, series_id: UUID) -> list[SeriesDate]:
    """The dates of a series that have not begun, also those that will not be held, in order."""
    rows = await conn.fetch(
        _DATE
        + """
        WHERE series_id = $1 AND status <> 'withdrawn' AND starts_at > clock_timestamp() ORDER BY starts_at, id
        """,
        series_id,
    )
    return [SeriesDate(**dict(row)) for row in rows]


async def chosen(conn: Connection, session_ids: Sequence[UUID]) -> list[SeriesDate]:
    """Those of these sessions that there are, in order."""
    rows = await conn.fetch(_DATE + "WHERE id = ANY($1) ORDER BY starts_at, id", session_ids)
    return [SeriesDate(**dict(row)) for row in rows]


async def add(conn: Connection, series_booking_id: UUID, dates: Sequence[SeriesDate]) -> None:
    """Store which dates are wanted."""
    await conn.executemany(
        "INSERT INTO series_date (series_booking_id, session_id, starts_at, state) VALUES ($1, $2, $3, 'wanted')",
        [(series_booking_id, date.session_id, date.starts_at) for date in dates],
    )


async def next_wanted(conn: Connection, series_booking_id: UUID) -> UUID | None:
    """The session of the next date that nobody has tried to book."""
    found: UUID | None = await conn.fetchval(
        """
        SELECT session_id FROM series_date WHERE series_booking_id = $1 AND state = 'wanted'
        ORDER BY starts_at, session_id LIMIT 1
        """,
        series_booking_id,
    )
    return found


async def note_booked(conn: Connection, series_booking_id: UUID, session_id: UUID, booking_id: UUID) -> None:
    """Keep that a date is booked."""
    await conn.execute(
        "UPDATE series_date SET state = 'booked', booking_id = $3 WHERE series_booking_id = $1 AND session_id = $2",
        series_booking_id,
        session_id,
        booking_id,
    )
    await _stepped(conn, series_booking_id)


async def note_refused(
    conn: Connection, series_booking_id: UUID, session_id: UUID, state: Literal["refused", "off"], why: str, detail: str
) -> None:
    """Keep that a date is not booked, and why: by a problem type and in words."""
    await conn.execute(
        """
        UPDATE series_date SET state = $3, why = $4, detail = $5 WHERE series_booking_id = $1 AND session_id = $2
        """,
        series_booking_id,
        session_id,
        state,
        why,
        detail,
    )
    await _stepped(conn, series_booking_id)


async def next_to_give_back(conn: Connection, series_booking_id: UUID, *, asked: bool) -> UUID | None:
    """The next booking of a series booking that has its seats; ``asked`` by a visitor only one that has not begun."""
    found: UUID | None = await conn.fetchval(
        """
        SELECT b.id FROM series_date d JOIN booking b ON b.id = d.booking_id JOIN session s ON s.id = b.session_id
        WHERE d.series_booking_id = $1 AND d.state = 'booked' AND b.state IN ('confirmed', 'queued', 'offered')
            AND (NOT $2 OR s.starts_at > clock_timestamp())
        ORDER BY d.starts_at, d.session_id LIMIT 1
        """,
        series_booking_id,
        asked,
    )
    return found


async def note_going(conn: Connection, series_booking_id: UUID, booking_id: UUID) -> None:
    """Keep that a date was given back with the others, which is told once all are."""
    await conn.execute("UPDATE series_date SET state = 'going' WHERE booking_id = $1", booking_id)
    await _stepped(conn, series_booking_id)


async def take_going(conn: Connection, series_booking_id: UUID) -> list[UUID]:
    """The sessions whose seats were given back together, each once, in order."""
    rows = await conn.fetch(
        """
        WITH going AS (
            UPDATE series_date SET state = 'gone' WHERE series_booking_id = $1 AND state = 'going' RETURNING booking_id
        )
        SELECT s.id FROM going JOIN booking b ON b.id = going.booking_id JOIN session s ON s.id = b.session_id
        ORDER BY s.starts_at, s.id
        """,
        series_booking_id,
    )
    return [row["id"] for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A date that was not booked."""

    session_id: UUID
    why: str


async def refused(conn: Connection, series_booking_id: UUID) -> list[Refused]:
    """What was not booked, in order, with what the library had cancelled before."""
    rows = await conn.fetch(
        """
        SELECT session_id, why FROM series_date WHERE series_booking_id = $1 AND why IS NOT NULL
        ORDER BY starts_at, session_id
        """,
        series_booking_id,
    )
    return [Refused(**dict(row)) for row in rows]


async def tally(conn: Connection, series_booking_id: UUID) -> tuple[int, int]:
    """How many dates were booked, and how many were not that are offered."""
    row = await conn.fetchrow(
        """
        SELECT count(*) FILTER (WHERE state = 'booked') AS booked, count(*) FILTER (WHERE state = 'refused') AS refused
        FROM series_date WHERE series_booking_id = $1
        """,
        series_booking_id,
    )
    return (row["booked"], row["refused"]) if row else (0, 0)


async def _stepped(conn: Connection, series_booking_id: UUID) -> None:
    await conn.execute("UPDATE series_booking SET stepped_at = clock_timestamp() WHERE id = $1", series_booking_id)
