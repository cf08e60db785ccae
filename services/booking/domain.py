"""The rules of seats. Pure: the time is an argument, nothing is read or written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

By: TypeAlias = Literal["visitor", "staff", "library"]
Change: TypeAlias = Literal["time", "place"]


class UnknownSession(Exception):  # noqa: N818 - the domain's word; so for all refusals below
    """There is no such session to book."""

    field = "session_id"


class NotOpen(Exception):  # noqa: N818
    """The session takes no bookings from visitors: one just comes, or the library books."""

    field = "session_id"


class Closed(Exception):  # noqa: N818
    """The session has started, or is no longer held or offered."""

    field = "session_id"


class SoldOut(Exception):  # noqa: N818
    """Fewer seats are left than the party needs."""

    field = "party"


class PartyTooLarge(Exception):  # noqa: N818
    """More people than one booking may hold."""

    field = "party"


class PartyEmpty(Exception):  # noqa: N818
    """Nobody in the party takes a seat as this session counts them."""

    field = "party"


class AdultMissing(Exception):  # noqa: N818
    """Children on their own, where the seats are theirs and an adult comes along."""

    field = "party.adults"


class PartyGrows(Exception):  # noqa: N818
    """More people than the booking is for; who brings more of them books for those as well."""

    field = "party"


class AlreadyBooked(Exception):  # noqa: N818
    """This person has a seat in this session."""

    field = "name"


class WrongProof(Exception):  # noqa: N818
    """The code is unknown or the proof does not fit; which of them is not told."""

    field = "proof"


Refusal: TypeAlias = NotOpen | Closed | SoldOut | PartyTooLarge | PartyEmpty | AdultMissing | PartyGrows


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What catalog publishes about a session, as far as seats and those who have one are concerned."""

    status: Literal["published", "withdrawn", "cancelled"]
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
    party_max: int
    late_cancel_hours: int
    booked_by: Literal["anyone", "staff"]
    meeting_link: str | None
    """How to get into an online session; only who has a seat learns it."""
    meeting_number: str

    @property
    def capacity(self) -> int:
        """Seats that can be booked."""
        return 0 if self.mode == "drop_in" else self.seats - self.walk_in


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A session and its seats. ``taken`` is the sum of its active bookings."""

    id: UUID
    terms: Terms
    taken: int
    ceiling: int
    """What ``taken`` may never pass: the capacity, or what was taken when it was lowered below that."""

    @classmethod
    def new(cls, session_id: UUID, terms: Terms) -> "Session":
        """A session nobody has booked."""
        return cls(id=session_id, terms=terms, taken=0, ceiling=terms.capacity)

    @property
    def left(self) -> int:
        """Seats a newcomer may book now, by capacity and status; never negative."""
        open_ = self.terms.status == "published"
        return max(0, self.terms.capacity - self.taken) if open_ else 0

    def with_taken(self, taken: int) -> "Session":
        """The same session with other seats taken; a ceiling above capacity shrinks as seats come back."""
        return replace(self, taken=taken, ceiling=max(self.terms.capacity, taken))


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """Who comes. Adults and children are counted apart."""

    adults: int
    children: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """A party wants seats: all of them or none. It asks for itself, as a visitor."""

    party: Party


@dataclass(frozen=True, kw_only=True, slots=True)
class Shrink:
    """Fewer people come than a booking is for. Its visitor asks, so it must be before the start."""

    seats: int
    """What the booking has."""
    booked: Party
    coming: Party


@dataclass(frozen=True, kw_only=True, slots=True)
class GiveBack:
    """A booking gives its seats back. ``asked`` by a visitor it must be before the start; the library may always."""

    seats: int
    by: By


@dataclass(frozen=True, kw_only=True, slots=True)
class Publish:
    """Catalog says how the session is now."""

    terms: Terms


Command: TypeAlias = Book | Shrink | GiveBack | Publish


@dataclass(frozen=True, kw_only=True, slots=True)
class Seated:
    """The party has its seats."""

    seats: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shrunk:
    """The party keeps ``seats`` of what it had; those ``given_back`` are free, none where its number does not count."""

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
class Refused:
    """A rule said no; nothing changed."""

    refusal: Refusal


Outcome: TypeAlias = Seated | Shrunk | GivenBack | Republished | Refused


def decide(session: Session, commands: Sequence[Command], now: datetime) -> tuple[Session, list[Outcome]]:
    """Apply commands to a session one after the other: the session afterwards, and what became of each.

    The only place where occupancy is decided. A list, so that requests that wait for the same session
    can be decided together in one transaction.
    """
    outcomes: list[Outcome] = []
    for command in commands:
        session, outcome = _decide_one(session, command, now)
        outcomes.append(outcome)
    return session, outcomes


def _decide_one(session: Session, command: Command, now: datetime) -> tuple[Session, Outcome]:
    match command:
        case Book():
            return _book(session, command.party, now)
        case Shrink():
            return _shrink(session, command, now)
        case GiveBack():
            return _give_back(session, command, now)
        case Publish():
            return _publish(session, command)


def _book(session: Session, party: Party, now: datetime) -> tuple[Session, Outcome]:
    terms = session.terms
    if terms.status != "published" or now >= terms.starts_at:
        return session, Refused(refusal=Closed("this time can no longer be booked"))
    if terms.mode == "drop_in" or terms.booked_by == "staff":
        why = "no booking is needed: just come" if terms.mode == "drop_in" else "the library books this: ask there"
        return session, Refused(refusal=NotOpen(why))
    if unfit := _unfit(terms, party):
        return session, Refused(refusal=unfit)
    seats = seats_of(terms, party)
    if session.taken + seats > terms.capacity:
        return session, Refused(refusal=SoldOut(f"{session.left} left"))
    return session.with_taken(session.taken + seats), Seated(seats=seats)


def seats_of(terms: Terms, party: Party) -> int:
    """How many seats a party takes, as the session counts."""
    match terms.counts:
        case "persons":
            return party.adults + party.children
        case "children":
            return party.children
        case "bookings":
            return int(party.adults + party.children > 0)


def _unfit(terms: Terms, party: Party) -> Refusal | None:
    """What keeps a party out however many seats there are."""
    if party.adults + party.children > terms.party_max:
        return PartyTooLarge(f"at most {terms.party_max} people in one booking")
    if seats_of(terms, party) == 0:
        return PartyEmpty("say how many are coming")
    return AdultMissing("children come with an adult") if _is_alone(terms, party) else None


def _is_alone(terms: Terms, party: Party) -> bool:
    """Whether children would come without the adult whom a session for children expects along."""
    return terms.counts == "children" and party.adults == 0


def _shrink(session: Session, command: Shrink, now: datetime) -> tuple[Session, Outcome]:
    terms, booked, coming = session.terms, command.booked, command.coming
    if terms.status == "cancelled" or now >= terms.starts_at:
        return session, Refused(refusal=Closed("it has already started, or will not be held"))
    seats = seats_of(terms, coming)
    if coming.adults > booked.adults or coming.children > booked.children or seats > command.seats:
        return session, Refused(refusal=PartyGrows("a booking can only become smaller"))
    if seats == 0:
        return session, Refused(refusal=PartyEmpty("cancel the booking if nobody comes"))
    if _is_alone(terms, coming) and not _is_alone(terms, booked):  # who got in so may still become fewer
        return session, Refused(refusal=AdultMissing("children come with an adult"))
    given_back = command.seats - seats
    return session.with_taken(session.taken - given_back), Shrunk(seats=seats, given_back=given_back)


def _give_back(session: Session, command: GiveBack, now: datetime) -> tuple[Session, Outcome]:
    terms = session.terms
    if command.by == "visitor" and now >= terms.starts_at:
        return session, Refused(refusal=Closed("it has already started"))
    late = command.by == "visitor" and now > terms.starts_at - timedelta(hours=terms.late_cancel_hours)
    return session.with_taken(session.taken - command.seats), GivenBack(late=late)


def _publish(session: Session, command: Publish) -> tuple[Session, Outcome]:
    before, after = session.terms, command.terms
    changed: list[Change] = []
    if (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at):
        changed.append("time")
    if before.place != after.place:
        changed.append("place")
    session = replace(session, terms=after).with_taken(session.taken)
    return session, Republished(changed=tuple(changed))
