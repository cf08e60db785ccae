"""What is sent and shown of people, wherever it stands."""

from __future__ import annotations

from datetime import date, time
from itertools import pairwise
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator

from services.volunteers.domain.people import (
    Availability,
    By,
    Contact,
    Except,
    Level,
    Note,
    State,
    Volunteer,
    Weekly,
)
from shared import names
from shared.events import Task
from shared.models import Model, Strict
from shared.reach import hint

Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=names.MAX_LENGTH * 4),
    AfterValidator(names.display_name),
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=20)]
Phone = Annotated[str, StringConstraints(max_length=40)]
Email = Annotated[str, StringConstraints(max_length=254)]
Branch = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Choice = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=60)]
"""An answer's id, as catalog's questions have it."""
Revision = Annotated[int, Field(strict=True, ge=1)]
HoursAYear = Annotated[int, Field(strict=True, ge=1, le=2000)]


def _once(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(given)))


Choices = Annotated[tuple[Choice, ...], Field(max_length=50), AfterValidator(_once)]
Branches = Annotated[tuple[Branch, ...], Field(max_length=100), AfterValidator(_once)]
Tasks = Annotated[tuple[Task, ...], Field(max_length=10), AfterValidator(_once)]


class LanguageBody(Strict):
    """A language, and how well somebody speaks it."""

    language: Language
    level: Level = "good"


def _each_once(given: tuple[LanguageBody, ...]) -> tuple[LanguageBody, ...]:
    if len({each.language for each in given}) < len(given):
        raise ValueError("name each language once")
    return given


Languages = Annotated[tuple[LanguageBody, ...], Field(max_length=30), AfterValidator(_each_once)]


class WeeklyBody(Strict):
    """A part of a day of the week."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    """0 is Monday."""
    starts: time
    ends: time

    @model_validator(mode="after")
    def lasts(self) -> WeeklyBody:
        """End after it starts."""
        if self.starts.tzinfo or self.ends.tzinfo or self.starts >= self.ends:
            raise ValueError("the end comes after the start, both as the clock on the wall shows it")
        return self


class ExceptBody(Strict):
    """Days that differ from the week."""

    first_day: date
    last_day: date
    available: bool

    @model_validator(mode="after")
    def lasts(self) -> ExceptBody:
        """End when it begins, or later."""
        if self.last_day < self.first_day:
            raise ValueError("the last day comes after the first, or is the same")
        return self


class AvailabilityBody(Strict):
    """When somebody can."""

    weekly: Annotated[tuple[WeeklyBody, ...], Field(max_length=50)] = ()
    exceptions: Annotated[tuple[ExceptBody, ...], Field(max_length=100)] = ()

    @model_validator(mode="after")
    def apart(self) -> AvailabilityBody:
        """Have the parts of each day follow on one another."""
        parts = sorted(self.weekly, key=lambda each: (each.weekday, each.starts))
        for one, following in pairwise(parts):
            if one.weekday == following.weekday and following.starts < one.ends:
                raise ValueError("two times of one day overlap")
        return self

    def told(self) -> Availability:
        """As the rules know it."""
        return Availability(
            weekly=[Weekly(**each.model_dump()) for each in self.weekly],
            exceptions=[Except(**each.model_dump()) for each in self.exceptions],
        )


class AvailabilityView(Model):
    """When somebody can."""

    weekly: tuple[WeeklyBody, ...]
    exceptions: tuple[ExceptBody, ...]

    @classmethod
    def of(cls, known: Availability) -> AvailabilityView:
        """Show it."""
        return cls.model_validate(
            {
                "weekly": [WeeklyBody.model_validate(each, from_attributes=True) for each in known.weekly],
                "exceptions": [ExceptBody.model_validate(each, from_attributes=True) for each in known.exceptions],
            }
        )


class HelperReach(Model):
    """How somebody is reached, in a form that tells nobody else."""

    by: By
    phone: str | None
    email: str | None

    @classmethod
    def of(cls, contact: Contact) -> HelperReach:
        """Show enough of it for who knows it already."""
        return cls(by=contact.by, phone=hint(contact.phone, None), email=hint(None, contact.email))


class NoteView(Model):
    """That the police register's extract was seen."""

    seen_on: date
    seen_by: str
    ends_on: date
    """The first day on which it does not count any more."""
    valid: bool

    @classmethod
    def of(cls, note: Note | None, day: date) -> NoteView | None:
        """Show it as it counts that day."""
        if note is None:
            return None
        return cls(seen_on=note.seen_on, seen_by=note.seen_by, ends_on=note.ends_on, valid=note.counts_on(day))


class StepView(Model):
    """A step on somebody's way to helping."""

    state: State
    at: AwareDatetime
    by: str
    """Who noted it, as the identity provider calls them; ``volunteer`` are they themselves."""


class VolunteerItem(Model):
    """Somebody who helps, or is on the way there."""

    id: UUID
    revision: int
    name: str
    state: State
    reach: HelperReach
    language: str
    """In which they are written to."""
    partner_id: UUID | None
    tasks: tuple[Task, ...]
    topics: tuple[str, ...]
    stages: tuple[str, ...]
    subjects: tuple[str, ...]
    branches: tuple[str, ...]
    """Where they help; none named is anywhere."""
    languages: tuple[LanguageBody, ...]
    hours_a_year: int | None
    """None is as the partner gives, and without a partner as many as they like."""
    register_note: NoteView | None

    @classmethod
    def of(cls, known: Volunteer, note: Note | None, day: date) -> VolunteerItem:
        """Show them to staff."""
        return cls(**shown(known), register_note=NoteView.of(note, day))


def shown(known: Volunteer) -> dict[str, object]:
    """What everybody may see of a volunteer who may see them at all."""
    names_alike = ("id", "revision", "state", "partner_id", "hours_a_year")
    lists = ("tasks", "topics", "stages", "subjects", "branches")
    return (
        {name: getattr(known, name) for name in names_alike}
        | {name: tuple(getattr(known, name)) for name in lists}
        | {
            "name": known.contact.name,
            "reach": HelperReach.of(known.contact),
            "language": known.contact.language,
            "languages": tuple(
                LanguageBody(language=language, level=level) for language, level in sorted(known.languages.items())
            ),
        }
    )
