"""What there is to come to: the programme."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import hdrs, web

from services.web.keys import CATALOG, SITE
from services.web.offers import days

_DAYS_SHOWN = 14


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [web.get("/", start), web.get(home, start), web.get(f"{home}/", programme)]


async def start(request: web.Request) -> web.Response:
    """``GET /``: to the programme in the visitor's language."""
    language = request.app[SITE].language(request)
    return web.Response(status=303, headers={hdrs.LOCATION: f"/{language.tag}/", hdrs.VARY: hdrs.ACCEPT_LANGUAGE})


async def programme(request: web.Request) -> web.Response:
    """``GET /{language}/``: the coming two weeks."""
    site = request.app[SITE]
    now = site.now()
    today = now.date()
    cursor = request.query.get("cursor")
    asked = {"from": today.isoformat(), "to": (today + timedelta(days=_DAYS_SHOWN)).isoformat()}
    found = await request.app[CATALOG].sessions(asked | ({"cursor": cursor} if cursor else {}))
    context = {
        "days": days(found.items, site.zone, now),
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "cursor": cursor,
        "next": found.next,
    }
    return site.page(request, "programme.html", context, personal=False)
