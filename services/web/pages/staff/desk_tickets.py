"""The line with numbers: drawn, called, served and given up with one tap each, and each tap taken back with another."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from aiohttp import web

from services.web.desk.told import Ticket, TicketsOfDay
from services.web.faults import is_number, typed
from services.web.keys import SITE
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, branch_of, libraries, notice, page, services, to
from shared.http import path_id
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_DESKS = 9
"""So many desks one may choose from; booking knows more."""
_SHOWN_OVER = 5

_CALLED = msgid("Nummer %(number)s är uppropat.")
_TAPPED: Mapping[str, str] = {
    "served": msgid("Nummer %(number)s har fått hjälp."),
    "gave-up": msgid("Nummer %(number)s gick."),
    "again": msgid("Nummer %(number)s är uppropat igen."),
    "undo": msgid("Det senaste för nummer %(number)s är ångrat."),
}
_REFUSALS: Mapping[str, str] = {
    "nobody-waits": msgid("Ingen väntar just nu."),
    "ticket-over": msgid("Numret är från en annan dag."),
    "ticket-done": msgid("Numret är redan avslutat."),
    "ticket-not-called": msgid("Numret är inte uppropat."),
    "nothing-to-undo": msgid("Det finns inget att ångra."),
}


def routes(home: str) -> list[web.RouteDef]:
    """Where these are."""
    tickets = f"{home}/desk/tickets"
    return [
        web.get(tickets, line),
        web.post(f"{tickets}/draw", draw),
        web.post(f"{tickets}/next", call_next),
        web.post(tickets + "/{ticket}/{tap:served|gave-up|again|undo}", tap),
    ]


async def line(request: web.Request) -> web.Response:
    """``GET .../desk/tickets``: who waits, who is called, and who was; ``?drawn=`` is a number to hand over."""
    branch = _branch(request)
    if branch is None:
        return page(request, "staff/desk_library.html", {})
    found = await services(request).booking.get(TicketsOfDay, "/v1/tickets", params={"branch": branch})
    over = [one for one in found.items if one.state in {"served", "gave-up"}]
    context = {
        "branch": branch,
        "branch_name": libraries(request).get(branch, branch),
        "waiting": [one for one in found.items if one.state == "waiting"],
        "called": [one for one in found.items if one.state == "called"],
        "over": sorted(over, key=lambda one: one.called_at or one.drawn_at, reverse=True)[:_SHOWN_OVER],
        "drawn": next((one for one in found.items if str(one.id) == request.query.get("drawn")), None),
        "place": _place(request.query.get("place", "")),
        "places": range(1, _DESKS + 1),
        "today": request.app[SITE].now().date(),
        "key": str(uuid4()),
    }
    return page(request, "staff/desk_tickets.html", context)


async def draw(request: web.Request) -> web.Response:
    """``POST .../desk/tickets/draw``: the next number for whoever stands there."""
    values = await typed(request)
    branch = _chosen(request, values)
    drawn = await services(request).booking.send(
        Ticket, "POST", "/v1/tickets", json={"branch_id": branch}, idempotency_key=values.get("key") or None
    )
    return to(request, _line(values, drawn=drawn))


async def call_next(request: web.Request) -> web.Response:
    """``POST .../desk/tickets/next``: whoever has waited longest, to the desk that is free."""
    values = await typed(request)
    place = _place(values.get("place", ""))
    asked = {"branch_id": _chosen(request, values)} | ({"place": place} if place else {})
    try:
        called = await services(request).booking.send(
            Ticket, "POST", "/v1/tickets/next", json=asked, idempotency_key=values.get("key") or None
        )
    except Problem as problem:
        return _refused(request, values, problem)
    return _done(request, values, _CALLED, called)


async def tap(request: web.Request) -> web.Response:
    """``POST .../desk/tickets/{ticket}/{tap}``: what became of a number, or the last tap on it taken back."""
    values = await typed(request)
    ticket = path_id(request, "ticket", Problem("unknown-ticket", 404, "There is no such ticket"))
    what = request.match_info["tap"]
    try:
        tapped = await services(request).booking.send(Ticket, "POST", f"/v1/tickets/{ticket}/{what}")
    except Problem as problem:
        return _refused(request, values, problem)
    return _done(request, values, _TAPPED[what], tapped, can_undo=what != "undo")


def _done(
    request: web.Request, values: Mapping[str, str], text: str, ticket: Ticket, *, can_undo: bool = True
) -> web.Response:
    place = values.get("place", "")
    undo = Undo(path=f"/desk/tickets/{ticket.id}/undo", fields={"place": place} if place else {})
    said = request[LANGUAGE].gettext(text) % {"number": ticket.number}
    return to(request, _line(values), notice=notice(said, undo if can_undo else None))


def _refused(request: web.Request, values: Mapping[str, str], problem: Problem) -> web.Response:
    """The line as it is now, and why it stays so: somebody else may have tapped.

    Raises:
        Problem: it is something else.
    """
    text = _REFUSALS.get(problem.document.type)
    if text is None:
        raise problem
    return to(request, _line(values), notice=notice(request[LANGUAGE].gettext(text)))


def _line(values: Mapping[str, str], *, drawn: Ticket | None = None) -> str:
    """The line again, for the same desk."""
    place = _place(values.get("place", ""))
    asked = [*([f"drawn={drawn.id}"] if drawn else []), *([f"place={place}"] if place else [])]
    return "/desk/tickets" + ("?" + "&".join(asked) if asked else "")


def _place(text: str) -> int | None:
    """The desk that somebody stands at; None where they do not say."""
    return int(text) if is_number(text) and len(text) == 1 and 1 <= int(text) <= _DESKS else None


def _branch(request: web.Request) -> str | None:
    mine = list(libraries(request))
    return branch_of(request) or (mine[0] if len(mine) == 1 else None)


def _chosen(request: web.Request, values: Mapping[str, str]) -> str:
    """The library whose line it is, as its page said.

    Raises:
        web.HTTPBadRequest: it is none of theirs.
    """
    if values.get("branch") not in libraries(request):
        raise web.HTTPBadRequest
    return values["branch"]
