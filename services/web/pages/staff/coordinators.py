"""Who coordinates volunteers: the library's own, who are told when nobody is left to ask, and partners'."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from services.web.helping.staff.coordinators import Coordinator, CoordinatorForm, Coordinators
from services.web.helping.words import REACH, REACHED
from services.web.pages.staff.volunteers import partners_of, said_of
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import admins_only, libraries, notice, page, posted, services, to
from shared.http import path_id
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.web.faults import Fault

_AT = "/volunteers/coordinators"
_ADDED = msgid("%(name)s är koordinator nu, och loggar in med sitt nummer eller sin e-postadress.")
_CHANGED = msgid("%(name)s är ändrad.")
_GONE = msgid("%(name)s är borttagen.")


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    at = f"{home}{_AT}"
    return [
        web.get(at, coordinators),
        web.get(f"{at}/new", admins_only(new)),
        web.post(f"{at}/new", admins_only(add)),
        web.get(f"{at}/{{coordinator}}", admins_only(coordinator)),
        web.post(f"{at}/{{coordinator}}", admins_only(change)),
        web.post(f"{at}/{{coordinator}}/erase", admins_only(erase)),
    ]


async def coordinators(request: web.Request) -> web.Response:
    """``GET .../volunteers/coordinators``: all of them; ``?partner=`` those of one partner."""
    found = await services(request).volunteers.get(Coordinators, "/v1/coordinators")
    partners = await partners_of(request)
    wanted = request.query.get("partner", "")
    chosen = next((one for id_, one in partners.items() if str(id_) == wanted), None)
    shown = [one for one in found.items if chosen is None or one.partner_id == chosen.id]
    context = {
        "own": [one for one in shown if one.partner_id is None],
        "theirs": [one for one in shown if one.partner_id is not None],
        "partners": partners,
        "chosen": chosen,
        "ways": REACHED,
    }
    return page(request, "staff/coordinators.html", context)


async def new(request: web.Request) -> web.Response:
    """``GET .../coordinators/new``: a form for one; ``?partner=`` of that partner."""
    return await _form(request, CoordinatorForm(partner_id=request.query.get("partner", "")))


async def add(request: web.Request) -> web.Response:
    """``POST .../coordinators/new``: add them."""
    form = CoordinatorForm.sent(await posted(request), libraries(request))
    if faults := form.faults():
        return await _form(request, form, faults)
    try:
        await services(request).volunteers.send(
            Coordinator, "POST", "/v1/coordinators", json=form.body(), idempotency_key=str(form.key)
        )
    except Problem as problem:
        return await _form(request, form, said_of(problem))
    return _done(request, _ADDED, form.name)


async def coordinator(request: web.Request) -> web.Response:
    """``GET .../coordinators/{id}``: one to change."""
    found = await _coordinator(request)
    return await _form(request, CoordinatorForm.of(found), found=found)


async def change(request: web.Request) -> web.Response:
    """``POST .../coordinators/{id}``: change them."""
    found = await _coordinator(request)
    sent = CoordinatorForm.sent(await posted(request), libraries(request))
    form = sent.model_copy(update={"partner_id": str(found.partner_id or "")})
    if faults := form.faults(found.reach):
        return await _form(request, form, faults, found=found)
    try:
        await services(request).volunteers.send(None, "PATCH", f"/v1/coordinators/{found.id}", json=form.change())
    except Problem as problem:
        return await _form(request, form, said_of(problem), found=found)
    return _done(request, _CHANGED, form.name)


async def erase(request: web.Request) -> web.Response:
    """``POST .../coordinators/{id}/erase``: nobody knows them here any more."""
    found = await _coordinator(request)
    await services(request).volunteers.send(None, "DELETE", f"/v1/coordinators/{found.id}")
    return _done(request, _GONE, found.name)


async def _coordinator(request: web.Request) -> Coordinator:
    unknown = Problem("unknown-coordinator", 404, "There is no such coordinator")
    wanted = path_id(request, "coordinator", unknown)
    found = await services(request).volunteers.get(Coordinators, "/v1/coordinators")
    for one in found.items:
        if one.id == wanted:
            return one
    raise unknown


def _done(request: web.Request, text: str, name: str) -> web.Response:
    return to(request, _AT, notice=notice(request[LANGUAGE].gettext(text) % {"name": name}))


async def _form(
    request: web.Request, form: CoordinatorForm, faults: Sequence[Fault] = (), *, found: Coordinator | None = None
) -> web.Response:
    context = {
        "form": form,
        "coordinator": found,
        "partners": await partners_of(request),
        "ways": REACH,
        "faults": faults,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/coordinator.html", context, status=status)
