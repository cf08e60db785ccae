"""How many people of a session are told how. Numbers, nobody's name."""

from dataclasses import dataclass
from uuid import UUID

from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """So many bookings whose people are told in the same way."""

    state: str
    channel: str
    language: str
    bookings: int
    persons: int


async def reach(conn: Connection, session_id: UUID) -> list[People]:
    """How those are told of changes who have a seat or wait for one; of who was erased nobody knows any way."""
    rows = await conn.fetch(
        """
        SELECT b.state,
            CASE
                WHEN c.reach = 'email' OR (c.reach = 'proxy' AND c.phone IS NULL) THEN 'email'
                WHEN c.reach IN ('sms', 'proxy') THEN 'sms'
                WHEN c.phone IS NOT NULL THEN 'call'
                ELSE 'door'
            END AS channel,
            b.language, count(*) AS bookings, sum(b.adults + b.children) AS persons
        FROM booking b LEFT JOIN contact c ON c.ref = b.contact_ref
        WHERE b.session_id = $1 AND b.state IN ('confirmed', 'queued', 'offered')
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """,
        session_id,
    )
    return [People(**dict(row)) for row in rows]
