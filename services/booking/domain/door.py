"""After the start: who has not come, and who gets their seat. Only staff say so, and nothing follows by itself."""

from datetime import datetime, timedelta

from services.booking.domain.attendance import DOORS_OPEN
from services.booking.domain.commands import Done, MarkAbsent, MarkPresent, Outcome, Refused, Seated, SeatStandby
from services.booking.domain.refusals import Closed, DoorsShut, SoldOut, TooEarly
from services.booking.domain.session import Session
from services.booking.domain.terms import Terms

ABSENT_FROM = timedelta(minutes=10)
"""After the start: who comes by then is late, not absent."""


def mark_absent(session: Session, command: MarkAbsent, now: datetime) -> tuple[Session, Outcome]:
    """Free the seats of a party that has not come."""
    if command.excused and now < session.terms.starts_at:
        return session, Refused(refusal=TooEarly("until the start cancel the booking: others get the seat"))
    if not command.excused and now < session.terms.starts_at + ABSENT_FROM:
        return session, Refused(refusal=TooEarly("wait until ten minutes after the start: they may just be late"))
    return session.with_taken(session.taken - command.seats), Done()


def mark_present(session: Session, command: MarkPresent) -> tuple[Session, Outcome]:
    """Give a party its seats back; where they went to somebody else only by an override."""
    over = command.seats - max(0, session.free)
    if over <= 0:
        return session.with_taken(session.taken + command.seats), Seated(seats=command.seats)
    if not command.override:
        return session, Refused(refusal=SoldOut("the seat is not free any more: let them in on purpose, with override"))
    return session.with_taken(session.taken + command.seats, let_in=over), Seated(seats=command.seats, over=over)


def seat_standby(session: Session, command: SeatStandby, now: datetime) -> tuple[Session, Outcome]:
    """Give free seats to a party at the door."""
    terms = session.terms
    if terms.status == "cancelled" or now >= terms.ends_at:
        return session, Refused(refusal=Closed("it is over, or will not be held"))
    if now < terms.starts_at:
        return session, Refused(refusal=TooEarly("until the start seats are offered to the waiting list"))
    if command.seats > session.free:
        return session, Refused(refusal=SoldOut(f"{max(0, session.free)} left"))
    return session.with_taken(session.taken + command.seats), Seated(seats=command.seats)


def uncounted(terms: Terms, now: datetime) -> Closed | DoorsShut | None:
    """Why nobody who walks in can be counted now."""
    if terms.status == "cancelled":
        return Closed("it will not be held")
    return DoorsShut("an hour before the start at the earliest") if now < terms.starts_at - DOORS_OPEN else None
