"""Today at a library or at all of them, live: on the desk's screen, on a phone, and on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import web

from services.web.keys import SITE
from services.web.staff.frame import branch_of, libraries, page
from services.web.staff.sessions import Seen, seen_between

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST, LAST = date(2000, 1, 3), date(2199, 12, 1)
"""Between these there are days to show, and weeks before and after each of them."""
_EVERY = "60"
"""Seconds after which a wall comes again by itself: what begins and ends meanwhile no event tells of."""


class Room(NamedTuple):
    """What is on at one library."""

    id: str
    name: str
    sessions: Sequence[Seen]


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(f"{home}/today", today)]


async def today(request: web.Request) -> web.Response:
    """``GET /{language}/staff/today?branch=``: what is on today, in the order of its time; of all libraries by library.

    With ``?date=`` it is another day's.

    With ``?wall`` it is for a screen across the room: what is on and what comes, large, and it comes again by itself.
    With ``?wall&still`` it does not: who reads slowly, or hears it, is not thrown back (WCAG 2.2.1, 2.2.2).
    """
    branch = branch_of(request)
    now = request.app[SITE].now().date()
    day = min(max(local_day(request.query.get("date"), now), FIRST), LAST)
    found = await seen_between(request, day, day, branch)
    wall = request.query.get("wall", "0") != "0"
    still = "still" in request.query
    shown = [one for one in found if one.phase not in {"over", "draft"}] if wall else found
    context = {
        "day": day,
        "is_today": day == now,
        "sessions": shown,
        "programme": by_library(shown, libraries(request)),
        "all": branch is None and len(libraries(request)) > 1,
        "away": bool(found) and all(one.seats is None for one in found if one.phase != "draft"),
        "still": still,
        "later": _later(found, wall=wall),
    }
    answer = page(request, "staff/wall.html" if wall else "staff/today.html", context)
    if wall and not still:
        answer.headers["Refresh"] = _EVERY
    return answer


def by_library(sessions: Sequence[Seen], names: Mapping[str, str]) -> Sequence[Room]:
    """The sessions of each library that has any, in the order of the libraries."""
    found: dict[str, list[Seen]] = {}
    for one in sessions:
        found.setdefault(one.plan.branch.id, []).append(one)
    known = [id_ for id_ in names if id_ in found]
    others = [id_ for id_ in found if id_ not in names]
    return [Room(id_, found[id_][0].plan.branch.name, found[id_]) for id_ in (*known, *others)]


def _later(found: Sequence[Seen], *, wall: bool) -> bool:
    """Whether a wall has nothing left to show of a day that had something."""
    return wall and bool(found) and all(one.phase in {"over", "draft"} for one in found)


def local_day(text: str | None, default: date) -> date:
    """The day an address names; what is none is ``default``."""
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        return default
