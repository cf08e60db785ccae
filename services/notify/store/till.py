from datetime import date

from services.notify.store.messages import Message
from shared.db import Connection

_TILL = 0x54494C4C  # "TILL": the advisory lock of those who count the day's SMS parts


async def lock_till(conn: Connection) -> None:
    """Let those who spend the day's SMS parts take turns until the end of the transaction."""
    await conn.execute("SELECT pg_advisory_xact_lock($1)", _TILL)


async def count_in(conn: Connection, message: Message, parts: int) -> None:
    """Count an attempt before it is made, so that it counts whatever becomes of it."""
    await conn.execute(
        "UPDATE attempt SET parts = $3 WHERE message_id = $1 AND number = $2",
        message.id,
        message.attempts,
        parts,
    )


async def close_till(conn: Connection, day: date, parts: int) -> bool:
    """Keep that the money stop closed; tells whether this is the first word of it."""
    first: bool | None = await conn.fetchval(
        "INSERT INTO sms_stop (day, parts) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true",
        day,
        parts,
    )
    return first is True
