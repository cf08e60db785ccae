"""What keeps a page true while somebody looks at it: how full sessions are now, in words."""

from __future__ import annotations

from uuid import UUID

from aiohttp import hdrs, web

from services.web.forms import Way
from services.web.keys import CATALOG, SITE
from services.web.upstream import Availability

_MOST = 60
"""Sessions in one question, as live.js asks."""


def routes(home: str) -> list[web.RouteDef]:
    """Where this is."""
    return [web.get(f"{home}/seats", seats)]


def _way(now: Availability) -> str:
    """The last word of the address at which one can do something about a session; empty where one cannot."""
    if now.seats.left:
        return Way.BOOK
    return Way.QUEUE if now.queue.left else ""


async def seats(request: web.Request) -> web.Response:
    """``GET /{language}/seats?s=<id>&s=<id>``: the words about the free places of sessions and what to do, by session.

    Only of those that can be booked or are full. What has become something else is left out; a page that is
    loaded again tells it.

    Raises:
        web.HTTPBadRequest: what is asked for are no sessions, or too many.
    """
    asked = request.query.getall("s", [])
    if not 0 < len(asked) <= _MOST:
        raise web.HTTPBadRequest
    try:
        ids = [UUID(text) for text in asked]
    except ValueError as error:
        raise web.HTTPBadRequest from error
    site = request.app[SITE]
    found = await request.app[CATALOG].availability(ids)
    told = {
        str(now.session_id): {
            "text": site.said(request, "sessions.html", "free", now),
            "left": now.seats.left,
            "way": _way(now),
            "does": site.said(request, "sessions.html", "does", _way(now)),
        }
        for now in found.items
        if now.status == "published" and now.bookable
    }
    return web.json_response(told, headers={hdrs.CACHE_CONTROL: "no-store"})
