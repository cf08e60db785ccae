"""How full a session is and how it stands with newcomers, as staff see it: numbers, and nobody behind them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

Standing: TypeAlias = Literal["open", "later", "shut", "begun", "over", "withdrawn", "cancelled"]
"""``later``: booking has not opened yet; ``shut``: it was closed before the start."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Occupancy:
    """A session's seats, counted as the session counts them: persons, children or bookings.

    ``taken`` is ``confirmed``, ``held`` and ``offered`` together.
    """

    session_id: UUID
    branch_id: str
    revision: int
    status: Literal["published", "withdrawn", "cancelled"]
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime | None
    closes_at: datetime | None
    mode: Literal["booking", "drop_in", "mixed"]
    counts: Literal["persons", "children", "bookings"]
    seats: int
    walk_in: int
    queue: int
    ceiling: int
    taken: int
    confirmed: int
    """Seats that somebody has, without those who are known to be away."""
    held: int
    offered: int
    queued: int
    """Parties that wait ..."""
    queued_seats: int
    """... and the seats they wait for."""
    walk_ins: int
    came: int
    """Of the confirmed: those who are there."""
    closed: bool
    """Whether staff have written down how it went."""

    @property
    def capacity(self) -> int:
        """Seats that can be booked."""
        return 0 if self.mode == "drop_in" else self.seats - self.walk_in

    @property
    def free(self) -> int:
        """Seats nobody has."""
        return max(0, self.capacity - self.taken)

    @property
    def overhang(self) -> int:
        """Seats that are taken above the capacity: it was lowered under them, or more were let in on purpose."""
        return max(0, self.taken - self.capacity)

    def standing(self, now: datetime) -> Standing:
        """How it stands with newcomers."""
        if self.status != "published":
            return self.status
        if now >= self.ends_at:
            return "over"
        if now >= self.starts_at:
            return "begun"
        if self.opens_at and now < self.opens_at:
            return "later"
        return "shut" if self.closes_at and now >= self.closes_at else "open"
