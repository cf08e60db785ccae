"""Library friends: who keeps a library open in the hours without staff, four months ahead."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime

from services.web.faults import typed
from services.web.helping.staff.staffing import SHIFT_STATES
from services.web.keys import SITE
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import branch_of, libraries, notice, page, services, to
from shared.models import Model

if TYPE_CHECKING:
    from collections.abc import Mapping

_AT = "/volunteers/rota"
_ASKED = msgid("Frågor skickade: %(number)s. Svaren kommer hit efter hand.")
_NOBODY = msgid("Det finns ingen att fråga just nu.")
_STATES: Mapping[str, str] = {**SHIFT_STATES, "proposed": msgid("på förslag")}


class Placed(Model):
    """Somebody in a session, or who would be asked for it."""

    volunteer_id: UUID
    name: str | None
    state: str
    """``proposed``, or the shift's."""
    why: dict[str, Any]


class Kept(Model):
    """A session that friends keep open."""

    session_id: UUID
    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    needed: int
    gap: int
    people: tuple[Placed, ...]


class Friend(Model):
    """Somebody who may be asked, and how often they come."""

    volunteer_id: UUID
    name: str | None
    turns: int
    last: AwareDatetime | None
    next: AwareDatetime | None


class Rota(Model):
    """A library's hours without staff, and who keeps them open."""

    items: tuple[Kept, ...]
    friends: tuple[Friend, ...]
    asked: int


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(home + _AT, rota), web.post(home + _AT, propose)]


async def rota(request: web.Request) -> web.Response:
    """``GET .../volunteers/rota``: of one library; without one, which."""
    own = libraries(request)
    branch = branch_of(request) or (next(iter(own)) if len(own) == 1 else None)
    if branch is None:
        return page(request, "staff/rota_where.html", {"own": own})
    found = await services(request).volunteers.get(Rota, "/v1/rota", params={"branch": branch})
    return _shown(request, branch, found)


async def propose(request: web.Request) -> web.Response:
    """``POST .../volunteers/rota``: who would be asked for the empty chairs, or have them asked.

    Raises:
        web.HTTPBadRequest: it is no form of ours.
    """
    form = await typed(request)
    branch, do = form.get("library", ""), form.get("do")
    if do not in {"look", "ask"} or branch not in libraries(request):
        raise web.HTTPBadRequest
    body = {"branch": branch, "send": do == "ask"}
    found = await services(request).volunteers.send(Rota, "POST", "/v1/rota/propose", json=body)
    if do == "look":
        return _shown(request, branch, found, proposed=True)
    words = request[LANGUAGE]
    said = words.gettext(_ASKED) % {"number": found.asked} if found.asked else words.gettext(_NOBODY)
    return to(request, f"{_AT}?branch={branch}", notice=notice(said))


def _shown(request: web.Request, branch: str, found: Rota, *, proposed: bool = False) -> web.Response:
    zone = request.app[SITE].zone
    months = groupby(found.items, lambda one: one.starts_at.astimezone(zone).date().replace(day=1))
    context = {
        "library": branch,
        "library_name": libraries(request).get(branch, branch),
        "months": [(month, list(those)) for month, those in months],
        "gaps": sum(one.gap for one in found.items),
        "friends": found.friends,
        "proposed": proposed,
        "new": sum(1 for one in found.items for each in one.people if each.state == "proposed"),
        "shift_states": _STATES,
    }
    return page(request, "staff/rota.html", context)
