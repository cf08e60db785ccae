"""A partner's coordinator: their own people and the hours these gave. Nothing of visitors, nothing of the register."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from uuid import UUID

from aiohttp import web
from babel.numbers import format_decimal

from services.web.helping.frame import coordinators_only, page, volunteers
from services.web.helping.reports import Wanted, report, sheet
from services.web.helping.words import STATES, TASKS
from services.web.keys import SITE
from services.web.rendering import LANGUAGE
from shared.models import Model
from shared.problems import Problem

_REPORT = "/v1/me/report"


class Given(Model):
    """What somebody gives of their time in a calendar year, in minutes."""

    year: int
    done: int
    planned: int
    budget: int | None
    """None: as many as they like."""

    @property
    def used(self) -> int:
        """How much of a hundred is given or promised."""
        return min(100, (self.done + self.planned) * 100 // self.budget) if self.budget else 0

    @property
    def over(self) -> bool:
        """Whether there is nothing left of the year."""
        return self.budget is not None and self.done + self.planned >= self.budget


class Spoken(Model):
    """A language that somebody speaks."""

    language: str


class Person(Model):
    """Somebody who helps, as the coordinator of their organisation sees them."""

    id: UUID
    name: str
    state: str
    tasks: tuple[str, ...]
    languages: tuple[Spoken, ...]
    hours: Given


class People(Model):
    """All of them, by name."""

    items: tuple[Person, ...]


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [
        web.get(f"{home}/people", coordinators_only(people)),
        web.get(f"{home}/report", coordinators_only(hours)),
        web.get(f"{home}/report.csv", coordinators_only(hours_sheet)),
    ]


async def people(request: web.Request) -> web.Response:
    """``GET .../people``: one's own people, and what is left of their hours.

    The library's own coordinators have none: what they look after is on staff's pages, which this one says.
    """
    try:
        found = await own_people(request)
    except Problem as problem:
        if problem.document.status != HTTPStatus.FORBIDDEN:
            raise
        return page(request, "volunteer/people_none.html", {}, status=HTTPStatus.FORBIDDEN)
    context = {
        "people": found,
        "states": STATES,
        "tasks": TASKS,
        "decimal": partial(format_decimal, locale=request[LANGUAGE].locale),
    }
    return page(request, "volunteer/people.html", context)


async def own_people(request: web.Request) -> tuple[Person, ...]:
    """The people of whoever asks, by name.

    Raises:
        Problem: 403 for the library's own coordinators.
    """
    return (await volunteers(request).get(People, "/v1/me/people")).items


async def hours(request: web.Request) -> web.Response:
    """``GET .../report``: the hours that one's people gave in a span of days."""
    wanted = Wanted.of(request.query, request.app[SITE].now().date())
    shown = await report(volunteers(request), _REPORT, wanted)
    context = {
        "wanted": wanted,
        "report": shown.report,
        "faults": shown.faults,
        "decimal": partial(format_decimal, locale=request[LANGUAGE].locale),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if shown.faults else HTTPStatus.OK
    return page(request, "volunteer/report.html", context, status=status)


async def hours_sheet(request: web.Request) -> web.Response:
    """``GET .../report.csv``: the same for Excel."""
    wanted = Wanted.of(request.query, request.app[SITE].now().date())
    return await sheet(volunteers(request), f"{_REPORT}.csv", wanted)
