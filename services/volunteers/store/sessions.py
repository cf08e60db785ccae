"""Sessions, as far as helping needs to know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from shared.db import Connection
    from shared.events import SessionState


async def learn(conn: Connection, state: SessionState) -> bool:
    """Keep what catalog says of a session, unless something newer is known; tells whether it was news."""
    helping = state.helping
    news: bool | None = await conn.fetchval(
        """
        INSERT INTO session AS s (
            id, revision, status, facts, branch_id, starts_at, ends_at, sitting_id, needed, task, matched, register_note
        ) VALUES ($1, $2, 'published', $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (id) DO UPDATE SET
            revision = $2, status = 'published', facts = $3, branch_id = $4, starts_at = $5, ends_at = $6,
            sitting_id = $7, needed = $8, task = $9, matched = $10, register_note = $11
        WHERE s.revision < $2 AND s.status NOT IN ('cancelled', 'closed')
        RETURNING true
        """,
        state.session_id,
        state.revision,
        state.model_dump(mode="json"),
        state.branch.id,
        state.starts_at,
        state.ends_at,
        state.sitting_id,
        helping.needed if helping else 0,
        helping.task if helping else None,
        helping.matched if helping else False,
        helping.register_note if helping else False,
    )
    return bool(news)


async def end(conn: Connection, session_id: UUID, revision: int, status: str) -> bool:
    """Keep that a session is over, also before it was heard of; tells whether it was news."""
    news: bool | None = await conn.fetchval(
        """
        INSERT INTO session AS s (id, revision, status) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET revision = $2, status = $3
        WHERE s.revision < $2 AND s.status NOT IN ('cancelled', 'closed')
        RETURNING true
        """,
        session_id,
        revision,
        status,
    )
    return bool(news)
