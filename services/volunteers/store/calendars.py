"""The secrets of private calendars: kept as hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from shared.db import Connection


async def give(conn: Connection, volunteer_id: UUID, secret_hash: bytes) -> datetime:
    """Keep a new secret, which revokes the one before; gives when."""
    made_at: datetime = await conn.fetchval(
        """
        INSERT INTO calendar_secret (volunteer_id, secret_hash, made_at) VALUES ($1, $2, clock_timestamp())
        ON CONFLICT (volunteer_id) DO UPDATE SET secret_hash = $2, made_at = clock_timestamp()
        RETURNING made_at
        """,
        volunteer_id,
        secret_hash,
    )
    return made_at


async def revoke(conn: Connection, volunteer_id: UUID) -> None:
    """Forget the secret: nobody reads that calendar any more."""
    await conn.execute("DELETE FROM calendar_secret WHERE volunteer_id = $1", volunteer_id)


async def since(conn: Connection, volunteer_id: UUID) -> datetime | None:
    """When the secret that is good now was made; None where there is none."""
    made_at: datetime | None = await conn.fetchval(
        "SELECT made_at FROM calendar_secret WHERE volunteer_id = $1", volunteer_id
    )
    return made_at
