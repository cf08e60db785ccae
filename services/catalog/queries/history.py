from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from services.catalog import store
from services.catalog.domain import UnknownSession
from services.catalog.views import ChangeView, DifferenceView, History

if TYPE_CHECKING:
    from uuid import UUID

    from shared.db import Connection


async def host_of(conn: Connection, session_id: UUID) -> str:
    """The branch whose business a session is.

    Raises:
        UnknownSession: there is none of that id.
    """
    branch: str | None = await conn.fetchval("SELECT branch_id FROM session WHERE id = $1", session_id)
    if branch is None:
        raise UnknownSession("there is no such session")
    return branch


async def history(conn: Connection, session_id: UUID) -> History:
    """What became of a session since it was planned, the newest change first."""
    changes = await store.changes_since(conn, session_id, 0)
    shown = []
    for revision, found in groupby(changes, lambda change: change.revision):
        of_one = list(found)
        differences = tuple(DifferenceView.model_validate(one.difference, from_attributes=True) for one in of_one)
        shown.append(ChangeView(revision=revision, at=of_one[0].at, by=of_one[0].by, changes=differences))
    return History(session_id=session_id, items=tuple(reversed(shown)))
