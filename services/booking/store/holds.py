"""Seats kept while somebody types. The row of their session is held by whoever changes them."""

from collections.abc import Sequence
from uuid import UUID

from services.booking.domain import Held
from shared.db import Connection


async def session_of(conn: Connection, hold_id: UUID) -> UUID | None:
    """Which session seats are held in under this id; None when none are, or no longer."""
    found: UUID | None = await conn.fetchval(
        "SELECT session_id FROM hold WHERE id = $1 AND until > clock_timestamp()", hold_id
    )
    return found


async def keep(conn: Connection, session_id: UUID, held: Sequence[Held]) -> None:
    """Write down what is held now."""
    if not held:
        return
    await conn.executemany(
        """
        INSERT INTO hold (id, session_id, seats, since, until) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET seats = excluded.seats, since = excluded.since, until = excluded.until
        """,
        [(one.id, session_id, one.seats, one.since, one.until) for one in held],
    )


async def drop(conn: Connection, hold_ids: Sequence[UUID]) -> None:
    """Forget holds."""
    if hold_ids:
        await conn.execute("DELETE FROM hold WHERE id = ANY($1)", hold_ids)
