"""What catalog publishes about a session, and how many seats a party takes by it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.booking.domain.refusals import AdultMissing, PartyEmpty, PartyTooLarge

LAST_OFFER = timedelta(minutes=30)
"""Before the start: later nobody is offered a seat, since nobody could come in time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """Who comes. Adults and children are counted apart."""

    adults: int
    children: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """Something a booking is asked for. How it is worded is nothing to its rules."""

    id: str
    type: Literal["choice", "choices", "number", "name"]
    required: bool = True
    options: tuple[str, ...] = ()
    """The ids of those that a choice allows."""
    most: int | None = None
    """The largest number."""
    counted: bool = True
    """Whether answers are counted for the figures; a name never is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What catalog publishes about a session, as far as seats and those who have one are concerned."""

    status: Literal["published", "withdrawn", "cancelled"]
    activity_id: UUID | None
    """None until catalog tells of the session again to a version that keeps it."""
    starts_at: datetime
    ends_at: datetime
    place: str
    """Branch and room in one: when it differs, people have to go elsewhere."""
    branch_id: str
    mode: Literal["booking", "drop_in", "mixed"]
    counts: Literal["persons", "children", "bookings"]
    seats: int
    """Those there are, the walk-in reserve included: as staff set them, or fewer where helpers make them."""
    walk_in: int
    queue: int
    """How many parties may wait."""
    party_max: int
    late_cancel_hours: int
    fill_from_hours: int
    """From so long before the start a seat goes to the first party that fits, before that only to the head."""
    offer_minutes: int
    """How long an offer may be answered where the start is far away."""
    reminder_hours: int
    """0: nobody is reminded."""
    reconfirm: bool
    booked_by: Literal["anyone", "staff"]
    meeting_link: str | None
    """How to get into an online session; only who has a seat learns it."""
    meeting_number: str
    series_id: UUID | None = None
    sitting_id: UUID | None = None
    """What it is a slot of."""
    ask: tuple[Question, ...] = ()
    """What a booking is asked for; nothing else is taken."""
    certificate: bool = False
    """Whether who was there may have it in writing."""
    opens_at: datetime | None = None
    """From when newcomers may book; None: always."""
    closes_at: datetime | None = None
    """From when they may no longer; None: the start."""
    capacity_from: Literal["session", "staffing"] = "session"
    """``staffing``: as many seats as helpers are on duty, up to staff's number, once somebody said how many are."""
    staff_seats: int | None = None
    """As staff set them, as is the next; None: they are those there are."""
    staff_walk_in: int | None = None
    matched: bool = False
    """Whether each booking is one helper's."""

    @property
    def capacity(self) -> int:
        """Seats that can be booked."""
        return 0 if self.mode == "drop_in" else self.seats - self.walk_in

    def staffed_by(self, helpers: int | None) -> "Terms":
        """The same with the seats that so many helpers on duty make; None is not known."""
        seats = self.seats if self.staff_seats is None else self.staff_seats
        walk_in = self.walk_in if self.staff_walk_in is None else self.staff_walk_in
        there = seats if helpers is None or self.capacity_from == "session" else min(seats, helpers)
        return replace(self, seats=there, walk_in=min(walk_in, there), staff_seats=seats, staff_walk_in=walk_in)

    @property
    def fill_from(self) -> datetime:
        """From when a party that fits may pass one that does not."""
        return self.starts_at - timedelta(hours=self.fill_from_hours)

    @property
    def last_offer(self) -> datetime:
        """Until when seats are offered to those who wait."""
        return self.starts_at - LAST_OFFER

    def is_open(self, at: datetime) -> bool:
        """Whether newcomers may book then, as far as the time set for it is concerned."""
        return not self.opens_later(at) and not self.has_closed(at)

    def opens_later(self, at: datetime) -> bool:
        """Whether newcomers may not book yet."""
        return self.opens_at is not None and at < self.opens_at

    def has_closed(self, at: datetime) -> bool:
        """Whether newcomers may not book any more."""
        return self.closes_at is not None and at >= self.closes_at

    def is_late(self, at: datetime) -> bool:
        """Whether giving a seat back then is classed as late; it is never refused before the start."""
        return at > self.starts_at - timedelta(hours=self.late_cancel_hours)


def seats_of(terms: Terms, party: Party) -> int:
    """How many seats a party takes, as the session counts."""
    match terms.counts:
        case "persons":
            return party.adults + party.children
        case "children":
            return party.children
        case "bookings":
            return int(party.adults + party.children > 0)


def unfit(terms: Terms, party: Party) -> PartyTooLarge | PartyEmpty | AdultMissing | None:
    """What keeps a party out however many seats there are."""
    if party.adults + party.children > terms.party_max:
        return PartyTooLarge(f"at most {terms.party_max} people in one booking")
    if seats_of(terms, party) == 0:
        return PartyEmpty("say how many are coming")
    return AdultMissing("children come with an adult") if is_alone(terms, party) else None


def is_alone(terms: Terms, party: Party) -> bool:
    """Whether children would come without the adult whom a session for children expects along."""
    return terms.counts == "children" and party.adults == 0
