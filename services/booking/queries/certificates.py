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
