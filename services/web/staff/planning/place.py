"""At which library somebody plans: what they plan belongs to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.web.staff.frame import branch_of, libraries, page
from shared.auth import forbidden

if TYPE_CHECKING:
    from aiohttp import web


def library_of(request: web.Request) -> str | None:
    """The library that somebody works with now, or the only one that is theirs; None is still to be chosen."""
    mine = libraries(request)
    return branch_of(request) or (next(iter(mine)) if len(mine) == 1 else None)


def library_said(request: web.Request, branch: str) -> str:
    """The library that a form was made for, whatever was chosen in another window since.

    Raises:
        Problem: 403 where it is not theirs.
    """
    if branch not in libraries(request):
        raise forbidden("not your library")
    return branch


def choose_library(request: web.Request) -> web.Response:
    """The page on which a library is chosen first."""
    return page(request, "staff/programme_library.html", {})
