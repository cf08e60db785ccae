from typing import Literal, TypeAlias
from uuid import UUID

from shared.db import Connection
from shared.events import SessionState

SessionStatus: TypeAlias = Literal["withdrawn", "cancelled"]


async def learn_session(conn: Connection, facts: SessionState) -> None:
    """Keep a session's facts and status, each unless a newer revision is known."""
    await conn.execute(
        """
        INSERT INTO session (id, revision, status, facts_revision, facts) VALUES ($1, $2, 'published', $2, $3)
        ON CONFLICT (id) DO UPDATE SET
            status = CASE WHEN session.revision < $2 THEN 'published' ELSE session.status END,
            facts = CASE WHEN coalesce(session.facts_revision, 0) < $2 THEN $3 ELSE session.facts END,
            facts_revision = greatest(session.facts_revision, $2),
            revision = greatest(session.revision, $2)
        """,
        facts.session_id,
        facts.revision,
        facts.model_dump(mode="json"),
    )


async def end_session(conn: Connection, session_id: UUID, revision: int, status: SessionStatus) -> None:
    """Keep that a session was withdrawn or cancelled, also before it was heard of."""
    await conn.execute(
        """
        INSERT INTO session (id, revision, status) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET status = $3, revision = $2 WHERE session.revision < $2
        """,
        session_id,
        revision,
        status,
    )


async def facts_revision(conn: Connection, session_id: UUID) -> int | None:
    """The revision of the facts known of a session; None when there are none."""
    revision: int | None = await conn.fetchval("SELECT facts_revision FROM session WHERE id = $1", session_id)
    return revision
