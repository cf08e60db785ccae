"""The libraries: all of them, each with its hours and programme, and its week for the notice board."""

from __future__ import annotations

from datetime import date, timedelta
from http import HTTPStatus
from itertools import groupby
from math import inf
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from aiohttp import web

from services.web.keys import CATALOG, SETTINGS, SITE
from services.web.lost import Reason, Way, lost
from services.web.offers import Card, days
from services.web.opening import Open, on, staffed_next, week
from services.web.pages.numbers import has_numbers
from services.web.rendering import LANGUAGE, msgid
from services.web.structured import addresses
from services.web.wishes import Wishes, local_day
from shared.i18n import swedish_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.web.upstream import Branch, BranchDetail, Session

_SHOWN = 20
"""Coming sessions on a library's own page; the list has all."""
_WEEK = timedelta(weeks=1)
_SIZES = {"large": 20, "medium": 32, "small": inf}
"""The sizes of the board's letters by how many lines of them an A4 has below the heading: measured."""


class District(NamedTuple):
    """The libraries of a part of the city."""

    name: str
    """Empty for those of which it is not known."""
    branches: list[Branch]


class Entry(NamedTuple):
    """What happens at several times of a day, or at one; the sessions differ in nothing else that is shown."""

    sessions: list[Session]


class BoardDay(NamedTuple):
    """A day on the notice board."""

    open: Open
    entries: list[Entry]


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    one = home + "/branches/{branch}"
    return [
        web.get(f"{home}/branches", branches),
        web.get(one, branch),
        web.get(one + "/week/{day}", board),
    ]


async def branches(request: web.Request) -> web.Response:
    """``GET /{language}/branches``: every library."""
    found = await request.app[CATALOG].branches()
    context = {"districts": districts(found.items), "addresses": addresses(request)}
    return request.app[SITE].page(request, "branches.html", context, personal=False)


def districts(found: Iterable[Branch]) -> list[District]:
    """Libraries by part of the city, those in Swedish order and the unknown last."""

    def part(one: Branch) -> tuple[bool, str]:
        return not one.district, swedish_order(one.district)

    grouped = [list(some) for _, some in groupby(sorted(found, key=part), key=part)]
    return [District(some[0].district, some) for some in grouped]


async def branch(request: web.Request) -> web.Response:
    """``GET /{language}/branches/{id}``: a library, when it is open, and what happens there."""
    site = request.app[SITE]
    found = await request.app[CATALOG].branch(request.match_info["branch"])
    now = site.now()
    wishes = Wishes(where=found.id)
    asked = wishes.wanted(now.date()) | {"cancelled": "true", "page": "1", "limit": str(_SHOWN)}
    coming = await request.app[CATALOG].sessions(asked)
    feed = f"/{request[LANGUAGE].tag}/branches/{found.id}/calendar.ics"
    context = {
        "branch": found,
        "today": on(found, now.date()),
        "next_time": staffed_next(found, now.date()),
        "week": week(found),
        "unstaffed": any(not span.staffed for span in found.hours),
        "days": days(coming.items, site.zone, now),
        "has_numbers": await has_numbers(request, found.id),
        "more": (coming.total or 0) > _SHOWN,
        "total": coming.total,
        "list": wishes.address,
        "feed": feed,
        "subscription": _subscription(request.app[SETTINGS].public_url, feed),
        "monday": _monday(now.date()),
        "addresses": addresses(request),
    }
    return site.page(request, "branch.html", context, personal=False)


def _subscription(public_url: str, path: str) -> str:
    """The address by which a calendar program takes a calendar to keep up with; empty without a public one."""
    public = urlsplit(public_url)
    return f"webcal://{public.netloc}{public.path}{path}" if public_url else ""


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


