"""What catalog tells those who plan: activities, series, and what a plan would be."""

from __future__ import annotations

from datetime import date, time
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.web.upstream import Seats, Texts
from shared.models import Model

Status: TypeAlias = Literal["draft", "published", "withdrawn", "cancelled"]


class Capacity(Model):
    """Seats, how many of them are kept for those who just come, and how long the waiting list is."""

    seats: int
    walk_in: int
    queue: int


class Terms(Model):
    """How something is held and booked."""

    minutes: int
    mode: Literal["booking", "drop_in", "mixed"]
    counts: Literal["persons", "children", "bookings"]
    capacity: Capacity
    party_max: int
    children: bool
    booked_by: Literal["anyone", "staff"]
    late_cancel_hours: int
    reminder_hours: int
    reconfirm: bool
    helpers_needed: int = 0
    """How many volunteers."""
    register_note: bool = False
    """Whether they work with children."""


class PlannedKind(Model):
    """A kind of activity, and what its new activities start from."""

    id: str
    labels: Texts
    plain: Texts
    terms: Terms


class PlannedKinds(Model):
    """All kinds."""

    items: tuple[PlannedKind, ...]


class Activity(Terms):
    """What happens at sessions, in each language there is."""

    id: UUID
    revision: int
    archived: bool
    kind: str
    kind_labels: Texts
    titles: Texts
    sms_titles: Texts
    summaries: Texts
    audiences: Texts
    bring: Texts
    led_by: Texts
    languages: tuple[str, ...]
    level: str | None


class Activities(Model):
    """A page of activities."""

    items: tuple[Activity, ...]
    next: str | None


class Conflict(Model):
    """What else there is at the same time that needs the same room or person."""

    same: tuple[Literal["room", "host"], ...]
    session_id: UUID
    titles: Texts
    branch_id: str
    branch_name: str
    room: str
    host: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class PlannedTime(Model):
    """A time that would be planned, and what is in its way."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    conflicts: tuple[Conflict, ...] = ()


class PlannedTimes(Model):
    """Times that were asked about."""

    items: tuple[PlannedTime, ...]


class Skipped(Model):
    """A date on which nothing is held, and why."""

    date: date
    why: Literal["closure", "red_day", "school_holiday", "exception", "past"]
    names: Texts


class SeriesPlan(Model):
    """What a series would be."""

    rule: str
    sessions: tuple[PlannedTime, ...]
    skipped: tuple[Skipped, ...]


class Made(Model):
    """Something new."""

    id: UUID


class Tally(Model):
    """How many sessions there are in each state."""

    draft: int
    published: int
    withdrawn: int
    cancelled: int


class Held(Model):
    """How a series is held."""

    at: time
    minutes: int
    slot_minutes: int | None
    weekdays: tuple[int, ...]
    place: Literal["branch", "online", "outreach"]
    room: str
    host: str
    mode: Literal["booking", "drop_in", "mixed"]
    seats: int
    activity_id: UUID
    titles: Texts

    @property
    def ends(self) -> time:
        """When it ends, by the clock on the wall."""
        minutes = (self.at.hour * 60 + self.at.minute + self.minutes) % (24 * 60)
        return time(minutes // 60, minutes % 60)


class Series(Held):
    """A series of the plan."""

    id: UUID
    branch_id: str
    first: date
    last: date
    sessions: Tally
    coming: UUID | None
    skipped: tuple[Skipped, ...]


class AllSeries(Model):
    """The series of a plan."""

    items: tuple[Series, ...]


class PlannedSession(Model):
    """One session of the plan, in whatever state."""

    id: UUID
    revision: int
    status: Status
    activity_id: UUID
    titles: Texts
    theme: Texts
    branch_id: str
    room: str
    host: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    series_id: UUID | None
    seats: Seats
    closed: bool


class PlannedSessions(Model):
    """A page of the plan."""

    items: tuple[PlannedSession, ...]
    next: str | None


class CopiedSeries(Held):
    """A series of an earlier term, and what becomes of it in a later one."""

    source: UUID
    state: Literal["new", "there", "refused"]
    id: UUID | None
    sessions: tuple[PlannedTime, ...]
    skipped: tuple[Skipped, ...]


class CopiedTerm(Model):
    """A term that is made like an earlier one, or would be."""

    kept: bool
    series: tuple[CopiedSeries, ...]


class LineFault(Model):
    """What is wrong with a line of a table."""

    line: int
    column: str
    detail: str


class Imported(Model):
    """What a table adds to a programme."""

    rows: int
    to_create: int
    unchanged: int
    errors: tuple[LineFault, ...] = ()


class Shut(Model):
    """Days on which a library is closed."""

    id: UUID
    first: date
    last: date
    reasons: Texts
    everywhere: bool


class ShutDays(Model):
    """The closures of a library that are not over."""

    items: tuple[Shut, ...]


class NewShut(Shut):
    """A new closure, and what is planned on those days."""

    sessions: tuple[PlannedSession, ...] = Field(default=())
