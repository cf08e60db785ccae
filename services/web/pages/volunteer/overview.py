"""What somebody who helps sees first: what they are asked, what is today, what comes and what was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.web.helping.frame import asks, page, to

if TYPE_CHECKING:
    pass


def routes(home: str) -> list[web.RouteDef]:
    """Where this is."""
    return [web.get(home, overview)]


async def overview(request: web.Request) -> web.Response:
    """``GET /{language}/volunteer``: a coordinator who does not help themselves begins with their people."""
    if not asks(request).volunteer:
        return to(request, "/people")
    return page(request, "volunteer/overview.html", {})
