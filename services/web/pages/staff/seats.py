"""The parts of pages that change with a session's seats, for the script that keeps them true."""

from __future__ import annotations

from aiohttp import web

from services.web.pages.staff.sessions import session_id
from services.web.staff.frame import fragment
from services.web.staff.sessions import seen

_VIEWS = frozenset({"today", "today-all", "chip", "wall", "wall-all", "board"})


def routes(home: str) -> list[web.RouteDef]:
    """Where these are."""
    return [web.get(f"{home}/sessions/{{session}}/seats", seats)]


async def seats(request: web.Request) -> web.Response:
    """``GET /{language}/staff/sessions/{id}/seats?as=``: one session as a page shows it.

    Raises:
        web.HTTPBadRequest: no page shows it so.
    """
    view = request.query.get("as", "")
    if view not in _VIEWS:
        raise web.HTTPBadRequest
    return fragment(request, "staff/seats_part.html", {"seen": await seen(request, session_id(request)), "view": view})
