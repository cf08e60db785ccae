"""Whose turn it is at a library where one takes a number: large enough to be read across a room."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from services.web.keys import BOOKING, CATALOG, SITE
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.upstream import BranchDetail, Tickets

_EVERY = "10"
"""Seconds after which the page asks again by itself."""
_KIND = "it_host"
"""Where these are offered one takes a number."""


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(home + "/branches/{branch}/queue", numbers)]


async def numbers(request: web.Request) -> web.Response:
    """``GET /{language}/branches/{id}/queue``: the numbers that are called now, and how many wait.

    It comes again by itself, as the screen on a wall has to, also after a while without an answer. With ``?still`` it
    does not: who reads slowly, or hears the page, is not thrown back to its beginning (WCAG 2.2.1, 2.2.2).
    """
    found = await request.app[CATALOG].branch(request.match_info["branch"])
    line = await _line(request, found)
    still = "still" in request.query
    context = {"branch": found, "line": line, "still": still}
    status = HTTPStatus.OK if line else HTTPStatus.SERVICE_UNAVAILABLE
    page = request.app[SITE].page(request, "numbers.html", context, status=status, personal=False)
    if not still:
        page.headers["Refresh"] = _EVERY
    return page


async def _line(request: web.Request, found: BranchDetail) -> Tickets | None:
    """How its line stands; None while booking is away."""
    try:
        return await request.app[BOOKING].tickets(found.id)
    except Problem as problem:
        if problem.document.status != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return None


async def has_numbers(request: web.Request, branch_id: str) -> bool:
    """Whether one takes a number at a library, as far as catalog can say now."""
    try:
        found = await request.app[CATALOG].sessions({"branch": branch_id, "kind": _KIND, "limit": "1"})
    except Problem:
        return False
    return bool(found.items)
