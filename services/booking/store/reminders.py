"""Who is to be reminded when, and who said that they come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.booking.store.bookings import Booking
from shared.db import Connection


async def reconfirm(conn: Connection, booking_id: UUID) -> None:
    """Keep that somebody said that they come."""
    await conn.execute(
        "UPDATE booking SET reconfirmed_at = coalesce(reconfirmed_at, clock_timestamp()) WHERE id = $1", booking_id
    )


async def remind_all(conn: Connection, session_id: UUID, at: datetime | None) -> None:
    """Have everybody with a seat reminded at another time, also who was reminded of the time before."""
    await conn.execute(
        "UPDATE booking SET remind_at = $2, reconfirmed_at = NULL WHERE session_id = $1 AND state = 'confirmed'",
        session_id,
        at,
    )


async def remind_waiting(conn: Connection, session_id: UUID, at: datetime | None) -> None:
    """Have those reminded at another time who have not been yet."""
    await conn.execute(
        "UPDATE booking SET remind_at = $2 WHERE session_id = $1 AND state = 'confirmed' AND remind_at IS NOT NULL",
        session_id,
        at,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminded:
    """Somebody whose time to be reminded has come."""

    booking: Booking | None
    """None where there is nothing to be reminded of any more: nobody looked in time, or nobody helps them."""
    reconfirm: bool


async def take_due_reminders(conn: Connection, at_most: int) -> Sequence[Reminded]:
    """Claim those who are to be reminded by now, each once; their turn with their session is not taken.

    Whoever is just being changed by somebody else is left for the next look: they may have cancelled. Who was told
    that nobody can help them is not asked to come. Everybody is asked to say that they come where the session wants
    that and nothing is left in it for others.
    """
    rows = await conn.fetch(
        """
        WITH due AS (
            SELECT b.id,
                s.status <> 'cancelled' AND s.starts_at > clock_timestamp() AND b.helper IS DISTINCT FROM 'missing'
                    AS coming,
                s.reconfirm AND s.taken >= CASE s.mode WHEN 'drop_in' THEN 0 ELSE s.seats - s.walk_in END AS reconfirm
            FROM booking b JOIN session s ON s.id = b.session_id
            WHERE b.remind_at <= clock_timestamp() AND b.state = 'confirmed'
            ORDER BY b.remind_at LIMIT $1 FOR UPDATE OF b SKIP LOCKED
        )
        UPDATE booking b SET remind_at = NULL, revision = b.revision + due.coming::int
        FROM due WHERE b.id = due.id
        RETURNING b.id, b.session_id, b.contact_ref, b.language, b.state, b.revision, b.adults, b.children, b.seats,
            b.series_booking_id, b.answers, b.helper, due.reconfirm, due.coming
        """,
        at_most,
    )
    return [
        Reminded(booking=Booking.from_row(row) if row["coming"] else None, reconfirm=row["reconfirm"]) for row in rows
    ]
