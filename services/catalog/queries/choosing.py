from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import store
from services.catalog.queries.branch import branches, closures
from services.catalog.queries.kinds import explained
from services.catalog.queries.session import COMING, TABLES
from services.catalog.views import Choices

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from shared.db import Connection


async def choices(conn: Connection, zone: ZoneInfo) -> Choices:
    """All that a form for searching the programme offers."""
    languages = await conn.fetch(
        "SELECT language, count(*) AS sessions"
        + TABLES
        + "CROSS JOIN unnest(a.languages) language WHERE "
        + COMING
        + " GROUP BY language ORDER BY sessions DESC, language"
    )
    (span,) = await conn.fetch(
        "SELECT min(s.starts_at) AS first, max(s.starts_at) AS last" + TABLES + "WHERE " + COMING
    )
    first, last = (span[end] and span[end].astimezone(zone).date() for end in ("first", "last"))
    return Choices(
        kinds=explained(),
        branches=(await branches(conn)).items,
        languages=tuple(row["language"] for row in languages),
        first=first,
        last=last,
        closures=await closures(conn, None, (await store.now(conn)).astimezone(zone).date()),
    )
