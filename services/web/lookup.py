"""How visitors come back to a booking: by code and proof, by a code sent again, and with fewer people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.web.faults import MAX_NUMBER, NUMBER, OTHER, Fault, is_number, number
from services.web.refusals import refused
from services.web.rendering import msgid
from services.web.upstream import Party, seconds_to_wait
from shared.problems import Problem

_MAX_CODE = 40
_MAX_PROOF = 100

_MANY_TRIES = msgid("Det har blivit många försök på kort tid. Försök igen %(wait)s.")


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
    return Fault(field=beside, text=texts.get(problem.document.type, OTHER))


_MANY_TO = {
    "reach.phone": msgid(
        "Vi har fått många frågor om koder för det här numret. Ring biblioteket, så hjälper vi dig, eller försök igen "
        "%(wait)s."
    ),
    "reach.email": msgid(
        "Vi har fått många frågor om koder för den här e-postadressen. Ring biblioteket, så hjälper vi dig, eller "
        "försök igen %(wait)s."
    ),
}
_CODES_AWAY = msgid("Vi kan inte skicka koder just nu. Försök igen om en stund.")


def not_sent(problem: Problem) -> list[Fault]:
    """Why no codes are looked for; never that there are none."""
    document = problem.document
    if document.type == "too-many-requests":
        field = (document.field or "").removeprefix("reach.") or None
        text = _MANY_TO.get(document.field or "", _MANY_TRIES)
        return [Fault(field=field, text=text, wait=seconds_to_wait(problem))]
    if document.type == "unavailable":
        return [Fault(field=None, text=_CODES_AWAY)]
    return refused(problem)


@dataclass(frozen=True, kw_only=True, slots=True)
class FewerForm:
    """How many still come, as the visitor typed it."""

    booked: Party
    adults: str
    children: str

    @classmethod
    def of(cls, booked: Party) -> FewerForm:
        """The form as it is shown first."""
        return cls(booked=booked, adults=str(booked.adults), children=str(booked.children))

    def answered(self, values: Mapping[str, str]) -> FewerForm:
        """The form that a browser sent."""

        def typed(name: Literal["adults", "children"]) -> str:
            return values.get(name, "")[: MAX_NUMBER + 1] if name in self.asked else "0"

        return FewerForm(booked=self.booked, adults=typed("adults"), children=typed("children"))

    @property
    def asked(self) -> tuple[Literal["adults", "children"], ...]:
        """The questions: none about those of whom nobody was booked."""
        booked: dict[Literal["adults", "children"], int] = {
            "adults": self.booked.adults,
            "children": self.booked.children,
        }
        return tuple(name for name, number in booked.items() if number)

    @property
    def party(self) -> Party:
        """Who still comes, from answers without faults."""
        return Party(adults=number(self.adults), children=number(self.children))

    def faults(self) -> list[Fault]:
        """What keeps the form from being sent on."""
        if wrong := [name for name in self.asked if not is_number(getattr(self, name))]:
            return [Fault(field=name, text=NUMBER) for name in wrong]
        party = self.party
        if wrong := [name for name in self.asked if getattr(party, name) > getattr(self.booked, name)]:
            return [Fault(field=name, text=_NOT_MORE) for name in wrong]
        if wrong := [name for name in self.asked if getattr(party, name) < 0]:
            return [Fault(field=name, text=NUMBER) for name in wrong]
        return [] if party.adults + party.children else [Fault(field=self.asked[0], text=_NOBODY)]

    def refused(self, problem: Problem) -> list[Fault]:
        """What booking's answer means."""
        texts = {
            "party-grows": _NOT_MORE,
            "party-empty": _NO_CHILD,
            "adult-missing": _NO_ADULT,
            "unavailable": _FEWER_AWAY,
        }
        beside = {"party-grows": self.asked[0], "party-empty": self.asked[-1], "adult-missing": "adults"}
        document = problem.document
        if document.type == "too-many-requests":
            return [not_found(problem)]
        return [Fault(field=beside.get(document.type), text=texts.get(document.type, OTHER))]


_NOT_MORE = msgid("Vill ni bli fler? Ring biblioteket eller boka en plats till.")
_NOBODY = msgid("Kommer ingen av er? Avboka i stället.")
_NO_CHILD = msgid("Minst ett barn behöver komma. Kommer inget barn? Avboka i stället.")
_NO_ADULT = msgid("Minst en vuxen behöver komma med barnen. Kommer ingen? Avboka i stället.")
_FEWER_AWAY = msgid("Det gick inte att ändra just nu. Försök igen om en stund.")
