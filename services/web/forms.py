"""What visitors type: kept as typed, read into requests, and what is wrong with it said beside the field."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Self
from uuid import UUID, uuid4

from aiohttp import web
from pydantic import Field

from services.web.parties import Fields
from services.web.rendering import msgid
from services.web.upstream import Party, seconds_to_wait
from shared.models import Model
from shared.names import display_name
from shared.problems import Problem

MAX_NUMBER = 6
"""Signs of a number of people; with more it is larger than any party."""
_KEPT = {"adults": 7, "children": 7, "name": 241, "by": 8, "phone": 41, "email": 255}
"""How many letters of an answer are kept: one more than could be right, so that what is too long stays so."""

_NOT_TYPED = re.compile(r"[\x00-\x1f\x7f]")
"""Control characters, which no keyboard puts into a field. Each would take six bytes of a draft's few."""


class Fault(NamedTuple):
    """One thing to put right. ``text`` is a msgid, filled with ``values``; ``field`` is None for the whole form."""

    field: str | None
    text: str
    values: Mapping[str, object] = MappingProxyType({})
    wait: int | None = None
    """Seconds until trying again helps, where only that does; ``wait`` in the text, in words."""


class Way(StrEnum):
    """What the questions lead to; also the word for it in the addresses of their pages."""

    BOOK = "book"
    QUEUE = "queue"


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


_NOTHING_ASKED = Fields(adults=False, children=False)


class ReachForm(Model):
    """How a visitor wants to be reached, as they typed it."""

    by: str = "sms"
    phone: str = ""
    email: str = ""

    WAYS: ClassVar[frozenset[str]] = frozenset({"sms", "email"})
    """The choices there are."""

    def answered(self, values: Mapping[str, str], names: Collection[str]) -> Self:
        """The form with the answers that were sent to these questions, in letters that can be seen."""
        shown = {name: _NOT_TYPED.sub("", values[name]) for name in names if name in values}
        return self.model_copy(update={name: text[: _KEPT[name]] for name, text in shown.items()})

    def reach_faults(self, way: Way = Way.BOOK) -> list[Fault]:
        """What is missing to reach the visitor, or needs a reason. Booking knows numbers and addresses."""
        if way is Way.QUEUE and self.by == "none":
            return [Fault(field="by", text=_BY_TO_QUEUE)]
        if self.by not in self.WAYS:
            return [Fault(field="by", text=_BY)]
        if self.by == "sms" and not self.phone:
            return [Fault(field="phone", text=_PHONE)]
        if self.by == "email" and not self.email:
            return [Fault(field="email", text=_EMAIL)]
        if self.by == "email" and not self.email.rpartition("@")[0].isascii():
            return [Fault(field="email", text=_EMAIL_LETTERS)]
        return []

    @property
    def reach(self) -> dict[str, str]:
        """The way that was chosen, from answers without faults, and nothing of the others."""
        contact = {"sms": {"phone": self.phone}, "email": {"email": self.email}}.get(self.by, {})
        return {"by": self.by, **contact}


class BookingForm(ReachForm):
    """What a visitor has answered so far, as they typed it. An answer that is empty has not been given."""

    adults: str = ""
    children: str = ""
    name: str = ""
    idempotency_key: UUID = Field(default_factory=uuid4)
    """Goes with the booking, so that asking twice makes one."""
    hold: UUID | None = None
    """The seats kept for this visitor, when they were sent along: asking again sends the same."""
    tried: bool = False
    """Whether this was sent to booking without anybody knowing what became of it."""

    WAYS: ClassVar[frozenset[str]] = frozenset({"sms", "email", "none"})

    def renewed(self) -> BookingForm:
        """The same answers, for another request."""
        return self.model_copy(update={"idempotency_key": uuid4(), "hold": None, "tried": False})

    def sent(self, hold: UUID | None) -> BookingForm:
        """The same answers as they go to booking; a second time as the first time, whatever is kept meanwhile."""
        return self if self.tried else self.model_copy(update={"hold": hold, "tried": True})

    def fitted(self, fields: Fields) -> BookingForm:
        """The same answers for another session; without the party where that one asks for it in another way."""
        fits = fields.adults and fields.children == bool(self.children)
        return self.renewed().model_copy(update={} if fits else {"adults": "", "children": ""})

    @property
    def party(self) -> Party:
        """Who comes, from answers without faults; who was not asked comes alone."""
        return Party(adults=number(self.adults or "1"), children=number(self.children or "0"))

    def party_faults(self, fields: Fields) -> list[Fault]:
        """What is wrong with the party, as far as catalog knows the session. Booking decides."""
        found = [Fault(field=name, text=NUMBER) for name in fields.asked if not is_number(getattr(self, name))]
        if found or not fields.asked:
            return found
        party = self.party
        if min(party.adults, party.children) < 0:
            return [Fault(field="adults" if party.adults < 0 else "children", text=_PARTY)]
        if fields.most is not None and party.adults + party.children > fields.most:
            return [_too_large(fields)]
        if fields.taken_by(party) == 0:
            return [_nobody(fields)]
        if fields.counts == "children" and party.adults == 0:
            return [Fault(field="adults", text=_ADULT)]
        scarce = fields.left is not None and fields.taken_by(party) > fields.left
        return [Fault(field=fields.seats, text=_SCARCE, values={"left": fields.left})] if scarce else []

    def name_faults(self) -> list[Fault]:
        """What is wrong with the name, by the rule that booking decides by."""
        try:
            display_name(self.name)
        except ValueError:
            return [Fault(field="name", text=_NAME)]
        return []

    @property
    def knows_party(self) -> bool:
        """Whether it can be said who comes."""
        return bool(self.adults) and not self.party_faults(self.fields)

    @property
    def fields(self) -> Fields:
        """What was asked about the party, by its answers: all that is known of that without catalog."""
        return Fields.seen_in(self.model_dump(include={"adults", "children"}, exclude_defaults=True))

    def faults(self, fields: Fields, way: Way) -> list[Fault]:
        """What keeps the form from being sent on, in the order of the questions."""
        return self.party_faults(fields) + self.name_faults() + self.reach_faults(way)

    def request(self, session_id: UUID, language: str, way: Way) -> dict[str, Any]:
        """The body of ``POST /v1/bookings``, from a form without faults."""
        kept = {"hold": str(self.hold)} if self.hold else {}
        waits = {"if_full": "queue"} if way is Way.QUEUE else {}
        return {
            "session_id": str(session_id),
            "party": self.party.model_dump(),
            "name": self.name,
            "reach": self.reach,
            "language": language,
            **kept,
            **waits,
        }


