"""What is told: a template and its parameters, and what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, get_args
from uuid import UUID

from pydantic import AwareDatetime

from services.notify.domain import Owner
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
    "helper_found",
    "helper_missing",
    "assignment_proposed",
    "shift_proposed",
    "assignment_accepted",
    "shift_accepted",
    "assignment_released",
    "assignment_declined",
    "shift_cancelled",
    "assignment_reminder",
    "assignment_rescheduled",
    "helper_sign_in",
    "helper_register_note",
    "helper_alarm",
    "helper_handed_over",
    "helper_welcome",
]
"""``helper_found`` and ``helper_missing`` are told to visitors, what follows them to those who help."""
Change: TypeAlias = Literal["time", "place"]
Was: TypeAlias = Literal["confirmed", "queued", "offered"]

ENDING: frozenset[Template] = frozenset(
    {
        "cancelled",
        "session_cancelled",
        "declined",
        "offer_expired",
        "series_cancelled",
        "assignment_released",
        "assignment_declined",
        "shift_cancelled",
    }
)
"""After these the booking, or the assignment, is no more, and nothing older that is still unsent is told."""

TEMPLATES: frozenset[Template] = frozenset(get_args(Template))

ASKING = TEMPLATES - ENDING
"""What an SMS can be an answer to: each of these says how to answer it."""

CHANGING: frozenset[Template] = frozenset({"helper_missing"})
"""A yes to these changes something, which is told then."""

_SUPERSEDES: Mapping[Template, frozenset[Template]] = {
    "accepted": frozenset({"queued", "offered"}),
    "offered": frozenset({"queued", "offered"}),
    "moved": ASKING,
    "reminder": frozenset({"reminder"}),
    "shrunk": frozenset({"shrunk"}),
    "code_again": frozenset({"code_again"}),
    "rescheduled": frozenset({"rescheduled"}),
    "series_rescheduled": frozenset({"series_rescheduled"}),
    "helper_found": frozenset({"helper_missing"}),
    "helper_missing": frozenset({"helper_found"}),
    "assignment_accepted": frozenset({"assignment_proposed"}),
    "shift_accepted": frozenset({"shift_proposed"}),
    "assignment_reminder": frozenset({"assignment_reminder"}),
    "assignment_rescheduled": frozenset({"assignment_rescheduled"}),
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

    persons: int = 1
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
    """The next session that they could come to instead; of a swap, the one that a volunteer gives away for it."""
    announcement: str | None = None
    """Which of the announcements is made."""
    refused: tuple[UUID, ...] = ()
    """Sessions of a series that were not booked with the others."""
    given_back: tuple[UUID, ...] = ()
    """Sessions of a series that were given back together."""
    bookings: tuple[UUID, ...] = ()
    """Bookings of one series whose sessions changed."""
    topic: str | None = None
    """What a visitor wants help with: one of the answers that its session allows."""
    help_language: str | None = None
    """In which language they want it."""
    ends_at: AwareDatetime | None = None
    """When a volunteer's turn ends that is several sessions."""
    stand_in: bool = False
    """Whether a volunteer is asked to stand in for another, who does it else."""
    why: str | None = None
    """Why an assignment is not a volunteer's any more."""
    until: AwareDatetime | None = None
    """When news is of no use any more."""
    day: date | None = None
    """Which day news is about."""
    count: int = 0
    """Of how many assignments news tells."""

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
    owner: Owner
    revision: int
    standing: str
    session_id: UUID | None
    contact_ref: UUID
    language: str
    series_booking_id: UUID | None = None
    """With which others a booking was made, as far as its event says so."""
