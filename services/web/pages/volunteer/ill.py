"""Being ill: everything of today is passed on with one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.web.helping.frame import helpers_only, notice, page, to, volunteers
from services.web.pages.volunteer.overview import WORDS, mine
from services.web.rendering import LANGUAGE, msgid

if TYPE_CHECKING:
    from services.web.helping.views import Doing, Mine


def routes(home: str) -> list[web.RouteDef]:
    """Where this is."""
    return [web.get(f"{home}/ill", helpers_only(ask)), web.post(f"{home}/ill", helpers_only(pass_on))]


async def ask(request: web.Request) -> web.Response:
    """``GET .../ill``: what would be passed on."""
    return page(request, "volunteer/ill.html", dict(WORDS) | {"doings": _left(await mine(request))})


async def pass_on(request: web.Request) -> web.Response:
    """``POST .../ill``: others are asked in their stead."""
    await volunteers(request).send(None, "POST", "/v1/me/ill", json={})
    return to(request, "", notice=notice(request[LANGUAGE].gettext(_WELL)))


def _left(mine: Mine) -> list[Doing]:
    """What of today is still theirs."""
    return [one for one in mine.shown(mine.today) if one.is_theirs]


_WELL = msgid("Krya på dig! Vi har sagt till biblioteket och frågar andra.")
