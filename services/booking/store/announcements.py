"""What staff told everybody of a session, and when."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from services.booking.store.bookings import Booking
from shared.db import Connection


async def announced_within(conn: Connection, session_id: UUID, announcement: str, period: timedelta) -> bool:
    """Whether the same was told a moment ago; stable while the session's row is held."""
    found: bool = await conn.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM announcement
            WHERE session_id = $1 AND announcement = $2 AND announced_at > clock_timestamp() - $3::interval
        )
        """,
        session_id,
        announcement,
        period,
    )
    return found


async def add(conn: Connection, id_: UUID, session_id: UUID, announcement: str, bookings: int) -> None:
    """Keep what was told, and to how many bookings."""
    await conn.execute(
        """
        INSERT INTO announcement (id, session_id, announcement, bookings, announced_at)
        VALUES ($1, $2, $3, $4, clock_timestamp())
        """,
        id_,
        session_id,
        announcement,
        bookings,
    )


async def touch_all(conn: Connection, session_id: UUID, states: Collection[str]) -> list[Booking]:
    """Raise the revisions of all bookings of a session in these states, for an event that leaves them as they are."""
    rows = await conn.fetch(
        """
        WITH touched AS (
            UPDATE booking SET revision = revision + 1 WHERE session_id = $1 AND state = ANY($2)
            RETURNING id, session_id, contact_ref, language, state, revision, adults, children, seats,
                series_booking_id, answers, helper
        )
        SELECT id, session_id, contact_ref, language, state, revision, adults, children, seats, series_booking_id,
            answers, helper
        FROM touched ORDER BY id
        """,
        session_id,
        list(states),
    )
    return [Booking.from_row(row) for row in rows]
