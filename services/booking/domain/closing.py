"""How a session went, as staff say when they close it: what the national statistics and the municipality ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

from services.booking.domain.refusals import NotBegun, NotHeld
from services.booking.domain.terms import Terms

Organiser: TypeAlias = Literal["library", "library_with_partner", "other_municipal", "external"]
Place: TypeAlias = Literal["branch", "outreach", "online"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """What is counted at the end. Nobody's name."""

    held: bool
    adults: int
    children: int
    """Up to 17 years."""
    staff_involved: bool
    """Asked each time: only occasions with staff involved count for the national statistics."""
    organiser: Organiser
    place: Place
    closed_group: bool
    """Whether it was known beforehand who would come."""


def may_be_closed(terms: Terms, closing: Closing, now: datetime) -> None:
    """Let pass what can be so.

    Raises:
        NotBegun: nobody knows yet how it went; one that will not be held is cancelled instead.
        NotHeld: it was cancelled, or people are counted where nothing was held.
    """
    if now < terms.starts_at:
        raise NotBegun("close it once it has begun; cancel it if it will not be held")
    if closing.held and terms.status == "cancelled":
        raise NotHeld("held", "this session was cancelled")
    if not closing.held and closing.adults:
        raise NotHeld("adults", "nobody comes to what is not held")
    if not closing.held and closing.children:
        raise NotHeld("children", "nobody comes to what is not held")


def corrected(closing: Closing, changes: Mapping[str, Any]) -> Closing:
    """The same with some of it changed. Where nothing was held, nobody came, unless that is said as well."""
    if changes.get("held") is False:
        changes = {"adults": 0, "children": 0} | dict(changes)
    return replace(closing, **changes)
