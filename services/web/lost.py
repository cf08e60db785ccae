"""A page for whoever came to where nothing is: it says why, and where to go on."""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from services.web.keys import SITE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import web

_NO_VALUES: Mapping[str, str] = MappingProxyType({})


class Way(NamedTuple):
    """Where to go on. ``text`` is a msgid, filled with ``values``."""

    address: str
    text: str
    values: Mapping[str, str] = _NO_VALUES


class Reason(NamedTuple):
    """Why nothing is here; both are msgids, filled with ``values``."""

    heading: str
    text: str
    values: Mapping[str, str] = _NO_VALUES


def lost(request: web.Request, status: HTTPStatus, reason: Reason, ways: list[Way]) -> web.Response:
    """The page that says so; the first of ``ways`` is the one most people want."""
    context = {"reason": reason, "ways": ways}
    return request.app[SITE].page(request, "lost.html", context, status=status, personal=False)
