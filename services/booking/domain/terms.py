"""What catalog publishes about a session, and how many seats a party takes by it."""

from dataclasses import dataclass
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
    """As staff set them, the walk-in reserve included."""
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

    @property
    def capacity(self) -> int:
        """Seats that can be booked."""
        return 0 if self.mode == "drop_in" else self.seats - self.walk_in

    @property
    def fill_from(self) -> datetime:
        """From when a party that fits may pass one that does not."""
        return self.starts_at - timedelta(hours=self.fill_from_hours)

    @property
    def last_offer(self) -> datetime:
        """Until when seats are offered to those who wait."""
        return self.starts_at - LAST_OFFER

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
