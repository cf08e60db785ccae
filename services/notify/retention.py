"""What nobody needs any more is forgotten, and what somebody asked to be.

Messages and answers go with their session, so many days after it as was decided (decision 0020), and with them what is
kept of a number; receipts of SMS that are not ours go soon.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from shared import erasure
from shared.db import Connection
from shared.erasure import Old
from shared.events import KEPT_DAYS

STRAY_RECEIPTS_KEPT = timedelta(days=7)
"""Far longer than an SMS stays unknown to us, and than its provider repeats a receipt."""

_AT_ONCE = 50
"""Sessions in a transaction, which is so small that nobody waits for it."""


async def forget_sessions(conn: Connection) -> int:
    """Forget about some sessions that ended longer ago than was decided who was told of them; tells how many.

    So with news that are about no session, from when they were told.

    Without a decision nobody is. What is left tells of nobody, and goes once no event is told again. A session with a
    message that has not come to its end stays. Of the bookings go those about which no other message is kept.
    """
    decision = await erasure.decision(conn)
    if decision is None:
        return 0
    bookings = await _known_too_long(conn, decision.days)
    await _strip(conn, bookings)
    days = max(decision.days, KEPT_DAYS)
    ids, news = await _old_sessions(conn, days), await _old_news(conn, days)
    await conn.execute(
        """
        DELETE FROM attempt USING message m
        WHERE m.id = attempt.message_id AND (m.session_id = ANY($1) OR m.id = ANY($2))
        """,
        ids,
        news,
    )
    told = await conn.fetch("DELETE FROM message WHERE session_id = ANY($1) OR id = ANY($2) RETURNING about", ids, news)
    await conn.execute(
        """
        DELETE FROM booking b
        WHERE (b.id = ANY($1) OR b.session_id = ANY($2)) AND NOT EXISTS (SELECT FROM message WHERE about = b.id)
        """,
        [row["about"] for row in told],
        ids,
    )
    await conn.execute("DELETE FROM session WHERE id = ANY($1)", ids)
    return len(ids) + len(news) + len(bookings)


async def count_old(conn: Connection, days: int) -> Old:
    """Of how many bookings it would be forgotten which number was told of them, if that were kept for so many days."""
    row = await conn.fetchrow(
        """
        SELECT count(DISTINCT m.session_id) AS sessions, count(DISTINCT m.about) AS people
        FROM message m LEFT JOIN session s ON s.id = m.session_id
        WHERE coalesce((s.facts ->> 'ends_at')::timestamptz, s.heard_at, m.created_at)
                < now() - make_interval(days => $1)
            AND m.state NOT IN ('pending', 'sending', 'unknown')
            AND (m.address IS NOT NULL OR EXISTS (SELECT FROM reply WHERE about = m.about AND address IS NOT NULL))
        """,
        days,
    )
    return Old(people=row["people"], sessions=row["sessions"]) if row else Old()


async def _known_too_long(conn: Connection, days: int) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT DISTINCT m.about FROM message m LEFT JOIN session s ON s.id = m.session_id
        WHERE coalesce((s.facts ->> 'ends_at')::timestamptz, s.heard_at, m.created_at)
                < now() - make_interval(days => $1)
            AND m.state NOT IN ('pending', 'sending', 'unknown')
            AND (m.address IS NOT NULL OR EXISTS (SELECT FROM reply WHERE about = m.about AND address IS NOT NULL))
        LIMIT $2
        """,
        days,
        _AT_ONCE,
    )
    return [row["about"] for row in rows]


async def _strip(conn: Connection, booking_ids: Sequence[UUID]) -> None:
    """Take from what was told of bookings what tells of a person: to which number, and what that answered.

    What has not left yet is told to nobody. What is left are ids, which lead to nobody.
    """
    await conn.execute(
        """
        UPDATE attempt SET address = NULL FROM message m WHERE m.id = attempt.message_id AND m.about = ANY($1)
        """,
        booking_ids,
    )
    await conn.execute(
        """
        UPDATE message SET address = NULL, state = CASE state WHEN 'pending' THEN 'dropped' ELSE state END,
            reason = CASE state WHEN 'pending' THEN 'erased' ELSE reason END
        WHERE about = ANY($1)
        """,
        booking_ids,
    )
    await conn.execute(
        "UPDATE reply SET address = NULL, understood = NULL, answer = NULL, parts = 0 WHERE about = ANY($1)",
        booking_ids,
    )


