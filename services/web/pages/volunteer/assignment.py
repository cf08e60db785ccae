"""One thing that somebody helps with, or is asked to: read, answered, passed on, and told how it went."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from services.web.faults import Fault
from services.web.helping.frame import helpers_only, notice, page, posted, to, volunteers
from services.web.helping.pledge import RULES, VERSION
from services.web.helping.refusals import refused
from services.web.helping.words import OUTCOMES
from services.web.keys import BOOKING, SITE
from services.web.pages.volunteer.overview import WORDS, found, mine
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo
from shared.http import path_id
from shared.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

    from services.web.helping.views import Doing


def routes(home: str) -> list[web.RouteDef]:
    """Where these are."""
    at = home + "/assignments/{assignment}"
    return [
        web.get(at, helpers_only(show)),
        web.post(f"{at}/accept", helpers_only(accept)),
        web.get(f"{at}/decline", helpers_only(ask_to_decline)),
        web.post(f"{at}/decline", helpers_only(decline)),
        web.post(f"{at}/stand-in", helpers_only(seek)),
        web.post(f"{at}/stand-in/stop", helpers_only(stop_seeking)),
        web.post(f"{at}/outcome", helpers_only(tell_outcome)),
    ]


async def show(request: web.Request) -> web.Response:
    """``GET .../assignments/{id}``: all that one needs to know about it, and nothing else."""
    return await _page(request, await doing(request))


async def accept(request: web.Request) -> web.Response:
    """``POST .../accept``: JA; for a visitor with the rules that the page showed."""
    id_ = assignment_id(request)
    version = (await posted(request)).get("pledge", "")
    try:
        body = {"pledge": int(version) if version == str(VERSION) else None}
        await volunteers(request).send(None, "POST", f"/v1/assignments/{id_}/accept", json=body)
    except Problem as problem:
        return await _not_done(request, problem)
    return to(request, f"/assignments/{id_}", notice=notice(request[LANGUAGE].gettext(_ACCEPTED)))


async def ask_to_decline(request: web.Request) -> web.Response:
    """``GET .../decline``: what a NEJ does to what they said JA to."""
    one = await doing(request)
    if not one.is_theirs:
        return to(request, f"/assignments/{one.id}")
    return page(request, "volunteer/decline.html", dict(WORDS) | {"one": one})


async def decline(request: web.Request) -> web.Response:
    """``POST .../decline``: NEJ, to a question or to what they said JA to."""
    try:
        await volunteers(request).send(None, "POST", f"/v1/assignments/{assignment_id(request)}/decline")
    except Problem as problem:
        return await _not_done(request, problem)
    return to(request, "", notice=notice(request[LANGUAGE].gettext(_DECLINED)))


async def seek(request: web.Request) -> web.Response:
    """``POST .../stand-in``: look for somebody instead; until there is one it stays theirs."""
    id_ = assignment_id(request)
    try:
        await volunteers(request).send(None, "POST", f"/v1/assignments/{id_}/stand-in")
    except Problem as problem:
        return await _not_done(request, problem)
    said = notice(request[LANGUAGE].gettext(_SOUGHT), Undo(path=f"/assignments/{id_}/stand-in/stop"))
    return to(request, f"/assignments/{id_}", notice=said)


async def stop_seeking(request: web.Request) -> web.Response:
    """``POST .../stand-in/stop``: they do it themselves after all."""
    id_ = assignment_id(request)
    try:
        await volunteers(request).send(None, "DELETE", f"/v1/assignments/{id_}/stand-in")
    except Problem as problem:
        return await _not_done(request, problem)
    return to(request, f"/assignments/{id_}", notice=notice(request[LANGUAGE].gettext(_KEPT)))


async def tell_outcome(request: web.Request) -> web.Response:
    """``POST .../outcome``: how it went, of a closed list."""
    outcome = (await posted(request)).get("outcome", "")
    if outcome not in OUTCOMES:
        fault = Fault(field="outcome", text=_OUTCOME)
        return await _page(request, await doing(request), [fault], status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        await volunteers(request).send(
            None, "POST", f"/v1/assignments/{assignment_id(request)}/outcome", json={"outcome": outcome}
        )
    except Problem as problem:
        return await _not_done(request, problem)
    return to(request, "", notice=notice(request[LANGUAGE].gettext(_TOLD)))


def assignment_id(request: web.Request) -> UUID:
    """What an address names: a shift, or an assignment for a visitor.

    Raises:
        Problem: 404; what is no id cannot exist.
    """
    return path_id(request, "assignment", Problem("unknown-assignment", 404, "There is no such assignment"))


async def doing(request: web.Request) -> Doing:
    """What the address names, of what is theirs.

    Raises:
        web.HTTPNotFound: it is not theirs, or no longer.
    """
    one = found((await mine(request)).all, assignment_id(request))
    if one is None:
        raise web.HTTPNotFound
    return one


async def _not_done(request: web.Request, problem: Problem) -> web.Response:
    """The page as it is now, with why it was not done; the overview, where it is theirs no longer."""
    text = refused(problem)
    one = found((await mine(request)).all, assignment_id(request))
    if one is None:
        return to(request, "", notice=notice(request[LANGUAGE].gettext(text)))
    return await _page(request, one, alert=text, status=problem.document.status)


async def _page(
    request: web.Request,
    one: Doing,
    faults: list[Fault] | None = None,
    *,
    alert: str | None = None,
    status: int = HTTPStatus.OK,
) -> web.Response:
    now = request.app[SITE].now()
    context = {
        "one": one,
        "name": await _name(request, one),
        "rules": RULES,
        "version": VERSION,
        "has_begun": one.session.starts_at <= now,
        "is_over": one.session.ends_at <= now,
        "tells": one.can_tell and one.session.starts_at <= now,
        "faults": faults or [],
        "alert": alert,
    }
    return page(request, "volunteer/assignment.html", dict(WORDS) | context, status=status)


async def _name(request: web.Request, one: Doing) -> str:
    """The first name of the visitor somebody said JA to, rules and all, asked of booking each time and kept nowhere.

    Empty where there is none to know, or while booking is away: the rest of the page says enough to go there.
    """
    if one.booking_id is None or not one.is_theirs or one.to_pledge:
        return ""
    try:
        return await request.app[BOOKING].first_name(one.booking_id)
    except Problem:
        return ""


_ACCEPTED = msgid("Tack! Nu räknar vi med dig.")
_DECLINED = msgid("Tack för att du sa till. Vi frågar någon annan.")
_SOUGHT = msgid("Vi letar efter någon som kan gå i ditt ställe. Tills dess är det fortfarande ditt.")
_KEPT = msgid("Tack! Då är det ditt, och vi letar inte längre.")
_TOLD = msgid("Tack! Det är antecknat, och timmarna räknas.")
_OUTCOME = msgid("Välj hur det gick.")
