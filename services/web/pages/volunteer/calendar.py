"""A private calendar: made and revoked by whoever it is of, read by whoever knows its address."""

from __future__ import annotations

from aiohttp import hdrs, web

from services.web.helping.frame import helpers_only, home, notice, page, to, volunteers
from services.web.helping.keys import VOLUNTEERS
from services.web.helping.views import CalendarKnown, CalendarSecret
from services.web.keys import SETTINGS
from services.web.rendering import LANGUAGE, msgid
from services.web.transfer import over_tls


def routes(home: str) -> list[web.RouteDef]:
    """Where these are."""
    return [
        web.get(f"{home}/calendar", helpers_only(calendar)),
        web.post(f"{home}/calendar", helpers_only(make)),
        web.post(f"{home}/calendar/revoke", helpers_only(revoke)),
        web.get(home + "/feed/{secret}.ics", feed),
    ]


async def calendar(request: web.Request) -> web.Response:
    """``GET .../calendar``: what a private calendar is, and whether they have one."""
    known = await volunteers(request).get(CalendarKnown, "/v1/me/calendar")
    return page(request, "volunteer/calendar.html", {"address": None, "made_at": known.made_at})


async def make(request: web.Request) -> web.Response:
    """``POST .../calendar``: make its address, which is shown this once; one from before is no good any more."""
    made = await volunteers(request).send(CalendarSecret, "POST", "/v1/me/calendar")
    own = f"{'https' if over_tls(request) else 'http'}://{request.host}"
    address = f"{request.app[SETTINGS].public_url or own}{home(request)}/feed/{made.secret}.ics"
    response = page(request, "volunteer/calendar.html", {"address": address, "made_at": None})
    response.headers[hdrs.CACHE_CONTROL] = "no-store"
    return response


async def revoke(request: web.Request) -> web.Response:
    """``POST .../calendar/revoke``: whoever has its address sees nothing any more."""
    await volunteers(request).send(None, "DELETE", "/v1/me/calendar")
    return to(request, "/calendar", notice=notice(request[LANGUAGE].gettext(_REVOKED)))


async def feed(request: web.Request) -> web.Response:
    """``GET .../feed/{secret}.ics``: the calendar, for a calendar program."""
    found = await request.app[VOLUNTEERS].calendar(request.match_info["secret"])
    headers = {hdrs.CACHE_CONTROL: "no-store", hdrs.CONTENT_TYPE: "text/calendar; charset=utf-8"}
    return web.Response(body=found, headers=headers)


_REVOKED = msgid("Kalenderns adress gäller inte längre.")
