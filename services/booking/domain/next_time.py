"""The next time of an activity for a party whose session is cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.booking.domain.seats import shut, unopened
from services.booking.domain.terms import Party, Terms, seats_of


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherTime:
    """Another session of the same activity, as far as one can say without a turn with it."""

    id: UUID
    terms: Terms
    left: int
    """Seats for newcomers."""


def next_time(others: Sequence[OtherTime], party: Party, branch_id: str, now: datetime) -> UUID | None:
    """The first one that a party could book now: in its own library, or else in any; None where there is none.

    Nothing is kept for the party, and others are told the same: who books first gets the seats.
    """
    return next(iter(next_times(others, party, branch_id, now)), None)


def next_times(others: Sequence[OtherTime], party: Party, branch_id: str, now: datetime) -> list[UUID]:
    """All that a party could book now: first those in its own library."""
    possible = [other for other in others if _could_book(other, party, now)]
    possible.sort(key=lambda other: (other.terms.branch_id != branch_id, other.terms.starts_at, other.id))
    return [other.id for other in possible]


def _could_book(other: OtherTime, party: Party, now: datetime) -> bool:
    kept_out = shut(other.terms, party, now) or unopened(other.terms, now)
    return kept_out is None and seats_of(other.terms, party) <= other.left
