"""Who walks in is counted with one tap, by age group and without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web

from services.web.faults import typed
from services.web.pages.sessions import session_id
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import notice, services, to
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_GROUPS = frozenset({"child", "young", "adult"})
_REFUSALS: Mapping[str, str] = {
    "doors-shut": msgid("Det går att räkna från en timme innan det börjar."),
    "closed": msgid("Passet är avslutat. Rätta hur det gick i stället."),
}


def routes(home: str) -> list[web.RouteDef]:
    """Where this is."""
    return [web.post(home + "/desk/sessions/{session}/walk-ins", count)]


async def count(request: web.Request) -> web.Response:
    """``POST .../desk/sessions/{session}/walk-ins``: one more of an age group, or one fewer with ``less``."""
    values = await typed(request)
    session = session_id(request)
    group = values.get("group", "")
    if group not in _GROUPS:
        raise web.HTTPBadRequest
    asked = {"group": group, "change": -1 if "less" in values else 1}
    at = f"/desk/sessions/{_chosen(values) or session}"
    try:
        await services(request).booking.send(None, "POST", f"/v1/sessions/{session}/walk-ins", json=asked)
    except Problem as problem:
        text = _REFUSALS.get(problem.document.type)
        if text is None:
            raise
        return to(request, at, notice=notice(request[LANGUAGE].gettext(text)))
    return to(request, f"{at}#count-{session}")


def _chosen(values: Mapping[str, str]) -> UUID | None:
    """The session that the page was in front of, where one stays."""
    try:
        return UUID(values["at"])
    except (KeyError, ValueError):
        return None
