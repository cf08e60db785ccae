from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import store

if TYPE_CHECKING:
    from uuid import UUID

    from shared.db import Connection
    from shared.events import Availability


async def note_availability(conn: Connection, availability: Availability) -> None:
    """Remember how full a session is, as booking says."""
    await store.put_availability(conn, availability)


async def note_closing(conn: Connection, session_id: UUID) -> None:
    """Remember that staff wrote down how a session went."""
    await store.close_session(conn, session_id)
