"""A partner as administrators see it, and as they type it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field

from services.web.faults import Fault, is_number, number
from services.web.rendering import msgid
from services.web.staff.administration.merging import merged
from shared.models import Model

_USUAL_HOURS = "16"

PARTNER_LABELS: Mapping[str, str] = {
    "name": msgid("Namn"),
    "hours_a_year": msgid("Timmar per person och år"),
    "phone": msgid("Telefon"),
    "active": msgid("Vi frågar deras volontärer"),
}


class Partner(Model):
    """An organisation whose people help."""

    id: UUID
    revision: int
    name: str
    hours_a_year: int
    phone: str
    active: bool


class Partners(Model):
    """All of them."""

    items: tuple[Partner, ...]


class PartnerForm(Model):
    """A partner as somebody types it."""

    name: str = ""
    hours_a_year: str = _USUAL_HOURS
    phone: str = ""
    active: str = "1"
    """``1`` where it is ticked."""
    revision: str = ""
    """The one it was read at; empty of a new partner."""
    key: UUID = Field(default_factory=uuid4)
    """Of a new partner: sent twice, it is there once."""

    @classmethod
    def of(cls, partner: Partner) -> PartnerForm:
        """What stands in the fields before anybody types."""
        return cls(
            name=partner.name,
            hours_a_year=str(partner.hours_a_year),
            phone=partner.phone,
            active="1" if partner.active else "",
            revision=str(partner.revision),
        )

    @classmethod
    def sent(cls, posted: Mapping[str, str]) -> PartnerForm:
        """What was sent."""
        texts = set(cls.model_fields) - {"key"}
        given: dict[str, Any] = {name: posted.get(name, "").strip() for name in texts}
        try:
            given["key"] = UUID(posted.get("key", ""))
        except ValueError:
            given["key"] = uuid4()
        return cls(**given)

    def since(self, partner: Partner, was: Mapping[str, Any], revision: int) -> PartnerForm:
        """What was typed, over what others have made of the partner; ``was`` is of the fields that they changed."""
        before = Partner.model_validate(partner.model_dump() | dict(was))
        together = merged(self.fields, PartnerForm.of(before).fields, PartnerForm.of(partner).fields)
        return PartnerForm.sent(together | {"revision": str(revision), "key": str(self.key)})

    @property
    def fields(self) -> dict[str, str]:
        """Everything in the form, by the names of its fields."""
        return {name: str(getattr(self, name)) for name in type(self).model_fields}

    def faults(self) -> list[Fault]:
        """What is missing or no number. Volunteers knows the rest."""
        found = [] if self.name else [Fault("name", _WRONG["name"])]
        return found if is_number(self.hours_a_year) else [*found, Fault("hours_a_year", _WRONG["hours_a_year"])]

    def body(self) -> dict[str, Any]:
        """What volunteers is sent of a new partner, from a form without faults."""
        return {"name": self.name, "hours_a_year": number(self.hours_a_year), "phone": self.phone}

    def change(self) -> dict[str, Any]:
        """What it is sent of one that is there."""
        revision = {"revision": int(self.revision)} if self.revision.isdecimal() else {}
        return self.body() | {"active": bool(self.active)} | revision


_WRONG = {
    "name": msgid("Skriv vad organisationen heter, högst 80 tecken."),
    "hours_a_year": msgid("Skriv mellan 1 och 2000 timmar, med siffror."),
    "phone": msgid(
        "Skriv organisationens telefonnummer med siffror, till exempel 08-465 004 60, eller lämna det tomt."
    ),
}
_TAKEN = msgid("En annan partner heter redan så.")
_OTHER = msgid("Något i formuläret stämmer inte. Läs igenom det och försök igen.")


def refused(type_: str, fields: Iterable[str | None]) -> list[Fault]:
    """What volunteers said of a form, beside the fields it said it of."""
    if type_ == "name-taken":
        return [Fault("name", _TAKEN)]
    return [Fault(name, _WRONG[name]) if name in _WRONG else Fault(None, _OTHER) for name in fields]
