"""A library as administrators see it, and as they type it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field

from services.web.faults import Fault
from services.web.rendering import msgid
from services.web.staff.administration.merging import merged
from shared.models import Model

WEEKDAYS = range(7)
LONGEST_SMS_NAME = 16

STOPS = {
    "": msgid("Ingen hållplats"),
    "metro": msgid("Tunnelbana"),
    "tram": msgid("Spårvagn"),
    "train": msgid("Pendeltåg"),
    "bus": msgid("Buss"),
    "boat": msgid("Båt"),
}

_SPAN = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[.:](\d{2}))?")
_PLACE = re.compile(r"(-?\d{1,3}(?:[.,]\d+)?)(?:\s*[,;]\s+|\s*;\s*|\s+|,(?=-?\d+\.))(-?\d{1,3}(?:[.,]\d+)?)")
"""``59.403, 17.944`` as maps write it, and ``59,403 17,944`` as one types it."""


class Span(Model):
    """A stretch of a weekday when one may come in."""

    weekday: int
    opens: str
    closes: str
    staffed: bool


class Library(Model):
    """A library, as catalog keeps it."""

    id: str
    revision: int
    name: str
    sms_name: str
    phone: str
    address: str
    district: str
    stop_kind: str
    stop_name: str
    latitude: float
    longitude: float
    hours: tuple[Span, ...]


class LibraryForm(Model):
    """A library as somebody types it."""

    name: str = ""
    sms_name: str = ""
    phone: str = ""
    address: str = ""
    district: str = ""
    stop_kind: str = ""
    stop_name: str = ""
    place: str = ""
    """Latitude and longitude, in one field as maps give them."""
    hours: Mapping[str, str] = Field(default_factory=lambda: dict.fromkeys(hour_fields(), ""))
    """By ``staffed-0`` to ``unstaffed-6``: ``10-18`` or several, with commas between; empty is shut."""
    id: str = ""
    """Of a new library: what it is called in addresses; empty leaves it to its name."""
    revision: str = ""
    """The one it was read at; empty of a new library."""
    key: UUID = Field(default_factory=uuid4)
    """Of a new library: sent twice, it is there once."""

    @classmethod
    def of(cls, library: Library) -> LibraryForm:
        """What stands in the fields before anybody types."""
        return cls(
            **library.model_dump(
                include={"name", "sms_name", "phone", "address", "district", "stop_kind", "stop_name", "id"}
            ),
            place=f"{library.latitude:g}, {library.longitude:g}",
            hours=typed_hours(library.hours),
            revision=str(library.revision),
        )

    @classmethod
    def sent(cls, posted: Mapping[str, str]) -> LibraryForm:
        """What was sent, in letters that can be seen."""
        texts = set(cls.model_fields) - {"hours", "key"}
        given: dict[str, Any] = {name: posted.get(name, "").strip() for name in texts}
        given["hours"] = {name: posted.get(name, "").strip() for name in hour_fields()}
        try:
            given["key"] = UUID(posted.get("key", ""))
        except ValueError:
            given["key"] = uuid4()
        return cls(**given)

    def since(self, library: Library, was: Mapping[str, Any], revision: int) -> LibraryForm:
        """What was typed, over what others have made of the library; ``was`` is of the fields that they changed."""
        before = Library.model_validate(library.model_dump() | dict(was))
        together = merged(self.fields, LibraryForm.of(before).fields, LibraryForm.of(library).fields)
        return LibraryForm.sent(together | {"revision": str(revision), "key": str(self.key)})

    @property
    def fields(self) -> dict[str, str]:
        """Everything in the form, by the names of its fields."""
        texts = {name: str(getattr(self, name)) for name in type(self).model_fields if name != "hours"}
        return texts | dict(self.hours)

    def faults(self) -> list[Fault]:
        """What cannot be read, or is missing. Catalog knows the rest."""
        found = [Fault(field=name, text=_WRONG[name]) for name in ("name", "phone") if not getattr(self, name)]
        if not 0 < len(self.sms_name) <= LONGEST_SMS_NAME:
            found.append(Fault(field="sms_name", text=_SMS_LENGTH, values={"count": len(self.sms_name)}))
        if (self.stop_kind == "") != (self.stop_name == ""):
            found.append(Fault(field="stop_name", text=_WRONG["stop_name"]))
        if _PLACE.fullmatch(self.place) is None:
            found.append(Fault(field="place", text=_WRONG["place"]))
        wrong = [name for name, typed in self.hours.items() if read_hours(typed) is None]
        return found + [Fault(field=name, text=_HOURS) for name in wrong]

    def body(self) -> dict[str, Any]:
        """What catalog is sent, of a form without faults."""
        place = _PLACE.fullmatch(self.place)
        if place is None:
            raise ValueError("the form has faults")
        latitude, longitude = (float(number.replace(",", ".")) for number in place.groups())
        texts = {"name", "sms_name", "phone", "address", "district", "stop_kind", "stop_name"}
        return {
            **{name: getattr(self, name) for name in texts},
            "latitude": latitude,
            "longitude": longitude,
            "hours": [
                {"weekday": weekday, "opens": opens, "closes": closes, "staffed": who == "staffed"}
                for who in ("staffed", "unstaffed")
                for weekday in WEEKDAYS
                for opens, closes in read_hours(self.hours.get(f"{who}-{weekday}", "")) or ()
            ],
        }


def hour_fields() -> list[str]:
    """The names of the fields for hours."""
    return [f"{who}-{weekday}" for who in ("staffed", "unstaffed") for weekday in WEEKDAYS]


def typed_hours(spans: Iterable[Span]) -> dict[str, str]:
    """Hours as they stand in their fields."""
    found: dict[str, list[str]] = {name: [] for name in hour_fields()}
    for span in spans:
        who = "staffed" if span.staffed else "unstaffed"
        found[f"{who}-{span.weekday}"].append(f"{_short(span.opens)}–{_short(span.closes)}")
    return {name: ", ".join(texts) for name, texts in found.items()}


def read_hours(typed: str) -> list[tuple[str, str]] | None:
    """Stretches as somebody types them, ``10-18`` or ``9.30-12, 13-17``; None where that is no time."""
    found = []
    for part in filter(None, (part.strip() for part in typed.split(","))):
        matched = _SPAN.fullmatch(part)
        if matched is None:
            return None
        opens_hour, opens_minute, closes_hour, closes_minute = (int(number or 0) for number in matched.groups())
        if max(opens_hour, closes_hour) > 23 or max(opens_minute, closes_minute) > 59:  # noqa: PLR2004 - a day's
            return None
        found.append((f"{opens_hour:02}:{opens_minute:02}", f"{closes_hour:02}:{closes_minute:02}"))
    return found


def _short(at: str) -> str:
    """``10:00`` as ``10``, ``09:30`` as ``9.30``."""
    hour, minute = at.split(":")
    return f"{int(hour)}" if minute == "00" else f"{int(hour)}.{minute}"


_WRONG = {
    "id": msgid("Kortnamnet i adresser skrivs med små bokstäver a–z, siffror och bindestreck."),
    "name": msgid("Skriv vad biblioteket heter, högst 80 tecken."),
    "sms_name": msgid("I namnet för sms går bokstäver, siffror och enkla tecken, inte till exempel – eller emojier."),
    "phone": msgid("Skriv telefonnumret med siffror, till exempel 08-465 004 00."),
    "address": msgid("Adressen kan vara högst 100 tecken."),
    "district": msgid("Stadsdelen kan vara högst 60 tecken."),
    "stop_kind": msgid("Välj vad som stannar där."),
    "stop_name": msgid("Välj vad som stannar där och skriv vad hållplatsen heter, eller lämna båda tomma."),
    "place": msgid("Skriv läget som två tal, till exempel 59.403, 17.944."),
    "hours": msgid("Två tider samma dag går in i varandra, eller så slutar en innan den börjar."),
}
_SMS_LENGTH = msgid("Namnet i sms ska vara högst 16 tecken. Det du skrev är %(count)s.")
_HOURS = msgid("Skriv tiden med siffror, till exempel 10-18 eller 9.30-12, 13-17.")
_TAKEN = msgid("Ett annat bibliotek heter redan så. Välj ett annat namn, så att ingen går fel.")
_EXISTS = msgid("Ett bibliotek har redan det kortnamnet i adresser. Välj ett annat.")

_OF_CATALOG = {"latitude": "place", "longitude": "place"}


def refused(type_: str, fields: Iterable[str | None]) -> list[Fault]:
    """What catalog said of a form, beside the fields it said it of."""
    found = []
    for field in fields:
        name = (field or "").partition(".")[0]
        name = _OF_CATALOG.get(name, name)
        text = {"name-taken": _TAKEN, "branch-exists": _EXISTS}.get(type_, _WRONG.get(name, ""))
        found.append(Fault(field="staffed-0" if name == "hours" else name, text=text) if text else Fault(None, _OTHER))
    return found


_OTHER = msgid("Något i formuläret stämmer inte. Läs igenom det och försök igen.")
