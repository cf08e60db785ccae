"""A volunteer as staff see them, and as they type them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from pydantic import AwareDatetime, Field

from services.web.faults import Fault, is_number, number
from services.web.helping.words import LANGUAGES, LEVELS, REACH, STAGES, SUBJECTS, TASKS, TOPICS
from services.web.rendering import msgid
from services.web.staff.administration.libraries import read_hours
from shared.models import Model
from shared.names import display_name

if TYPE_CHECKING:
    from multidict import MultiDictProxy

WEEKDAYS = range(7)
_MOST_LANGUAGES = 24
_BLANK_ROWS = 2
"""Rows for languages that nobody has chosen yet: saved, there are as many again."""

NEXT: Mapping[str, tuple[str, ...]] = {
    "interest": ("talk", "ended"),
    "talk": ("agreement", "ended"),
    "agreement": ("introduction", "ended"),
    "introduction": ("active", "ended"),
    "active": ("paused", "ended"),
    "paused": ("active", "ended"),
    "ended": ("talk",),
}
"""Which step may follow on which; volunteers decides, here it is only offered."""

WAY = ("interest", "talk", "agreement", "introduction", "active")
"""The steps to helping, in their order."""


class Spoken(Model):
    """A language, and how well somebody speaks it."""

    language: str
    level: str


class Weekly(Model):
    """A stretch of a weekday when somebody usually can."""

    weekday: int
    """0 is Monday."""
    starts: str
    ends: str


class Except(Model):
    """Days that differ from the week."""

    first_day: date
    last_day: date
    available: bool


class Availability(Model):
    """When somebody can."""

    weekly: tuple[Weekly, ...] = ()
    exceptions: tuple[Except, ...] = ()


class RegisterNote(Model):
    """That the extract of the police register was shown."""

    seen_on: date
    seen_by: str
    ends_on: date
    """The first day on which it does not count any more."""
    valid: bool
    """Whether it counts today."""


class Step(Model):
    """A step that was taken: when, and by whom it was noted."""

    state: str
    at: AwareDatetime
    by: str


class Hours(Model):
    """What somebody gave and has promised of a calendar year."""

    year: int
    minutes: int
    planned_minutes: int
    budget_hours: int | None
    """None: as many as they like."""


class ListedVolunteer(Model):
    """One volunteer in the list."""

    id: UUID
    name: str
    state: str
    partner_id: UUID | None
    tasks: tuple[str, ...]
    branches: tuple[str, ...]
    languages: tuple[Spoken, ...]
    register_note: RegisterNote | None


class ListedVolunteers(Model):
    """A page of them."""

    items: tuple[ListedVolunteer, ...]
    next: UUID | None = None


class Reach(Model):
    """How somebody is reached; in part only, until it was opened."""

    by: str
    phone: str | None
    email: str | None


class Volunteer(ListedVolunteer):
    """One volunteer, as far as staff see them: how they are reached is masked."""

    revision: int
    reach: Reach
    language: str
    """In which they are written to."""
    topics: tuple[str, ...]
    stages: tuple[str, ...]
    subjects: tuple[str, ...]
    hours_a_year: int | None
    steps: tuple[Step, ...]
    availability: Availability


class VolunteerForm(Model):
    """A volunteer as somebody types them."""

    name: str = ""
    phone: str = ""
    email: str = ""
    reach: str = "sms"
    language: str = "sv"
    partner_id: str = ""
    hours_a_year: str = ""
    tasks: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    languages: tuple[Spoken, ...] = ()
    revision: str = ""
    """The one it was read at; empty of a new volunteer."""
    key: UUID = Field(default_factory=uuid4)
    """Of a new volunteer: sent twice, they are there once."""

    @classmethod
    def of(cls, found: Volunteer) -> VolunteerForm:
        """What stands in the fields of what somebody does, before anybody types."""
        return cls(
            partner_id=str(found.partner_id or ""),
            hours_a_year="" if found.hours_a_year is None else str(found.hours_a_year),
            **found.model_dump(include={"tasks", "topics", "stages", "subjects", "branches", "languages"}),
            revision=str(found.revision),
        )

    @classmethod
    def reached(cls, found: Volunteer, reach: Reach) -> VolunteerForm:
        """What stands in the fields of how somebody is reached."""
        return cls(
            name=found.name,
            phone=reach.phone or "",
            email=reach.email or "",
            reach=reach.by,
            language=found.language,
            revision=str(found.revision),
        )

    @classmethod
    def sent(cls, posted: MultiDictProxy[str], libraries: Iterable[str]) -> VolunteerForm:
        """What was sent; of what is chosen from a list, only what is in it."""
        texts = ("name", "phone", "email", "reach", "language", "partner_id", "hours_a_year", "revision")
        given: dict[str, Any] = {name: posted.get(name, "").strip() for name in texts}
        for name, known in (("tasks", TASKS), ("topics", TOPICS), ("stages", STAGES), ("subjects", SUBJECTS)):
            given[name] = tuple(one for one in known if one in posted.getall(name, []))
        given["branches"] = tuple(one for one in libraries if one in posted.getall("branches", []))
        spoken: dict[str, Spoken] = {}
        for row in range(_MOST_LANGUAGES + _BLANK_ROWS):
            tag, level = posted.get(f"language-{row}", ""), posted.get(f"level-{row}", "")
            if tag in LANGUAGES and level in LEVELS:
                spoken[tag] = Spoken(language=tag, level=level)
        given["languages"] = tuple(spoken.values())
        try:
            given["key"] = UUID(posted.get("key", ""))
        except ValueError:
            given["key"] = uuid4()
        return cls(**given)

    @property
    def rows(self) -> list[Spoken]:
        """The languages, and rows for more."""
        return [*self.languages, *[Spoken(language="", level="good")] * _BLANK_ROWS]

    def reach_faults(self) -> list[Fault]:
        """What is missing to reach somebody. Volunteers knows numbers and addresses."""
        found = []
        try:
            display_name(self.name)
        except ValueError:
            found.append(Fault("name", _WRONG["name"]))
        if self.reach not in REACH:
            found.append(Fault("reach", _WRONG["reach"]))
        elif self.reach == "email" and not self.email:
            found.append(Fault("email", _WRONG["email"]))
        elif self.reach != "email" and not self.phone:
            found.append(Fault("phone", _WRONG["phone"]))
        return found

    def work_faults(self) -> list[Fault]:
        """What is missing of what somebody does, and where."""
        found = []
        if not self.tasks:
            found.append(Fault("tasks", _WRONG["tasks"]))
        if self.hours_a_year and not is_number(self.hours_a_year):
            found.append(Fault("hours_a_year", _WRONG["hours_a_year"]))
        return found

    def reach_body(self) -> dict[str, Any]:
        """What volunteers is sent of how somebody is reached, of a form without faults."""
        return {
            "name": self.name,
            "phone": self.phone or None,
            "email": self.email or None,
            "reach": self.reach,
            "language": self.language,
        }

    def work_body(self) -> dict[str, Any]:
        """What it is sent of what they do, and where."""
        return {
            "partner_id": self.partner_id or None,
            "hours_a_year": number(self.hours_a_year) if self.hours_a_year else None,
            **{name: list(getattr(self, name)) for name in ("tasks", "topics", "stages", "subjects", "branches")},
            "languages": [one.model_dump() for one in self.languages],
        }

    @property
    def read_at(self) -> dict[str, int]:
        """The revision that the form was made from."""
        return {"revision": int(self.revision)} if self.revision.isdecimal() else {}


_WRONG = {
    "name": msgid("Skriv namnet med bokstäver, högst 60 tecken."),
    "reach": msgid("Välj hur vi når personen."),
    "phone": msgid("Skriv ett svenskt telefonnummer, till exempel 070-174 06 05."),
    "email": msgid("Skriv en e-postadress, till exempel namn@exempel.se."),
    "tasks": msgid("Välj minst en sak som personen vill hjälpa till med."),
    "branches": msgid("Välj bibliotek där du själv arbetar."),
    "hours_a_year": msgid("Skriv mellan 1 och 2000 timmar med siffror, eller lämna tomt."),
    "partner_id": msgid("Den partnern finns inte längre."),
    "language": msgid("Välj ett språk."),
}
OTHER = msgid("Något i formuläret stämmer inte. Läs igenom det och försök igen.")


def refused(fields: Iterable[str | None]) -> list[Fault]:
    """What volunteers said of a form, beside the fields it said it of."""
    names = [(field or "").partition(".")[0] for field in fields] or [""]
    return [Fault(name, _WRONG[name]) if name in _WRONG else Fault(None, OTHER) for name in names]


class AvailabilityForm(Model):
    """When somebody can, as it is typed."""

    weekly: Mapping[str, str]
    """By ``day-0`` to ``day-6``: ``10-12`` or several, with commas between; empty is not that day."""
    exceptions: tuple[Except, ...] = ()
    first_day: str = ""
    last_day: str = ""
    available: str = ""

    @classmethod
    def of(cls, found: Availability) -> AvailabilityForm:
        """What stands in the fields before anybody types."""
        days: dict[str, list[str]] = {f"day-{day}": [] for day in WEEKDAYS}
        for one in found.weekly:
            days[f"day-{one.weekday}"].append(f"{_short(one.starts)}–{_short(one.ends)}")
        return cls(weekly={name: ", ".join(spans) for name, spans in days.items()}, exceptions=found.exceptions)

    @classmethod
    def sent(cls, posted: MultiDictProxy[str]) -> AvailabilityForm:
        """What was sent; days that are ticked to be taken away are gone."""
        kept = []
        for text in posted.getall("exception", []):
            first, _, rest = text.partition("/")
            last, _, available = rest.partition("/")
            found = _day(first), _day(last)
            if found[0] and found[1] and text not in posted.getall("gone", []):
                kept.append(Except(first_day=found[0], last_day=found[1], available=available == "1"))
        return cls(
            weekly={f"day-{day}": posted.get(f"day-{day}", "").strip() for day in WEEKDAYS},
            exceptions=tuple(kept),
            first_day=posted.get("first_day", "").strip(),
            last_day=posted.get("last_day", "").strip(),
            available=posted.get("available", ""),
        )

    def faults(self) -> list[Fault]:
        """What cannot be read."""
        found = [Fault(name, _HOURS) for name, text in self.weekly.items() if not _in_order(text)]
        if self.first_day or self.last_day:
            first, last = _day(self.first_day), _day(self.last_day or self.first_day)
            if first is None or last is None:
                found.append(Fault("first_day", _DAY))
            elif last < first:
                found.append(Fault("last_day", _BACKWARDS))
        return found

    def body(self) -> dict[str, Any]:
        """What volunteers is sent, of a form without faults."""
        exceptions = [one.model_dump(mode="json") for one in self.exceptions]
        if self.first_day:
            last = self.last_day or self.first_day
            exceptions.append({"first_day": self.first_day, "last_day": last, "available": self.available == "1"})
        return {
            "weekly": [
                {"weekday": day, "starts": starts, "ends": ends}
                for day in WEEKDAYS
                for starts, ends in read_hours(self.weekly[f"day-{day}"]) or ()
            ],
            "exceptions": exceptions,
        }


def _in_order(text: str) -> bool:
    """Whether it is times that end after they begin and are not in each other."""
    spans = read_hours(text)
    if spans is None:
        return False
    ordered = sorted(spans)
    return all(starts < ends for starts, ends in spans) and all(
        before[1] <= after[0] for before, after in pairwise(ordered)
    )


def _short(at: str) -> str:
    """``10:00:00`` as ``10``, ``09:30`` as ``9.30``."""
    hour, minute = at.split(":")[:2]
    return str(int(hour)) if minute == "00" else f"{int(hour)}.{minute}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_HOURS = msgid("Skriv tiden med siffror, till exempel 10-12 eller 9.30-12, 13-17.")
_DAY = msgid("Skriv dagen som 2026-03-24.")
_BACKWARDS = msgid("Den sista dagen är före den första.")
