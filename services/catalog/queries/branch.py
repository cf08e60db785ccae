from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, LiteralString

from services.catalog import store
from services.catalog.domain import UnknownBranch
from services.catalog.red_days import red_days
from services.catalog.views import Branches, BranchPage, BranchView, Closure, Hours
from shared.i18n import swedish_order

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    import asyncpg

    from services.catalog.views import StopKind
    from shared.db import Connection

_AHEAD = timedelta(days=60)
"""How far one plans a visit."""

_STOPS: Mapping[StopKind, str] = {
    "metro": "Tunnelbana",
    "tram": "Tvärbana",
    "train": "Pendeltåg",
    "bus": "Buss",
    "boat": "Båt",
    "": "",
}
"""What stops there, in Swedish, for those who show it as one text."""

_BRANCH: LiteralString = "SELECT id, name, phone, address, district, stop_kind, stop_name FROM branch"


async def branches(conn: Connection) -> Branches:
    """Every branch, in Swedish order."""
    rows = await conn.fetch(_BRANCH)
    return Branches(items=tuple(sorted(map(branch_view, rows), key=lambda branch: swedish_order(branch.name))))


async def branch_page(conn: Connection, branch_id: str, zone: ZoneInfo) -> BranchPage:
    """One branch, with when it is open and the coming days on which it is not.

    Raises:
        UnknownBranch: there is none of that id.
    """
    row = await conn.fetchrow(
        """
        SELECT id, name, phone, address, district, stop_kind, stop_name, latitude, longitude FROM branch
        WHERE id = $1
        """,
        branch_id,
    )
    if row is None:
        raise UnknownBranch("there is no such branch")
    today = (await store.now(conn)).astimezone(zone).date()
    return BranchPage(
        **branch_view(row).model_dump(),
        latitude=row["latitude"],
        longitude=row["longitude"],
        hours=await _hours(conn, branch_id),
        closures=await closures(conn, branch_id, today),
    )


async def _hours(conn: Connection, branch_id: str) -> tuple[Hours, ...]:
    rows = await conn.fetch(
        "SELECT weekday, opens, closes, staffed FROM branch_hours WHERE branch_id = $1 ORDER BY weekday, opens",
        branch_id,
    )
    return tuple(
        Hours(
            weekday=row["weekday"],
            opens=f"{row['opens']:%H:%M}",
            closes=f"{row['closes']:%H:%M}",
            staffed=row["staffed"],
        )
        for row in rows
    )


async def closures(conn: Connection, branch_id: str | None, today: date) -> tuple[Closure, ...]:
    """When a branch is closed, or without one all of them: what staff set, and the country's red days, in order."""
    until = today + _AHEAD
    rows = await conn.fetch(
        """
        SELECT first_day, last_day, reasons FROM closure
        WHERE (branch_id = $1 OR branch_id IS NULL) AND last_day >= $2 AND first_day <= $3
        """,
        branch_id,
        today,
        until,
    )
    own = [Closure(first=row["first_day"], last=row["last_day"], reasons=row["reasons"]) for row in rows]
    red = [Closure(first=day, last=day, reasons=dict(names)) for day, names in red_days(today, until).items()]
    return tuple(sorted(own + red, key=lambda closure: (closure.first, closure.last)))


def branch_view(row: asyncpg.Record, id_: str = "id") -> BranchView:
    """A branch in a row, in whose column ``id_`` its id is."""
    return BranchView(
        id=row[id_],
        name=row["name"],
        phone=row["phone"],
        address=row["address"],
        district=row["district"],
        stop=f"{_STOPS[row['stop_kind']]} {row['stop_name']}".strip(),
        stop_kind=row["stop_kind"],
        stop_name=row["stop_name"],
    )
