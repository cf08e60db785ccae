"""A session with its seats, the seats that somebody holds while they type, and its waiting list."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.booking.domain.terms import Terms

HOLD_FOR = timedelta(minutes=15)
"""How long seats are held without a sign of life."""

HOLD_AT_MOST = timedelta(minutes=60)
"""... and with one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """Seats kept for a browser whose visitor is typing."""

    id: UUID
    seats: int
    since: datetime
    until: datetime

    @property
    def longest(self) -> datetime:
        """When it ends however busy the visitor is."""
        return self.since + HOLD_AT_MOST


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A party in the waiting list, or one of it that a seat is offered to."""

    id: UUID
    seats: int
    offered: bool = False
    """Its seats are taken, and it has yet to answer."""
    answer_by: datetime | None = None
    """When its offer ends; None until somebody was told of it."""

    def smaller(self, seats: int) -> "Waiting":
        """The same party in fewer seats."""
        return replace(self, seats=seats)


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A session and its seats.

    ``taken`` is the sum of what is booked, offered and held.
    """

    id: UUID
    terms: Terms
    taken: int
    ceiling: int
    """What ``taken`` may never pass: the capacity, or what was taken when it was lowered below that."""
    overbooked: int = 0
    """Seats above the capacity that staff let in on purpose, and that have not come back."""
    holds: tuple[Held, ...] = ()
    line: tuple[Waiting, ...] = ()
    """Who waits, in the order in which they joined; also those who have an offer."""
    open: bool = True
    """Whether newcomers were let in when somebody last looked: what everybody was told stands by it."""

    @classmethod
    def new(cls, session_id: UUID, terms: Terms, now: datetime) -> "Session":
        """A session nobody has booked."""
        return cls(id=session_id, terms=terms, taken=0, ceiling=terms.capacity, open=terms.is_open(now))

    @property
    def queued(self) -> tuple[Waiting, ...]:
        """Those who have no offer yet."""
        return tuple(waiting for waiting in self.line if not waiting.offered)

    @property
    def free(self) -> int:
        """Seats nobody has, offered or not; below zero when the capacity was lowered under them."""
        return self.terms.capacity - self.taken

    @property
    def left(self) -> int:
        """Seats a newcomer may book now; none while anybody waits or it is not open, and never negative."""
        open_ = self.open and self.terms.status == "published" and not self.queued
        return max(0, self.free) if open_ else 0

    @property
    def queue_left(self) -> int:
        """How many parties more may wait; none where newcomers are not let in."""
        return self.queue_room if self.open else 0

    @property
    def queue_room(self) -> int:
        """How many parties more fit in the waiting list, whoever may join it now."""
        return max(0, self.terms.queue - len(self.queued))

    def with_taken(self, taken: int, *, let_in: int = 0) -> "Session":
        """The same session with other seats taken; a ceiling above capacity shrinks as seats come back.

        ``let_in`` of them are above it on purpose.
        """
        ceiling = max(self.terms.capacity, taken)
        return replace(self, taken=taken, ceiling=ceiling, overbooked=self.overbooked + let_in)

    def counted(self) -> "Session":
        """The same session once its seats are settled: no more were let in on purpose than are above the capacity."""
        return replace(self, overbooked=min(self.overbooked, max(0, self.taken - self.terms.capacity)))

    def hold(self, hold_id: UUID | None) -> Held | None:
        """The seats that are held under this id, if they still are."""
        return next((held for held in self.holds if held.id == hold_id), None)

    def waiting(self, booking_id: UUID) -> Waiting | None:
        """The party with this booking, if it waits or has an offer."""
        return next((waiting for waiting in self.line if waiting.id == booking_id), None)

    def position(self, booking_id: UUID) -> int | None:
        """Where a party stands in the waiting list, 1 for its head; None when it does not wait."""
        return next((place for place, one in enumerate(self.queued, start=1) if one.id == booking_id), None)

    def with_hold(self, held: Held) -> "Session":
        """The same session with these seats held, instead of those held under the same id before."""
        before = self.hold(held.id)
        others = tuple(other for other in self.holds if other.id != held.id)
        session = replace(self, holds=(*others, held))
        return session.with_taken(self.taken + held.seats - (before.seats if before else 0))

    def without_hold(self, hold_id: UUID) -> "Session":
        """The same session without these held seats."""
        held = self.hold(hold_id)
        if held is None:
            return self
        return replace(self, holds=tuple(one for one in self.holds if one.id != hold_id)).with_taken(
            self.taken - held.seats
        )

    def with_waiting(self, changed: Waiting) -> "Session":
        """The same line with one party changed, and the seats that are offered to it counted."""
        before = self.waiting(changed.id)
        line = tuple(changed if one.id == changed.id else one for one in self.line)
        session = replace(self, line=line if before else (*line, changed))
        return session.with_taken(self.taken + _counted(changed) - (_counted(before) if before else 0))

    def without_waiting(self, booking_ids: Collection[UUID]) -> "Session":
        """The same line without these parties, and without the seats that were offered to them."""
        leaving = [one for one in self.line if one.id in booking_ids]
        line = tuple(one for one in self.line if one.id not in booking_ids)
        return replace(self, line=line).with_taken(self.taken - sum(_counted(one) for one in leaving))

    def wakes_at(self, now: datetime) -> datetime | None:
        """The next moment at which time alone changes something: somebody must look then."""
        terms = self.terms
        moments = [held.until for held in self.holds]
        moments += [one.answer_by for one in self.line if one.answer_by]
        if self.holds or self.line:
            moments.append(terms.starts_at)
        if self.queued and now < terms.fill_from:
            moments.append(terms.fill_from)
        moments += [at for at in (terms.opens_at, terms.closes_at) if at and now < at]
        return min(moments, default=None)


def _counted(waiting: Waiting) -> int:
    return waiting.seats if waiting.offered else 0
