"""What is known about people, and taking it away. Everything that tells of a person hangs on their contact's row."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.booking.reach import Reach
from shared.db import Connection
from shared.erasure import Old


async def lock_old_sessions(conn: Connection, days: int, at_most: int) -> list[UUID]:
    """Hold some sessions that ended so many days ago and of which somebody's details are kept, the oldest first.

    A session whose turn somebody has is left for the next time.
    """
    rows = await conn.fetch(
        """
        SELECT s.id FROM session s
        WHERE s.ends_at < clock_timestamp() - make_interval(days => $1)
            AND EXISTS (SELECT FROM booking b JOIN contact c ON c.ref = b.contact_ref WHERE b.session_id = s.id)
        ORDER BY s.ends_at, s.id LIMIT $2 FOR UPDATE OF s SKIP LOCKED
        """,
        days,
        at_most,
    )
    return [row["id"] for row in rows]


async def erase_sessions(conn: Connection, session_ids: Sequence[UUID]) -> int:
    """Take away whoever had to do with these sessions; tells how many people that were.

    Bookings, and changes from one to another, stay for what is counted: without a contact they are nobody's.
    """
    await conn.execute(
        "DELETE FROM call USING booking b WHERE b.id = call.booking_id AND b.session_id = ANY($1)", session_ids
    )
    erased = await conn.fetch(
        """
        DELETE FROM contact c USING booking b WHERE b.contact_ref = c.ref AND b.session_id = ANY($1) RETURNING c.ref
        """,
        session_ids,
    )
    return len(erased)


async def erase_old_series(conn: Connection, days: int, at_most: int) -> int:
    """Take away the contacts that stand for several dates, once the last of those is so many days old."""
    erased = await conn.fetch(
        """
        DELETE FROM contact WHERE ref IN (
            SELECT sb.contact_ref FROM series_booking sb JOIN contact c ON c.ref = sb.contact_ref
            WHERE greatest(sb.created_at, (
                SELECT max(s.ends_at) FROM booking b JOIN session s ON s.id = b.session_id
                WHERE b.series_booking_id = sb.id
            )) < clock_timestamp() - make_interval(days => $1)
            LIMIT $2
        )
        RETURNING ref
        """,
        days,
        at_most,
    )
    return len(erased)


async def count_old(conn: Connection, days: int) -> Old:
    """How many people's details would be taken away, and of how many sessions, if they were kept for so many days.

    Who booked several dates at once is counted for each, and once more for what stands for all of them.
    """
    row = await conn.fetchrow(
        """
        SELECT count(DISTINCT b.session_id) AS sessions, count(*) AS people
        FROM session s JOIN booking b ON b.session_id = s.id JOIN contact c ON c.ref = b.contact_ref
        WHERE s.ends_at < clock_timestamp() - make_interval(days => $1)
        """,
        days,
    )
    series = await conn.fetchval(
        """
        SELECT count(*) FROM series_booking sb JOIN contact c ON c.ref = sb.contact_ref
        WHERE greatest(sb.created_at, (
            SELECT max(s.ends_at) FROM booking b JOIN session s ON s.id = b.session_id
            WHERE b.series_booking_id = sb.id
        )) < clock_timestamp() - make_interval(days => $1)
        """,
        days,
    )
    return Old(people=row["people"] + series, sessions=row["sessions"]) if row else Old()


async def refs_of(conn: Connection, *, reach: Reach | None, code: str | None) -> list[UUID]:
    """Whose number, address or code this is, with all the dates that they booked together."""
    rows = await conn.fetch(
        """
        WITH named AS (
            SELECT ref FROM contact
            WHERE code = $1 OR phone = $2 OR lower(email COLLATE "C") = $3
        ), series AS (
            SELECT sb.id, sb.contact_ref FROM series_booking sb JOIN named ON named.ref = sb.contact_ref
            UNION
            SELECT sb.id, sb.contact_ref
            FROM booking b JOIN named ON named.ref = b.contact_ref JOIN series_booking sb ON sb.id = b.series_booking_id
        )
        SELECT ref FROM named
        UNION SELECT contact_ref FROM series
        UNION SELECT b.contact_ref FROM booking b JOIN series ON series.id = b.series_booking_id
        ORDER BY ref
        """,
        code,
        reach.phone if reach else None,
        reach.email.casefold() if reach and reach.email else None,
    )
    return [row["ref"] for row in rows]


async def bookings_of(conn: Connection, refs: Sequence[UUID]) -> list[UUID]:
    """The bookings of these people, in an order in which their sessions can be held one after the other."""
    rows = await conn.fetch("SELECT id FROM booking WHERE contact_ref = ANY($1) ORDER BY session_id, id", refs)
    return [row["id"] for row in rows]


async def known_of(conn: Connection, refs: Sequence[UUID]) -> list[dict[str, Any]]:
    """Everything that is kept about these people, as it is kept: columns that come later are shown as well."""
    rows = await conn.fetch(
        """
        SELECT jsonb_strip_nulls(jsonb_build_object(
            'contact', to_jsonb(c),
            'booking', to_jsonb(b) - 'person',
            'session', jsonb_build_object('starts_at', s.starts_at, 'ends_at', s.ends_at, 'branch_id', s.branch_id,
                'status', s.status),
            'series_booking', to_jsonb(sb),
            'changes', (SELECT jsonb_agg(to_jsonb(m) ORDER BY m.id) FROM move m WHERE m.booking_id = b.id),
            'calls', (SELECT jsonb_agg(to_jsonb(l) ORDER BY l.id) FROM call l WHERE l.booking_id = b.id)
        )) AS known
        FROM contact c
        LEFT JOIN booking b ON b.contact_ref = c.ref
        LEFT JOIN session s ON s.id = b.session_id
        LEFT JOIN series_booking sb ON sb.contact_ref = c.ref
        WHERE c.ref = ANY($1) ORDER BY s.starts_at NULLS FIRST, c.ref
        """,
        refs,
    )
    return [row["known"] for row in rows]


async def forget_booking(conn: Connection, booking_id: UUID) -> bool:
    """Take away whose booking this is; tells whether anybody was known."""
    await conn.execute("DELETE FROM call WHERE booking_id = $1", booking_id)
    erased: bool | None = await conn.fetchval(
        "DELETE FROM contact c USING booking b WHERE b.id = $1 AND c.ref = b.contact_ref RETURNING true", booking_id
    )
    return bool(erased)
