from dataclasses import dataclass

from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """Messages that should have left and have not, in one state."""

    state: str
    messages: int
    oldest_seconds: float


async def backlog(conn: Connection) -> list[Backlog]:
    """What is due, in hand or of unknown fate now; also the states in which there is nothing."""
    rows = await conn.fetch(
        """
        SELECT s.state, count(m.id) AS messages,
            coalesce(extract(epoch FROM now() - min(m.due_at)), 0)::float8 AS oldest_seconds
        FROM unnest(ARRAY['pending', 'sending', 'unknown']) AS s (state)
        LEFT JOIN message m ON m.state = s.state AND m.due_at <= now()
        GROUP BY s.state
        """,
    )
    return [Backlog(**dict(row)) for row in rows]
