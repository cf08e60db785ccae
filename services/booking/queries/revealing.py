"""How people of a session are reached, in full: for staff who have to reach them, and no list shows it otherwise."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.reach import Reach
from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class InFull:
    """The way to a person, with nothing hidden."""

    booking_id: UUID
    reach: Reach


async def in_full(conn: Connection, session_id: UUID, booking_id: UUID | None = None) -> list[InFull]:
    """How the people of a session are reached, or that of one of its bookings; not those who were erased.

    Of a whole session only who has a seat, waits or stands by: nobody has to reach the others.
    """
    rows = await conn.fetch(
        """
        SELECT b.id, c.reach, c.phone, c.email, c.behalf_of
        FROM booking b JOIN contact c ON c.ref = b.contact_ref
        WHERE b.session_id = $1 AND CASE
            WHEN $2::uuid IS NULL THEN b.state IN ('confirmed', 'offered', 'queued', 'closed')
            ELSE b.id = $2
        END
        ORDER BY b.id
        """,
        session_id,
        booking_id,
    )
    return [
        InFull(
            booking_id=row["id"],
            reach=Reach(by=row["reach"], phone=row["phone"], email=row["email"], behalf_of=row["behalf_of"]),
        )
        for row in rows
    ]
