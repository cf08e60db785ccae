"""The line on which open staff pages hear what changed."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import hdrs, web

from services.web.staff.boundary import SIGNED_IN
from services.web.staff.live import Live
from shared.db import AWAY

LIVE = web.AppKey("live", Live)

_BEAT = 15.0
"""Seconds of silence after which a sign of life is sent: proxies end lines that say nothing for a minute."""
_MOMENT = 0.1
"""Seconds in which changes are gathered: a cancelled session with thirty bookings is one piece of news."""


def routes(home: str) -> list[web.RouteDef]:
    """Where this is."""
    return [web.get(f"{home}/live", live)]


async def live(request: web.Request) -> web.StreamResponse:
    """``GET /{language}/staff/live``: events ``session`` with an id, ``again``, and ``over`` when signed out."""
    response = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: "text/event-stream",
            hdrs.CACHE_CONTROL: "no-store",
            "X-Accel-Buffering": "no",
            "X-Content-Type-Options": "nosniff",
        }
    )
    await response.prepare(request)
    with request.app[LIVE].watching() as watcher, suppress(ConnectionResetError, *AWAY):  # the page asks again
        await response.write(b"retry: 2000\n\n")
        while not watcher.over:
            news = await watcher.news(_BEAT)
            session = await request.app[SIGNED_IN].find(request)
            if session is None or session.over:
                await response.write(b"event: over\ndata: signed out\n\n")
                break
            await response.write(news.encode())
            await asyncio.sleep(_MOMENT)
    return response
