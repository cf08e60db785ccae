"""What visitors type: kept as typed, read into requests, and what is wrong with it said beside the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from uuid import UUID, uuid4

from aiohttp import web

from services.web.rendering import msgid
from services.web.upstream import Session, seconds_to_wait
from shared.problems import Problem

_MAX_CODE = 40
_MAX_PROOF = 100
_MAX_NUMBER = 6


class Fault(NamedTuple):
    """One thing to put right. ``text`` is a msgid, filled with ``values``; ``field`` is None for the whole form."""

    field: str | None
    text: str
    values: Mapping[str, object] = MappingProxyType({})
    wait: int | None = None
    """Seconds until trying again helps, where only that does; ``wait`` in the text, in words."""


async def typed(request: web.Request) -> dict[str, str]:
    """The texts of a posted form, without the spaces around them.

    Raises:
        web.HTTPUnsupportedMediaType: The body is no form as our pages send it.
        web.HTTPBadRequest: It is in an unknown character encoding, or not in the one it says.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    try:
        posted = await request.post()
    except (ValueError, LookupError) as error:
        raise web.HTTPBadRequest from error
    return {name: value.strip() for name, value in posted.items() if isinstance(value, str)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """Which questions the form asks."""

    adults: bool
    children: bool
    counts: Literal["persons", "children", "bookings"]
    """What a seat is for."""
    most: int | None
    """The largest party; None while catalog cannot say."""

    @classmethod
    def of(cls, session: Session) -> Fields:
        """A party of one needs no question; children are asked for where they are counted apart."""
        return cls(
            adults=session.party_max > 1 or session.children,
            children=session.children,
            counts=session.counts,
            most=session.party_max,
        )

    @classmethod
    def seen_in(cls, values: Mapping[str, str]) -> Fields:
        """The questions that were on the form as it was sent."""
        return cls(adults="adults" in values, children="children" in values, counts="persons", most=None)

    @property
    def seats(self) -> Literal["adults", "children"] | None:
        """The question that decides how many seats are taken, when there is one."""
        if self.children and self.counts == "children":
            return "children"
        return "adults" if self.adults else None


@dataclass(frozen=True, kw_only=True, slots=True)
class BookingForm:
    """The booking form as the visitor left it."""

    name: str = ""
    by: str = "sms"
    phone: str = ""
    email: str = ""
    adults: str = "1"
    children: str = "0"
    idempotency_key: str

    @classmethod
    def empty(cls, fields: Fields) -> BookingForm:
        """A form nobody has filled in, with the most likely party."""
        return cls(children="1" if fields.seats == "children" else "0", idempotency_key=str(uuid4()))

    @classmethod
    def sent(cls, values: Mapping[str, str]) -> BookingForm:
        """The form that a browser sent; a question that was not on it has its usual answer."""
        known = {
            name: values[name] for name in ("name", "by", "phone", "email", "adults", "children") if name in values
        }
        return cls(**known, idempotency_key=_uuid(values.get("idempotency_key", "")))

    def faults(self) -> list[Fault]:
        """What keeps the form from being sent on. The rules themselves are booking's."""
        found = []
        if not self.name:
            found.append(Fault(field="name", text=_NAME))
        if self.by not in {"sms", "email", "none"}:
            found.append(Fault(field="by", text=_BY))
        if self.by == "sms" and not self.phone:
            found.append(Fault(field="phone", text=_PHONE))
        if self.by == "email" and not self.email:
            found.append(Fault(field="email", text=_EMAIL))
        found += [
            Fault(field=name, text=_NUMBER)
            for name, text in (("adults", self.adults), ("children", self.children))
            if not _is_number(text)
        ]
        return found

    def request(self, session_id: UUID, language: str) -> dict[str, Any]:
        """The body of ``POST /v1/bookings``, from a form without faults."""
        contact = {"sms": {"phone": self.phone}, "email": {"email": self.email}}.get(self.by, {})
        return {
            "session_id": str(session_id),
            "party": {"adults": int(self.adults), "children": int(self.children)},
            "name": self.name,
            "reach": {"by": self.by, **contact},
            "language": language,
        }

    def can_shrink(self, fields: Fields) -> bool:
        """Whether fewer people would take fewer seats."""
        adults, children = int(self.adults), int(self.children)
        return {"persons": adults + children, "children": children, "bookings": 1}[fields.counts] > 1


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return str(uuid4())


def _is_number(text: str) -> bool:
    """Whether this is a whole number, in digits of any script; a negative one is for booking to refuse."""
    return len(text) <= _MAX_NUMBER and text.removeprefix("-").isdecimal()


_NAME = msgid("Skriv ditt namn med bokstäver, högst 60 tecken. Förnamn räcker.")
_BY = msgid("Välj hur vi når dig.")
_PHONE = msgid("Skriv ett svenskt mobilnummer, till exempel 070-174 06 05.")
_EMAIL = msgid("Skriv en e-postadress, till exempel namn@exempel.se.")
_NUMBER = msgid("Skriv antalet med siffror, till exempel 2.")
_PARTY = msgid("Skriv hur många ni är.")
_TOO_LARGE = msgid("Ni är för många för en bokning. Ring biblioteket, så hjälper vi er.")
_TOO_LARGE_MOST = msgid("Ni kan vara högst %(most)s i en bokning. Är ni fler, ring biblioteket.")
_FULL = msgid("Alla platser är bokade. Välj en annan tid.")
_SOLD_OUT = msgid("Så många platser finns inte kvar. Välj färre personer eller en annan tid.")
_ALREADY_BOOKED = msgid("Du har redan en plats här. Under Min bokning kan du se den.")
_CLOSED = msgid("Den här tiden går inte längre att boka. Välj en annan tid.")
_NOT_OPEN = msgid("Hit behöver du inte boka. Kom som du är.")
_MANY_OF_PHONE = msgid(
    "Det här numret har använts till många bokningar. Ring biblioteket, så hjälper vi dig, eller försök igen %(wait)s."
)
_MANY_OF_EMAIL = msgid(
    "Den här e-postadressen har använts till många bokningar. Ring biblioteket, så hjälper vi dig, eller försök igen "
    "%(wait)s."
)
_MANY_FROM_HERE = msgid(
    "Det har kommit många bokningar från samma internetanslutning som din. Försök igen %(wait)s, eller ring "
    "biblioteket."
)
_MANY_TRIES = msgid("Det har blivit många försök på kort tid. Försök igen %(wait)s.")
_CHANGED = msgid("Något ändrades efter att du tryckte på Boka plats. Läs igenom och tryck en gång till.")
_UNAVAILABLE = msgid("Det gick inte att boka just nu. Det du har skrivit finns kvar. Försök igen om en stund.")
_OTHER = msgid("Något gick fel. Läs igenom det du har skrivit och försök igen.")

_TEXTS = {
    "invalid-phone": _PHONE,
    "invalid-email": _EMAIL,
    "already-booked": _ALREADY_BOOKED,
    "closed": _CLOSED,
    "not-open": _NOT_OPEN,
    "idempotency-key-reused": _CHANGED,
    "still-running": _UNAVAILABLE,
    "unavailable": _UNAVAILABLE,
}
_FIELDS = {
    "reach.phone": "phone",
    "reach.email": "email",
    "party": "adults",
    "party.adults": "adults",
    "party.children": "children",
    "name": "name",
}
_INVALID = {
    "name": _NAME,
    "phone": _PHONE,
    "email": _EMAIL,
    "adults": _PARTY,
    "children": _PARTY,
}
_OUTCOME_UNKNOWN = frozenset({"unavailable", "still-running"})


def refused(problem: Problem, form: BookingForm, fields: Fields) -> list[Fault]:
    """What booking's answer to ``form`` means on it, beside the field it names where that field is shown."""
    document = problem.document
    if document.type == "invalid":
        named = dict.fromkeys(_FIELDS.get(error.field) for error in document.errors)
        return [Fault(field=name, text=_INVALID.get(name or "", _OTHER)) for name in named]
    if document.type == "party-too-large":
        text, values = (_TOO_LARGE, {}) if fields.most is None else (_TOO_LARGE_MOST, {"most": fields.most})
        return [Fault(field=fields.seats, text=text, values=values)]
    if document.type == "party-empty":
        return [Fault(field=fields.seats, text=_PARTY)]
    if document.type == "sold-out":
        return [Fault(field=fields.seats, text=_SOLD_OUT) if form.can_shrink(fields) else Fault(field=None, text=_FULL)]
    if document.type == "too-many-requests":
        field = _FIELDS.get(document.field or "")
        text = {"phone": _MANY_OF_PHONE, "email": _MANY_OF_EMAIL}.get(field or "", _MANY_FROM_HERE)
        return [Fault(field=field, text=text, wait=seconds_to_wait(problem))]
    beside = {"invalid-phone": "phone", "invalid-email": "email"}.get(document.type)
    return [Fault(field=beside, text=_TEXTS.get(document.type, _OTHER))]


def next_key(form: BookingForm, problem: Problem) -> str:
    """The key for another try: the same while the outcome is unknown, else a new one for a new request."""
    return form.idempotency_key if problem.document.type in _OUTCOME_UNKNOWN else str(uuid4())


@dataclass(frozen=True, kw_only=True, slots=True)
class LookupForm:
    """Code and proof, as the visitor left them."""

    code: str = ""
    proof: str = ""

    @classmethod
    def sent(cls, values: Mapping[str, str]) -> LookupForm:
        """The form that a browser sent."""
        return cls(code=values.get("code", ""), proof=values.get("proof", ""))

    @property
    def plain_code(self) -> str:
        """Letters and digits of the code only: fit for an address, however it was typed."""
        return "".join(letter for letter in self.code if letter.isalnum())

    @property
    def plain_proof(self) -> str:
        """The proof, fit for a header."""
        return "".join(letter for letter in self.proof if letter.isprintable())

    def faults(self) -> list[Fault]:
        """What keeps the form from being sent on."""
        found = []
        if not 0 < len(self.plain_code) <= _MAX_CODE:
            found.append(Fault(field="code", text=_CODE))
        if not 0 < len(self.plain_proof) <= _MAX_PROOF:
            found.append(Fault(field="proof", text=_PROOF))
        return found


_CODE = msgid("Skriv koden. Den har sex tecken, till exempel K7F-4MQ.")
_PROOF = msgid("Skriv de fyra sista siffrorna i ditt telefonnummer, eller de två första bokstäverna i ditt namn.")
_NOT_FOUND = msgid(
    "Vi hittar ingen bokning med den koden och de siffrorna eller bokstäverna. Titta efter och försök igen."
)
_LOOKUP_AWAY = msgid("Vi kan inte visa bokningar just nu. Försök igen om en stund.")


def not_found(problem: Problem) -> Fault:
    """Why a booking is not shown. Wrong code and wrong proof read the same."""
    if problem.document.type == "too-many-requests":
        return Fault(field=None, text=_MANY_TRIES, wait=seconds_to_wait(problem))
    texts = {"wrong-proof": _NOT_FOUND, "unavailable": _LOOKUP_AWAY}
    beside = "code" if problem.document.type == "wrong-proof" else None
    return Fault(field=beside, text=texts.get(problem.document.type, _OTHER))
