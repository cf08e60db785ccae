"""What visitors type: kept as typed, read into requests, and what is wrong with it said beside the field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from pydantic import Field

from services.web import questions
from services.web.faults import NUMBER, Fault, is_number, number, seen
from services.web.parties import Fields
from services.web.questions import Answer
from services.web.rendering import msgid
from services.web.upstream import Party, Question, Session
from shared.models import Model
from shared.names import display_name

_KEPT = {"adults": 7, "children": 7, "name": 241, "by": 8, "phone": 41, "email": 255}
"""How many letters of an answer are kept: one more than could be right, so that what is too long stays so."""
_BYTES = {"name": 640, "email": 255}
"""And how many bytes, where letters of some scripts would take more than a browser keeps for us."""
_EMAIL_BYTES = 254
_TAIL = 8


class Way(StrEnum):
    """What the questions lead to; also the word for it in the addresses of their pages."""

    BOOK = "book"
    QUEUE = "queue"
    SERIES = "series"


class ReachForm(Model):
    """How a visitor wants to be reached, as they typed it."""

    by: str = "sms"
    phone: str = ""
    email: str = ""

    WAYS: ClassVar[frozenset[str]] = frozenset({"sms", "email"})
    """The choices there are."""

    def answered(self, values: Mapping[str, str], names: Collection[str]) -> Self:
        """The form with the answers that were sent to these questions, in letters that can be seen."""
        given = [name for name in names if name in values]
        return self.model_copy(update={name: _kept(name, values[name]) for name in given})

    def reach_faults(self, way: Way = Way.BOOK) -> list[Fault]:
        """What is missing to reach the visitor, or needs a reason. Booking knows numbers and addresses."""
        if way is Way.QUEUE and self.by == "none":
            return [Fault(field="by", text=BY_TO_QUEUE)]
        if self.by not in self.WAYS:
            return [Fault(field="by", text=BY)]
        if self.by == "sms" and not self.phone:
            return [Fault(field="phone", text=PHONE)]
        if self.by == "email" and not 0 < len(self.email.encode()) <= _EMAIL_BYTES:
            return [Fault(field="email", text=EMAIL)]
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
    answers: dict[str, Answer] = Field(default_factory=dict)
    """To what the session asks beyond that; one that is empty was seen and left open."""
    dates: str = ""
    """Of a series the ends of the ids of the dates that are wanted, in a row: a browser keeps only so much for us."""
    idempotency_key: UUID = Field(default_factory=uuid4)
    """Goes with the booking, so that asking twice makes one."""
    hold: UUID | None = None
    """The seats kept for this visitor, when they were sent along: asking again sends the same."""
    tried: bool = False
    """Whether this was sent to booking without anybody knowing what became of it."""

    WAYS: ClassVar[frozenset[str]] = frozenset({"sms", "email", "none"})

    @property
    def tails(self) -> frozenset[str]:
        """The dates that are wanted, as :func:`tail` names them."""
        return frozenset(self.dates[at : at + _TAIL] for at in range(0, len(self.dates), _TAIL))

    def choosing(self, dates: Iterable[Session]) -> BookingForm:
        """The form with these dates wanted."""
        return self.model_copy(update={"dates": "".join(map(tail, dates))})

    def renewed(self) -> BookingForm:
        """The same answers, for another request."""
        return self.model_copy(update={"idempotency_key": uuid4(), "hold": None, "tried": False})

    def sent(self, hold: UUID | None) -> BookingForm:
        """The same answers as they go to booking; a second time as the first time, whatever is kept meanwhile."""
        return self if self.tried else self.model_copy(update={"hold": hold, "tried": True})

    def fitted(self, fields: Fields, asked: Iterable[Question]) -> BookingForm:
        """The same answers for another session; without the party where that one asks for it in another way."""
        fits = fields.adults and fields.children == bool(self.children)
        party = {} if fits else {"adults": "", "children": ""}
        return self.renewed().model_copy(update=party | {"answers": questions.fitted(asked, self.answers)})

    def told(self, asked: Iterable[Question], values: Mapping[str, str]) -> BookingForm:
        """The form with the answers that were sent to what the session asks."""
        return self.model_copy(update={"answers": self.answers | questions.read(asked, values)})

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
            return [too_large(fields)]
        if fields.taken_by(party) == 0:
            return [nobody(fields)]
        if fields.counts == "children" and party.adults == 0:
            return [Fault(field="adults", text=ADULT)]
        scarce = fields.left is not None and fields.taken_by(party) > fields.left
        return [Fault(field=fields.seats, text=_SCARCE, values={"left": fields.left})] if scarce else []

    def name_faults(self) -> list[Fault]:
        """What is wrong with the name, by the rule that booking decides by."""
        try:
            display_name(self.name)
        except ValueError:
            return [Fault(field="name", text=NAME)]
        return []

    @property
    def knows_party(self) -> bool:
        """Whether it can be said who comes."""
        return bool(self.adults) and not self.party_faults(self.fields)

    @property
    def fields(self) -> Fields:
        """What was asked about the party, by its answers: all that is known of that without catalog."""
        return Fields.seen_in(self.model_dump(include={"adults", "children"}, exclude_defaults=True))

    def faults(self, fields: Fields, asked: Iterable[Question], way: Way) -> list[Fault]:
        """What keeps the form from being sent on, in the order of the questions."""
        told = questions.faults(asked, self.answers)
        return self.party_faults(fields) + told + self.name_faults() + self.reach_faults(way)

    def request(self, session_id: UUID, language: str, way: Way) -> dict[str, Any]:
        """The body of ``POST /v1/bookings``, from a form without faults."""
        kept = {"hold": str(self.hold)} if self.hold else {}
        waits = {"if_full": "queue"} if way is Way.QUEUE else {}
        told = questions.sent(self.answers)
        return {
            "session_id": str(session_id),
            "party": self.party.model_dump(),
            "name": self.name,
            "reach": self.reach,
            "language": language,
            **kept,
            **waits,
            **({"answers": told} if told else {}),
        }

    def series_request(self, dates: Iterable[Session], language: str) -> dict[str, Any]:
        """The body of ``POST /v1/series-bookings`` for these dates, from a form without faults."""
        told = questions.sent(self.answers)
        return {
            "session_ids": [str(session.id) for session in dates],
            "party": self.party.model_dump(),
            "name": self.name,
            "reach": self.reach,
            "language": language,
            "if_partly": "book",
            **({"answers": told} if told else {}),
        }


def tail(session: Session) -> str:
    """Enough of its id to know it by among the dates of one series."""
    return session.id.hex[-_TAIL:]


def _kept(name: str, typed: str) -> str:
    """What is kept of an answer."""
    text = seen(typed)[: _KEPT[name]]
    return text.encode(errors="ignore")[: _BYTES[name]].decode(errors="ignore") if name in _BYTES else text


def nobody(fields: Fields) -> Fault:
    """That a party is of none who take a seat."""
    return Fault(field=fields.seats, text=_CHILD if fields.counts == "children" else _PARTY)


def too_large(fields: Fields) -> Fault:
    """That a party is of more than one booking may be for."""
    if fields.most is None:
        return Fault(field=fields.seats, text=_TOO_LARGE)
    if fields.by_teacher:
        return Fault(field="children", text=_CLASS_TOO_LARGE, values={"most": fields.most})
    return Fault(field=fields.seats, text=_TOO_LARGE_MOST, values={"most": fields.most})


NAME = msgid(
    "Skriv ditt namn med bokstäver, högst 60 tecken. Förnamn räcker. Länkar, telefonnummer och emojier går inte."
)
BY = msgid("Välj hur vi når dig.")
BY_TO_QUEUE = msgid("I kön behöver vi kunna nå dig när det finns en plats. Välj sms eller e-post.")
PHONE = msgid("Skriv ett svenskt mobilnummer, till exempel 070-174 06 05.")
EMAIL = msgid("Skriv en e-postadress, till exempel namn@exempel.se.")
_EMAIL_LETTERS = msgid(
    "Före @ kan vi bara använda bokstäverna a–z, inte till exempel å, ä och ö. Skriv en annan adress."
)
_PARTY = msgid("Skriv hur många ni är.")
_CHILD = msgid("Minst ett barn behöver komma.")
ADULT = msgid("Minst en vuxen behöver komma med barnen.")
_TOO_LARGE = msgid("Ni är för många för en bokning. Ring biblioteket, så hjälper vi er.")
_TOO_LARGE_MOST = msgid("Ni kan vara högst %(most)s i en bokning. Är ni fler, ring biblioteket.")
_CLASS_TOO_LARGE = msgid("En klass kan vara högst %(most)s personer med de vuxna. Är ni fler, ring biblioteket.")
_SCARCE = msgid("Så många platser finns inte kvar. Nu är det %(left)s kvar.")
