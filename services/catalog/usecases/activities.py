from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import store

if TYPE_CHECKING:
    from services.catalog.domain import Activity
    from shared.db import Connection


async def create_activity(conn: Connection, activity: Activity) -> None:
    """Add an activity; it belongs to no branch."""
    await store.insert_activity(conn, activity)
