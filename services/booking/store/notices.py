"""What became of messages about bookings, and whom a number or address leads to."""

from typing import LiteralString
from uuid import UUID

from services.booking.reach import Reach
from services.booking.store.bookings import Booking
from shared.db import Connection

_NEWEST_MESSAGE: LiteralString = """
    SET notice = $4, notice_message = $2, notice_revision = $3
    WHERE id = $1 AND (
        notice_message IS NULL OR notice_message < $2 OR (notice_message = $2 AND notice_revision < $3)
    )
"""


async def touch_reachable(conn: Connection, reach: Reach, at_most: int) -> list[Booking]:
    """Raise the revision of the next bookings that anybody with this number or address can be sent messages about.

    One statement, whether there are any or not. It takes no turn with their sessions, whose seats stay as they are:
    who asks for a code must not hold up who books. A booking that ended meanwhile is left out.
    """
    rows = await conn.fetch(
        """
        WITH next AS (
            SELECT b.id, s.starts_at
            FROM contact c JOIN booking b ON b.contact_ref = c.ref JOIN session s ON s.id = b.session_id
            WHERE (c.phone = $1 OR lower(c.email COLLATE "C") = $2) AND c.reach IN ('sms', 'email', 'proxy')
                AND b.state IN ('confirmed', 'queued', 'offered') AND s.ends_at > statement_timestamp()
            ORDER BY s.starts_at, b.id LIMIT $3
            FOR UPDATE OF b
        ), touched AS (
            UPDATE booking b SET revision = revision + 1 FROM next WHERE b.id = next.id
            RETURNING b.id, session_id, contact_ref, language, state, revision, adults, children, seats,
                series_booking_id, answers, helper
        )
        SELECT id, session_id, contact_ref, language, state, revision, adults, children, seats, series_booking_id,
            answers, helper
        FROM touched JOIN next USING (id) ORDER BY starts_at, id
        """,
        reach.phone,
        reach.email and reach.email.casefold(),
        at_most,
    )
    return [Booking.from_row(row) for row in rows]


async def set_notice(conn: Connection, about: UUID, notice: str) -> None:
    """Keep whether a message is on its way about a booking, or about several dates that were booked together."""
    await conn.execute("UPDATE booking SET notice = $2 WHERE id = $1", about, notice)
    await conn.execute("UPDATE series_booking SET notice = $2 WHERE id = $1", about, notice)


async def note_message(conn: Connection, about: UUID, message_id: UUID, revision: int, notice: str) -> None:
    """Remember what became of the newest message about a booking, or about several dates that were booked together.

    Older news changes nothing. Message ids are UUIDv7: a newer message sorts after an older one.
    """
    news = about, message_id, revision, notice
    await conn.execute("UPDATE booking" + _NEWEST_MESSAGE, *news)
    await conn.execute("UPDATE series_booking" + _NEWEST_MESSAGE, *news)
