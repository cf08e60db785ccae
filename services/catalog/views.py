"""What the catalog shows of the programme: the models of its answers."""

from datetime import datetime
from uuid import UUID

from services.catalog.domain import Counts, Mode, Place, Status
from shared.models import Model


class BranchView(Model):
    """A library, and how to reach it."""

    id: str
    name: str
    phone: str
    address: str


class Branches(Model):
    """All libraries, in Swedish alphabetical order."""

    items: tuple[BranchView, ...]
    next: None = None


class Capacity(Model):
    """The seats an activity's new sessions start with."""

    seats: int
    walk_in: int
    queue: int


class ActivityView(Model):
    """What happens at sessions, in each language there is."""

    id: UUID
    kind: str
    kind_labels: dict[str, str]
    titles: dict[str, str]
    sms_titles: dict[str, str]
    summaries: dict[str, str]
    languages: tuple[str, ...]
    level: str | None
    minutes: int
    mode: Mode
    counts: Counts
    party_max: int
    children: bool
    late_cancel_hours: int
    capacity: Capacity


class Activities(Model):
    """A page of activities; ``next`` is the cursor of the following one."""

    items: tuple[ActivityView, ...]
    next: str | None


class Seats(Model):
    """``capacity`` is what staff set, ``walk_in`` of it is kept for drop-ins, ``left`` is what one may book now."""

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
    kind_labels: dict[str, str]
    titles: dict[str, str]
    summaries: dict[str, str]
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
    seats: Seats
    queue: Queue
    bookable: bool
    """Whether a booking is taken now or would be, were a seat left."""


class Sessions(Model):
    """A page of the programme in order of start; ``next`` is the cursor of the following one."""

    items: tuple[SessionView, ...]
    next: str | None
