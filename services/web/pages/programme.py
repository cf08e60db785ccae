"""What there is to come to: the programme, found by what one wishes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import hdrs, web
from babel.units import format_unit

from services.web.faults import Fault
from services.web.keys import CATALOG, SITE
from services.web.lost import Reason, Way, lost
from services.web.offers import cards, days, together
from services.web.rendering import LANGUAGE, msgid
from services.web.upstream import Branch, Choices, Kind, Near, Programme
from services.web.wishes import MAX_TEXT, ONLINE, Wishes, local_day, pages, refused
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from services.web.upstream import CatalogService

_DAYS_TO_CHOOSE = 56
_AUDIENCES = ("everyone", "teachers", "volunteers", "staff")
_MORE = ("near", "language", "q", "free")
"""The wishes that wide screens have behind a disclosure too."""


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [web.get("/", start), web.get(home, start), web.get(f"{home}/", programme)]


async def start(request: web.Request) -> web.Response:
    """``GET /``: to the programme in the visitor's language, with the same wishes."""
    language = request.app[SITE].language(request)
    address = f"/{language.tag}/{Wishes.asked(request.query).address}"
    return web.Response(status=303, headers={hdrs.LOCATION: address, hdrs.VARY: hdrs.ACCEPT_LANGUAGE})


class Neighbour(NamedTuple):
    """A library near the place somebody named, and how far it is in words."""

    branch: Branch
    distance: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """The form that finds, and what its wishes mean."""

    wishes: Wishes
    choices: Choices
    today: date
    faults: list[Fault] = field(default_factory=list)
    found: int = 0
    near: Near | None = None

    @property
    def kinds(self) -> list[Kind]:
        """Those for everybody first."""
        return sorted(self.choices.kinds, key=lambda kind: _AUDIENCES.index(kind.audience))

    @property
    def kind(self) -> Kind | None:
        """The one that is wished."""
        return next((kind for kind in self.choices.kinds if kind.id == self.wishes.kind), None)

    @property
    def branch(self) -> Branch | None:
        """The library that is wished."""
        return next((branch for branch in self.choices.branches if branch.id == self.wishes.where), None)

    @property
    def place(self) -> str:
        """What the place is called that libraries shall be near."""
        return self.near.name if self.near else self.wishes.near

    @property
    def online(self) -> bool:
        """Whether it shall be on the net."""
        return self.wishes.where == ONLINE

    @property
    def districts(self) -> list[str]:
        """The parts of the city that have libraries."""
        return sorted({branch.district for branch in self.choices.branches if branch.district})

    @property
    def languages(self) -> list[str]:
        """Those of the programme, and the one that is wished."""
        wished = self.wishes.language
        return [*self.choices.languages, *([wished] if wished and wished not in self.choices.languages else [])]

    @property
    def when(self) -> str:
        """What is chosen in the list of times: a word or a day."""
        return self.wishes.date or self.wishes.when

    @property
    def day(self) -> date | None:
        """The day that is wished."""
        return local_day(self.wishes.date)

    @property
    def has_been(self) -> bool:
        """Whether the day that is wished is over."""
        return self.day is not None and self.day < self.today

    @property
    def too_far(self) -> bool:
        """Whether the programme ends before the day that is wished."""
        return self.day is not None and self.day > (self.choices.last or self.today)

    @property
    def days(self) -> list[date]:
        """The days one can choose, and the one that is wished."""
        last = min(self.choices.last or self.today, self.today + timedelta(days=_DAYS_TO_CHOOSE))
        coming = {self.today + timedelta(days=ahead) for ahead in range((last - self.today).days + 1)}
        return sorted(coming | ({self.day} if self.day else set()))

    @property
    def filters(self) -> list[str]:
        """The wishes that phones have behind a disclosure: all that are no chip."""
        return [name for name in self.wishes.active if name != "kind"]

    @property
    def more(self) -> list[str]:
        """Those of them that wide screens have behind one too."""
        return [name for name in self.filters if name in _MORE]

    @property
    def more_faulty(self) -> bool:
        """Whether one of those cannot be understood."""
        return not self.faulty.isdisjoint(_MORE)

    @property
    def faulty(self) -> set[str]:
        """The wishes that cannot be understood, which do not stay behind a disclosure."""
        return {fault.field or "" for fault in self.faults}

    @property
    def pages(self) -> int:
        """How many pages hold what is found."""
        return pages(self.found)


