"""Volunteers: finding one, and adding one."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web

from services.web.helping.staff.people import ListedVolunteers, VolunteerForm, refused
from services.web.helping.words import LANGUAGES, LEVELS, REACH, REACHED, STAGES, STATES, SUBJECTS, TASKS, TOPICS
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import branch_of, libraries, notice, page, posted, services, to
from services.web.staff.administration.partners import Partners
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.web.faults import Fault
    from services.web.staff.administration.partners import Partner

_LONGEST_SEARCH = 60
WORDS: Mapping[str, object] = {
    "tasks": TASKS,
    "topics": TOPICS,
    "taught": {name: text for name, text in TOPICS.items() if name != "other"},
    "stages": STAGES,
    "subjects": SUBJECTS,
    "levels": LEVELS,
    "spoken": LANGUAGES,
    "ways": REACH,
    "reached": REACHED,
    "states": STATES,
}
"""What the templates call what there is to choose from."""

_OF_FIELDS = {"invalid-phone": "phone", "invalid-email": "email", "unknown-partner": "partner_id"}
_ADDED = msgid("%(name)s finns här nu.")


class Made(Model):
    """Somebody who was added."""

    id: UUID


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    at = f"{home}/volunteers"
    return [
        web.get(at, listed),
        web.post(at, search),
        web.get(f"{at}/new", new),
        web.post(f"{at}/new", add),
    ]


async def listed(request: web.Request) -> web.Response:
    """``GET .../volunteers``: those of the library, or of all; ``?state=`` and ``?task=`` choose among them."""
    return await _shown(request, request.query.get("state", ""), request.query.get("task", ""))


async def search(request: web.Request) -> web.Response:
    """``POST .../volunteers``: those who are called so. Posted, as names do not belong into an address."""
    form = await posted(request)
    sought = form.get("q", "").strip()[:_LONGEST_SEARCH]
    return await _shown(request, form.get("state", ""), form.get("task", ""), sought)


async def _shown(request: web.Request, state: str, task: str, sought: str = "") -> web.Response:
    chosen = {
        "state": state if state in STATES else "",
        "task": task if task in TASKS else "",
        "branch": branch_of(request) or "",
        "q": sought,
        "cursor": "" if sought else request.query.get("cursor", ""),
    }
    asked = {name: value for name, value in chosen.items() if value}
    found = await services(request).volunteers.get(ListedVolunteers, "/v1/volunteers", params=asked)
    context = {**WORDS, "found": found, "chosen": chosen, "partners": await partners_of(request)}
    return page(request, "staff/volunteers.html", context)


async def new(request: web.Request) -> web.Response:
    """``GET .../volunteers/new``: a form for somebody who wants to help."""
    branch = branch_of(request)
    return await _form(request, VolunteerForm(branches=(branch,) if branch else ()))


async def add(request: web.Request) -> web.Response:
    """``POST .../volunteers/new``: add them."""
    form = VolunteerForm.sent(await posted(request), libraries(request))
    if faults := [*form.reach_faults(), *form.work_faults()]:
        return await _form(request, form, faults)
    body = form.reach_body() | form.work_body()
    try:
        made = await services(request).volunteers.send(
            Made, "POST", "/v1/volunteers", json=body, idempotency_key=str(form.key)
        )
    except Problem as problem:
        return await _form(request, form, said_of(problem))
    said = request[LANGUAGE].gettext(_ADDED) % {"name": form.name}
    return to(request, f"/volunteers/people/{made.id}", notice=notice(said))


async def _form(request: web.Request, form: VolunteerForm, faults: Sequence[Fault] = ()) -> web.Response:
    context = {**WORDS, "form": form, "faults": faults, "partners": await partners_of(request)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/volunteer_new.html", context, status=status)


async def partners_of(request: web.Request) -> Mapping[UUID, Partner]:
    """The organisations whose people help, by id."""
    found = await services(request).volunteers.get(Partners, "/v1/partners")
    return {one.id: one for one in found.items}


def said_of(problem: Problem) -> list[Fault]:
    """What volunteers said of a form.

    Raises:
        Problem: it is about something else.
    """
    told = problem.document
    if told.type in _OF_FIELDS:
        return refused([_OF_FIELDS[told.type]])
    if told.status != HTTPStatus.UNPROCESSABLE_ENTITY:
        raise problem
    return refused([error.field for error in told.errors] or [told.field])
