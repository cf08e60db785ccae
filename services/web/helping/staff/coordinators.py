"""Those who coordinate volunteers, as staff see and administrators type them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from pydantic import Field

from services.web.faults import Fault
from services.web.helping.staff.people import Reach
from services.web.helping.words import REACH
from services.web.rendering import msgid
from shared.models import Model
from shared.names import display_name

if TYPE_CHECKING:
    from multidict import MultiDictProxy


class Coordinator(Model):
    """Somebody who coordinates."""

    id: UUID
    name: str
    reach: Reach
    language: str
    partner_id: UUID | None
    """Whose people; None: they are the library's own, and are told when nobody is left to ask."""
    branches: tuple[str, ...]
    """Of the library's own: for which libraries; none named is all."""
    active: bool


class Coordinators(Model):
    """All of them, by name."""

    items: tuple[Coordinator, ...]


class CoordinatorForm(Model):
    """A coordinator as somebody types them. A number or address that is known is typed only to be another."""

    name: str = ""
    phone: str = ""
    email: str = ""
    reach: str = "sms"
    language: str = "sv"
    partner_id: str = ""
    branches: tuple[str, ...] = ()
    active: str = "1"
    """``1`` where it is ticked."""
    key: UUID = Field(default_factory=uuid4)
    """Of a new one: sent twice, they are there once."""

    @classmethod
    def of(cls, found: Coordinator) -> CoordinatorForm:
        """What stands in the fields before anybody types."""
        return cls(
            name=found.name,
            reach=found.reach.by,
            language=found.language,
            partner_id=str(found.partner_id or ""),
            branches=found.branches,
            active="1" if found.active else "",
        )

    @classmethod
    def sent(cls, posted: MultiDictProxy[str], libraries: Iterable[str]) -> CoordinatorForm:
        """What was sent."""
        texts = ("name", "phone", "email", "reach", "language", "partner_id", "active")
        given: dict[str, Any] = {name: posted.get(name, "").strip() for name in texts}
        given["branches"] = tuple(one for one in libraries if one in posted.getall("branches", []))
        try:
            given["key"] = UUID(posted.get("key", ""))
        except ValueError:
            given["key"] = uuid4()
        return cls(**given)

    def faults(self, known: Reach | None = None) -> list[Fault]:
        """What is missing, of somebody who is reached as ``known`` by now."""
        found = []
        try:
            display_name(self.name)
        except ValueError:
            found.append(Fault("name", _NAME))
        needed = "email" if self.reach == "email" else "phone"
        if self.reach not in REACH:
            found.append(Fault("reach", _REACH))
        elif not getattr(self, needed) and not (known and getattr(known, needed)):
            found.append(Fault(needed, _WRONG[needed]))
        return found

    def body(self) -> dict[str, Any]:
        """What volunteers is sent of a new one, of a form without faults."""
        return self._reached | {"partner_id": self.partner_id or None, "branches": list(self._branches)}

    def change(self) -> dict[str, Any]:
        """What it is sent of one that is there."""
        return self._reached | {"branches": list(self._branches), "active": bool(self.active)}

    @property
    def _reached(self) -> dict[str, Any]:
        typed = {name: getattr(self, name) for name in ("phone", "email") if getattr(self, name)}
        return {"name": self.name, "reach": self.reach, "language": self.language, **typed}

    @property
    def _branches(self) -> tuple[str, ...]:
        """A partner's coordinator answers for its people, wherever they help."""
        return () if self.partner_id else self.branches


_NAME = msgid("Skriv namnet med bokstäver, högst 60 tecken.")
_REACH = msgid("Välj hur vi når personen.")
_WRONG = {
    "phone": msgid("Skriv ett svenskt telefonnummer, till exempel 070-174 06 05."),
    "email": msgid("Skriv en e-postadress, till exempel namn@exempel.se."),
}
