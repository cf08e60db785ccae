"""Seats are kept for a browser whose visitor is typing."""

from datetime import datetime

from services.booking.domain.commands import Done, Holding, Outcome, Refused, ReleaseHold, TakeHold
from services.booking.domain.refusals import SoldOut
from services.booking.domain.seats import shut, unopened
from services.booking.domain.session import HOLD_AT_MOST, HOLD_FOR, Held, Session
from services.booking.domain.terms import seats_of


def take_hold(session: Session, command: TakeHold, now: datetime) -> tuple[Session, Outcome]:
    """Hold seats as a newcomer gets them, or go on holding them for as long as may be."""
    if refusal := shut(session.terms, command.party, now):
        return session, Refused(refusal=refusal)
    before = session.hold(command.id)
    seats = seats_of(session.terms, command.party)
    if (before is None or seats > before.seats) and (refusal := unopened(session.terms, now)):
        return session, Refused(refusal=refusal)
    if seats - (before.seats if before else 0) > max(0, session.left):
        return session, Refused(refusal=SoldOut(f"{session.left} left"))
    since = before.since if before else now
    held = Held(id=command.id, seats=seats, since=since, until=min(now + HOLD_FOR, since + HOLD_AT_MOST))
    return session.with_hold(held), Holding(held=held)


def release_hold(session: Session, command: ReleaseHold) -> tuple[Session, Outcome]:
    """Let held seats go."""
    return session.without_hold(command.id), Done()
