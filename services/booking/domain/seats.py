"""Seats are taken, become fewer, and come back."""

from dataclasses import replace
from datetime import UTC, datetime

from services.booking.domain.commands import (
    Book,
    Change,
    Done,
    End,
    GiveBack,
    GivenBack,
    Outcome,
    Publish,
    Queued,
    Refused,
    Republished,
    Seated,
    Shrink,
    Shrunk,
)
from services.booking.domain.line import republished, unable_to_wait
from services.booking.domain.refusals import AdultMissing, Closed, NotOpen, PartyEmpty, PartyGrows, Refusal, SoldOut
from services.booking.domain.session import Session, Waiting
from services.booking.domain.terms import Party, Terms, is_alone, seats_of, unfit


def shut(terms: Terms, party: Party, now: datetime) -> Refusal | None:
    """What keeps this party out of a session however many seats there are."""
    if terms.status != "published" or now >= terms.starts_at:
        return Closed("this time can no longer be booked")
    if terms.mode == "drop_in" or terms.booked_by == "staff":
        why = "no booking is needed: just come" if terms.mode == "drop_in" else "the library books this: ask there"
        return NotOpen(why)
    return unfit(terms, party)


def unopened(terms: Terms, now: datetime) -> Refusal | None:
    """What keeps newcomers out before booking opens, and after it has closed."""
    if terms.opens_at and terms.opens_later(now):
        return NotOpen(f"booking opens at {terms.opens_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    return Closed("booking has closed") if terms.has_closed(now) else None


def book(session: Session, command: Book, now: datetime) -> tuple[Session, Outcome]:
    """Seat a whole party or nobody: in what is held for it, and in what is left for newcomers.

    Whoever holds the seats came in time, however slowly they type.
    """
    if refusal := shut(session.terms, command.party, now):
        return session, Refused(refusal=refusal)
    seats = seats_of(session.terms, command.party)
    held = session.hold(command.hold)
    if (held is None or seats > held.seats) and (refusal := unopened(session.terms, now)):
        return session, Refused(refusal=refusal)
    without = session.without_hold(held.id) if held else session
    if seats - (held.seats if held else 0) <= session.left:
        return without.with_taken(without.taken + seats), Seated(seats=seats)
    if command.queue_as is None or not session.terms.queue or seats > session.terms.capacity:
        return session, Refused(refusal=SoldOut(f"{session.left} left"))
    if refusal := unable_to_wait(session, command, now):
        return session, Refused(refusal=refusal)
    return without.with_waiting(Waiting(id=command.queue_as, seats=seats)), Queued(seats=seats)


def shrink(session: Session, command: Shrink, now: datetime) -> tuple[Session, Outcome]:
    """Let fewer people come, or wait for fewer seats."""
    terms, booked, coming = session.terms, command.booked, command.coming
    if terms.status == "cancelled" or now >= terms.starts_at:
        return session, Refused(refusal=Closed("it has already started, or will not be held"))
    seats = seats_of(terms, coming)
    if coming.adults > booked.adults or coming.children > booked.children or seats > command.seats:
        return session, Refused(refusal=PartyGrows("a booking can only become smaller"))
    if seats == 0:
        return session, Refused(refusal=PartyEmpty("cancel the booking if nobody comes"))
    if is_alone(terms, coming) and not is_alone(terms, booked):  # who got in so may still become fewer
        return session, Refused(refusal=AdultMissing("children come with an adult"))
    return _with_fewer(session, command, seats), Shrunk(seats=seats, given_back=command.seats - seats)


def _with_fewer(session: Session, command: Shrink, seats: int) -> Session:
    waiting = session.waiting(command.id)
    if waiting is None:
        return session.with_taken(session.taken - (command.seats - seats))
    return session.with_waiting(waiting.smaller(seats))


def give_back(session: Session, command: GiveBack, now: datetime) -> tuple[Session, Outcome]:
    """Free the seats of a booking."""
    if command.by == "visitor" and now >= session.terms.starts_at:
        return session, Refused(refusal=Closed("it has already started"))
    late = command.by == "visitor" and session.terms.is_late(now)
    return session.with_taken(session.taken - command.seats), GivenBack(late=late)


def publish(session: Session, command: Publish) -> tuple[Session, Outcome]:
    """Take over the terms. Lower seats throw nobody out, and no offer outlasts the start."""
    before, after = session.terms, command.terms
    changed: list[Change] = []
    if (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at):
        changed.append("time")
    if before.place != after.place:
        changed.append("place")
    return republished(session, after), Republished(changed=tuple(changed))


def end(session: Session, command: End) -> tuple[Session, Outcome]:
    """Take no more bookings; a cancelled session has nobody any more."""
    session = replace(session, terms=replace(session.terms, status=command.status))
    if command.status == "cancelled":
        session = replace(session, holds=(), line=()).with_taken(0)
    return session, Done()
