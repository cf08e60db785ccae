"""What Plats does with people's details, and how it can be used by everybody."""

from __future__ import annotations

from aiohttp import web

from services.web.keys import SITE


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [web.get(f"{home}/about/privacy", privacy), web.get(f"{home}/about/accessibility", accessibility)]


async def privacy(request: web.Request) -> web.Response:
    """``GET /{language}/about/privacy``: what is kept about a visitor and why, as GDPR article 13 asks."""
    return request.app[SITE].page(request, "privacy.html", {}, personal=False)


async def accessibility(request: web.Request) -> web.Response:
    """``GET /{language}/about/accessibility``: the statement that the law on digital service asks for (2018:1937)."""
    return request.app[SITE].page(request, "accessibility.html", {}, personal=False)
