"""Finding somebody at the desk by what they have with them: a code, a name, a phone."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from services.web.desk.occasions import sessions_of
from services.web.desk.told import FoundBookings
from services.web.faults import Fault, typed
from services.web.keys import SITE
from services.web.rendering import msgid
from services.web.staff import branch_of, libraries, page, services, to
from shared.problems import Problem

_NOTHING_TO_LOOK_FOR = msgid("Skriv koden, minst två bokstäver av namnet, eller de sista siffrorna i numret.")


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(f"{home}/desk/search", ask), web.post(f"{home}/desk/search", search)]


async def ask(request: web.Request) -> web.Response:
    """``GET .../desk/search``: what somebody looks for is typed here."""
    return page(request, "staff/desk_search.html", _context(request))


async def search(request: web.Request) -> web.Response:
    """``POST .../desk/search``: those it may be. Who is the only one is shown at once.

    Posted, as names and numbers do not belong into an address.
    """
    values = await typed(request)
    context = _context(request, sought=values.get("q", "")[:60], library=values.get("library", ""))
    if not context["library"]:
        return page(request, "staff/desk_search.html", context)
    asked = {"branch": context["library"], "q": context["sought"]}
    try:
        found = await services(request).booking.send(FoundBookings, "POST", "/v1/desk/search", json=asked)
    except Problem as problem:
        if problem.document.type != "invalid":
            raise
        faults = [Fault(field="q", text=_NOTHING_TO_LOOK_FOR)]
        return page(
            request, "staff/desk_search.html", context | {"faults": faults}, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    if len(found.items) == 1:
        only = found.items[0]
        return to(request, f"/desk/bookings/{only.session_id}/{only.id}")
    sessions = await sessions_of(request, (one.session_id for one in found.items))
    return page(request, "staff/desk_search.html", context | {"found": found.items, "sessions": sessions})


def _context(request: web.Request, *, sought: str = "", library: str = "") -> dict[str, object]:
    """What the page shows before anything is found; with one library it is clear where to look."""
    mine = libraries(request)
    chosen = library if library in mine else branch_of(request) or (next(iter(mine)) if len(mine) == 1 else "")
    return {
        "sought": sought,
        "library": chosen,
        "found": None,
        "sessions": {},
        "faults": [],
        "now": request.app[SITE].now(),
    }
