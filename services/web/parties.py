"""What is asked about a party, by how a session counts its seats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.web.upstream import Party, Session


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """What a session wants to know about a party."""

    adults: bool
    children: bool
    counts: Literal["persons", "children", "bookings"] = "persons"
    """What a seat is for."""
    most: int | None = None
    """The largest party; None while catalog cannot say."""
    left: int | None = None
    """How many seats are free, as far as catalog knows; None while it cannot say."""

    @classmethod
    def of(cls, session: Session) -> Fields:
        """A party of one needs no question; children are asked for where they are counted apart.

        Nobody books, or waits for, more chairs than there are.
        """
        return cls(
            adults=session.party_max > 1 or session.children,
            children=session.children,
            counts=session.counts,
            most=min(session.party_max, session.seats.bookable) if session.counts == "persons" else session.party_max,
            left=session.seats.left,
        )

    @classmethod
    def seen_in(cls, values: Mapping[str, str]) -> Fields:
        """The questions that were asked, by the answers there are: children are never asked for alone."""
        children = "children" in values
        return cls(adults="adults" in values or children, children=children)

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the questions."""
        return tuple(name for name, asked in (("adults", self.adults), ("children", self.children)) if asked)

    @property
    def seats(self) -> Literal["adults", "children"] | None:
        """The question that decides how many seats are taken, when there is one."""
        if self.children and self.counts == "children":
            return "children"
        return "adults" if self.adults else None

    @property
    def by_teacher(self) -> bool:
        """Whether a place is for a whole class, so that its teacher books."""
        return self.counts == "bookings" and self.children

    def taken_by(self, party: Party) -> int:
        """How many seats a party takes."""
        return {"persons": party.adults + party.children, "children": party.children, "bookings": 1}[self.counts]
