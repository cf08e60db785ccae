from shared.db import Connection


async def lock_installation(conn: Connection) -> None:
    """Let whoever decides for the whole installation take turns until the end of the transaction."""
    await conn.execute("LOCK TABLE installation IN SHARE ROW EXCLUSIVE MODE")
