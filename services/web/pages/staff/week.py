"""A week at a library, or at all of them, in digits that stay true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import web

from services.web.keys import SITE
from services.web.pages.staff.today import FIRST, LAST, by_library, local_day
from services.web.staff.frame import branch_of, libraries, page
from services.web.staff.sessions import Seen, seen_between

if TYPE_CHECKING:
    from services.web.pages.staff.today import Room


class Day(NamedTuple):
    """One day of a week."""

    date: date
    sessions: Sequence[Seen]


class Row(NamedTuple):
    """A library's week."""

    room: Room
    days: Sequence[Day]


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(f"{home}/week", week)]


async def week(request: web.Request) -> web.Response:
    """``GET /{language}/staff/week?branch=&from=``: the seven days from a Monday on; without ``from`` this week."""
    now = request.app[SITE].now().date()
    wanted = min(max(local_day(request.query.get("from"), now), FIRST), LAST)
    monday = wanted - timedelta(days=wanted.weekday())
    days = [monday + timedelta(days=ahead) for ahead in range(7)]
    branch = branch_of(request)
    found = await seen_between(request, days[0], days[-1], branch)
    zone = request.app[SITE].zone

    def of(day: date, sessions: Sequence[Seen]) -> Day:
        return Day(day, [one for one in sessions if one.plan.starts_at.astimezone(zone).date() == day])

    rooms = by_library(found, libraries(request))
    context = {
        "today": now,
        "monday": monday,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "days": [of(day, found) for day in days],
        "rows": [Row(room, [of(day, room.sessions) for day in days]) for room in rooms],
        "all": branch is None and len(libraries(request)) > 1,
        "any": bool(found),
        "away": bool(found) and all(one.seats is None for one in found if one.phase != "draft"),
    }
    return page(request, "staff/week.html", context)
