"""What may be asked of a session, and what may become of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from services.booking.domain.refusals import Refusal
from services.booking.domain.session import Held
from services.booking.domain.terms import Party, Terms

By: TypeAlias = Literal["visitor", "staff", "library"]
Change: TypeAlias = Literal["time", "place"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeHold:
    """Keep seats for a browser whose visitor is typing; the same again is a sign of life, another party a change."""

    id: UUID
    party: Party


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseHold:
    """A browser no longer needs the seats held for it."""

    id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """A party wants seats: all of them or none. It asks for itself, as a visitor."""

    party: Party
    hold: UUID | None = None
    """Under what seats may be held for it."""
    queue_as: UUID | None = None
    """The booking that waits when there are too few seats; None where nobody wants to wait."""
    reachable: bool = True
    """Whether somebody who waits could be told of a seat."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BookAtDesk:
    """Staff want seats for a party: all of them or none."""

    party: Party
    queue_as: UUID | None = None
    """The booking that waits when there are too few seats; None where nobody wants to wait."""
    reachable: bool = True
    """Whether somebody who waits could be told of a seat."""
    known: UUID | None = None
    """The booking with which this party waits already, or has a seat on offer."""
    override: bool = False
    """Let it in also where it is full, past those who wait."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shrink:
    """Fewer people come than a booking is for, whether it has its seats or waits for them."""

    id: UUID
    seats: int
    """What the booking has, or waits for."""
    booked: Party
    coming: Party


@dataclass(frozen=True, kw_only=True, slots=True)
class GiveBack:
    """A booking gives its seats back. ``asked`` by a visitor it must be before the start; the library may always."""

    seats: int
    by: By


@dataclass(frozen=True, kw_only=True, slots=True)
class Leave:
    """A party does not want to wait any longer."""

    id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Somebody was told that a seat is offered to them: their time to answer runs."""

    id: UUID
    answer_by: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Accept:
    """A party wants the seats that are offered to it."""

    id: UUID
    at: datetime
    """When it said so: an answer by SMS that was in time does not become late on its way through the house."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decline:
    """A party does not want the seats that are offered to it."""

    id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Publish:
    """Catalog says how the session is now."""

    terms: Terms


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """Catalog no longer offers the session. Who has a seat keeps it when it is only withdrawn."""

    status: Literal["withdrawn", "cancelled"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkAbsent:
    """Staff see that a party with so many seats has not come; its seats are free for who stands at the door."""

    seats: int
    excused: bool = False
    """Whether it said why: then nobody has to wait for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkPresent:
    """Staff take back that a party is missed: it needs its seats again."""

    seats: int
    override: bool = False
    """Let it in also where others have got them, or there are fewer by now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatStandby:
    """Staff give free seats to a party that the waiting list left without, and that stands at the door."""

    seats: int


Command: TypeAlias = (
    TakeHold
    | ReleaseHold
    | Book
    | BookAtDesk
    | Shrink
    | GiveBack
    | Leave
    | Told
    | Accept
    | Decline
    | Publish
    | End
    | MarkAbsent
    | MarkPresent
    | SeatStandby
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """Seats are held."""

    held: Held


@dataclass(frozen=True, kw_only=True, slots=True)
class Seated:
    """The party has its seats."""

    seats: int
    over: int | None = None
    """Of an override: how many of them are more than the capacity; 0 where it only passed who waits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Queued:
    """The party waits for so many seats."""

    seats: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shrunk:
    """The party keeps ``seats`` of what it had or waits for.

    Those ``given_back`` are not needed any more: none where its number does not count.
    """

    seats: int
    given_back: int


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenBack:
    """The seats are free again; ``late`` classes it for the figures and never costs anybody anything."""

    late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Republished:
    """The session is as catalog says; ``changed`` is what those who have a seat must be told."""

    changed: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """It is so now, and there is nothing to say about it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A rule said no; nothing changed."""

    refusal: Refusal


Outcome: TypeAlias = Holding | Seated | Queued | Shrunk | GivenBack | Republished | Done | Refused


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """The seats that a party waits for are kept for it, and it is to be told."""

    id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferExpired:
    """A party did not answer in time."""

    id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftWaiting:
    """The session began, and the party had been offered no seat."""

    id: UUID


Happening: TypeAlias = Offered | OfferExpired | LeftWaiting
"""What follows from the time, or from what somebody else did."""
