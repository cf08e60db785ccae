"""What staff type to book somebody who stands in front of them: kept as typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from services.web import questions
from services.web.faults import NUMBER, Fault, is_number, number, seen
from services.web.rendering import msgid
from services.web.upstream import Party
from shared.names import display_name

if TYPE_CHECKING:
    from uuid import UUID

    from services.web.parties import Fields
    from services.web.questions import Answer
    from services.web.upstream import Question

LANGUAGES = ("sv", "en", "ar", "ckb", "es", "fa", "fi", "nb", "nn", "pl", "prs", "so", "ti", "tr", "uk")
"""In which somebody may want to be written to; Swedish stands in until we have words in theirs."""
HELPERS = ("relative", "teacher", "colleague")
WAYS = ("sms", "call", "email", "proxy")
"""How somebody is reached; who gives no number with the first gets a slip and nothing else."""

_TYPED = {"name": 241, "phone": 41, "email": 255, "adults": 7, "children": 7}
"""Letters that are kept of each: one more than could be right, so that what is too long stays so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskForm:
    """A booking as staff typed it."""

    name: str = ""
    phone: str = ""
    email: str = ""
    by: str = "sms"
    behalf_of: str = ""
    language: str = "sv"
    adults: str = ""
    children: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    key: str = field(default_factory=lambda: str(uuid4()))
    """Goes with the booking, so that sending it twice makes one."""

    @classmethod
    def empty(cls, fields: Fields) -> DeskForm:
        """The form as it lies there for the next person: most come alone."""
        children = "1" if fields.seats == "children" else "" if fields.by_teacher else "0"
        return cls(adults="1", children=children)

    @classmethod
    def sent(cls, values: Mapping[str, str], asked: Iterable[Question]) -> DeskForm:
        """The form that a browser sent."""
        typed = {name: seen(values.get(name, "").strip())[:most] for name, most in _TYPED.items()}
        chosen = {
            "by": _one_of(WAYS, values.get("by", ""), "sms"),
            "behalf_of": _one_of(HELPERS, values.get("behalf_of", ""), ""),
            "language": _one_of(LANGUAGES, values.get("language", ""), "sv"),
        }
        key = {"key": values["key"]} if 0 < len(values.get("key", "")) <= len(str(uuid4())) else {}
        return cls(**typed, **chosen, **key, answers=questions.read(asked, values))

    def renewed(self) -> DeskForm:
        """The same for another request: what was refused stays refused under its key."""
        return replace(self, key=str(uuid4()))

    @property
    def party(self) -> Party:
        """Who comes, from numbers without faults; who is not asked for is not there."""
        return Party(adults=number(self.adults or "1"), children=number(self.children or "0"))

    @property
    def reach(self) -> dict[str, str]:
        """How they are reached; nobody has to be."""
        given = {name: value for name in ("phone", "email") if (value := getattr(self, name))}
        match self.by:
            case "sms":
                return {"by": "sms", "phone": self.phone} if self.phone else {"by": "none"}
            case "email":
                return {"by": "email", "email": self.email}
            case "call":
                return {"by": "call", "phone": self.phone}
            case _:
                return {"by": "proxy"} | given

    @property
    def is_reached(self) -> bool:
        """Whether anybody can be told anything."""
        return self.reach["by"] != "none"

    def faults(self, fields: Fields, asked: Iterable[Question]) -> list[Fault]:
        """What keeps the form from being sent on, in the order of its fields. Booking knows numbers and addresses."""
        return [
            *self._name_faults(),
            *self._reach_faults(),
            *self._party_faults(fields),
            *questions.faults(asked, self.answers),
        ]

    def _name_faults(self) -> list[Fault]:
        try:
            display_name(self.name)
        except ValueError:
            return [Fault(field="name", text=NAME)]
        return []

    def _reach_faults(self) -> list[Fault]:
        if self.by == "call" and not self.phone:
            return [Fault(field="phone", text=_PHONE_TO_CALL)]
        if self.by == "email" and not self.email:
            return [Fault(field="email", text=EMAIL)]
        if self.by == "proxy" and not (self.phone or self.email):
            return [Fault(field="phone", text=_HELPER)]
        return []

    def _party_faults(self, fields: Fields) -> list[Fault]:
        found = [Fault(field=name, text=NUMBER) for name in fields.asked if not is_number(getattr(self, name))]
        if found or not fields.asked:
            return found
        party = self.party
        if min(party.adults, party.children) < 0:
            return [Fault(field="adults" if party.adults < 0 else "children", text=NUMBER)]
        if fields.taken_by(party) == 0:
            return [nobody(fields)]
        if fields.counts == "children" and party.adults == 0:
            return [Fault(field="adults", text=ADULT)]
        return []

    def request(self, session_id: UUID, *, queue: bool = False, override: bool = False) -> dict[str, Any]:
        """The body of ``POST /v1/desk/bookings``, from a form without faults."""
        told = questions.sent(self.answers)
        helper = {"behalf_of": self.behalf_of} if self.by == "proxy" and self.behalf_of else {}
        return {
            "session_id": str(session_id),
            "party": self.party.model_dump(),
            "name": self.name,
            "reach": self.reach,
            "language": self.language,
            **helper,
            **({"answers": told} if told else {}),
            **({"if_full": "queue"} if queue else {}),
            **({"override": True} if override else {}),
        }

    def fields(self) -> list[tuple[str, str]]:
        """All that was typed, to be sent once more by another button."""
        own = [*_TYPED, "by", "behalf_of", "language", "key"]
        return [(name, getattr(self, name)) for name in own] + [
            pair for id_, answer in self.answers.items() for pair in _as_sent(id_, answer)
        ]


def _one_of(allowed: Iterable[str], typed: str, otherwise: str) -> str:
    return typed if typed in allowed else otherwise


def _as_sent(id_: str, answer: Answer) -> list[tuple[str, str]]:
    name = f"answer-{id_}"
    if isinstance(answer, tuple):
        return [(f"{name}-{option}", "1") for option in answer]
    return [(name, str(answer))]


def nobody(fields: Fields) -> Fault:
    """That a party is of none who take a seat."""
    return Fault(field=fields.seats, text=_CHILD if fields.counts == "children" else NUMBER)


NAME = msgid("Skriv ett namn med bokstäver. Förnamn räcker.")
PHONE = msgid(
    "Det är inget svenskt mobilnummer. Skriv till exempel 070-174 06 05, eller lämna tomt om personen inte har mobil."
)
PHONE_TO_RING = msgid("Det är inget svenskt telefonnummer. Skriv till exempel 08-465 004 00.")
EMAIL = msgid("Skriv en e-postadress, till exempel namn@exempel.se.")
ADULT = msgid("Minst en vuxen behöver komma med barnen.")
_PHONE_TO_CALL = msgid("Skriv numret som vi ska ringa.")
_HELPER = msgid("Skriv hjälparens mobilnummer eller e-postadress.")
_CHILD = msgid("Minst ett barn behöver komma.")
