from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from services.catalog.domain import UnknownBranch, UnknownClosure
from services.catalog.opening import Closure, Hours, Opening
from services.catalog.red_days import red_days
from shared.events import Branch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from shared.db import Connection


async def branches(conn: Connection, ids: set[str]) -> dict[str, Branch]:
    """Read branches that are known to be there, as events carry them."""
    rows = await conn.fetch("SELECT id, name, sms_name, phone, address FROM branch WHERE id = ANY ($1)", ids)
    return {row["id"]: Branch.model_validate(dict(row)) for row in rows}


async def opening(conn: Connection, first: date, last: date) -> Opening:
    """When branches are open between two days, both included."""
    hours = await conn.fetch("SELECT branch_id, weekday, opens, closes, staffed FROM branch_hours")
    return Opening(
        hours=[Hours(**row) for row in hours],
        closures=await closures(conn, first, last),
        red=red_days(first, last).keys(),
    )


async def closures(conn: Connection, first: date, last: date) -> list[Closure]:
    """When branches are shut between two days, both included."""
    rows = await conn.fetch(
        """
        SELECT id, branch_id, first_day, last_day, reasons FROM closure
        WHERE last_day >= $1 AND first_day <= $2 ORDER BY first_day, last_day, id
        """,
        first,
        last,
    )
    return [Closure(**row) for row in rows]


async def insert_closure(conn: Connection, closure: Closure) -> None:
    """Keep a new closure.

    Raises:
        UnknownBranch: there is no such branch.
    """
    try:
        await insert_missing_closures(conn, [closure])
    except asyncpg.ForeignKeyViolationError as error:
        raise UnknownBranch("there is no such branch") from error


async def delete_closure(conn: Connection, branch_id: str, closure_id: UUID) -> None:
    """Forget a closure of a branch's own.

    Raises:
        UnknownClosure: the branch has none of that id.
    """
    deleted = await conn.fetchval(
        "DELETE FROM closure WHERE id = $1 AND branch_id = $2 RETURNING true", closure_id, branch_id
    )
    if not deleted:
        raise UnknownClosure("there is no such closure of this branch")


async def delete_closure_of_all(conn: Connection, closure_id: UUID) -> None:
    """Forget a closure of all branches.

    Raises:
        UnknownClosure: there is none of that id that is of all.
    """
    deleted = await conn.fetchval("DELETE FROM closure WHERE id = $1 AND branch_id IS NULL RETURNING true", closure_id)
    if not deleted:
        raise UnknownClosure("there is no such closure of all branches")


async def insert_missing_hours(conn: Connection, hours: Sequence[Hours]) -> None:
    """Keep the hours of branches of which none are known; what is known of the others stays."""
    await conn.execute(
        """
        INSERT INTO branch_hours (branch_id, weekday, opens, closes, staffed)
        SELECT hours.* FROM unnest($1::text[], $2::int[], $3::time[], $4::time[], $5::boolean[])
            AS hours (branch_id, weekday, opens, closes, staffed)
        WHERE NOT EXISTS (SELECT FROM branch_hours known WHERE known.branch_id = hours.branch_id)
        """,
        [stretch.branch_id for stretch in hours],
        [stretch.weekday for stretch in hours],
        [stretch.opens for stretch in hours],
        [stretch.closes for stretch in hours],
        [stretch.staffed for stretch in hours],
    )


async def insert_missing_closures(conn: Connection, closures: Iterable[Closure]) -> None:
    """Keep closures of which none of the same id is known."""
    await conn.executemany(
        """
        INSERT INTO closure (id, branch_id, first_day, last_day, reasons) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id) DO NOTHING
        """,
        [(closure.id, closure.branch_id, closure.first_day, closure.last_day, closure.reasons) for closure in closures],
    )
