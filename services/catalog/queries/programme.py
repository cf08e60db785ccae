from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import store
from services.catalog.domain import TooManyLines, UnknownBranch
from services.catalog.search import fold
from services.catalog.sheets import MOST_LINES, cells

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from services.catalog.domain import Listed
    from shared.db import Connection


async def programme_rows(
    conn: Connection, branch_id: str, first: datetime, last: datetime, zone: ZoneInfo
) -> list[tuple[str, ...]]:
    """A branch's programme as rows of a table, from a moment until before another one.

    Raises:
        UnknownBranch: there is no such branch.
        TooManyLines: there are more than one table takes.
    """
    if not await store.branches(conn, {branch_id}):
        raise UnknownBranch("there is no such branch")
    listed = await store.programme(conn, branch_id, first, last, MOST_LINES + 1)
    if len(listed) > MOST_LINES:
        raise TooManyLines(f"a table holds at most {MOST_LINES} sessions; ask for fewer days", "to")
    names = await _names(conn, listed)
    return [cells(one, names[one.activity_id], zone) for one in listed]


async def _names(conn: Connection, listed: list[Listed]) -> dict[UUID, str]:
    """By what each activity is found again: its Swedish title, unless another one has that too."""
    called = await store.activities_called(conn)
    activities = await store.activities(conn, {one.activity_id for one in listed})
    titles = {id_: activity.titles["sv"] for id_, activity in activities.items()}
    return {id_: title if len(called[fold(title)]) == 1 else str(id_) for id_, title in titles.items()}
