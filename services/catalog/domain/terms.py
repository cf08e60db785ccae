"""How a session may be booked, and in what words it fits a message."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from services.catalog.domain.changes import changed_by
from services.catalog.domain.refusals import Invalid

Mode: TypeAlias = Literal["booking", "drop_in", "mixed"]
Counts: TypeAlias = Literal["persons", "children", "bookings"]
BookedBy: TypeAlias = Literal["anyone", "staff"]

SMS_CHARACTERS = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ abcdefghijklmnopqrstuvwxyzåäö 0123456789 !\"#%&'()*+,-./:;<=>?@_ "
    "ÆØÜÉÇÑß æøüàéèìòùñ £$¥¤§¡¿ ΓΔΘΛΞΠΣΦΨΩ"
)
"""What an SMS holds in one septet each (GSM-7, 3GPP TS 23.038), line breaks left out."""


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
    booked_by: BookedBy = "anyone"
    """Who takes the seats: anybody for themselves, or the library for those it has an agreement with."""


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
    booked_by: BookedBy | None = None


def adapted(terms: Terms, change: TermsChange) -> Terms:
    """Terms with a change made; a reserve or queue that the new mode has no use for goes unless asked for.

    Raises:
        Invalid: the terms contradict each other.
    """
    result = changed_by(terms, change)
    if result.mode != "mixed" and change.walk_in is None:
        result = replace(result, walk_in=0)
    if result.mode == "drop_in" and change.queue is None:
        result = replace(result, queue=0)
    _check_terms(result)
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
