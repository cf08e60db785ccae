"""Shifts that somebody could take: they offer themselves, for a time or for all of a sitting."""

from __future__ import annotations

from uuid import UUID

from aiohttp import web

from services.web.helping.frame import asks, helpers_only, notice, page, posted, to, volunteers
from services.web.helping.refusals import refused
from services.web.helping.views import Offered, OpenShifts
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo
from shared.http import path_id
from shared.problems import Problem


def routes(home: str) -> list[web.RouteDef]:
    """Where these are."""
    return [
        web.get(f"{home}/open", helpers_only(shifts)),
        web.post(f"{home}/open/give-back", helpers_only(give_back)),
        web.post(home + "/open/{session}", helpers_only(offer)),
    ]


async def shifts(request: web.Request) -> web.Response:
    """``GET .../open``: those that fit, soonest first."""
    return await _page(request)


async def offer(request: web.Request) -> web.Response:
    """``POST .../open/{session}``: they come."""
    session = path_id(request, "session", Problem("unknown-session", 404, "There is no such session"))
    whole = (await posted(request)).get("whole", "") == "1"
    try:
        made = await volunteers(request).send(
            Offered, "POST", f"/v1/sessions/{session}/offer", json={"whole_sitting": whole}
        )
    except Problem as problem:
        return await _page(request, alert=refused(problem), status=problem.document.status)
    text = _TAKEN if all(one.state == "on_duty" for one in made.items) else _OFFERED
    fields = {"shifts": ",".join(str(one.id) for one in made.items)}
    said = notice(request[LANGUAGE].gettext(text), Undo(path="/open/give-back", fields=fields))
    return to(request, "", notice=said)


async def give_back(request: web.Request) -> web.Response:
    """``POST .../open/give-back``: they do not come after all."""
    sent = (await posted(request)).get("shifts", "")
    try:
        ids = [UUID(one) for one in sent.split(",")]
    except ValueError as error:
        raise web.HTTPBadRequest from error
    for id_ in ids:
        await volunteers(request).send(None, "POST", f"/v1/assignments/{id_}/decline")
    return to(request, "/open", notice=notice(request[LANGUAGE].gettext(_GIVEN_BACK)))


async def _page(request: web.Request, *, alert: str | None = None, status: int = 200) -> web.Response:
    found = (await volunteers(request).get(OpenShifts, "/v1/me/open-shifts")).items if asks(request).active else ()
    context = {"shifts": found, "alert": alert}
    return page(request, "volunteer/open_shifts.html", context, status=status)


_TAKEN = msgid("Tack! Passet är ditt, och vi räknar med dig.")
_OFFERED = msgid("Tack! Biblioteket svarar snart om det blir du.")
_GIVEN_BACK = msgid("Du är struken från passet. Ingen fara!")