async def board(request: web.Request) -> web.Response:
    """``GET /{language}/branches/{id}/week/{monday}``: a week of a library on paper; any day leads to its Monday.

    A week that is over is 410 Gone, for the same reason as a session that is.
    """
    site = request.app[SITE]
    found = await request.app[CATALOG].branch(request.match_info["branch"])
    now = site.now()
    this_monday = _monday(now.date())
    day = local_day(request.match_info["day"])
    if day is None:
        return lost(request, HTTPStatus.NOT_FOUND, _NO_SUCH_WEEK, _ways(request, found, this_monday))
    if day < this_monday:
        return lost(request, HTTPStatus.GONE, _HAS_BEEN, _ways(request, found, this_monday))
    monday = _monday(day)
    last = (await request.app[CATALOG].choices()).last or now.date()
    if monday > last:
        return lost(request, HTTPStatus.NOT_FOUND, _NOT_YET, _ways(request, found, this_monday))
    if day != monday:
        raise web.HTTPMovedPermanently(_week_address(request, found, monday))
    coming = await request.app[CATALOG].every_session(_asked(found, monday))
    by_date = {shown.date: entries(shown.cards) for shown in days(coming, site.zone, now)}
    week_days = [monday + timedelta(days=weekday) for weekday in range(7)]
    told = [BoardDay(on(found, one), by_date.get(one, [])) for one in week_days]
    told = [one for one in told if one.entries or one.open.reasons]
    context = {
        "branch": found,
        "days": told,
        "first": monday,
        "last": week_days[-1],
        "size": size(found.name, told),
        "before": monday - _WEEK if monday > this_monday else None,
        "after": monday + _WEEK if monday + _WEEK <= last else None,
        "site_name": urlsplit(request.app[SETTINGS].public_url).netloc,
    }
    return site.page(request, "week.html", context, personal=False)


def entries(cards: Iterable[Card]) -> list[Entry]:
    """A day's sessions in order of time, those that follow upon the same as one."""

    def shown(one: Session) -> tuple[object, ...]:
        return one.kind, one.titles, one.place, one.room, one.languages, one.mode, one.booked_by, one.status

    sessions = (slot.session for card in cards for slot in card.slots or (card,))
    return [Entry(list(same)) for _, same in groupby(sessions, key=shown)]


def size(name: str, told: Iterable[BoardDay]) -> str:
    """How large the letters on a library's board may be, for most weeks to fill one page and no more."""
    lines = 2.3 * (len(name) // 20)
    for day in told:
        lines += 2.8 + 2.3 * bool(day.open.reasons)
        lines += sum(3.9 + 1.6 * (len(entry.sessions) - 1) for entry in day.entries)
    return next(size for size, most in _SIZES.items() if lines <= most)


def _week_address(request: web.Request, found: BranchDetail, monday: date) -> str:
    return f"/{request[LANGUAGE].tag}/branches/{found.id}/week/{monday}"


def _ways(request: web.Request, found: BranchDetail, monday: date) -> list[Way]:
    """Where whoever asked for a week that cannot be shown may go."""
    library = f"/{request[LANGUAGE].tag}/branches/{found.id}"
    return [Way(_week_address(request, found, monday), _THIS_WEEK), Way(library, _LIBRARY, {"name": found.name})]


def _asked(found: BranchDetail, monday: date) -> dict[str, str]:
    """Everything a library offers to everybody in one week, in catalog's words."""
    return {
        "branch": found.id,
        "audience": "everyone",
        "cancelled": "true",
        "from": monday.isoformat(),
        "to": (monday + _WEEK).isoformat(),
    }


_NO_SUCH_WEEK = Reason(
    msgid("Den veckan finns inte"),
    msgid("Adressen är fel. En vecka skrivs med sin måndag: år, månad och dag."),
)
_HAS_BEEN = Reason(msgid("Den veckan har varit"), msgid("Vi visar bara veckor som kommer."))
_NOT_YET = Reason(
    msgid("Programmet är inte klart så långt fram"),
    msgid("Vi vet ännu inte vad som händer den veckan."),
)
_THIS_WEEK = msgid("Den här veckan")
_LIBRARY = msgid("Till %(name)s")
