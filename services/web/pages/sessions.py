"""Each session's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.web.keys import CATALOG, SITE
from services.web.offers import offer
from shared.http import path_id
from shared.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [web.get(home + "/sessions/{session}", session)]


def session_id(request: web.Request) -> UUID:
    """The session an address names.

    Raises:
        Problem: 404; what is no id cannot exist.
    """
    return path_id(request, "session", Problem("unknown-session", 404, "There is no such session"))


async def session(request: web.Request) -> web.Response:
    """``GET /{language}/sessions/{id}``: one session."""
    site = request.app[SITE]
    found = await request.app[CATALOG].session(session_id(request))
    context = {"session": found, "offer": offer(found, site.now())}
    return site.page(request, "session.html", context, personal=False)
