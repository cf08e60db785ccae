"""Who did what and who read what, in all services together: for those who answer for it."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, urlencode

from aiohttp import web
from pydantic import AwareDatetime

from services.web.faults import Fault
from services.web.keys import SITE
from services.web.rendering import msgid
from services.web.staff import admins_only, branch_of, page, services
from services.web.staff.deeds import DEEDS, FIELDS, KINDS, chosen
from services.web.staff.everywhere import NAMES, everywhere
from shared.models import Model

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from services.web.staff import StaffService

_PAGE = 100
_LONGEST = {"who": 200, "object": 60}
_YEARS = range(2000, 2100)
_PAGES = {
    "session": "/sessions/{object}",
    "booking": "/messages?booking={object}",
    "volunteer": "/volunteers/people/{object}",
    "dead-message": "/dead/{service}/{object}",
}
"""Where something is seen, by what it is."""

_NO_DAY = msgid("Skriv dagen som 2026-03-24.")


class Entry(Model):
    """Something that somebody did or read."""

    id: int
    at: AwareDatetime
    subject: str
    role: str
    branch_id: str | None
    action: str
    kind: str
    object: str
    fields: list[str]
    over: int | None


class Entries(Model):
    """What one service noted, the newest first."""

    items: list[Entry]
    next: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """An entry, and the service that noted it."""

    service: str
    entry: Entry

    @property
    def leads_to(self) -> str | None:
        """The page of what it was done to, below the staff's; None where there is none."""
        there = _PAGES.get(self.entry.kind)
        return there.format(service=self.service, object=quote(self.entry.object)) if there else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What all services noted, the newest first: as much as fits on a page."""

    noted: Sequence[Noted] = ()
    more: bool = False
    away: tuple[str, ...] = ()
    """Who said nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What is looked for, as it was typed; empty leaves a thing open."""

    who: str = ""
    what: str = ""
    object: str = ""
    first: str = ""
    last: str = ""
    before: Mapping[str, str] | None = None
    """The id in each service's audit before which the page begins."""

    @classmethod
    def of(cls, query: Mapping[str, str], names: Sequence[str]) -> Self:
        """What an address asks for."""

        def typed(name: str) -> str:
            return query.get(name, "").strip()[: _LONGEST.get(name, 40)]

        before = {name: typed(f"before-{name}") for name in names if typed(f"before-{name}").isdecimal()}
        return cls(
            who=typed("who"),
            what=typed("what") if chosen(typed("what")) else "",
            object=typed("object"),
            first=typed("first"),
            last=typed("last"),
            before=before,
        )

    @property
    def asks(self) -> bool:
        """Whether anything is looked for."""
        return any((self.who, self.what, self.object, self.first, self.last))

    def faults(self) -> list[Fault]:
        """What cannot be looked for."""
        return [Fault(name, _NO_DAY) for name in ("first", "last") if getattr(self, name) and not _day(self, name)]

    def params(self, zone: ZoneInfo, branch: str | None) -> dict[str, str]:
        """The same for a service. What was done to one thing is shown wherever it was done."""
        first, last = _day(self, "first"), _day(self, "last")
        action, kind = chosen(self.what) or ("", "")
        asked = {
            "subject": self.who,
            "action": action,
            "kind": kind,
            "object": self.object,
            "branch": "" if self.object else branch or "",
            "from": _midnight(first, zone) if first else "",
            "to": _midnight(last + timedelta(days=1), zone) if last else "",
        }
        return {name: value for name, value in asked.items() if value}

    def address(self, **changes: str) -> str:
        """The query that asks the same, or something else; always from its newest entry on unless it says so."""
        kept = {name: getattr(self, name) for name in ("who", "what", "object", "first", "last")}
        return urlencode({name: value for name, value in (kept | changes).items() if value})


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(f"{home}/audit", show)]


@admins_only
async def show(request: web.Request) -> web.Response:
    """``GET /{language}/staff/audit``: what was done, the newest first, as far as it is looked for."""
    search = Search.of(request.query, list(services(request).all()))
    faults = search.faults()
    found = Found() if faults else await _found(request, search)
    context = {
        "search": search,
        "faults": faults,
        "found": found,
        "names": NAMES,
        "older": search.address(**_before(search, found.noted)) if found.more else None,
        "deeds": DEEDS,
        "kinds": KINDS,
        "field_words": FIELDS,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/audit.html", context, status=status)


async def _found(request: web.Request, search: Search) -> Found:
    params = search.params(request.app[SITE].zone, branch_of(request))

    async def of(name: str, service: StaffService) -> tuple[list[Noted], bool]:
        before = (search.before or {}).get(name)
        cursor = {"cursor": before} if before else {}
        entries = await service.get(Entries, "/v1/audit", params=params | cursor)
        return [Noted(service=name, entry=entry) for entry in entries.items], entries.next is not None

    each = await everywhere(request, of)
    lists = [noted for noted, _ in each.said.values()]
    # Merged, not sorted: what one service noted stays in its order, by which it is asked for what came before.
    merged = list(heapq.merge(*lists, key=lambda noted: noted.entry.at, reverse=True))
    more = len(merged) > _PAGE or any(goes_on for _, goes_on in each.said.values())
    return Found(noted=merged[:_PAGE], more=more, away=each.away)


def _before(search: Search, shown: Sequence[Noted]) -> dict[str, str]:
    """Where the next page begins in each service: after what was shown of it, here or on a page before."""
    last = {f"before-{name}": id_ for name, id_ in (search.before or {}).items()}
    return last | {f"before-{noted.service}": str(noted.entry.id) for noted in shown}


def _day(search: Search, name: str) -> date | None:
    try:
        day = date.fromisoformat(getattr(search, name))
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _midnight(day: date, zone: ZoneInfo) -> str:
    return datetime.combine(day, time(), zone).isoformat()
