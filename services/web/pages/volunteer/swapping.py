"""Library friends swap their turns among themselves: it stays one's own until another says yes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web

from services.web.helping.frame import helpers_only, notice, page, posted, to, volunteers
from services.web.helping.refusals import refused
from services.web.helping.views import Exchanges
from services.web.pages.volunteer.assignment import assignment_id, doing
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.helping.views import Doing


def routes(home: str) -> list[web.RouteDef]:
    """Where these are."""
    at = home + "/assignments/{assignment}/swap"
    return [
        web.get(at, helpers_only(choose)),
        web.post(at, helpers_only(ask)),
        web.post(f"{at}/stop", helpers_only(stop)),
    ]


async def choose(request: web.Request) -> web.Response:
    """``GET .../swap``: the turns of others that could be had for it."""
    one = await doing(request)
    if not one.can_swap or one.passing_on:
        return to(request, f"/assignments/{one.id}")
    return await _page(request, one)


async def ask(request: web.Request) -> web.Response:
    """``POST .../swap``: ask whoever has the turn that was chosen; without one, whoever's turn it would be."""
    id_ = assignment_id(request)
    wanted = (await posted(request)).get("with", "")
    try:
        body = {"with": str(UUID(wanted))} if wanted else {}
    except ValueError as error:
        raise web.HTTPBadRequest from error
    try:
        await volunteers(request).send(None, "POST", f"/v1/shifts/{id_}/swap", json=body)
    except Problem as problem:
        return await _page(request, await doing(request), alert=refused(problem), status=problem.document.status)
    said = notice(request[LANGUAGE].gettext(_ASKED), Undo(path=f"/assignments/{id_}/swap/stop"))
    return to(request, f"/assignments/{id_}", notice=said)


async def stop(request: web.Request) -> web.Response:
    """``POST .../swap/stop``: they come themselves after all."""
    id_ = assignment_id(request)
    await volunteers(request).send(None, "DELETE", f"/v1/shifts/{id_}/swap")
    return to(request, f"/assignments/{id_}", notice=notice(request[LANGUAGE].gettext(_STOPPED)))


async def _page(request: web.Request, one: Doing, *, alert: str | None = None, status: int = 200) -> web.Response:
    found = await volunteers(request).get(Exchanges, f"/v1/shifts/{one.id}/swaps")
    return page(request, "volunteer/swap.html", {"one": one, "turns": found.items, "alert": alert}, status=status)


_ASKED = msgid("Vi har frågat. Du får ett meddelande när någon har svarat.")
_STOPPED = msgid("Nu frågar vi ingen längre. Passet är ditt.")
