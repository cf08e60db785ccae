from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import domain, store

if TYPE_CHECKING:
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from services.catalog.opening import Closure
    from shared.db import Connection


async def create_closure(conn: Connection, closure: Closure, zone: ZoneInfo) -> None:
    """Shut a branch, or without one all of them, for some days; what is planned then stays until staff call it off.

    Raises:
        UnknownBranch: there is no such branch.
        Invalid: the days are none, or over.
    """
    await check_closure(conn, closure, zone)
    await store.insert_closure(conn, closure)


async def check_closure(conn: Connection, closure: Closure, zone: ZoneInfo) -> None:
    """Refuse days on which nothing can be shut any more.

    Raises:
        Invalid: the days are none, or over.
    """
    today = (await store.now(conn)).astimezone(zone).date()
    domain.check_closure(closure.first_day, closure.last_day, today)


async def delete_closure(conn: Connection, branch_id: str, closure_id: UUID) -> None:
    """Open a branch again on days when it was to be shut.

    Raises:
        UnknownClosure: the branch has no such closure of its own.
    """
    await store.delete_closure(conn, branch_id, closure_id)


async def delete_closure_of_all(conn: Connection, closure_id: UUID) -> None:
    """Open all branches again on days when they were to be shut.

    Raises:
        UnknownClosure: there is no such closure of all.
    """
    await store.delete_closure_of_all(conn, closure_id)
