"""How many people of a session are told how, and what those are called who are helped by somebody."""

from collections.abc import Sequence
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


async def first_names(conn: Connection, booking_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What those who have a seat want to be called: the first word of their names. Who was erased is left out."""
    rows = await conn.fetch(
        """
        SELECT b.id, split_part(c.name, ' ', 1) AS name FROM booking b JOIN contact c ON c.ref = b.contact_ref
        WHERE b.id = ANY ($1) AND b.state = 'confirmed'
        """,
        booking_ids,
    )
    return {row["id"]: row["name"] for row in rows}
