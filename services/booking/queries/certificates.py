"""What a certificate of attendance says."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Attended:
    """A session that somebody was at."""

    starts_at: datetime
    ends_at: datetime
    branch_id: str
    municipality: str | None
    """What they answered where it is asked for."""


async def attended(conn: Connection, booking_id: UUID) -> Attended:
    """What a certificate says of a booking."""
    row = await conn.fetchrow(
        """
        SELECT s.starts_at, s.ends_at, s.branch_id, b.answers ->> 'municipality' AS municipality
        FROM booking b JOIN session s ON s.id = b.session_id
        WHERE b.id = $1
        """,
        booking_id,
    )
    if row is None:
        raise LookupError(booking_id)
    return Attended(**dict(row))


@dataclass(frozen=True, kw_only=True, slots=True)
class Certified:
    """Somebody who may have it in writing that they were at a session."""

    name: str
    activity_id: UUID | None
    attended: Attended


async def certified(conn: Connection, session_id: UUID) -> list[Certified] | None:
    """Who of a session may have a certificate, by the rule of their own page; None where none is given."""
    if not await conn.fetchval("SELECT certificate FROM session WHERE id = $1", session_id):
        return None
    rows = await conn.fetch(
        """
        SELECT c.name, s.activity_id, s.starts_at, s.ends_at, s.branch_id,
            b.answers ->> 'municipality' AS municipality
        FROM session s JOIN booking b ON b.session_id = s.id JOIN contact c ON c.ref = b.contact_ref
        WHERE s.id = $1 AND b.attendance = 'came' AND s.ends_at <= clock_timestamp()
            AND NOT EXISTS (SELECT FROM closing WHERE session_id = s.id AND NOT held)
        ORDER BY c.name, b.id
        """,
        session_id,
    )
    return [
        Certified(
            name=row["name"],
            activity_id=row["activity_id"],
            attended=Attended(**{name: row[name] for name in Attended.__slots__}),
        )
        for row in rows
    ]
