"""What the catalog shows of the programme: the models of its answers. Texts come in every language there is."""

from datetime import date, datetime
from typing import Literal, TypeAlias
from uuid import UUID

from services.catalog.domain import BookedBy, Counts, Mode, Place, Status
from services.catalog.kinds import Audience
from shared.models import Model

Texts: TypeAlias = dict[str, str]
"""A text by language tag. Swedish is always there, unless there is no text at all."""

Lines: TypeAlias = dict[str, tuple[str, ...]]
"""A list of texts by language tag."""

StopKind: TypeAlias = Literal["metro", "tram", "train", "bus", "boat", ""]


class KindView(Model):
    """A kind of activity, explained to somebody who has never heard of it."""

    id: str
    labels: Texts
    plain: Texts
    """What it is, in one plain sentence."""
    audience: Audience
    bring: Texts
    covers: Lines
    """What one gets help with; empty where it needs no list."""
    declines: Lines
    """What nobody there will do."""


class Kinds(Model):
    """All kinds of activity."""

    items: tuple[KindView, ...]
    next: None = None


class BranchView(Model):
    """A library, and how to reach it."""

    id: str
    name: str
    phone: str
    address: str
    district: str
    stop: str
    """The nearest stop of public transport, in Swedish; empty where none is known."""
    stop_kind: StopKind
    """What stops there; empty where none is known."""
    stop_name: str


class Branches(Model):
    """All libraries, in Swedish alphabetical order."""

    items: tuple[BranchView, ...]
    next: None = None


class Hours(Model):
    """A stretch of a weekday when one may come in, by the clock on the wall: ``10:00``."""

    weekday: int
    """0 is Monday."""
    opens: str
    closes: str
    staffed: bool
    """Not staffed: for those with an agreement and a card."""


class Closure(Model):
    """Days on which a library is shut, both included."""

    first: date
    last: date
    reasons: Texts


class BranchPage(BranchView):
    """A library, where it is and when it is open; the closures of the coming 60 days, red days among them."""

    latitude: float
    longitude: float
    hours: tuple[Hours, ...]
    closures: tuple[Closure, ...]


class Choices(Model):
    """What one can look for in the programme."""

    kinds: tuple[KindView, ...]
    branches: tuple[BranchView, ...]
    languages: tuple[str, ...]
    """Of coming sessions, the most common first."""
    first: date | None
    """The local date of the first coming session, and of the last."""
    last: date | None
    closures: tuple[Closure, ...]
    """Of all branches, in the coming 60 days."""


class Capacity(Model):
    """The seats an activity's new sessions start with."""

    seats: int
    walk_in: int
    queue: int


class ActivityView(Model):
    """What happens at sessions, in each language there is."""

    id: UUID
    kind: str
    kind_labels: Texts
    titles: Texts
    sms_titles: Texts
    summaries: Texts
    audiences: Texts
    """Who it is for, where that is narrower than its kind."""
    bring: Texts
    """What to have along, where it is not what its kind says."""
    led_by: Texts
    languages: tuple[str, ...]
    level: str | None
    minutes: int
    mode: Mode
    counts: Counts
    party_max: int
    children: bool
    booked_by: BookedBy
    late_cancel_hours: int
    fill_from_hours: int
    """From so long before the start a seat goes to the first party of the waiting list that fits, not only to its
    head."""
    offer_minutes: int
    """How long an offer of a seat may be answered, where the start is far away."""
    reminder_hours: int
    """How long before the start people are reminded; 0 is never."""
    reconfirm: bool
    """Whether the reminder of a full session asks everybody to say that they come."""
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


class NearBranch(Model):
    """A library, and how far it is as the crow flies."""

    id: str
    km: float


class Near(Model):
    """A place somebody looked for, and the nearest libraries, the nearest first."""

    name: str
    branches: tuple[NearBranch, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The libraries, the nearest first."""
        return tuple(branch.id for branch in self.branches)


class Places(Model):
    """Names that ``near`` knows: places, libraries and districts, the likeliest first."""

    items: tuple[str, ...]
    next: None = None


class Sessions(Model):
    """A page of the programme in order of start.

    With a cursor ``next`` is that of the following page, with page numbers ``total`` is what all pages hold.
    """

    items: tuple[SessionView, ...]
    next: str | None
    total: int | None
    near: Near | None


class Nearest(Model):
    """What exists nearest to a search, and the wishes given up for it, in that order.

    They are ``free``, ``q``, ``language``, ``when``, ``where`` and ``kind``.
    """

    items: tuple[SessionView, ...]
    dropped: tuple[str, ...]


class Alternatives(Model):
    """Where one gets in now instead, the best first."""

    items: tuple[SessionView, ...]


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
