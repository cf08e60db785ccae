"""From an event about a booking to what is told: a template and its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from shared.events import BookingCancellation, BookingReschedule, BookingShrinkage, BookingState
from shared.models import Model

Template: TypeAlias = Literal["confirmed", "shrunk", "code_again", "rescheduled", "cancelled", "session_cancelled"]
Change: TypeAlias = Literal["time", "place"]

ENDING: frozenset[Template] = frozenset({"cancelled", "session_cancelled"})
"""After these the booking is no more, and nothing older that is still unsent is told."""

SUPERSEDES: Mapping[Template, frozenset[Template]] = {
    "confirmed": frozenset(),
    "shrunk": frozenset({"shrunk"}),
    "code_again": frozenset({"code_again"}),
    "rescheduled": frozenset({"rescheduled"}),
    "cancelled": frozenset({"confirmed", "shrunk", "code_again", "rescheduled"}),
    "session_cancelled": frozenset({"confirmed", "shrunk", "code_again", "rescheduled"}),
}
"""What is not told any more, if it is older and still unsent."""

CARRIED_BY: Mapping[Template, frozenset[Template]] = {
    "shrunk": frozenset({"confirmed"}),
    "code_again": frozenset({"confirmed", "shrunk"}),
}
"""What tells this as well, if it is older and still unsent: nothing more is sent then."""


class Parameters(Model):
    """What a text needs to know of the event; everything else is asked for when it is sent."""

    persons: int
    """How many come, as the event said. A text tells what the newest event said."""
    by: Literal["visitor", "staff"] | None = None
    """Who gave the seat back."""
    changed: tuple[Change, ...] = ()

    def with_changes_of(self, *others: "Parameters") -> "Parameters":
        """These, which tell as well what the others say has changed."""
        changed = {*self.changed}.union(*(other.changed for other in others))
        return self.model_copy(update={"changed": tuple(sorted(changed))})


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """Something to tell somebody."""

    template: Template
    parameters: Parameters


def confirmed(booking: BookingState) -> Draft:
    """They have a seat."""
    return Draft(template="confirmed", parameters=Parameters(persons=_persons(booking)))


def shrunk(booking: BookingShrinkage) -> Draft:
    """Fewer people come than were booked."""
    return Draft(template="shrunk", parameters=Parameters(persons=_persons(booking)))


def code_again(booking: BookingState) -> Draft:
    """They lost the code and asked for it."""
    return Draft(template="code_again", parameters=Parameters(persons=_persons(booking)))


def cancelled(booking: BookingCancellation) -> Draft:
    """The seat was given back, or the session will not be held."""
    if booking.reason == "session_cancelled":
        return Draft(template="session_cancelled", parameters=Parameters(persons=_persons(booking)))
    by: Literal["visitor", "staff"] = "visitor" if booking.by == "visitor" else "staff"
    return Draft(template="cancelled", parameters=Parameters(persons=_persons(booking), by=by))


def rescheduled(booking: BookingReschedule) -> Draft:
    """The session changed its time or place; the seat stays."""
    return Draft(
        template="rescheduled",
        parameters=Parameters(persons=_persons(booking), changed=booking.changed),
    )


def _persons(booking: BookingState) -> int:
    return booking.adults + booking.children
