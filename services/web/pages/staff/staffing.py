"""Who is on duty in the next four weeks, where somebody is lacking, and putting somebody there."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web
from babel.numbers import format_decimal

from services.web.faults import typed
from services.web.helping.staff.staffing import (
    NEED_STATES,
    REFUSALS,
    SHIFT_STATES,
    WHY_NOT,
    Candidates,
    Staffed,
    Staffing,
    by_library,
    by_sitting,
)
from services.web.helping.words import TASKS, TOPICS
from services.web.keys import SITE
from services.web.pages.staff.about_session import session_by
from services.web.pages.staff.sessions import session_id
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, branch_of, notice, page, services, to
from shared.problems import Problem

if TYPE_CHECKING:
    from datetime import date

_AHEAD = timedelta(weeks=4)

_ASKED = msgid("%(name)s är tillfrågad, och svarar med sms eller mejl.")
_PUT = msgid("%(name)s står på passet.")
_DEEDS = {
    "confirm": msgid("%(name)s står på passet, och har fått veta det."),
    "decline": msgid("%(name)s har fått veta att det inte behövs."),
    "cancel": msgid("%(name)s står inte på passet längre, och har fått veta det."),
}
_CAME = {
    "1": msgid("Antecknat: %(name)s var där."),
    "0": msgid("Antecknat: %(name)s kom inte."),
}
_TOLD = {"done": "1", "missed": "0"}
"""What was said of a shift in that state, as the form says it."""


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    at = f"{home}/volunteers/staffing"
    return [
        web.get(at, staffing),
        web.get(f"{at}/{{session}}", session),
        web.post(f"{at}/{{session}}/shifts", put),
        web.post(f"{at}/{{session}}/shifts/{{shift}}", act),
        web.post(f"{at}/{{session}}/shifts/{{shift}}/done", tell),
    ]


async def staffing(request: web.Request) -> web.Response:
    """``GET .../volunteers/staffing``: the next four weeks, day by day; ``?all=1`` also where nobody is lacking.

    Of several libraries it tells how each of them is, as all their days would be too many to see.
    """
    today = request.app[SITE].now().date()
    branch = branch_of(request)
    found = by_sitting(await _between(request, today, today + _AHEAD, branch))
    everything = "all" in request.query
    shown = found if everything else [one for one in found if one.wants]
    zone = request.app[SITE].zone
    by_day = groupby(shown, lambda one: one.session.starts_at.astimezone(zone).date())
    at_libraries = by_library(found)
    context = {
        "several": at_libraries if branch is None and len(at_libraries) > 1 else [],
        "days": [(day, list(those)) for day, those in by_day],
        "gaps": sum(1 for one in found if one.gap),
        "lacking": sum(one.gap for one in found),
        "needs": sum(one.lacking for one in found),
        "everything": everything,
        "any": bool(found),
        "shift_states": SHIFT_STATES,
    }
    return page(request, "staff/staffing.html", context)


async def _between(request: web.Request, first: date, until: date, branch: str | None) -> tuple[Staffed, ...]:
    """What needs helpers from one day until before another, at a library or at all that are theirs."""
    asked = {"from": first.isoformat(), "to": until.isoformat()} | ({"branch": branch} if branch else {})
    found = await services(request).volunteers.get(Staffing, "/v1/staffing", params=asked)
    return found.items


async def session(request: web.Request) -> web.Response:
    """``GET .../volunteers/staffing/{session}``: who is there, and who could be."""
    return await _shown(request)


async def _shown(request: web.Request, alert: str = "", status: int = 200) -> web.Response:
    one = await _staffed(request)
    path = f"/v1/sessions/{one.session.id}/candidates"
    found = await services(request).volunteers.get(Candidates, path)
    others = [each for each in found.items if not each.there]
    context = {
        "one": one,
        "can": [each for each in others if each.why_not is None],
        "cannot": [each for each in others if each.why_not is not None],
        "why_not": WHY_NOT,
        "tasks": TASKS,
        "topics": TOPICS,
        "need_states": NEED_STATES,
        "shift_states": SHIFT_STATES,
        "now": request.app[SITE].now(),
        "decimal": partial(format_decimal, locale=request[LANGUAGE].locale),
        "alert": alert,
    }
    return page(request, "staff/staffing_session.html", context, status=status)


async def _staffed(request: web.Request) -> Staffed:
    """The session an address names, as it is staffed.

    Raises:
        web.HTTPNotFound: it needs nobody.
    """
    known = await session_by(request, session_id(request))
    day = known.starts_at.astimezone(request.app[SITE].zone).date()
    for one in await _between(request, day, day + timedelta(days=1), known.branch.id):
        if one.session.id == known.id:
            return one
    raise web.HTTPNotFound


async def put(request: web.Request) -> web.Response:
    """``POST .../shifts``: ask somebody, or put them on duty who said yes to a colleague.

    Raises:
        web.HTTPBadRequest: it is no form of ours.
    """
    form = await typed(request)
    if form.get("do") not in {"ask", "put"}:
        raise web.HTTPBadRequest
    ask = form["do"] == "ask"
    body = {
        "volunteer_id": str(_uuid(form.get("volunteer", ""))),
        "ask": ask,
        "whole_sitting": form.get("sitting") == "1",
    }
    id_ = session_id(request)
    try:
        await services(request).volunteers.send(None, "POST", f"/v1/sessions/{id_}/shifts", json=body)
    except Problem as problem:
        return await _refused(request, problem)
    return _done(request, _ASKED if ask else _PUT, form.get("name", ""))


async def act(request: web.Request) -> web.Response:
    """``POST .../shifts/{shift}``: take an offer, decline it, or take somebody off duty.

    Raises:
        web.HTTPBadRequest: it is no form of ours.
    """
    form = await typed(request)
    deed = form.get("do", "")
    if deed not in _DEEDS:
        raise web.HTTPBadRequest
    shift = _uuid(request.match_info["shift"])
    try:
        await services(request).volunteers.send(None, "POST", f"/v1/shifts/{shift}/{deed}")
    except Problem as problem:
        return await _refused(request, problem)
    return _done(request, _DEEDS[deed], form.get("name", ""))


async def tell(request: web.Request) -> web.Response:
    """``POST .../shifts/{shift}/done``: somebody came to their shift, or did not; or that is put right.

    Raises:
        web.HTTPBadRequest: it is no form of ours.
    """
    form = await typed(request)
    came = form.get("came", "")
    if came not in _CAME:
        raise web.HTTPBadRequest
    shift, name = _uuid(request.match_info["shift"]), form.get("name", "")[:60]
    one = await _staffed(request)
    before = next((_TOLD.get(each.state) for each in one.people if each.shift_id == shift), None)
    path = f"/v1/shifts/{shift}/done"
    try:
        await services(request).volunteers.send(None, "POST", path, json={"came": came == "1"})
    except Problem as problem:
        return await _refused(request, problem)
    back = f"/volunteers/staffing/{one.session.id}/shifts/{shift}/done"
    undo = Undo(path=back, fields={"came": before, "name": name}) if before not in {None, came} else None
    return _done(request, _CAME[came], name, undo)


async def _refused(request: web.Request, problem: Problem) -> web.Response:
    """The page as things are, and why it was not done.

    Raises:
        Problem: it is about something else.
    """
    text = REFUSALS.get(problem.document.type)
    if text is None:
        raise problem
    return await _shown(request, text, problem.document.status)


def _done(request: web.Request, text: str, name: str, undo: Undo | None = None) -> web.Response:
    said = request[LANGUAGE].gettext(text) % {"name": name[:60]}
    return to(request, f"/volunteers/staffing/{session_id(request)}", notice=notice(said, undo=undo))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise web.HTTPBadRequest from error
