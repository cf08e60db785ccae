"""The library takes a seat away, after whoever does it has seen who is told of it and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.web.pages.staff.reach import person_of
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import notice, page, services, to
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.upstream import Listed, StaffSession

_DONE = msgid("Platsen är tillbaka. Den som står först i kön får den.")
_ALERTS = {
    "closed": msgid("Det går inte längre. Den som är här eller var här har kvar sin plats."),
    "not-seated": msgid("Den här bokningen har ingen plats längre."),
}


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    revoke = home + "/sessions/{session}/people/{booking}/revoke"
    return [web.get(revoke, asked), web.post(revoke, revoked)]


async def asked(request: web.Request) -> web.Response:
    """``GET .../people/{booking}/revoke``: who is told of it, and how."""
    return _page(request, *await person_of(request))


async def revoked(request: web.Request) -> web.Response:
    """``POST .../people/{booking}/revoke``: the seat is others'. It cannot be taken back: they were told."""
    session, one = await person_of(request)
    said = {"booking_id": str(one.id), "attendance": "revoked"}
    try:
        await services(request).booking.send(None, "POST", f"/v1/sessions/{session.id}/attendance", json=said)
    except Problem as problem:
        if problem.document.type not in _ALERTS:
            raise
        return _page(request, session, one, _ALERTS[problem.document.type], problem.document.status)
    text = request[LANGUAGE].gettext(_DONE)
    return to(request, f"/sessions/{session.id}/people", notice=notice(text))


def _page(request: web.Request, session: StaffSession, one: Listed, alert: str = "", status: int = 200) -> web.Response:
    context = {"session": session, "one": one, "alert": alert}
    return page(request, "staff/revoke.html", context, status=status)
