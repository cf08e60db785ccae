from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import store
from services.catalog.domain import UnknownBranch
from services.catalog.queries.session import staff_sessions
from services.catalog.views import Closures, ClosureView, NewClosure

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from services.catalog import opening
    from shared.db import Connection


async def branch_closures(conn: Connection, branch_id: str, zone: ZoneInfo) -> Closures:
    """The closures of a branch that are not over, those of all branches among them.

    Raises:
        UnknownBranch: there is none of that id.
    """
    if not await store.branches(conn, {branch_id}):
        raise UnknownBranch("there is no such branch")
    today = (await store.now(conn)).astimezone(zone).date()
    rows = await conn.fetch(
        """
        SELECT id, branch_id IS NULL AS everywhere, first_day AS first, last_day AS last, reasons FROM closure
        WHERE (branch_id = $1 OR branch_id IS NULL) AND last_day >= $2 ORDER BY first_day, last_day, id
        """,
        branch_id,
        today,
    )
    return Closures(items=tuple(ClosureView(**row) for row in rows))


async def closures_of_all(conn: Connection, zone: ZoneInfo) -> Closures:
    """The closures of all branches that are not over."""
    today = (await store.now(conn)).astimezone(zone).date()
    rows = await conn.fetch(
        """
        SELECT id, true AS everywhere, first_day AS first, last_day AS last, reasons FROM closure
        WHERE branch_id IS NULL AND last_day >= $1 ORDER BY first_day, last_day, id
        """,
        today,
    )
    return Closures(items=tuple(ClosureView(**row) for row in rows))


async def new_closure(conn: Connection, closure: opening.Closure, zone: ZoneInfo) -> NewClosure:
    """A closure, and what is planned at its branch on those days and neither called off nor over."""
    rows = await conn.fetch(
        """
        SELECT id FROM session
        WHERE branch_id = $1 AND status <> 'cancelled' AND ends_at > statement_timestamp()
            AND (starts_at AT TIME ZONE $4)::date <= $3 AND (ends_at AT TIME ZONE $4)::date >= $2
        """,
        closure.branch_id,
        closure.first_day,
        closure.last_day,
        zone.key,
    )
    return NewClosure(
        id=closure.id,
        first=closure.first_day,
        last=closure.last_day,
        reasons=dict(closure.reasons),
        everywhere=False,
        sessions=await staff_sessions(conn, [row["id"] for row in rows]),
    )
