"""When people are written to and how much is let through: administrators decide, and see before what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web
from babel.numbers import format_decimal
from pydantic import AwareDatetime, ConfigDict, Field, JsonValue

from services.web.faults import OTHER, Fault, is_number, number, typed
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, admins_only, notice, page, services, to
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from shared.i18n import Language

NUMBERS = ("bookings_of_number", "messages_to_number", "bookings_from_network", "sms_parts_a_day")
"""What is decided as a number."""

NAMES: Mapping[str, str] = {
    "permitted_hours": msgid("När vi skriver till folk"),
    "bookings_of_number": msgid("Bokningar per nummer och dygn"),
    "messages_to_number": msgid("Meddelanden per nummer och dygn"),
    "bookings_from_network": msgid("Bokningar per nätverk och timme"),
    "sms_parts_a_day": msgid("Sms per dag för hela Plats"),
}

CONSEQUENCES: Mapping[str, str] = {
    "waits-for-morning": msgid(
        "Det vi skickar utanför tiderna väntar tills de börjar. Så länge räknas inte heller tiden att svara. "
        "Bekräftelser på det man själv gör går alltid direkt."
    ),
    "early-or-late": msgid("Folk kan få sms när de sover."),
    "booked-earlier-counts": msgid(
        "Den som redan bokat så många gånger det senaste dygnet kan inte boka mer själv förrän i morgon. "
        "Ni kan fortfarande boka åt dem vid disken."
    ),
    "families-share-numbers": msgid(
        "Familjer delar ofta telefon. Med så få bokningar räcker det kanske inte till alla."
    ),
    "confirmations-held-back": msgid(
        "Den som bokar så mycket det går får kanske inte alla bekräftelser och påminnelser. "
        "Det som inte får skickas som sms går med e-post, eller hamnar på ringlistan."
    ),
    "schools-share-addresses": msgid("En skolklass eller ett biblioteks wifi räknas som ett enda nätverk."),
    "only-cancellations-by-sms": msgid(
        "Inga sms skickas, utom när ett tillfälle ställs in. Resten går med e-post, eller hamnar på ringlistan."
    ),
    "few-messages-a-day": msgid(
        "Det kan ta slut på en vanlig dag. Då går resten med e-post, eller hamnar på ringlistan, till midnatt."
    ),
}

_WHOLE_NUMBER = msgid("%(name)s: skriv ett heltal mellan %(least)s och %(most)s.")
_TOO_SHORT = msgid("Lämna minst %(hours)s timmar om dagen, så att folk hinner svara.")
_SAVED = msgid("Sparat. Det gäller överallt inom några sekunder.")
_NOTHING = msgid("Ingenting är ändrat än.")


class Bounds(Model):
    """Between which numbers something may be decided."""

    least: int
    most: int


class Installation(Model):
    """What counts for the whole installation."""

    revision: int
    decided_at: AwareDatetime | None
    permitted_hours: str
    bookings_of_number: int
    messages_to_number: int
    bookings_from_network: int
    sms_parts_a_day: int
    bounds: dict[str, Bounds]
    shortest_hours: int


class Change(Model):
    """One thing that a decision makes different."""

    model_config = ConfigDict(validate_by_name=True)

    field: str
    was: JsonValue
    is_: JsonValue = Field(alias="is")


class Consequence(Model):
    """Something that follows from it."""

    field: str
    id: str


class Outlook(Model):
    """What a decision would make different."""

    revision: int
    changes: list[Change]
    consequences: list[Consequence]


class Spending(Model):
    """What messages cost today."""

    parts: int
    parts_a_day: int
    stopped: bool
    part_price: Decimal
    held: int
    most_to_one: int

    def cost(self, parts: int, language: Language) -> str:
        """What so many SMS parts cost, in kronor."""
        return format_decimal(round(self.part_price * parts), locale=language.locale)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody typed."""

    opens: str
    closes: str
    numbers: Mapping[str, str]
    revision: str

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Wish:
        """What a form asks for."""
        return cls(
            opens=form.get("opens", ""),
            closes=form.get("closes", ""),
            numbers={name: form.get(name, "") for name in NUMBERS},
            revision=form.get("revision", ""),
        )

    @classmethod
    def to_keep(cls, now: Installation) -> Wish:
        """What counts already."""
        numbers = {name: str(getattr(now, name)) for name in NUMBERS}
        return cls.of(_fields("permitted_hours", now.permitted_hours) | numbers | {"revision": str(now.revision)})

    def fields(self) -> dict[str, str]:
        """The same as fields of a form."""
        return {"opens": self.opens, "closes": self.closes, **self.numbers, "revision": self.revision}

    def after(self, changes: Sequence[Change], revision: object) -> Wish:
        """The same from another revision: what somebody else changed, and this did not, is as they changed it."""
        fields = self.fields()
        for change in changes:
            was, is_ = _fields(change.field, change.was), _fields(change.field, change.is_)
            if was.items() <= fields.items():
                fields |= is_
        return Wish.of(fields | {"revision": str(revision)})

    def body(self) -> dict[str, str | int]:
        """The same for the service, once nothing is wrong with it."""
        numbers = {name: number(text) for name, text in self.numbers.items()}
        return {"permitted_hours": f"{self.opens}-{self.closes}", **numbers}

    def faults(self, now: Installation, language: Language) -> list[Fault]:
        """What is wrong with it, as far as that can be seen."""
        return [_not_within(name, now, language) for name, text in self.numbers.items() if not is_number(text)]


