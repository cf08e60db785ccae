"""A branch's programme as a list, to be told apart from what somebody wants to add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog.domain import Listed, UnknownBranch
from services.catalog.search import fold

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from shared.db import Connection


async def lock_programme(conn: Connection, branch_id: str) -> None:
    """Let nobody else add a list to a branch's programme until the transaction ends; single sessions may be.

    Raises:
        UnknownBranch: there is no such branch.
    """
    if not await conn.fetchval("SELECT true FROM branch WHERE id = $1 FOR NO KEY UPDATE", branch_id):
        raise UnknownBranch("there is no such branch")


async def activities_called(conn: Connection) -> dict[str, set[UUID]]:
    """The activities by what they are called, folded, in each language; and each by its id."""
    called: dict[str, set[UUID]] = {}
    for row in await conn.fetch("SELECT id, titles FROM activity"):
        for name in (str(row["id"]), *row["titles"].values()):
            called.setdefault(fold(name), set()).add(row["id"])
    return called


async def programme(conn: Connection, branch_id: str, first: datetime, last: datetime, most: int) -> list[Listed]:
    """What a branch plans from a moment until before another one, drafts and cancelled sessions among it."""
    rows = await conn.fetch(
        """
        SELECT activity_id, date_trunc('minute', starts_at) AS starts_at, date_trunc('minute', ends_at) AS ends_at,
            seats, walk_in, queue, mode, place, room, coalesce(theme ->> 'sv', '') AS theme, status
        FROM session WHERE branch_id = $1 AND starts_at >= $2 AND starts_at < $3 ORDER BY session.starts_at, id LIMIT $4
        """,
        branch_id,
        first,
        last,
        most,
    )
    return [Listed(**row) for row in rows]
