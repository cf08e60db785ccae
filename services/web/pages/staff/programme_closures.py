"""The days on which a library is closed: set before they are planned over, and what is planned then is named."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

from aiohttp import web

from services.web.faults import Fault
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, notice, page, posted, services, to
from services.web.staff.planning import asking
from services.web.staff.planning.answers import NewShut, ShutDays
from services.web.staff.planning.faults import faults_of
from services.web.staff.planning.place import choose_library, library_of, library_said
from services.web.staff.planning.typing_in import day, text
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multidict import MultiDictProxy

    from services.web.staff.planning.answers import PlannedSession

_FIRST = msgid("Välj den första dagen.")
_WHY = msgid("Skriv varför ni har stängt.")
_SHUT = msgid("Stängningen är sparad. Nya serier hoppar över de dagarna.")
_OPEN = msgid("Stängningen är borttagen.")


class ShutForm(Model):
    """A closure as it was typed."""

    first: str = ""
    last: str = ""
    why: str = ""
    why_en: str = ""
    key: str

    @classmethod
    def sent(cls, form: MultiDictProxy[str]) -> ShutForm:
        """What was typed."""
        names = ("first", "last", "why", "why_en")
        return cls(**{name: text(form, name) for name in names}, key=text(form, "key") or str(uuid4()))

    def faults(self) -> list[Fault]:
        """What has to be put right before catalog can be asked."""
        found = [(day(self.first) is not None, "first", _FIRST), (bool(self.why), "why", _WHY)]
        return [Fault(field=field, text=said) for right, field, said in found if not right]

    @property
    def body(self) -> dict[str, object]:
        """What catalog is told."""
        reasons = {"sv": self.why} | ({"en": self.why_en} if self.why_en else {})
        return {"first": self.first, "last": self.last or self.first, "reasons": reasons}


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    path = f"{home}/programme/closures"
    one = path + "/{closure:[0-9a-f-]{36}}"
    return [web.get(path, closures), web.post(path, shut), web.post(f"{one}/open", reopen)]


async def closures(request: web.Request) -> web.Response:
    """``GET programme/closures``: the coming ones, and a form for a new one."""
    branch = library_of(request)
    if branch is None:
        return choose_library(request)
    return await _page(request, branch, ShutForm(key=str(uuid4())))


async def shut(request: web.Request) -> web.Response:
    """``POST programme/closures``: a new closure; what is planned on its days is shown, and stays."""
    typed = await posted(request)
    branch = library_said(request, typed.get("branch", ""))
    form = ShutForm.sent(typed)
    faults = form.faults()
    if faults:
        return await _page(request, branch, form, faults)
    path = f"/v1/branches/{branch}/closures"
    try:
        made = await services(request).catalog.send(
            NewShut, "POST", path, json=form.body, idempotency_key=asking.once(form.key, form.body)
        )
    except Problem as problem:
        return await _page(request, branch, form, faults_of(problem, {"reasons": "why"}))
    if made.sessions:
        return await _page(request, branch, ShutForm(key=str(uuid4())), planned=made.sessions)
    undo = Undo(path=f"/programme/closures/{made.id}/open", fields={"branch": branch})
    return to(request, f"/programme/closures?branch={branch}", notice=notice(request[LANGUAGE].gettext(_SHUT), undo))


async def reopen(request: web.Request) -> web.Response:
    """``POST programme/closures/{id}/open``: a closure of the library's own taken back."""
    typed = await posted(request)
    branch = library_said(request, typed.get("branch", ""))
    id_ = asking.known_id(request.match_info["closure"])
    await services(request).catalog.send(None, "DELETE", f"/v1/branches/{branch}/closures/{id_}")
    given = ShutForm.sent(typed)
    undo = None
    if given.first and given.why:
        fields = {"branch": branch, "first": given.first, "last": given.last, "why": given.why, "why_en": given.why_en}
        undo = Undo(path="/programme/closures", fields=fields)
    return to(request, f"/programme/closures?branch={branch}", notice=notice(request[LANGUAGE].gettext(_OPEN), undo))


async def _page(
    request: web.Request,
    branch: str,
    form: ShutForm,
    faults: Sequence[Fault] = (),
    planned: Sequence[PlannedSession] = (),
) -> web.Response:
    found = await services(request).catalog.get(ShutDays, f"/v1/branches/{branch}/closures")
    context = {"branch": branch, "closures": found.items, "form": form, "faults": faults, "planned": planned}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/programme_closures.html", context, status=status)
