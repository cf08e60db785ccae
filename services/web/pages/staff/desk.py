"""The desk: what is on now and next is there already, and whoever stands in front of it is booked with four fields."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web

from services.web.desk.form import HELPERS, LANGUAGES, DeskForm
from services.web.desk.occasions import Occasion, occasion, occasions, usual, walk_ins
from services.web.desk.refusals import refused
from services.web.desk.told import MadeBooking
from services.web.faults import Fault, typed
from services.web.keys import CATALOG, SITE
from services.web.pages.numbers import has_numbers
from services.web.pages.sessions import session_id
from services.web.parties import Fields
from services.web.staff import branch_of, fragment, libraries, page, services, to
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.upstream import Session

_OTHERS = 4
"""As many other times as one looks through with somebody waiting."""


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [
        web.get(f"{home}/desk", desk),
        web.get(f"{home}/desk/sessions/{{session}}", of_session),
        web.post(f"{home}/desk/sessions/{{session}}", book),
        web.get(f"{home}/desk/sessions/{{session}}/left", left),
    ]


async def desk(request: web.Request) -> web.Response:
    """``GET .../desk``: what is on, with the form for what is most likely wanted; ``?day=`` is another day."""
    branch = branch_of(request) or _only_library(request)
    if branch is None:
        return page(request, "staff/desk_library.html", {})
    day = _day(request)
    found = await occasions(request, branch, day)
    return await _desk(request, branch, found, usual(found), day=day)


async def of_session(request: web.Request) -> web.Response:
    """``GET .../desk/sessions/{session}``: the same with the form for this one."""
    chosen = await occasion(request, session_id(request))
    return await _desk_of(request, chosen, DeskForm.empty(Fields.of(chosen.session)), [])


async def left(request: web.Request) -> web.Response:
    """``GET .../desk/sessions/{session}/left``: how full it is now, for a page that stands open."""
    at = await occasion(request, session_id(request))
    return fragment(
        request, "staff/desk_left.html", {"at": at, "where": "?chosen=1" if "chosen" in request.query else ""}
    )


async def book(request: web.Request) -> web.Response:
    """``POST .../desk/sessions/{session}``: book, and on to the slip; or the page again that says what is wrong.

    Where it is full another page says why, and asks what to do instead: ``instead`` is what was pressed there.
    """
    values = await typed(request)
    session = await request.app[CATALOG].session(_wanted(request, values))
    fields = Fields.of(session)
    form = DeskForm.sent(values, session.ask)
    instead = values.get("instead", "")
    if instead == "back":
        return await _again(request, session, form.renewed(), [], HTTPStatus.OK)
    if faults := form.faults(fields, session.ask):
        return await _again(request, session, form, faults, HTTPStatus.UNPROCESSABLE_ENTITY)
    asked = form.request(session.id, queue=instead == "queue", override=instead == "override")
    try:
        made = await services(request).booking.send(
            MadeBooking, "POST", "/v1/desk/bookings", json=asked, idempotency_key=form.key
        )
    except Problem as problem:
        return await _not_booked(request, session, form, problem)
    return to(request, f"/desk/slips/{made.session_id}/{made.id}?new=1")


def _wanted(request: web.Request, values: dict[str, str]) -> UUID:
    """The session that is booked: the address's, or the other time that was pressed where that one is full."""
    try:
        return UUID(values["other"])
    except (KeyError, ValueError):
        return session_id(request)


async def _not_booked(request: web.Request, session: Session, form: DeskForm, problem: Problem) -> web.Response:
    """Why not: what to put right, or what there is instead.

    Raises:
        Problem: it is nothing about the form; what was typed is kept around this page.
    """
    status = HTTPStatus(problem.document.status)
    renewed = form.renewed()
    if problem.document.type == "sold-out":
        return await _full(request, session, renewed)
    if status not in {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}:
        raise problem
    faults = refused(problem, form, Fields.of(session), session.ask)
    return await _again(request, session, renewed, faults, status)


async def _full(request: web.Request, session: Session, form: DeskForm) -> web.Response:
    """Why it is full, and what can be done about that; one more button lets the party in all the same."""
    chosen = await occasion(request, session.id)
    others = (await request.app[CATALOG].alternatives(session.id)).items
    seats = Fields.of(session).taken_by(form.party)
    mine = libraries(request)
    context = {
        "chosen": chosen,
        "form": form,
        "wanted": seats,
        "others": [one for one in others if one.branch.id in mine and one.seats.left >= seats][:_OTHERS],
    }
    return page(request, "staff/desk_full.html", context, status=HTTPStatus.CONFLICT)


async def _again(
    request: web.Request, session: Session, form: DeskForm, faults: list[Fault], status: HTTPStatus
) -> web.Response:
    chosen = await occasion(request, session.id)
    return await _desk_of(request, chosen, form, faults, status=status)


async def _desk_of(
    request: web.Request, chosen: Occasion, form: DeskForm, faults: list[Fault], *, status: HTTPStatus = HTTPStatus.OK
) -> web.Response:
    """The desk of the library that holds a session, in front of that session."""
    branch = chosen.session.branch.id
    found = await occasions(request, branch, None)
    if all(one.session.id != chosen.session.id for one in found):
        found.insert(0, chosen)
    return await _desk(request, branch, found, chosen, form=form, faults=faults, status=status)


async def _desk(  # noqa: PLR0913 - each is named at the call
    request: web.Request,
    branch: str,
    found: list[Occasion],
    chosen: Occasion | None,
    *,
    day: date | None = None,
    form: DeskForm | None = None,
    faults: list[Fault] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> web.Response:
    fields = Fields.of(chosen.session) if chosen else None
    context = {
        "branch": branch,
        "branch_name": libraries(request).get(branch, branch),
        "occasions": found,
        "chosen": chosen,
        "day": day,
        "today": request.app[SITE].now().date(),
        "fields": fields,
        "form": form or (DeskForm.empty(fields) if fields else None),
        "faults": faults or [],
        "counts": await walk_ins(request, found),
        "has_numbers": await has_numbers(request, branch),
        "speech": LANGUAGES,
        "helpers": HELPERS,
    }
    return page(request, "staff/desk.html", context, status=status)


def _only_library(request: web.Request) -> str | None:
    mine = list(libraries(request))
    return mine[0] if len(mine) == 1 else None


def _day(request: web.Request) -> date | None:
    """The day that somebody asks for; what cannot be one is none."""
    try:
        return date.fromisoformat(request.query.get("day", ""))
    except ValueError:
        return None
