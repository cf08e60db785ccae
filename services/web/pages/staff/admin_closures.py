"""Days on which all libraries are shut."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from aiohttp import web
from pydantic import Field

from services.web.faults import Fault
from services.web.keys import CATALOG
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, admins_only, notice, page, posted, services, to
from services.web.wishes import local_day
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Closure(Model):
    """Days on which all libraries are shut, both included."""

    id: UUID
    first: date
    last: date
    reasons: dict[str, str]


class Closures(Model):
    """Those that are not over."""

    items: tuple[Closure, ...]


class Planned(Model):
    """How much is planned at a library on those days."""

    branch_id: str
    sessions: int


class Preview(Model):
    """What shutting would mean."""

    planned: tuple[Planned, ...]

    @property
    def sessions(self) -> int:
        """How much is planned at all libraries."""
        return sum(one.sessions for one in self.planned)


class ClosureForm(Model):
    """Days as somebody types them."""

    first: str = ""
    last: str = ""
    reason: str = ""
    reason_en: str = ""
    key: UUID = Field(default_factory=uuid4)
    """Sent twice, they are shut once."""

    @classmethod
    def sent(cls, posted: Mapping[str, str]) -> ClosureForm:
        """What was sent."""
        given: dict[str, Any] = {
            name: posted.get(name, "").strip() for name in ("first", "last", "reason", "reason_en")
        }
        try:
            given["key"] = UUID(posted.get("key", ""))
        except ValueError:
            given["key"] = uuid4()
        return cls(**given)

    @property
    def fields(self) -> dict[str, str]:
        """Everything in the form, by the names of its fields."""
        return {name: str(getattr(self, name)) for name in type(self).model_fields}

    def faults(self) -> list[Fault]:
        """What cannot be read, or is missing. Catalog knows the rest."""
        found = [] if local_day(self.first) else [Fault("first", _WRONG["first"])]
        if self.last and local_day(self.last) is None:
            found.append(Fault("last", _WRONG["first"]))
        return found if self.reason else [*found, Fault("reason", _WRONG["reason"])]

    def body(self) -> dict[str, Any]:
        """What catalog is sent, of a form without faults."""
        reasons = {"sv": self.reason} | ({"en": self.reason_en} if self.reason_en else {})
        return {"first": self.first, "last": self.last or self.first, "reasons": reasons}


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    at = f"{home}/admin/closures"
    return [
        web.get(at, admins_only(closures)),
        web.post(at, admins_only(shut)),
        web.post(f"{at}/{{closure}}/open", admins_only(open_again)),
    ]


async def closures(request: web.Request) -> web.Response:
    """``GET .../admin/closures``: when all are shut, and a form for more."""
    return await _form(request, ClosureForm())


async def shut(request: web.Request) -> web.Response:
    """``POST .../admin/closures``: first seen with what is planned then, then shut."""
    given = await posted(request)
    form, step = ClosureForm.sent(given), given.get("step", "look")
    faults = form.faults()
    if faults or step == "back":
        return await _form(request, form, faults)
    catalog = services(request).catalog
    try:
        if step == "save":
            made = await catalog.send(Closure, "POST", "/v1/closures", json=form.body(), idempotency_key=str(form.key))
        else:
            preview = await catalog.send(Preview, "POST", "/v1/closures/preview", json=form.body())
            return await _preview(request, form, preview)
    except Problem as problem:
        if problem.document.type != "invalid":
            raise
        return await _form(
            request, form, refused(error.field for error in problem.document.errors or [problem.document])
        )
    undo = Undo(path=f"/admin/closures/{made.id}/open", fields={})
    return to(request, "/admin/closures", notice=notice(request[LANGUAGE].gettext(_SHUT), undo=undo))


async def open_again(request: web.Request) -> web.Response:
    """``POST .../admin/closures/{id}/open``: take a closure back."""
    try:
        wanted = UUID(request.match_info["closure"])
    except ValueError as error:
        raise web.HTTPNotFound from error
    catalog = services(request).catalog
    known = await catalog.get(Closures, "/v1/closures")
    taken_back = next((one for one in known.items if one.id == wanted), None)
    await catalog.send(None, "DELETE", f"/v1/closures/{wanted}")
    undo = Undo(path="/admin/closures", fields=_as_form(taken_back)) if taken_back else None
    return to(request, "/admin/closures", notice=notice(request[LANGUAGE].gettext(_OPENED), undo=undo))


def _as_form(closure: Closure) -> dict[str, str]:
    form = ClosureForm(
        first=closure.first.isoformat(),
        last=closure.last.isoformat(),
        reason=closure.reasons["sv"],
        reason_en=closure.reasons.get("en", ""),
    )
    return form.fields | {"step": "save"}


def refused(fields: Iterable[str | None]) -> list[Fault]:
    """What catalog said of a form, beside the fields it said it of."""
    names = [(field or "").partition(".") for field in fields]
    told = [
        "reason_en" if rest.startswith("en") else "reason" if name == "reasons" else name for name, _, rest in names
    ]
    return [Fault(name, _WRONG[name]) if name in _WRONG else Fault(None, _WRONG["last"]) for name in told]


async def _form(request: web.Request, form: ClosureForm, faults: list[Fault] | None = None) -> web.Response:
    found = await services(request).catalog.get(Closures, "/v1/closures")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    context = {"closures": found.items, "form": form, "faults": faults or []}
    return page(request, "staff/admin_closures.html", context, status=status)


async def _preview(request: web.Request, form: ClosureForm, preview: Preview) -> web.Response:
    names = {one.id: one.name for one in (await request.app[CATALOG].branches()).items}
    context = {
        "form": form,
        "preview": preview,
        "names": names,
        "first": local_day(form.first),
        "last": local_day(form.last or form.first),
    }
    return page(request, "staff/admin_closures_preview.html", context)


_WRONG = {
    "first": msgid("Välj en dag, eller skriv den som 2027-06-25."),
    "last": msgid("Sista dagen ska komma efter den första, inte ha varit, och vara högst ett år bort."),
    "reason": msgid("Skriv varför, med högst 200 tecken. Besökarna ser det."),
    "reason_en": msgid("Skriv högst 200 tecken."),
}
_SHUT = msgid("Alla bibliotek är stängda de dagarna. Det som är planerat ligger kvar tills någon ställer in det.")
_OPENED = msgid("Biblioteken har öppet som vanligt igen de dagarna.")