async def programme(request: web.Request) -> web.Response:
    """``GET /{language}/``: what fits the wishes in the address, by day.

    An address that says the same in more words leads to the one that everybody shares.
    """
    wishes = Wishes.asked(request.query)
    if wishes.pairs != list(request.query.items()):
        raise web.HTTPSeeOther(_address(request, wishes))
    catalog, today = request.app[CATALOG], request.app[SITE].now().date()
    if faults := wishes.faults():
        return await _again(request, Search(wishes=wishes, choices=await catalog.choices(), today=today, faults=faults))
    choices, found = await asyncio.gather(catalog.choices(), _sessions(catalog, wishes, today))
    if isinstance(found, list):
        return await _again(request, Search(wishes=wishes, choices=choices, today=today, faults=found))
    search = Search(wishes=wishes, choices=choices, today=today, found=found.total or 0, near=found.near)
    if not search.found:
        return await _nothing(request, replace(search, wishes=wishes.at(1)))
    if wishes.number is None or wishes.number > search.pages:
        return _no_such_page(request, search)
    return _page(request, search, {"days": days(found.items, request.app[SITE].zone, request.app[SITE].now())})


async def _sessions(catalog: CatalogService, wishes: Wishes, today: date) -> Programme | list[Fault]:
    try:
        return await catalog.sessions(wishes.paged(today))
    except Problem as problem:
        return refused(problem)


def _page(
    request: web.Request, search: Search, shown: Mapping[str, object], *, status: int = HTTPStatus.OK
) -> web.Response:
    context = {
        "search": search,
        "tomorrow": search.today + timedelta(days=1),
        "neighbours": _neighbours(request, search),
        "days": [],
        "instead": [],
        "dropped": [],
        "meant": [],
    }
    return request.app[SITE].page(request, "programme.html", context | dict(shown), status=status, personal=False)


async def _again(request: web.Request, search: Search) -> web.Response:
    """The form, with what cannot be understood, and what may have been meant by a place that is not known."""
    near = search.wishes.near if "near" in search.faulty else ""
    meant = (await request.app[CATALOG].places(near)).items if 0 < len(near) <= MAX_TEXT else ()
    return _page(request, search, {"meant": meant}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


async def _nothing(request: web.Request, search: Search) -> web.Response:
    """That nothing fits, and what exists nearest to it."""
    if not search.wishes.active:
        return _page(request, search, {})
    nearest = await request.app[CATALOG].nearest(search.wishes.wanted(search.today))
    instead = together(cards(nearest.items, request.app[SITE].now()))
    return _page(request, search, {"instead": instead, "dropped": _dropped(search.wishes, nearest.dropped)})


def _dropped(wishes: Wishes, names: Iterable[str]) -> list[str]:
    """Which of the wishes catalog gave up; for it, what is near is a matter of where."""
    ours = [one for name in names for one in (("where", "near") if name == "where" else (name,))]
    return [name for name in ours if name in wishes.active]


def _no_such_page(request: web.Request, search: Search) -> web.Response:
    """What to do about a page that the list does not have: it was longer, or the address is wrong."""
    ways = [Way(_address(request, search.wishes.at(1)), _TO_FIRST)]
    if search.pages > 1:
        ways.insert(0, Way(_address(request, search.wishes.at(search.pages)), _TO_LAST))
    return lost(request, HTTPStatus.NOT_FOUND, Reason(_NO_SUCH_PAGE, _ENDS, {"last": str(search.pages)}), ways)


def _address(request: web.Request, wishes: Wishes) -> str:
    return f"/{request[LANGUAGE].tag}/{wishes.address}"


def _neighbours(request: web.Request, search: Search) -> list[Neighbour]:
    by_id = {branch.id: branch for branch in search.choices.branches}
    locale = request[LANGUAGE].locale
    return [
        Neighbour(by_id[near.id], format_unit(near.km, "length-kilometer", "short", locale=locale))
        for near in (search.near.branches if search.near else ())
        if near.id in by_id
    ]


_NO_SUCH_PAGE = msgid("Så lång är inte listan")
_ENDS = msgid("Den sista sidan har nummer %(last)s. Dina val finns kvar.")
_TO_LAST = msgid("Till den sista sidan")
_TO_FIRST = msgid("Till den första sidan")
