"""Becoming one who helps: a public page on which somebody says that they would like to."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from aiohttp import hdrs, web

from services.web.faults import OTHER, Fault, seen, typed
from services.web.forms import EMAIL, NAME, PHONE, ReachForm
from services.web.helping.frame import home
from services.web.helping.keys import VOLUNTEERS
from services.web.helping.words import LANGUAGES, TASKS
from services.web.keys import CATALOG, SITE
from services.web.rendering import LANGUAGE, msgid
from services.web.upstream import seconds_to_wait
from shared.names import display_name
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multidict import MultiDictProxy

_MOST_NAME = 240
_COMMON = 6
"""Languages that are seen at once; the others are behind a word."""
_MANY = ("tasks", "branches", "languages")


class InterestForm(ReachForm):
    """What somebody tells of themselves who would like to help, as they typed it."""

    name: str = ""
    tasks: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    partner: str = ""

    @classmethod
    def sent(cls, values: Mapping[str, str], every: MultiDictProxy[str]) -> InterestForm:
        """The form that a browser sent."""
        form = cls(
            name=seen(values.get("name", ""))[:_MOST_NAME],
            partner=partner_id(values.get("partner", "")),
            **{many: tuple(dict.fromkeys(every.getall(many, ()))) for many in _MANY},
        )
        return form.answered(values, ("by", "phone", "email"))

    @property
    def rare(self) -> bool:
        """Whether one of the languages is behind a word."""
        return not set(LANGUAGES[_COMMON:]).isdisjoint(self.languages)

    def faults(self) -> list[Fault]:
        """What keeps the form from being sent on, in the order of the questions."""
        found = []
        try:
            display_name(self.name)
        except ValueError:
            found.append(Fault(field="name", text=NAME))
        found += self.reach_faults()
        if not TASKS.keys() & set(self.tasks):
            found.append(Fault(field="tasks", text=_TASKS))
        return found

    def body(self, language: str) -> dict[str, Any]:
        """The body of ``POST /v1/interest``, from a form without faults."""
        contact = {"phone": self.phone} if self.by == "sms" else {"email": self.email}
        return {
            "name": self.name,
            "reach": self.by,
            **contact,
            "language": language,
            "tasks": [task for task in TASKS if task in self.tasks],
            "branches": list(self.branches),
            "languages": [{"language": tag} for tag in LANGUAGES if tag in self.languages],
            **({"partner": self.partner} if self.partner else {}),
        }


def routes(home: str) -> list[web.RouteDef]:
    """Where these are."""
    at = f"{home}/interest"
    return [web.get(at, ask), web.post(at, send), web.get(f"{at}/thanks", thanks)]


def partner_id(text: str) -> str:
    """The partner whose link somebody followed; empty for what is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


async def ask(request: web.Request) -> web.Response:
    """``GET .../interest?partner=``: what it is to help, and what we need to know."""
    return await _page(request, InterestForm(partner=partner_id(request.query.get("partner", ""))), [])


async def send(request: web.Request) -> web.Response:
    """``POST .../interest``: tell the library."""
    values = await typed(request)
    form = InterestForm.sent(values, cast("MultiDictProxy[str]", await request.post()))
    if faults := form.faults():
        return await _page(request, form, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        await _told(request, form)
    except Problem as problem:
        page = await _page(request, form, _refused(problem), status=problem.document.status)
        page.headers.update(problem.headers)
        return page
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"{home(request)}/interest/thanks"})


async def _told(request: web.Request, form: InterestForm) -> None:
    """Tell volunteers; an old link of a partner that is none any more keeps nobody from helping.

    Raises:
        Problem: 422 for what cannot be right, 429 ``too-many-requests``.
    """
    language = request[LANGUAGE].tag
    try:
        await request.app[VOLUNTEERS].interest(request, form.body(language))
    except Problem as problem:
        if problem.document.type != "unknown-partner":
            raise
        await request.app[VOLUNTEERS].interest(request, form.model_copy(update={"partner": ""}).body(language))


async def thanks(request: web.Request) -> web.Response:
    """``GET .../interest/thanks``: what happens next; looking again sends nothing."""
    context = {"volunteer": home(request)}
    return request.app[SITE].page(request, "volunteer/interest_thanks.html", context, personal=False)


async def _page(
    request: web.Request, form: InterestForm, faults: list[Fault], *, status: int = HTTPStatus.OK
) -> web.Response:
    try:
        branches = {one.id: one.name for one in (await request.app[CATALOG].branches()).items}
    except Problem:
        branches = {}  # where one would like to help is asked in the talk as well
    context = {
        "volunteer": home(request),
        "form": form,
        "faults": faults,
        "tasks": TASKS,
        "spoken": LANGUAGES,
        "common": _COMMON,
        "branches": branches,
    }
    return request.app[SITE].page(request, "volunteer/interest.html", context, status=status)


def _refused(problem: Problem) -> list[Fault]:
    """What volunteers' answer means, beside the field that it is about."""
    document = problem.document
    if document.type == "too-many-requests":
        return [Fault(field=None, text=_MANY_TRIES, wait=seconds_to_wait(problem))]
    if document.type == "unavailable":
        return [Fault(field=None, text=_AWAY)]
    texts = {"phone": PHONE, "email": EMAIL, "name": NAME, "tasks": _TASKS}
    named = [document.field or "", *(error.field for error in document.errors)]
    fields = [part for name in named if (part := name.rpartition(".")[2]) in texts]
    return [Fault(field=field, text=texts[field]) for field in dict.fromkeys(fields)] or [Fault(field=None, text=OTHER)]


_TASKS = msgid("Välj minst en sak som du vill hjälpa till med.")
_MANY_TRIES = msgid("Det har kommit många anmälningar härifrån på kort tid. Försök igen %(wait)s.")
_AWAY = msgid("Vi kan inte ta emot din anmälan just nu. Det du har skrivit finns kvar. Försök igen om en stund.")
