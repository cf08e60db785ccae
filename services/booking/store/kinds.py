"""Of which kind activities are: what their sessions are counted under, and nothing to the rules of seats."""

from uuid import UUID

from shared.db import Connection


async def keep(conn: Connection, activity_id: UUID, kind: str) -> None:
    """Keep of which kind an activity is. It never changes, so that who says it first is right."""
    await conn.execute(
        "INSERT INTO activity_kind (activity_id, kind) VALUES ($1, $2) ON CONFLICT (activity_id) DO NOTHING",
        activity_id,
        kind,
    )
