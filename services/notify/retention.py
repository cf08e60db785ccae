"""What nobody needs any more is forgotten.

Messages and answers go with their session, receipts of SMS that are not ours soon, and who wants no reminders when
they have not said so again for a year.
"""

from datetime import timedelta
from uuid import UUID

from shared.db import Connection

KEPT = timedelta(days=30)
"""After a session's end: as long as visitors' contacts by default, and as long as an event may be told again."""

STRAY_RECEIPTS_KEPT = timedelta(days=7)
"""Far longer than an SMS stays unknown to us, and than its provider repeats a receipt."""

STOPS_KEPT = timedelta(days=365)
"""As long as somebody may think that what they said still counts."""

_AT_ONCE = 50
"""Sessions in a transaction, which is so small that nobody waits for it."""


async def forget_sessions(conn: Connection) -> int:
    """Delete some sessions that ended long ago, with all that was told about them; tells how many.

    One with a message that has not come to its end stays. Of the bookings go those about which no other message is
    kept, and with them what was answered about them.
    """
    ids = await _old_sessions(conn)
    await conn.execute(
        "DELETE FROM attempt USING message m WHERE m.id = attempt.message_id AND m.session_id = ANY($1)",
        ids,
    )
    told = await conn.fetch("DELETE FROM message WHERE session_id = ANY($1) RETURNING about", ids)
    await conn.execute(
        """
        DELETE FROM booking b WHERE b.id = ANY($1) AND NOT EXISTS (SELECT FROM message WHERE about = b.id)
        """,
        [row["about"] for row in told],
    )
    await conn.execute("DELETE FROM session WHERE id = ANY($1)", ids)
    return len(ids)


async def _old_sessions(conn: Connection) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT id FROM session s
        WHERE coalesce((facts ->> 'ends_at')::timestamptz, heard_at) < now() - $1::interval AND NOT EXISTS (
            SELECT FROM message m WHERE m.session_id = s.id AND m.state IN ('pending', 'sending', 'unknown')
        )
        LIMIT $2 FOR UPDATE SKIP LOCKED
        """,
        KEPT,
        _AT_ONCE,
    )
    return [row["id"] for row in rows]


async def forget_receipts(conn: Connection) -> int:
    """Delete old receipts that speak of no message we have; tells how many."""
    rows = await conn.fetch(
        """
        DELETE FROM receipt r
        WHERE r.received_at < now() - $1::interval
            AND NOT EXISTS (SELECT FROM attempt a WHERE a.provider_id = r.provider_id)
        RETURNING r.provider_id
        """,
        STRAY_RECEIPTS_KEPT,
    )
    return len(rows)


async def forget_stops(conn: Connection) -> int:
    """Delete old words of numbers that wanted no reminders; tells how many."""
    rows = await conn.fetch(
        "DELETE FROM reminder_stop WHERE said_at < now() - $1::interval RETURNING said_at", STOPS_KEPT
    )
    return len(rows)