def _fields(rule: str, value: JsonValue) -> dict[str, str]:
    """A rule as the fields in which one types it."""
    if rule != "permitted_hours":
        return {rule: str(value)}
    opens, _, closes = str(value).partition("-")
    return {"opens": opens, "closes": closes}


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(f"{home}/admin/hours", show), web.post(f"{home}/admin/hours", decide)]


@admins_only
async def show(request: web.Request) -> web.Response:
    """``GET /{language}/staff/admin/hours``: what counts now, to be changed."""
    now = await _now(request)
    return await _form(request, now, Wish.to_keep(now))


@admins_only
async def decide(request: web.Request) -> web.Response:
    """``POST /{language}/staff/admin/hours``: first what follows is shown, then it is decided."""
    form = await typed(request)
    wish, now = Wish.of(form), await _now(request)
    if faults := wish.faults(now, request[LANGUAGE]):
        return await _form(request, now, wish, faults)
    try:
        if form.get("do") == "save":
            return await _save(request, now, wish)
        outlook = await services(request).catalog.send(Outlook, "POST", "/v1/installation/preview", json=wish.body())
    except Problem as problem:
        if problem.document.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        faults = [_fault(error.field, now, request[LANGUAGE]) for error in problem.document.errors]
        return await _form(request, now, wish, faults)
    if form.get("do") == "edit":
        return await _form(request, now, wish)
    if not outlook.changes:
        return await _form(request, now, wish, [Fault(None, _NOTHING)])
    context = {"wish": wish, "outlook": outlook, "spending": await _spending(request)}
    return page(request, "staff/hours_preview.html", _words(request) | context)


async def _save(request: web.Request, now: Installation, wish: Wish) -> web.Response:
    body = wish.body() | ({"revision": number(wish.revision)} if is_number(wish.revision) else {})
    try:
        decided = await services(request).catalog.send(Installation, "PATCH", "/v1/installation", json=body)
    except Problem as problem:
        if problem.document.type != "stale-revision":
            raise
        members = problem.document.model_extra or {}
        since = [Change.model_validate(one) for one in members.get("changes", ())]
        newest = wish.after(since, members.get("revision", now.revision))
        return await _form(request, now, newest, changed_meanwhile=since)
    before = Wish.to_keep(now.model_copy(update={"revision": decided.revision}))
    undo = Undo(path="/admin/hours", fields={"do": "save", **before.fields()})
    said = request[LANGUAGE].gettext(_SAVED)
    return to(request, "/admin/hours", notice=notice(said, undo))


async def _now(request: web.Request) -> Installation:
    return await services(request).catalog.get(Installation, "/v1/installation")


async def _spending(request: web.Request) -> Spending | None:
    """What messages cost today; None while nobody can say: that is no reason not to decide."""
    try:
        return await services(request).notify.get(Spending, "/v1/spending")
    except Problem as problem:
        if problem.document.status != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return None


async def _form(
    request: web.Request,
    now: Installation,
    wish: Wish,
    faults: Sequence[Fault] = (),
    *,
    changed_meanwhile: Sequence[Change] = (),
) -> web.Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    if changed_meanwhile:
        status = HTTPStatus.CONFLICT
    context = {
        "now": now,
        "wish": wish,
        "faults": faults,
        "spending": await _spending(request),
        "changed_meanwhile": changed_meanwhile,
    }
    return page(request, "staff/hours.html", _words(request) | context, status=status)


def _words(request: web.Request) -> dict[str, object]:
    return {"names": NAMES, "numbers": NUMBERS, "explained": CONSEQUENCES, "page_language": request[LANGUAGE]}


def _fault(field: str, now: Installation, language: Language) -> Fault:
    """What the service says is wrong, in words."""
    if field in now.bounds:
        return _not_within(field, now, language)
    if field == "permitted_hours":
        return Fault("opens", _TOO_SHORT, {"hours": now.shortest_hours})
    return Fault(None, OTHER)


def _not_within(name: str, now: Installation, language: Language) -> Fault:
    bounds = now.bounds[name]
    values = {"name": language.gettext(NAMES[name]), "least": bounds.least, "most": bounds.most}
    return Fault(name, _WHOLE_NUMBER, values)
