"""All of one day, in order of time, and the days around it."""

from __future__ import annotations

import asyncio
from bisect import bisect
from datetime import date, timedelta
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import web
from babel.dates import format_date

from services.web.keys import CATALOG, SITE
from services.web.lost import Reason, Way, lost
from services.web.offers import Card, cards, together
from services.web.rendering import LANGUAGE, msgid
from services.web.wishes import local_day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


_PARTS = (msgid("Förmiddag"), msgid("Eftermiddag"), msgid("Kväll"))
_BEGINNINGS = (12, 17)
"""The hours at which the second and the third of them begin."""


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [web.get(home + "/days/{day}", day)]


class Part(NamedTuple):
    """The sessions of a part of the day; its name is a msgid."""

    name: str
    cards: list[Card]


class Weekday(NamedTuple):
    """A day of those around the one that is shown."""

    date: date
    name: str
    """Three letters or so."""


async def day(request: web.Request) -> web.Response:
    """``GET /{language}/days/2026-11-24``: one local day.

    A day that has been is gone for good: 410. One that does not exist, or that the programme does not reach: 404.
    """
    site, catalog = request.app[SITE], request.app[CATALOG]
    now = site.now()
    today = now.date()
    wanted = local_day(request.match_info["day"])
    if wanted is None:
        return lost(request, HTTPStatus.NOT_FOUND, _NO_SUCH_DAY, _ways(request, today))
    if wanted < today:
        return lost(request, HTTPStatus.GONE, _HAS_BEEN, _ways(request, today))
    choices, sessions = await asyncio.gather(catalog.choices(), catalog.every_session(_asked(wanted)))
    last = max(choices.last or today, today)
    if wanted > last:
        beyond = Reason(_NOT_YET, _REACHES, {"day": _written(request, wanted), "last": _written(request, last)})
        return lost(request, HTTPStatus.NOT_FOUND, beyond, [_way_to(request, last, _LAST), *_ways(request, today)])
    shown = cards(sessions, now)
    context = {
        "day": wanted,
        "today": today,
        "previous": wanted - timedelta(days=1) if wanted > today else None,
        "following": wanted + timedelta(days=1) if wanted < last else None,
        "week": [_weekday(request, one) for one in _week(wanted, today) if one <= last],
        "parts": _parts(shown, site.zone),
        "closed": next((one for one in choices.closures if one.first <= wanted <= one.last), None),
    }
    return site.page(request, "day.html", context, personal=False)


def _week(day: date, today: date) -> list[date]:
    """Seven days: from the Monday before a day, or from today where that has been."""
    first = max(day - timedelta(days=day.weekday()), today)
    return [first + timedelta(days=ahead) for ahead in range(7)]


def _asked(day: date) -> dict[str, str]:
    """A day in catalog's words: what is for everybody."""
    after = day + timedelta(days=1)
    return {"audience": "everyone", "cancelled": "true", "from": day.isoformat(), "to": after.isoformat()}


def _parts(shown: list[Card], zone: ZoneInfo) -> list[Part]:
    def part(card: Card) -> str:
        return _PARTS[bisect(_BEGINNINGS, card.session.starts_at.astimezone(zone).hour)]

    return [Part(name, together(several)) for name, several in groupby(shown, key=part)]


def _weekday(request: web.Request, day: date) -> Weekday:
    return Weekday(day, format_date(day, "EEE", locale=request[LANGUAGE].locale))


def _written(request: web.Request, day: date) -> str:
    return request[LANGUAGE].day(day, request.app[SITE].zone)


def _ways(request: web.Request, today: date) -> list[Way]:
    """Where whoever asked for a day that cannot be shown may go."""
    return [_way_to(request, today, _TODAY), Way(f"/{request[LANGUAGE].tag}/", msgid("Till programmet"))]


def _way_to(request: web.Request, day: date, text: str) -> Way:
    address = f"/{request[LANGUAGE].tag}/days/{day.isoformat()}"
    return Way(address, text, {"day": _written(request, day)})


_NO_SUCH_DAY = Reason(
    msgid("Den dagen finns inte"),
    msgid("Adressen är fel. En dag skrivs med år, månad och dag, till exempel 2026-11-24."),
)
_HAS_BEEN = Reason(msgid("Den dagen har varit"), msgid("Vi visar bara dagar som kommer."))
_NOT_YET = msgid("Programmet är inte klart så långt fram")
_REACHES = msgid("Vi vet ännu inte vad som händer %(day)s. Just nu slutar programmet %(last)s.")
_TODAY = msgid("Visa i dag, %(day)s")
_LAST = msgid("Visa %(day)s")
