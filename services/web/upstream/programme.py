"""What catalog tells of the programme, as far as visitors see it."""

from __future__ import annotations

from datetime import date, time
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.models import Model

Texts: TypeAlias = dict[str, str]
"""One text in several languages, by tag; Swedish is always there, unless there is no text at all."""


class Branch(Model):
    """A library, as one finds and rings it."""

    id: str
    name: str
    phone: str
    address: str
    """Empty where the library's name says enough."""
    district: str = ""
    stop: str = ""
    """The nearest stop, in Swedish words."""
    stop_kind: str = ""
    """What stops there: metro, tram, train, bus or boat."""
    stop_name: str = ""


class OpenHours(Model):
    """When a library is open on one weekday; ``staffed`` is whether somebody is there to ask."""

    weekday: int
    """0 is Monday."""
    opens: time
    closes: time
    staffed: bool


class Closure(Model):
    """Days on which a library is closed, both included, and why."""

    first: date
    last: date
    reasons: Texts


class BranchDetail(Branch):
    """A library with when it is open."""

    hours: tuple[OpenHours, ...]
    closures: tuple[Closure, ...]


class Branches(Model):
    """All libraries, in Swedish alphabetical order."""

    items: tuple[Branch, ...]


class Kind(Model):
    """A kind of activity, in words."""

    id: str
    labels: Texts
    plain: Texts
    """What it is, in one plain sentence."""
    audience: Literal["everyone", "teachers", "volunteers", "staff"]
    bring: Texts
    covers: dict[str, tuple[str, ...]]
    """What one gets help with, a line each, by language; empty where that needs no saying."""
    declines: dict[str, tuple[str, ...]]
    """What one does not get help with."""


class Kinds(Model):
    """Every kind of activity."""

    items: tuple[Kind, ...]


class Choices(Model):
    """What one can look for."""

    kinds: tuple[Kind, ...]
    branches: tuple[Branch, ...]
    languages: tuple[str, ...]
    """Languages of coming sessions, the most common first."""
    first: date | None
    last: date | None
    """The local dates of the first and the last coming session."""
    closures: tuple[Closure, ...]
    """When all libraries are closed."""


class Places(Model):
    """Names of places that are like what somebody typed, the likeliest first."""

    items: tuple[str, ...]


class Seats(Model):
    """How many there are, how many of them are kept for those who come without booking, how many may be booked now."""

    capacity: int
    walk_in: int = 0
    left: int

    @property
    def bookable(self) -> int:
        """How many there are to book, taken or not."""
        return self.capacity - self.walk_in


class Queue(Model):
    """Those who wait for a seat: how many parties there may be, and how many more are let in now."""

    capacity: int = 0
    left: int = 0

    @property
    def waiting(self) -> int:
        """How many parties wait."""
        return max(0, self.capacity - self.left)


class Option(Model):
    """One of the answers that a question allows."""

    id: str
    labels: Texts


class Question(Model):
    """What a session asks of those who book, beyond who comes and how to reach them."""

    id: str
    type: Literal["choice", "choices", "number", "name"]
    labels: Texts
    hints: Texts = Field(default_factory=dict)
    required: bool = True
    options: tuple[Option, ...] = ()
    most: int | None = None
    """The largest number."""


class Session(Model):
    """One occasion of an activity."""

    id: UUID
    activity_id: UUID | None = None
    status: str
    kind: str
    kind_labels: Texts
    titles: Texts
    summaries: Texts
    theme: Texts = Field(default_factory=dict)
    """What this occasion is about, where each has a subject of its own."""
    audiences: Texts = Field(default_factory=dict)
    bring: Texts = Field(default_factory=dict)
    led_by: Texts = Field(default_factory=dict)
    place: Literal["branch", "online", "outreach"]
    branch: Branch
    room: str
    languages: tuple[str, ...]
    level: str | None
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    mode: Literal["booking", "drop_in", "mixed"]
    counts: Literal["persons", "children", "bookings"]
    party_max: int
    children: bool
    booked_by: Literal["anyone", "staff"] = "anyone"
    seats: Seats
    queue: Queue = Queue()
    bookable: bool
    """Whether a booking is taken now or would be, were a seat left."""
    series_id: UUID | None = None
    """What it is one date of."""
    sitting_id: UUID | None = None
    """What it is one slot of."""
    opens_at: AwareDatetime | None = None
    """From when one may book; None: always."""
    closes_at: AwareDatetime | None = None
    """From when one may no longer; None: the start."""
    ask: tuple[Question, ...] = ()

    def with_own(self, seats: int) -> Session:
        """The same for somebody for whom so many of its seats are kept: to them these are free."""
        own = self.seats.model_copy(update={"left": min(self.seats.bookable, self.seats.left + seats)})
        return self.model_copy(update={"seats": own})


class NearBranch(Model):
    """A library and how far it is from where somebody looks."""

    id: str
    km: float


class Near(Model):
    """A place somebody named, and the libraries around it, the nearest first."""

    name: str
    branches: tuple[NearBranch, ...]


class Programme(Model):
    """A page of sessions."""

    items: tuple[Session, ...]
    next: str | None
    """The cursor of the page after it."""
    total: int | None = None
    """How many sessions all pages hold, where pages are counted."""
    near: Near | None = None


class Nearest(Model):
    """What exists nearest to a search that found nothing."""

    items: tuple[Session, ...]
    dropped: tuple[str, ...]
    """The wishes that had to be given up, in that order."""


class Alternatives(Model):
    """Other sessions with a free place."""

    items: tuple[Session, ...]


class Availability(Model):
    """How full a session is now."""

    session_id: UUID
    status: str
    bookable: bool
    counts: Literal["persons", "children", "bookings"]
    children: bool = False
    seats: Seats
    queue: Queue = Queue()


class Availabilities(Model):
    """How full some sessions are."""

    items: tuple[Availability, ...]


class Feed(NamedTuple):
    """A calendar, ready to be handed on; without a body where the asker has it already."""

    body: bytes | None
    etag: str
