"""How long people are known: administrators record what was decided, and see before whom it erases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web
from pydantic import AwareDatetime

from services.web.faults import OTHER, Fault, is_number, number, typed
from services.web.keys import SITE
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import admins_only, notice, page, services, to
from services.web.staff.everywhere import HEARING, NAMES, everywhere
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.staff import StaffService
    from services.web.staff.everywhere import Everywhere

_LONGEST = 3650
"""Days; longer than that is no erasure."""
_LONGEST_REFERENCE = 200

_SAVED = msgid("Beslutet är sparat. Det som är äldre tas bort inom en timme.")
_NO_REFERENCE = msgid("Skriv beslutets nummer, så att det går att hitta.")
_NO_DAY = msgid("Skriv vilken dag det bestämdes.")
_TOO_EARLY = msgid("Den dagen har inte varit än.")
_NO_DAYS = msgid("Skriv ett antal dagar mellan 1 och %(most)s.")


class Decision(Model):
    """Somebody who may decided for how long details are kept."""

    reference: str
    decided_on: date
    days: int
    recorded_by: str
    recorded_at: AwareDatetime

    def same_as(self, other: Decision | None) -> bool:
        """Whether both are the same decision, whoever recorded them."""
        return other is not None and self.what == other.what

    @property
    def what(self) -> tuple[str, date, int]:
        """What was decided."""
        return self.reference, self.decided_on, self.days


class Known(Model):
    """What one service knows of it."""

    decision: Decision | None


class Old(Model):
    """What would be erased."""

    days: int
    people: int
    sessions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody typed."""

    reference: str = ""
    decided_on: str = ""
    days: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Wish:
        """What a form asks for."""
        return cls(
            reference=form.get("reference", ""), decided_on=form.get("decided_on", ""), days=form.get("days", "")
        )

    def fields(self) -> dict[str, str]:
        """The same as fields of a form."""
        return {"reference": self.reference, "decided_on": self.decided_on, "days": self.days}

    def body(self) -> dict[str, str | int]:
        """The same for the services, once nothing is wrong with it."""
        return {"reference": self.reference, "decided_on": self.decided_on, "days": number(self.days)}

    def faults(self, today: date) -> list[Fault]:
        """What is wrong with it."""
        found = []
        if not self.reference or len(self.reference) > _LONGEST_REFERENCE or not self.reference.isprintable():
            found.append(Fault("reference", _NO_REFERENCE))
        if (day := _day(self.decided_on)) is None:
            found.append(Fault("decided_on", _NO_DAY))
        elif day > today:
            found.append(Fault("decided_on", _TOO_EARLY))
        if not is_number(self.days) or not 1 <= number(self.days) <= _LONGEST:
            found.append(Fault("days", _NO_DAYS, {"most": _LONGEST}))
        return found


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(f"{home}/admin/erasure", show), web.post(f"{home}/admin/erasure", decide)]


@admins_only
async def show(request: web.Request) -> web.Response:
    """``GET /{language}/staff/admin/erasure``: what was decided, as each service that knows people knows it."""
    return await _form(request, Wish())


@admins_only
async def decide(request: web.Request) -> web.Response:
    """``POST /{language}/staff/admin/erasure``: first is shown whom a decision erases, then it is recorded.

    Raises:
        Problem: 503 where a service is away. The others know the decision by then: sent again it changes nothing there.
    """
    form = await typed(request)
    wish = Wish.of(form)
    if faults := wish.faults(request.app[SITE].now().date()):
        return await _form(request, wish, faults)
    match form.get("do"):
        case "edit":
            return await _form(request, wish)
        case "save":
            return await _save(request, wish)
        case _:
            return await _preview(request, wish)


async def _preview(request: web.Request, wish: Wish) -> web.Response:
    """Whom the decision erases: those whom booking knows. What others keep of them is erased with them."""
    old = await services(request).booking.get(Old, "/v1/erasure-preview", params={"days": str(number(wish.days))})
    return page(request, "staff/erasure_preview.html", {"wish": wish, "old": old, "day": _day(wish.decided_on)})


async def _save(request: web.Request, wish: Wish) -> web.Response:
    known = services(request).all()
    for name in HEARING:
        try:
            await known[name].send(Known, "POST", "/v1/erasure-decision", json=wish.body())
        except Problem as problem:
            if problem.document.status != HTTPStatus.UNPROCESSABLE_ENTITY:
                raise
            return await _form(request, wish, [Fault(problem.document.field, OTHER)])
    said = request[LANGUAGE].gettext(_SAVED)
    return to(request, "/admin/erasure", notice=notice(said))


async def _form(request: web.Request, wish: Wish, faults: Sequence[Fault] = ()) -> web.Response:
    async def ask(_: str, service: StaffService) -> Known:
        return await service.get(Known, "/v1/erasure-decision")

    found = await everywhere(request, ask, HEARING)
    newest = _newest(found)
    context = {
        "wish": wish,
        "faults": faults,
        "decision": newest,
        "lacking": [name for name, known in found.said.items() if newest and not newest.same_as(known.decision)],
        "away": found.away,
        "names": NAMES,
        "today": request.app[SITE].now().date().isoformat(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/erasure.html", context, status=status)


def _newest(found: Everywhere[Known]) -> Decision | None:
    """What was recorded last, wherever that was."""
    decisions = [known.decision for known in found.said.values() if known.decision]
    return max(decisions, key=lambda decision: decision.recorded_at, default=None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
