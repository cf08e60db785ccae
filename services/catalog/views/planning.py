from datetime import date, datetime, time
from typing import Literal
from uuid import UUID

from services.catalog.domain import Mode, Place
from services.catalog.views.conflicts import ConflictView
from services.catalog.views.series import SkippedDate
from services.catalog.views.sessions import StaffSessionView
from services.catalog.views.texts import Texts
from shared.models import Model


class PlannedSessions(Model):
    """A page of the plan, drafts and what was called off among it; ``next`` is the cursor of the following one."""

    items: tuple[StaffSessionView, ...]
    next: str | None


class Tally(Model):
    """How many sessions there are in each state."""

    draft: int
    published: int
    withdrawn: int
    cancelled: int


class MannerView(Model):
    """How a series is held when it is no exception."""

    at: time
    """By the clock on the wall."""
    minutes: int
    slot_minutes: int | None
    weekdays: tuple[int, ...]
    """0 is Monday."""
    place: Place
    room: str
    host: str
    mode: Mode
    seats: int
    walk_in: int
    queue: int


class PlannedSeriesView(MannerView):
    """A series as it is planned within some days."""

    id: UUID
    rule: str
    activity_id: UUID
    kind: str
    titles: Texts
    branch_id: str
    first: date
    """Its first and last dates within the days that were asked for."""
    last: date
    sessions: Tally
    """Those within these days, whatever became of them."""
    coming: UUID | None
    """The next of its sessions that may change, with which all that may can be changed; null is none."""
    skipped: tuple[SkippedDate, ...]
    """Its dates within these days on which there is none, as it was made."""
    copied_from: UUID | None


class PlannedSeriesList(Model):
    """The series of a plan, in the order of weekday and time."""

    items: tuple[PlannedSeriesView, ...]
    next: None = None


class CopiedDate(Model):
    """What is held on a date, or in a slot of it."""

    starts_at: datetime
    ends_at: datetime
    conflicts: tuple[ConflictView, ...]


class CopiedSeries(MannerView):
    """A series of the earlier term, and what becomes of it in the later one."""

    source: UUID
    """The series that it goes on from."""
    activity_id: UUID
    kind: str
    titles: Texts
    state: Literal["new", "there", "refused"]
    """``there``: it goes on already, so nothing is added; ``refused``: it cannot, ``refusal`` says why."""
    id: UUID | None
    """Of the new series, or of the one that is there."""
    refusal: str | None
    rule: str | None
    sessions: tuple[CopiedDate, ...]
    skipped: tuple[SkippedDate, ...]


class CopiedTerm(Model):
    """A term that is made like an earlier one, series by series."""

    kept: bool
    """False: a preview."""
    series: tuple[CopiedSeries, ...]
