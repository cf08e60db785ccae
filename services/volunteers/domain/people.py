"""Those who help and those who coordinate them: who they are to us, and the way to becoming one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

State: TypeAlias = Literal["interest", "talk", "agreement", "introduction", "active", "paused", "ended"]
Level: TypeAlias = Literal["some", "good", "native"]
By: TypeAlias = Literal["sms", "email", "call"]
Way: TypeAlias = Literal["sms", "email"]
"""How somebody may choose to be reached: nobody rings those who help, so whom we would ring hears nothing."""

STEPS: Mapping[State, frozenset[State]] = {
    "interest": frozenset({"talk", "ended"}),
    "talk": frozenset({"agreement", "ended"}),
    "agreement": frozenset({"introduction", "ended"}),
    "introduction": frozenset({"active", "ended"}),
    "active": frozenset({"paused", "ended"}),
    "paused": frozenset({"active", "ended"}),
    "ended": frozenset({"talk"}),
}
"""What may follow on what: nobody helps before somebody met them, and who left comes back by a talk."""

NOTE_LASTS = timedelta(days=365)
"""How long it counts that the police register's extract was seen."""

NOTE_REMINDER = timedelta(days=30)
"""So long before its end they are reminded: the police take two weeks for a new one."""

CHILDREN = frozenset({"homework", "story"})
"""Tasks among children, for which the note is looked for."""

FILE_KEPT_MONTHS = 24
"""After they left, or did nothing more, until it is forgotten who helped."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Coordinates:
    """What somebody coordinates: a partner's people, or without a partner a library's."""

    id: UUID
    partner_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Helper:
    """Who signed in with a code: somebody who helps, who coordinates, or both."""

    contact_ref: UUID
    volunteer_id: UUID | None
    coordinator: Coordinates | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """What somebody is called, and how they are reached."""

    name: str
    by: By
    phone: str | None
    email: str | None
    language: str
    """In which they are written to."""

    def reached_elsewhere(self, before: Contact) -> bool:
        """Whether a number or address is another than it was."""
        return (self.phone, self.email) != (before.phone, before.email)


@dataclass(frozen=True, kw_only=True, slots=True)
class Volunteer:
    """Somebody who helps, or is on the way there."""

    id: UUID
    revision: int = 1
    contact_ref: UUID
    contact: Contact
    state: State
    partner_id: UUID | None = None
    tasks: Sequence[str] = ()
    topics: Sequence[str] = ()
    stages: Sequence[str] = ()
    subjects: Sequence[str] = ()
    branches: Sequence[str] = ()
    """Where they help; none named is anywhere."""
    languages: Mapping[str, Level]
    hours_a_year: int | None = None
    """None is as the partner gives, and without a partner as many as they like."""


OWN = ("partner_id", "tasks", "topics", "stages", "subjects", "branches", "languages", "hours_a_year")
"""What may be changed about a volunteer, besides how they are reached."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """That the police register's extract was seen; nothing of what stood in it."""

    seen_on: date
    seen_by: str

    @property
    def ends_on(self) -> date:
        """The first day on which it does not count any more."""
        return self.seen_on + NOTE_LASTS

    def counts_on(self, day: date) -> bool:
        """Whether it may be relied on that day."""
        return self.seen_on <= day < self.ends_on


@dataclass(frozen=True, kw_only=True, slots=True)
class Weekly:
    """When somebody usually can, on one day of the week."""

    weekday: int
    """0 is Monday."""
    starts: time
    ends: time


@dataclass(frozen=True, kw_only=True, slots=True)
class Except:
    """Days that differ from the week."""

    first_day: date
    last_day: date
    available: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Availability:
    """When somebody can."""

    weekly: Sequence[Weekly] = ()
    exceptions: Sequence[Except] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A step on the way: when, and which colleague noted it."""

    state: State
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Coordinator:
    """Somebody who coordinates volunteers."""

    id: UUID
    contact_ref: UUID
    contact: Contact
    partner_id: UUID | None
    branches: Sequence[str]
    """A library's coordinator answers for these; none named is all."""
    active: bool = True


def may_follow(state: State, wanted: State) -> bool:
    """Whether a volunteer in this state may take that step."""
    return wanted in STEPS[state]


def changed(known: Volunteer, own: Mapping[str, Any], contact: Contact) -> Volunteer:
    """The volunteer with some of :data:`OWN` and the contact changed; the same object when nothing is different."""
    result = replace(known, **own, contact=contact)
    return known if result == known else replace(result, revision=known.revision + 1)


def differing(before: Volunteer, after: Volunteer) -> list[str]:
    """The fields that are different, by the names under which they are sent."""
    return [name for name in OWN if getattr(before, name) != getattr(after, name)] + [
        "reach" if field.name == "by" else field.name
        for field in fields(Contact)
        if getattr(before.contact, field.name) != getattr(after.contact, field.name)
    ]
