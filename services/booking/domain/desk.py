"""Staff book for somebody at the desk: until the end, whoever may book, and on purpose also where it is full."""

from datetime import datetime

from services.booking.domain.commands import BookAtDesk, Outcome, Queued, Refused, Seated
from services.booking.domain.line import unable_to_wait
from services.booking.domain.refusals import Closed, SoldOut
from services.booking.domain.session import Session, Waiting
from services.booking.domain.terms import seats_of, unfit


def book_at_desk(session: Session, command: BookAtDesk, now: datetime) -> tuple[Session, Outcome]:
    """Seat a whole party or nobody: in what is kept for it, in what newcomers may have, or by an override.

    A party that waits already leaves the waiting list for its seats; without them it stays where it is.
    """
    terms = session.terms
    if terms.status != "published" or now >= terms.ends_at:
        return session, Refused(refusal=Closed("it is over, or no longer offered"))
    if refusal := unfit(terms, command.party):
        return session, Refused(refusal=refusal)
    seats = seats_of(terms, command.party)
    known = session.waiting(command.known) if command.known else None
    without = session.without_waiting({known.id}) if known else session
    kept = known.seats if known and known.offered else 0
    spare = 0 if without.queued else max(0, without.free - kept)
    if seats <= kept + spare:
        return without.with_taken(without.taken + seats), Seated(seats=seats)
    if command.override:
        over = max(0, seats - max(0, without.free))
        return without.with_taken(without.taken + seats, let_in=over), Seated(seats=seats, over=over)
    return _waits(session, command, seats, now)


def _waits(session: Session, command: BookAtDesk, seats: int, now: datetime) -> tuple[Session, Outcome]:
    """Let a party wait like anybody."""
    if command.known or command.queue_as is None or not session.terms.queue or seats > session.terms.capacity:
        return session, Refused(refusal=SoldOut(f"{session.left} left"))
    if refusal := unable_to_wait(session, command, now):
        return session, Refused(refusal=refusal)
    return session.with_waiting(Waiting(id=command.queue_as, seats=seats)), Queued(seats=seats)
