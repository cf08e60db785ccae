"""What new activities of a kind start from, as administrators see it and as they type it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from services.web.faults import Fault, is_number, number
from services.web.rendering import msgid
from services.web.staff.administration.merging import merged
from shared.models import Model

NUMBERS = (
    *("minutes", "seats", "walk_in", "queue", "party_max"),
    *("late_cancel_hours", "fill_from_hours", "offer_minutes", "reminder_hours", "helpers_needed"),
)
CHOICES = ("mode", "counts", "booked_by", "capacity_from")
TICKS = ("children", "reconfirm", "certificate", "register_note")
KIND_LABELS: Mapping[str, str] = {
    "minutes": msgid("Längd i minuter"),
    "mode": msgid("Hur man får en plats"),
    "counts": msgid("Vad platserna räknas i"),
    "seats": msgid("Platser"),
    "walk_in": msgid("Varav för dem som bara kommer"),
    "queue": msgid("Platser i kön"),
    "party_max": msgid("Personer i en bokning, högst"),
    "children": msgid("Barn kan bokas"),
    "booked_by": msgid("Vem som bokar"),
    "late_cancel_hours": msgid("Avbokning är sen från så många timmar före"),
    "fill_from_hours": msgid("Första sällskap som får plats går före från så många timmar före"),
    "offer_minutes": msgid("Minuter att svara när man får en plats från kön"),
    "reminder_hours": msgid("Påminnelse så många timmar före"),
    "reconfirm": msgid("Påminnelsen frågar om alla kommer när det är fullt"),
    "certificate": msgid("Den som var med kan få ett intyg"),
    "capacity_from": msgid("Vad som bestämmer hur många platser det blir"),
    "helpers_needed": msgid("Volontärer som behövs varje gång"),
    "register_note": msgid("De arbetar med barn: vi ska ha sett deras registerutdrag"),
}
CHOICE_LABELS: Mapping[str, Mapping[str, str]] = {
    "mode": {
        "booking": msgid("Man bokar"),
        "drop_in": msgid("Man bara kommer"),
        "mixed": msgid("Man bokar eller bara kommer"),
    },
    "counts": {
        "persons": msgid("Personer"),
        "children": msgid("Barn"),
        "bookings": msgid("Bokningar, hur många som än kommer i dem"),
    },
    "booked_by": {"anyone": msgid("Alla själva"), "staff": msgid("Personalen, åt dem man har avtalat med")},
    "capacity_from": {
        "session": msgid("Antalet här ovanför"),
        "staffing": msgid("Hur många som hjälper till, men högst antalet här ovanför"),
    },
}
_CAPACITY = ("seats", "walk_in", "queue")


class Capacity(Model):
    """Seats that sessions start with."""

    seats: int
    walk_in: int
    queue: int


class Terms(Model):
    """How activities are held and booked."""

    minutes: int
    mode: Literal["booking", "drop_in", "mixed"]
    counts: Literal["persons", "children", "bookings"]
    capacity: Capacity
    party_max: int
    children: bool
    booked_by: Literal["anyone", "staff"]
    late_cancel_hours: int
    fill_from_hours: int
    offer_minutes: int
    reminder_hours: int
    reconfirm: bool
    certificate: bool
    capacity_from: Literal["session", "staffing"]
    helpers_needed: int = 0
    register_note: bool = False


class Kind(Model):
    """A kind of activity, and what its new activities start from."""

    id: str
    labels: dict[str, str]
    plain: dict[str, str]
    revision: int
    terms: Terms
    suggested: Terms

    @property
    def as_suggested(self) -> bool:
        """Whether nobody set anything otherwise than Plats suggests."""
        return self.terms == self.suggested


class Kinds(Model):
    """All of them."""

    items: tuple[Kind, ...]


class KindInUse(Kind):
    """A kind, and how many activities of it there are."""

    activities: int


class KindForm(Model):
    """What a kind starts from, as somebody types it."""

    values: Mapping[str, str]
    """By field; one that is ticked is ``1``."""
    revision: str

    @classmethod
    def of(cls, terms: Terms, revision: int) -> KindForm:
        """What stands in the fields before anybody types."""
        flat = {**terms.model_dump(exclude={"capacity"}), **terms.capacity.model_dump()}
        return cls(values={name: _typed(value) for name, value in flat.items()}, revision=str(revision))

    @classmethod
    def sent(cls, posted: Mapping[str, str]) -> KindForm:
        """What was sent."""
        values = {name: posted.get(name, "").strip() for name in (*NUMBERS, *CHOICES, *TICKS)}
        return cls(values=values, revision=posted.get("revision", ""))

    def since(self, terms: Terms, was: Mapping[str, Any], revision: int) -> KindForm:
        """What was typed, over what others have set since; ``was`` is of the fields that they changed."""
        now = KindForm.of(terms, revision)
        before = {name.removeprefix("capacity."): _typed(value) for name, value in was.items()}
        return now.model_copy(update={"values": merged(self.values, {**now.values, **before}, now.values)})

    @property
    def fields(self) -> dict[str, str]:
        """Everything in the form, by the names of its fields."""
        return {**self.values, "revision": self.revision}

    def faults(self) -> list[Fault]:
        """What is no number. Catalog knows the rest."""
        return [Fault(field=name, text=_NUMBER[name]) for name in NUMBERS if not is_number(self.values[name])]

    def body(self) -> dict[str, Any]:
        """What catalog is sent, of a form without faults."""
        numbers = {name: number(self.values[name]) for name in NUMBERS}
        capacity = {name: numbers.pop(name) for name in _CAPACITY}
        ticks = {name: bool(self.values[name]) for name in TICKS}
        return {
            **numbers,
            **{name: self.values[name] for name in CHOICES},
            **ticks,
            "capacity": capacity,
            **({"revision": int(self.revision)} if self.revision.isdecimal() else {}),
        }


def _typed(value: object) -> str:
    """A value as it stands in its field."""
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value)


_NUMBER = {
    "minutes": msgid("Skriv längden i minuter med siffror."),
    "seats": msgid("Skriv antalet platser med siffror."),
    "walk_in": msgid("Skriv med siffror hur många platser som är för dem som bara kommer."),
    "queue": msgid("Skriv antalet platser i kön med siffror."),
    "party_max": msgid("Skriv med siffror hur många det kan vara i en bokning."),
    "late_cancel_hours": msgid("Skriv med siffror från hur många timmar före starten en avbokning är sen."),
    "fill_from_hours": msgid("Skriv med siffror från hur många timmar före starten den första som får plats går före."),
    "offer_minutes": msgid("Skriv med siffror hur många minuter man har på sig att svara."),
    "reminder_hours": msgid("Skriv med siffror hur många timmar före starten man blir påmind."),
}
_OTHER = msgid("Villkoren går inte ihop. Läs igenom dem och försök igen.")
_WRONG = {
    "minutes": msgid("En aktivitet kan vara mellan 1 minut och ett dygn."),
    "party_max": msgid("I en bokning kan det vara mellan 1 och 100 personer."),
    "seats": msgid("Platserna kan vara högst 10 000."),
    "walk_in": msgid(
        "De som bara kommer har egna platser när man både kan boka och komma, högst så många som det finns."
    ),
    "queue": msgid("Ingen köar till något där man bara kommer. Skriv 0."),
    "children": msgid("Platserna räknas i barn. Då måste barn kunna bokas."),
    "late_cancel_hours": msgid("Skriv mellan 0 och 720 timmar."),
    "fill_from_hours": msgid("Skriv mellan 0 och 336 timmar, alltså två veckor."),
    "reminder_hours": msgid("Skriv mellan 0 och 336 timmar, alltså två veckor."),
    "helpers_needed": msgid("Volontärerna kan vara mellan 0 och 50."),
    "offer_minutes": msgid("Skriv mellan 15 minuter och 1440, alltså ett dygn."),
    "reconfirm": msgid("Frågan ställs i påminnelsen. Sätt en påminnelse, eller ta bort frågan."),
}


def refused(fields: Iterable[str | None]) -> list[Fault]:
    """What catalog said of a form, beside the fields it said it of."""
    names = [(field or "").removeprefix("capacity.") for field in fields]
    return [Fault(name, _WRONG[name]) if name in _WRONG else Fault(None, _OTHER) for name in names]
