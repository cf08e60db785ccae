from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import store
from services.catalog.domain import check_closure

if TYPE_CHECKING:
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from services.catalog.opening import Closure
    from shared.db import Connection


async def create_closure(conn: Connection, closure: Closure, zone: ZoneInfo) -> None:
    """Shut a branch for some days; what is planned then stays until staff call it off.

    Raises:
        UnknownBranch: there is no such branch.
        Invalid: the days are none, or over.
    """
    today = (await store.now(conn)).astimezone(zone).date()
    check_closure(closure.first_day, closure.last_day, today)
    await store.insert_closure(conn, closure)


async def delete_closure(conn: Connection, branch_id: str, closure_id: UUID) -> None:
    """Open a branch again on days when it was to be shut.

    Raises:
        UnknownClosure: the branch has no such closure of its own.
    """
    await store.delete_closure(conn, branch_id, closure_id)
