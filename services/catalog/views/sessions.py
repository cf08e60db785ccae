from datetime import datetime
from typing import Literal
from uuid import UUID

from services.catalog.domain import BookedBy, CapacityFrom, Counts, Mode, Place, Status
from services.catalog.views.branches import BranchView
from services.catalog.views.texts import Texts
from shared.events import Question
from shared.models import Model


class Seats(Model):
    """``capacity`` is what there is, ``walk_in`` of it is kept for drop-ins, ``left`` is what one may book now.

    What there is is what staff set, or fewer where too few help; staff see what they set.
    """

    capacity: int
    walk_in: int
    left: int


class Queue(Model):
    """The waiting list: how many it holds, and how many may still join."""

    capacity: int
    left: int


class SessionView(Model):
    """One occasion in full."""

    id: UUID
    revision: int
    status: Status
    activity_id: UUID
    kind: str
    kind_labels: Texts
    titles: Texts
    summaries: Texts
    theme: Texts
    """What this occasion is about, where each has a subject of its own."""
    audiences: Texts
    """Who it is for."""
    bring: Texts
    """What to have along."""
    led_by: Texts
    place: Place
    branch_id: str
    branch: BranchView
    room: str
    languages: tuple[str, ...]
    level: str | None
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    counts: Counts
    party_max: int
    """Persons in one booking."""
    children: bool
    """Whether children are counted apart."""
    booked_by: BookedBy
    """Who takes the seats: anybody for themselves, or the library for those it has an agreement with."""
    ask: tuple[Question, ...]
    """What a booking is asked for."""
    certificate: bool
    """Whether who was there may have it in writing."""
    opens_at: datetime | None
    """From when newcomers may book; null is always."""
    closes_at: datetime | None
    """From when they may no longer; null is the start."""
    series_id: UUID | None
    """The series it is a date of; null is none."""
    sitting_id: UUID | None
    """What it is a slot of; null is none."""
    seats: Seats
    queue: Queue
    bookable: bool
    """Whether anybody's booking is taken now or would be, were a seat left."""


class MeetingView(Model):
    """How one gets into an online session."""

    link: str
    number: str


class StaffSessionView(SessionView):
    """One occasion, as those see it who run it."""

    meeting: MeetingView | None
    host: str
    """Who of the staff holds it, for colleagues only."""
    capacity_from: CapacityFrom
    helpers: int | None
    """How many help, where they make the seats; null is not known yet."""
    helpers_needed: int
    """How many volunteers; 0 where the library's own people do it."""
    register_note: bool
    """Whether it is work with children, for which their register extract has to have been seen."""
    closed: bool
    """Whether it is written down how it went: then nothing changes any more."""


class LeftOutView(Model):
    """A session of a sitting or series for which a change comes too late, so that it stays as it is."""

    id: UUID
    why: Literal["begun", "cancelled", "closed"]


class ChangedSession(StaffSessionView):
    """One occasion after a change, and what else changed with it."""

    also_changed: tuple[UUID, ...]
    left_out: tuple[LeftOutView, ...]


class AvailabilityView(Model):
    """How full a session is now."""

    session_id: UUID
    status: Status
    counts: Counts
    children: bool
    bookable: bool
    seats: Seats
    queue: Queue


class Availabilities(Model):
    """How full sessions are now; those nobody may see are left out."""

    items: tuple[AvailabilityView, ...]
