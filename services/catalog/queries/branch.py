from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, LiteralString

from services.catalog import store
from services.catalog.domain import stop_of
from services.catalog.red_days import red_days
from services.catalog.views import Branches, BranchPage, BranchView, Closure, Hours
from shared.i18n import swedish_order

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    import asyncpg

    from services.catalog.domain import Stretch
    from shared.db import Connection

_AHEAD = timedelta(days=60)
"""How far one plans a visit."""

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
    library = await store.library(conn, branch_id)
    today = (await store.now(conn)).astimezone(zone).date()
    return BranchPage(
        id=library.id,
        revision=library.revision,
        name=library.name,
        sms_name=library.sms_name,
        phone=library.phone,
        address=library.address,
        district=library.district,
        stop=library.stop,
        stop_kind=library.stop_kind,
        stop_name=library.stop_name,
        latitude=library.latitude,
        longitude=library.longitude,
        hours=tuple(map(_stretch, library.hours)),
        closures=await closures(conn, branch_id, today),
    )


def _stretch(stretch: Stretch) -> Hours:
    return Hours(
        weekday=stretch.weekday,
        opens=f"{stretch.opens:%H:%M}",
        closes=f"{stretch.closes:%H:%M}",
        staffed=stretch.staffed,
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
        stop=stop_of(row["stop_kind"], row["stop_name"]),
        stop_kind=row["stop_kind"],
        stop_name=row["stop_name"],
    )
