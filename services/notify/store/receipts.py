from services.notify.domain import Receipt
from services.notify.store.messages import Message, load
from shared.db import Connection


async def lock_provider_id(conn: Connection, provider_id: str) -> None:
    """Let a receipt and the commit that makes its id known take turns, so that neither misses the other."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", provider_id)


async def add_receipt(conn: Connection, provider_id: str, receipt: Receipt) -> None:
    """Keep a receipt; the same one again changes nothing."""
    await conn.execute(
        "INSERT INTO receipt (provider_id, status) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        provider_id,
        receipt,
    )


async def receipts_of(conn: Connection, provider_id: str) -> list[Receipt]:
    """The receipts that came under an id, in their order."""
    rows = await conn.fetch(
        "SELECT status FROM receipt WHERE provider_id = $1 ORDER BY received_at",
        provider_id,
    )
    return [row["status"] for row in rows]


async def lock_by_provider_id(conn: Connection, provider_id: str) -> Message | None:
    """The message whose newest attempt the provider knows by this id, if any."""
    found = await conn.fetchval(
        """
        SELECT m.id FROM message m JOIN attempt a ON a.message_id = m.id AND a.number = m.attempts
        WHERE a.provider_id = $1 FOR UPDATE OF m
        """,
        provider_id,
    )
    return (await load(conn, [found]))[0] if found else None
