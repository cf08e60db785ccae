"""How a session may be booked, and in what words it fits a message."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from services.catalog.domain.changes import changed_by
from services.catalog.domain.questions import Question
from services.catalog.domain.refusals import Invalid

Mode: TypeAlias = Literal["booking", "drop_in", "mixed"]
Counts: TypeAlias = Literal["persons", "children", "bookings"]
BookedBy: TypeAlias = Literal["anyone", "staff"]
CapacityFrom: TypeAlias = Literal["session", "staffing"]

SMS_CHARACTERS = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ abcdefghijklmnopqrstuvwxyzåäö 0123456789 !\"#%&'()*+,-./:;<=>?@_ "
    "ÆØÜÉÇÑß æøüàéèìòùñ £$¥¤§¡¿ ΓΔΘΛΞΠΣΦΨΩ"
)
"""What an SMS holds in one septet each (GSM-7, 3GPP TS 23.038), line breaks left out."""

FURTHEST_BEFORE = 14 * 24
"""Hours before the start from which a waiting list is filled more freely, or people are reminded, at the most."""
SHORTEST_OFFER, LONGEST_OFFER = 15, 24 * 60
"""Minutes: nobody reads a message and answers in less; who has a day keeps the seat from those behind long enough."""
MOST_HELPERS = 50
"""In one session: more is a slip of the finger."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """How a session is booked. Copied as values from kind to activity to session, so each can differ and stay."""

    mode: Mode
    counts: Counts
    seats: int
    """In what ``counts`` says, the walk-in reserve included."""
    walk_in: int = 0
    """Seats kept for those who just come."""
    queue: int = 0
    """How many the waiting list holds."""
    party_max: int
    """Persons in one booking."""
    children: bool
    """Whether children are counted apart and may be booked."""
    late_cancel_hours: int = 24
    fill_from_hours: int = 24
    """From so long before the start a seat goes to the first party of the waiting list that fits, not only to its
    head."""
    offer_minutes: int = 240
    """How long an offer of a seat may be answered, where the start is far away."""
    reminder_hours: int = 24
    """How long before the start people are reminded, by the clock on the wall; 0 is never."""
    reconfirm: bool = False
    """Whether the reminder of a full session asks everybody to say that they come."""
    booked_by: BookedBy = "anyone"
    """Who takes the seats: anybody for themselves, or the library for those it has an agreement with."""
    ask: tuple[Question, ...] = ()
    """What a booking is asked for; nothing else is taken."""
    certificate: bool = False
    """Whether who was there may have it in writing."""
    capacity_from: CapacityFrom = "session"
    """``staffing``: no more seats than there are helpers, once somebody says how many."""
    helpers_needed: int = 0
    """How many volunteers; 0 where the library's own people do it."""
    register_note: bool = False
    """Whether they work with children there: then it is noted of each that an extract of the police register was seen
    (lag 2013:852)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TermsChange:
    """What somebody wants different; None is as it was."""

    mode: Mode | None = None
    counts: Counts | None = None
    seats: int | None = None
    walk_in: int | None = None
    queue: int | None = None
    party_max: int | None = None
    children: bool | None = None
    late_cancel_hours: int | None = None
    fill_from_hours: int | None = None
    offer_minutes: int | None = None
    reminder_hours: int | None = None
    reconfirm: bool | None = None
    booked_by: BookedBy | None = None
    certificate: bool | None = None
    capacity_from: CapacityFrom | None = None
    helpers_needed: int | None = None
    register_note: bool | None = None


def adapted(terms: Terms, change: TermsChange) -> Terms:
    """Terms with a change made; a reserve or queue that the new mode has no use for goes unless asked for.

    So does asking people whether they come, where no reminder asks.

    Raises:
        Invalid: the terms contradict each other.
    """
    result = changed_by(terms, change)
    if result.mode != "mixed" and change.walk_in is None:
        result = replace(result, walk_in=0)
    if result.mode == "drop_in" and change.queue is None:
        result = replace(result, queue=0)
    if not result.reminder_hours and change.reconfirm is None:
        result = replace(result, reconfirm=False)
    _check_terms(result)
    _check_times(result)
    if not 0 <= result.helpers_needed <= MOST_HELPERS:
        raise Invalid(f"from 0 to {MOST_HELPERS} helpers fit", "helpers_needed")
    return result


def _check_terms(terms: Terms) -> None:
    if terms.walk_in and terms.mode != "mixed":
        raise Invalid("seats are kept for walk-ins only when the mode is mixed", "capacity.walk_in")
    if terms.walk_in > terms.seats:
        raise Invalid("more seats are kept for walk-ins than there are", "capacity.walk_in")
    if terms.queue and terms.mode == "drop_in":
        raise Invalid("nobody queues for a drop-in", "capacity.queue")
    if terms.counts == "children" and not terms.children:
        raise Invalid("seats are counted in children, so children must be allowed", "children")


def _check_times(terms: Terms) -> None:
    for field, hours in (("fill_from_hours", terms.fill_from_hours), ("reminder_hours", terms.reminder_hours)):
        if not 0 <= hours <= FURTHEST_BEFORE:
            raise Invalid(f"from 0 to {FURTHEST_BEFORE} hours fit, two weeks", field)
    if not SHORTEST_OFFER <= terms.offer_minutes <= LONGEST_OFFER:
        raise Invalid(f"from {SHORTEST_OFFER} minutes to {LONGEST_OFFER} fit, a day", "offer_minutes")
    if terms.reconfirm and not terms.reminder_hours:
        raise Invalid("the reminder asks people whether they come, and there is none", "reconfirm")
