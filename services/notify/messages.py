"""From an event about a booking to what is told: a template and its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args
from uuid import UUID

from shared.events import (
    BookingAnnouncement,
    BookingCancellation,
    BookingConfirmation,
    BookingQueue,
    BookingReminder,
    BookingReschedule,
    BookingState,
    SeriesBooking,
    SeriesBookingState,
    SeriesCancellation,
    SessionState,
    Standing,
)
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


def standing(booking: BookingState) -> Standing:
    """What a booking is after an event; those versions that did not say knew no waiting list."""
    return booking.state or ("cancelled" if isinstance(booking, BookingCancellation) else "confirmed")


def confirmed(booking: BookingConfirmation) -> Draft:
    """They have a seat: booked, or offered and taken, or given at the door.

    Of one date of several that were booked together the summary tells.
    """
    template: Template = "confirmed" if booking.how == "booked" else "accepted"
    summed_up = booking.series_booking_id is not None and booking.how == "booked"
    return Draft(template=template, parameters=_parameters(booking), silent=summed_up or booking.how == "door")


def queued(booking: BookingQueue) -> Draft:
    """They wait for a seat."""
    return Draft(template="queued", parameters=_parameters(booking, position=booking.position))


def offered(booking: BookingState) -> Draft:
    """A seat is kept for them until they have answered, or their time is over."""
    return Draft(template="offered", parameters=_parameters(booking))


def offer_expired(booking: BookingState) -> Draft:
    """They did not answer in time."""
    return Draft(template="offer_expired", parameters=_parameters(booking, was="offered"))


def declined(booking: BookingState) -> Draft:
    """They did not want the seat they were offered."""
    return Draft(template="declined", parameters=_parameters(booking, was="offered"))


def moved(booking: BookingState) -> Draft:
    """They changed to another session."""
    return Draft(template="moved", parameters=_parameters(booking))


def reminder(booking: BookingReminder) -> Draft:
    """It is soon."""
    return Draft(template="reminder", parameters=_parameters(booking, reconfirm=booking.reconfirm))


def shrunk(booking: BookingState) -> Draft:
    """Fewer people come than were booked."""
    return Draft(template="shrunk", parameters=_parameters(booking))


def code_again(booking: BookingState) -> Draft:
    """They lost the code and asked for it."""
    return Draft(template="code_again", parameters=_parameters(booking))


def cancelled(booking: BookingCancellation) -> Draft:
    """A seat or a place in the waiting list was given back, or the session will not be held."""
    if booking.reason == "session_cancelled":
        parameters = _parameters(booking, was=booking.was, next_session_id=booking.next_session_id)
        return Draft(template="session_cancelled", parameters=parameters)
    by = "visitor" if booking.by == "visitor" else "staff"
    parameters = _parameters(booking, by=by, was=booking.was)
    return Draft(template="cancelled", parameters=parameters, silent=booking.series_booking_id is not None)


def rescheduled(booking: BookingReschedule) -> Draft:
    """The session changed its time or place; the booking stays."""
    return Draft(template="rescheduled", parameters=_parameters(booking, changed=booking.changed))


def announced(booking: BookingAnnouncement) -> Draft:
    """Staff tell everybody something."""
    return Draft(template="announced", parameters=_parameters(booking, announcement=booking.announcement))


def series_booked(series: SeriesBooking) -> Draft:
    """Several dates were booked at once."""
    refused = tuple(date.session_id for date in series.refused)
    return Draft(template="series_booked", parameters=_parameters(series, refused=refused))


def series_cancelled(series: SeriesCancellation) -> Draft:
    """Several dates were given back at once."""
    parameters = _parameters(series, by=series.by, given_back=series.given_back)
    return Draft(template="series_cancelled", parameters=parameters)


def whole(series: SeriesBooking | SeriesCancellation, last: UUID) -> BookingState:
    """What was booked together, as one booking that is over with its last session."""
    facts: dict[str, object] = {
        "booking_id": series.series_booking_id,
        "series_booking_id": series.series_booking_id,
        "revision": series.revision,
        "session_id": last,
        "contact_ref": series.contact_ref,
        "language": series.language,
        "adults": series.adults,
        "children": series.children,
        "seats": series.adults + series.children,
    }
    if isinstance(series, SeriesCancellation):
        return BookingCancellation.model_validate(facts | {"by": series.by, "state": "cancelled"})
    return BookingConfirmation.model_validate(facts | {"state": "confirmed"})


def series_of(booking: BookingState) -> UUID | None:
    """With which others a booking was made, as far as its event says so."""
    match booking:
        case BookingConfirmation() | BookingCancellation() | BookingReschedule():
            return booking.series_booking_id
        case _:
            return None


def _parameters(booking: BookingState | SeriesBookingState, **facts: object) -> Parameters:
    return Parameters.model_validate({"persons": booking.adults + booking.children, **facts})
