"""Visitors who lack a helper: what was done for each, and putting somebody by hand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web
from babel.numbers import format_decimal

from services.web.faults import typed
from services.web.helping.staff.staffing import (
    ENDINGS,
    NEED_STATES,
    REFUSALS,
    AtRiskList,
    Candidates,
    History,
)
from services.web.helping.words import LEVELS, TOPICS
from services.web.keys import SITE
from services.web.pages.staff.people import booking_id
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import branch_of, notice, page, services, to
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_PUT = msgid("%(name)s hjälper besökaren, och båda har fått veta det.")
_RELEASED = msgid("%(name)s hjälper inte besökaren längre. Nu frågas nästa.")

_WORDS: Mapping[str, object] = {
    "topics": TOPICS,
    "levels": LEVELS,
    "need_states": NEED_STATES,
    "endings": ENDINGS,
}


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    at = f"{home}/volunteers/at-risk"
    return [
        web.get(at, listed),
        web.get(f"{at}/{{booking}}", need),
        web.post(f"{at}/{{booking}}", put),
        web.post(f"{at}/{{booking}}/release", release),
    ]


async def listed(request: web.Request) -> web.Response:
    """``GET .../volunteers/at-risk``: who lacks somebody, those first whom nobody is asked for any more."""
    found = await services(request).volunteers.get(AtRiskList, "/v1/at-risk")
    branch = branch_of(request)
    shown = [one for one in found.items if branch in {None, one.session.branch.id}]
    context = {
        **_WORDS,
        "urgent": [one for one in shown if one.need.urgent],
        "rest": [one for one in shown if not one.need.urgent],
        "now": request.app[SITE].now(),
    }
    return page(request, "staff/at_risk.html", context)


async def need(request: web.Request) -> web.Response:
    """``GET .../volunteers/at-risk/{booking}``: everybody who was asked and why, and who could be put there."""
    return await _shown(request)


async def _shown(request: web.Request, alert: str = "", status: int = 200) -> web.Response:
    volunteers = services(request).volunteers
    one = await volunteers.get(History, f"/v1/needs/{booking_id(request)}")
    candidates = await volunteers.get(Candidates, f"/v1/sessions/{one.session.id}/candidates")
    able = [each for each in candidates.items if each.why_not is None and each.volunteer_id != one.need.volunteer_id]
    context = {
        **_WORDS,
        "one": one,
        "need": one.need,
        "there": [each for each in able if each.state == "on_duty"],
        "others": [each for each in able if each.state != "on_duty"],
        "now": request.app[SITE].now(),
        "decimal": partial(format_decimal, locale=request[LANGUAGE].locale),
        "alert": alert,
    }
    return page(request, "staff/at_risk_one.html", context, status=status)


async def put(request: web.Request) -> web.Response:
    """``POST .../volunteers/at-risk/{booking}``: somebody whom a colleague agreed with helps this visitor."""
    form = await typed(request)
    body = {"volunteer_id": str(_uuid(form.get("volunteer", "")))}
    try:
        path = f"/v1/needs/{booking_id(request)}/assignment"
        after = await services(request).volunteers.send(History, "PUT", path, json=body)
    except Problem as problem:
        return await _refused(request, problem)
    return _done(request, _PUT, after.need.name or "")


async def release(request: web.Request) -> web.Response:
    """``POST .../release``: somebody does not help this visitor after all; others are asked."""
    form = await typed(request)
    try:
        path = f"/v1/assignments/{_uuid(form.get('assignment', ''))}/release"
        await services(request).volunteers.send(None, "POST", path)
    except Problem as problem:
        return await _refused(request, problem)
    return _done(request, _RELEASED, form.get("name", ""))


async def _refused(request: web.Request, problem: Problem) -> web.Response:
    """The page as things are, and why it was not done.

    Raises:
        Problem: it is about something else.
    """
    text = REFUSALS.get(problem.document.type)
    if text is None:
        raise problem
    return await _shown(request, text, problem.document.status)


def _done(request: web.Request, text: str, name: str) -> web.Response:
    said = request[LANGUAGE].gettext(text) % {"name": name[:60]}
    return to(request, f"/volunteers/at-risk/{booking_id(request)}", notice=notice(said))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise web.HTTPBadRequest from error
