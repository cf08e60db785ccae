"""What is told: a template and its parameters, and what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args
from uuid import UUID

from shared.events import SessionState
from shared.models import Model

Template: TypeAlias = Literal[
    "confirmed",
    "accepted",
    "queued",
    "offered",
    "offer_expired",
    "declined",
    "moved",
    "reminder",
    "shrunk",
    "code_again",
    "rescheduled",
    "announced",
    "cancelled",
    "session_cancelled",
    "series_booked",
    "series_rescheduled",
    "series_cancelled",
]
Change: TypeAlias = Literal["time", "place"]
Was: TypeAlias = Literal["confirmed", "queued", "offered"]

ENDING: frozenset[Template] = frozenset(
    {"cancelled", "session_cancelled", "declined", "offer_expired", "series_cancelled"}
)
"""After these the booking is no more, and nothing older that is still unsent is told."""

TEMPLATES: frozenset[Template] = frozenset(get_args(Template))

ASKING = TEMPLATES - ENDING
"""What an SMS can be an answer to: each of these says how to answer it."""

_SUPERSEDES: Mapping[Template, frozenset[Template]] = {
    "accepted": frozenset({"queued", "offered"}),
    "offered": frozenset({"queued", "offered"}),
    "moved": ASKING,
    "reminder": frozenset({"reminder"}),
    "shrunk": frozenset({"shrunk"}),
    "code_again": frozenset({"code_again"}),
    "rescheduled": frozenset({"rescheduled"}),
    "series_rescheduled": frozenset({"series_rescheduled"}),
    **dict.fromkeys(ENDING, ASKING),
}
"""What is not told any more, if it is older and still unsent."""

CARRIED_BY: Mapping[Template, frozenset[Template]] = {
    "shrunk": frozenset({"confirmed", "accepted", "queued", "offered", "moved"}),
    "code_again": frozenset({"confirmed", "accepted", "queued", "moved", "shrunk"}),
    "series_booked": frozenset({"series_booked"}),
}
"""What tells this as well, if it is older and still unsent: nothing more is sent then. Who lost a code waits for
nothing that is held until the morning."""


class Parameters(Model):
    """What a text needs to know of the event; everything else is asked for when it is sent."""

    persons: int
    """How many come, as the event said. A text tells what the newest event said."""
    by: Literal["visitor", "staff"] | None = None
    """Who gave the seat back."""
    was: Was = "confirmed"
    """What was given back: a seat, or a place in the waiting list."""
    changed: tuple[Change, ...] = ()
    position: int | None = None
    """In the waiting list; 1 is its head."""
    reconfirm: bool = False
    """Whether they are asked to say that they come."""
    next_session_id: UUID | None = None
    """Of a cancelled session: the next one that they could come to."""
    announcement: str | None = None
    """Which of the announcements is made."""
    refused: tuple[UUID, ...] = ()
    """Sessions of a series that were not booked with the others."""
    given_back: tuple[UUID, ...] = ()
    """Sessions of a series that were given back together."""
    bookings: tuple[UUID, ...] = ()
    """Bookings of one series whose sessions changed."""

    def with_changes_of(self, *others: "Parameters") -> "Parameters":
        """These, which tell as well what the others say has changed."""
        changed = {*self.changed}.union(*(other.changed for other in others))
        return self.model_copy(update={"changed": tuple(sorted(changed))})


@dataclass(frozen=True, kw_only=True, slots=True)
class Date:
    """One of several dates that a message tells of."""

    booking_id: UUID
    revision: int
    """The booking's, as far as it was heard of."""
    session: SessionState


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """Something to tell somebody."""

    template: Template
    parameters: Parameters
    silent: bool = False
    """Whether they know it already, and only what is older is not told any more."""

    def tells_like(self, other: "Draft") -> bool:
        """Whether both tell the same kind of news, of which the newest is enough. Each announcement is one."""
        return (self.template, self.parameters.announcement) == (other.template, other.parameters.announcement)

    @property
    def supersedes(self) -> frozenset[Template]:
        """What is not told any more, if it is older and still unsent. A new time has a reminder of its own."""
        if self.silent:
            return TEMPLATES
        reminded: frozenset[Template] = frozenset({"reminder"} if "time" in self.parameters.changed else ())
        return _SUPERSEDES.get(self.template, frozenset()) | reminded


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What somebody is told about, as it is after an event."""

    id: UUID
    revision: int
    standing: str
    session_id: UUID
    contact_ref: UUID
    language: str
    series_booking_id: UUID | None = None
    """With which others a booking was made, as far as its event says so."""
