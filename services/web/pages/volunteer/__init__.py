"""The pages of those who help, and of those who coordinate them for a partner: a module for each thing they do.

A module adds its routes here and its name on top of pages, if it has one, in
:data:`services.web.helping.frame.ROOMS`.
"""

from aiohttp import web

from services.web.pages.volunteer import (
    assignment,
    calendar,
    coordinator,
    handing_over,
    hours,
    ill,
    interest,
    open_shifts,
    overview,
    profile,
    signing,
    swapping,
)
from services.web.pages.volunteer.signing import GOING, Going

__all__ = ["GOING", "Going", "routes"]

_PAGES = (
    *(signing, interest, overview, assignment, swapping, ill, open_shifts, hours, calendar, profile),
    *(coordinator, handing_over),
)


def routes(home: str) -> list[web.RouteDef]:
    """Where all of them are."""
    return [route for room in _PAGES for route in room.routes(home)]