def is_number(text: str) -> bool:
    """Whether this is a whole number, in digits of any script."""
    return re.fullmatch(r"[+-]?\d+", text) is not None


def number(text: str) -> int:
    """The number, for a text that is one; of what is far too large as much as makes it too large."""
    return int(text[: MAX_NUMBER + 1])


_NAME = msgid(
    "Skriv ditt namn med bokstäver, högst 60 tecken. Förnamn räcker. Länkar, telefonnummer och emojier går inte."
)
_BY = msgid("Välj hur vi når dig.")
_BY_TO_QUEUE = msgid("I kön behöver vi kunna nå dig när det finns en plats. Välj sms eller e-post.")
_PHONE = msgid("Skriv ett svenskt mobilnummer, till exempel 070-174 06 05.")
_EMAIL = msgid("Skriv en e-postadress, till exempel namn@exempel.se.")
_EMAIL_LETTERS = msgid(
    "Före @ kan vi bara använda bokstäverna a–z, inte till exempel å, ä och ö. Skriv en annan adress."
)
NUMBER = msgid("Skriv antalet med siffror, till exempel 2.")
_PARTY = msgid("Skriv hur många ni är.")
_CHILD = msgid("Minst ett barn behöver komma.")
_ADULT = msgid("Minst en vuxen behöver komma med barnen.")
_TOO_LARGE = msgid("Ni är för många för en bokning. Ring biblioteket, så hjälper vi er.")
_TOO_LARGE_MOST = msgid("Ni kan vara högst %(most)s i en bokning. Är ni fler, ring biblioteket.")
_SCARCE = msgid("Så många platser finns inte kvar. Nu är det %(left)s kvar.")
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
_CHANGED = msgid("Något ändrades efter att du tryckte på knappen. Läs igenom och tryck en gång till.")
_UNAVAILABLE = msgid("Det gick inte just nu. Det du har skrivit finns kvar. Försök igen om en stund.")
OTHER = msgid("Något gick fel. Läs igenom det du har skrivit och försök igen.")

_TEXTS = {
    "invalid-phone": _PHONE,
    "invalid-email": _EMAIL,
    "idempotency-key-reused": _CHANGED,
    "still-running": _UNAVAILABLE,
    "unavailable": _UNAVAILABLE,
    "unreachable": _BY_TO_QUEUE,
}
_FIELDS = {
    "reach.by": "by",
    "reach.phone": "phone",
    "reach.email": "email",
    "party": "adults",
    "party.adults": "adults",
    "party.children": "children",
    "name": "name",
}
_INVALID = {
    "by": _BY,
    "name": _NAME,
    "phone": _PHONE,
    "email": _EMAIL,
}
"""Of a number of people only one is refused so that is one: larger than any party."""


def refused(problem: Problem, fields: Fields = _NOTHING_ASKED) -> list[Fault]:
    """What booking's answer to a form means, beside the field it names where that field is asked for."""
    document = problem.document
    if document.type == "invalid":
        named = dict.fromkeys(_FIELDS.get(error.field) for error in document.errors)
        return [_invalid(name, fields) for name in named]
    if document.type == "party-too-large":
        return [_too_large(fields)]
    if document.type == "party-empty":
        return [_nobody(fields)]
    if document.type == "adult-missing":
        return [Fault(field="adults", text=_ADULT)]
    if document.type == "too-many-requests":
        field = _FIELDS.get(document.field or "")
        text = {"phone": _MANY_OF_PHONE, "email": _MANY_OF_EMAIL}.get(field or "", _MANY_FROM_HERE)
        return [Fault(field=field, text=text, wait=seconds_to_wait(problem))]
    beside = {"invalid-phone": "phone", "invalid-email": "email", "unreachable": "by"}.get(document.type)
    return [Fault(field=beside, text=_TEXTS.get(document.type, OTHER))]


def _invalid(name: str | None, fields: Fields) -> Fault:
    if name in {"adults", "children"}:
        return _too_large(fields)._replace(field=name)
    return Fault(field=name, text=_INVALID.get(name or "", OTHER))


def _nobody(fields: Fields) -> Fault:
    return Fault(field=fields.seats, text=_CHILD if fields.counts == "children" else _PARTY)


def _too_large(fields: Fields) -> Fault:
    text, values = (_TOO_LARGE, {}) if fields.most is None else (_TOO_LARGE_MOST, {"most": fields.most})
    return Fault(field=fields.seats, text=text, values=values)
