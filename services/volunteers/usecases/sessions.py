"""Sessions as catalog tells of them, and how staffed they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.store import sessions as store

if TYPE_CHECKING:
    from typing import Literal
    from uuid import UUID

    from shared.db import Connection
    from shared.events import SessionState


async def publish(conn: Connection, state: SessionState) -> None:
    """Keep a session as catalog has it now."""
    await store.learn(conn, state)


async def end(conn: Connection, session_id: UUID, revision: int, status: Literal["withdrawn", "cancelled"]) -> None:
    """Keep that a session is no longer on offer."""
    await store.end(conn, session_id, revision, status)