async def _old_sessions(conn: Connection, days: int) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT id FROM session s
        WHERE coalesce((facts ->> 'ends_at')::timestamptz, heard_at) < now() - make_interval(days => $1)
            AND NOT EXISTS (
                SELECT FROM message m WHERE m.session_id = s.id AND m.state IN ('pending', 'sending', 'unknown')
            )
        LIMIT $2 FOR UPDATE SKIP LOCKED
        """,
        days,
        _AT_ONCE,
    )
    return [row["id"] for row in rows]


async def _old_news(conn: Connection, days: int) -> list[UUID]:
    """What is about no session, and has come to its end."""
    rows = await conn.fetch(
        """
        SELECT id FROM message
        WHERE session_id IS NULL AND created_at < now() - make_interval(days => $1)
            AND state NOT IN ('pending', 'sending', 'unknown')
        LIMIT $2 FOR UPDATE SKIP LOCKED
        """,
        days,
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
    """Delete the words of numbers that wanted no reminders, once nothing else is kept of the number; tells how many.

    Who comes again and again is not reminded as long as we know them. Without a decision nobody is forgotten.
    """
    decision = await erasure.decision(conn)
    if decision is None:
        return 0
    rows = await conn.fetch(
        """
        DELETE FROM reminder_stop s
        WHERE said_at < now() - make_interval(days => $1)
            AND NOT EXISTS (SELECT FROM message m WHERE m.address = s.address)
            AND NOT EXISTS (SELECT FROM attempt a WHERE a.address = s.address)
        RETURNING said_at
        """,
        decision.days,
    )
    return len(rows)


async def forget_helper(conn: Connection, contact_ref: UUID) -> None:
    """Forget who was told what of those who help; again it changes nothing. A message that is just leaving leaves."""
    rows = await conn.fetch("SELECT DISTINCT about FROM message WHERE contact_ref = $1", contact_ref)
    await _forget(conn, [row["about"] for row in rows])


async def forget_person(conn: Connection, booking_id: UUID) -> None:
    """Forget who made a booking, with the dates that they booked together; again it changes nothing.

    What their number wished goes as well, unless it is known for something else. A message that is just leaving leaves.
    """
    rows = await conn.fetch(
        """
        SELECT id FROM booking WHERE id = $1
            OR series_booking_id = (SELECT series_booking_id FROM booking WHERE id = $1)
        """,
        booking_id,
    )
    await _forget(conn, [row["id"] for row in rows])


async def _forget(conn: Connection, ids: Sequence[UUID]) -> None:
    """Forget who was told about these, and what their number wished, unless it is known for something else."""
    await conn.execute(
        """
        DELETE FROM reminder_stop s USING message m
        WHERE m.address = s.address AND m.about = ANY($1)
            AND NOT EXISTS (SELECT FROM message o WHERE o.address = s.address AND o.about <> ALL($1))
        """,
        ids,
    )
    await _strip(conn, ids)


async def known_of(conn: Connection, booking_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Everything that is kept about who made these bookings, as it is kept: later columns are shown as well."""
    rows = await conn.fetch(
        """
        SELECT jsonb_strip_nulls(jsonb_build_object(
            'booking', to_jsonb(b),
            'messages', (SELECT jsonb_agg(to_jsonb(m) - 'address' ORDER BY m.id) FROM message m WHERE m.about = b.id),
            'answers', (SELECT jsonb_agg(to_jsonb(r) - 'address' ORDER BY r.id) FROM reply r WHERE r.about = b.id)
        )) AS known
        FROM booking b WHERE b.id = ANY($1) ORDER BY b.id
        """,
        booking_ids,
    )
    return [row["known"] for row in rows]
