from datetime import datetime
from uuid import UUID

from services.notify.domain import Channel, Owner, State
from services.notify.store.messages import Message, load
from shared.db import Connection


async def unrouted(conn: Connection, owner: Owner, limit: int) -> list[Message]:
    """What is due and is to be routed, for the first time or again after an attempt, to people of this owner."""
    rows = await conn.fetch(
        """
        SELECT m.id FROM message m JOIN booking b ON b.id = m.about
        WHERE m.state = 'pending' AND m.address IS NULL AND m.next_at <= now() AND b.owner = $2
        ORDER BY m.next_at LIMIT $1
        """,
        limit,
        owner,
    )
    return await load(conn, [row["id"] for row in rows])


async def hold(conn: Connection, message_id: UUID, until: datetime) -> None:
    """Let a message wait for permitted hours; its day, after which it is given up, begins with the first attempt."""
    await conn.execute(
        """
        UPDATE message SET next_at = $2, due_at = CASE attempts WHEN 0 THEN $2 ELSE due_at END
        WHERE id = $1 AND state = 'pending' AND address IS NULL
        """,
        message_id,
        until,
    )


async def postpone(conn: Connection, message_id: UUID, until: datetime) -> None:
    """Let a message that is due be routed later, behind those that can be."""
    await conn.execute(
        "UPDATE message SET next_at = $2 WHERE id = $1 AND state = 'pending' AND address IS NULL",
        message_id,
        until,
    )


async def route(conn: Connection, message_id: UUID, channel: Channel, fallback: Channel | None, address: bytes) -> None:
    """Say by which channel and where a message goes, and which channel is left if that fails."""
    await conn.execute(
        """
        UPDATE message SET channel = $2, fallback = $3, address = $4
        WHERE id = $1 AND state = 'pending' AND address IS NULL
        """,
        message_id,
        channel,
        fallback,
        address,
    )


async def set_aside(conn: Connection, message_id: UUID, state: State, reason: str) -> bool:
    """End a message instead of routing it; tells whether it was still to be ended."""
    ended: UUID | None = await conn.fetchval(
        """
        UPDATE message SET state = $2, reason = $3
        WHERE id = $1 AND state = 'pending' AND address IS NULL
        RETURNING id
        """,
        message_id,
        state,
        reason,
    )
    return ended is not None
