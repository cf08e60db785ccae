"""How many volunteers are on duty in sessions, as volunteers tells."""

from uuid import UUID

from shared.db import Connection


async def keep(conn: Connection, session_id: UUID, revision: int, helpers: int) -> bool:
    """Keep how many are on duty, unless something newer is known; tells whether it was news."""
    news: bool | None = await conn.fetchval(
        """
        INSERT INTO staffing AS kept (session_id, revision, helpers) VALUES ($1, $2, $3)
        ON CONFLICT (session_id) DO UPDATE SET revision = excluded.revision, helpers = excluded.helpers
        WHERE kept.revision < excluded.revision
        RETURNING true
        """,
        session_id,
        revision,
        helpers,
    )
    return bool(news)


async def helpers(conn: Connection, session_id: UUID) -> int | None:
    """How many are on duty; None where nobody has said."""
    found: int | None = await conn.fetchval("SELECT helpers FROM staffing WHERE session_id = $1", session_id)
    return found
