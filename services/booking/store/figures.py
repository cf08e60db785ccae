"""What is counted of sessions. It tells of nobody, and outlives everybody's bookings."""

from collections.abc import Sequence
from uuid import UUID

from services.booking.domain import Counted, Figure, Left
from shared.db import Connection


async def counted(conn: Connection, session_id: UUID) -> tuple[list[Counted], list[Left]]:
    """Everybody who booked a session or waited for it, and who changed from it to another one.

    What was booked with other dates and given back before anybody was told of it is nobody's.
    """
    rows = await conn.fetch(
        """
        SELECT state, attendance, was, cancelled_by, language, channel, adults, children, answers
        FROM booking b WHERE session_id = $1 AND NOT EXISTS (
            SELECT FROM series_booking sb WHERE sb.id = b.series_booking_id AND sb.state = 'refused'
        )
        ORDER BY id
        """,
        session_id,
    )
    left = await conn.fetch("SELECT seats, late FROM move WHERE from_session_id = $1 ORDER BY id", session_id)
    return [Counted(**dict(row)) for row in rows], [Left(**dict(row)) for row in left]


async def walked_in(conn: Connection, session_id: UUID) -> dict[str, int]:
    """How many came to a session without a booking, by age group."""
    rows = await conn.fetch(
        "SELECT age_group, people FROM walk_in WHERE session_id = $1 AND people > 0 ORDER BY age_group", session_id
    )
    return {row["age_group"]: row["people"] for row in rows}


async def are_folded(conn: Connection, session_id: UUID) -> bool:
    """Whether a session has been counted."""
    return bool(await conn.fetchval("SELECT EXISTS (SELECT FROM figure WHERE session_id = $1)", session_id))


async def is_anybody_erased(conn: Connection, session_id: UUID) -> bool:
    """Whether somebody who booked a session is not known any more."""
    return bool(
        await conn.fetchval(
            """
            SELECT EXISTS (
                SELECT FROM booking b
                WHERE session_id = $1 AND NOT EXISTS (SELECT FROM contact WHERE ref = b.contact_ref)
                    AND NOT EXISTS (
                        SELECT FROM series_booking sb WHERE sb.id = b.series_booking_id AND sb.state = 'refused'
                    )
            )
            """,
            session_id,
        )
    )


async def replace(conn: Connection, session_id: UUID, figures: Sequence[Figure]) -> None:
    """Keep the figures of a session instead of those before; its row is held."""
    await conn.execute("DELETE FROM figure WHERE session_id = $1", session_id)
    await conn.executemany(
        "INSERT INTO figure (session_id, figure, question, value, bookings, total) VALUES ($1, $2, $3, $4, $5, $6)",
        [(session_id, one.figure, one.question, one.value, one.bookings, one.total) for one in figures],
    )


async def of_session(conn: Connection, session_id: UUID) -> list[Figure]:
    """The figures of a session."""
    rows = await conn.fetch(
        """
        SELECT figure, question, value, bookings, total FROM figure
        WHERE session_id = $1 ORDER BY figure, question, total DESC, value
        """,
        session_id,
    )
    return [Figure(**dict(row)) for row in rows]
