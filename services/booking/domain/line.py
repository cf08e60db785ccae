"""The waiting list: who joins, who is offered a seat, who answers, and what time does to all of them.

A party waits as a whole and is offered its seats as a whole. Until ``fill_from`` only the head of the list is
considered, after it the first party that fits; nobody who is not in the list passes those who are.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.booking.domain.commands import (
    Accept,
    Book,
    BookAtDesk,
    Decline,
    Done,
    Happening,
    Leave,
    LeftWaiting,
    Offered,
    OfferExpired,
    Outcome,
    Refused,
    Seated,
    Told,
)
from services.booking.domain.refusals import Closed, OfferGone, QueueClosed, QueueFull, Refusal, Unreachable
from services.booking.domain.session import Session, Waiting
from services.booking.domain.terms import Terms
from shared.hours import PermittedHours

SHORTEST_ANSWER = timedelta(minutes=15)
"""What somebody has to answer an offer in any case."""

PART_OF_TIME_LEFT = 4
"""An offer takes no more than one part in so many of the time that is left to the start."""


def answer_by(starts_at: datetime, window: timedelta, told_at: datetime, hours: PermittedHours) -> datetime:
    """Until when somebody may answer who is told of an offer then: the session's start at the latest.

    ``window`` is what the session's terms give them; its clock stands still outside permitted hours.
    """
    running = max(min(window, (starts_at - told_at) / PART_OF_TIME_LEFT), SHORTEST_ANSWER)
    return hours.after(told_at, running, starts_at)


def unable_to_wait(session: Session, command: Book | BookAtDesk, now: datetime) -> Refusal | None:
    """What keeps a party out of the waiting list."""
    if now > session.terms.last_offer:
        return QueueClosed("it starts soon: come and see whether a seat is free")
    if not command.reachable:
        return Unreachable("say how we can tell you that a seat is free")
    return None if session.queue_room else QueueFull("the waiting list is full")


def leave(session: Session, command: Leave) -> tuple[Session, Outcome]:
    """Take a party out of the line."""
    if session.waiting(command.id) is None:
        return session, Refused(refusal=Closed("the session has begun, and nobody waits any more"))
    return session.without_waiting({command.id}), Done()


def told(session: Session, command: Told) -> tuple[Session, Outcome]:
    """Start the clock of an offer, once: what somebody was told first stands."""
    waiting = session.waiting(command.id)
    if waiting and waiting.offered and waiting.answer_by is None:
        ends = min(command.answer_by, session.terms.starts_at)
        session = session.with_waiting(replace(waiting, answer_by=ends))
    return session, Done()


def accept(session: Session, command: Accept) -> tuple[Session, Outcome]:
    """Give a party the seats that were kept for it."""
    waiting = session.waiting(command.id)
    if waiting is None or not waiting.offered:
        return session, Refused(refusal=OfferGone("no seat is kept for this booking"))
    after = session.without_waiting({waiting.id})
    return after.with_taken(after.taken + waiting.seats), Seated(seats=waiting.seats)


def decline(session: Session, command: Decline) -> tuple[Session, Outcome]:
    """Let the seats go on to the next."""
    waiting = session.waiting(command.id)
    if waiting is None or not waiting.offered:
        return session, Refused(refusal=OfferGone("no seat is kept for this booking"))
    return session.without_waiting({waiting.id}), Done()


def republished(session: Session, terms: Terms) -> Session:
    """The same people on other terms: no offer outlasts the start."""
    line = tuple(
        replace(one, answer_by=min(one.answer_by, terms.starts_at)) if one.answer_by else one for one in session.line
    )
    return replace(session, terms=terms, line=line).with_taken(session.taken)


def lapsed(session: Session, answered: Mapping[UUID, datetime], now: datetime) -> tuple[Session, list[Happening]]:
    """What time alone did to a session until now.

    ``answered`` is when parties accepted whose word has only now arrived: it counts from when it was given.
    """
    happened: list[Happening] = []
    session = replace(session, open=session.terms.is_open(now))
    begun = now >= session.terms.starts_at
    for held in session.holds:
        if begun or held.until <= now:
            session = session.without_hold(held.id)
    for one in session.line:
        ends = one.answer_by or session.terms.starts_at
        if min(answered.get(one.id, now), now) >= ends:
            session = session.without_waiting({one.id})
            happened.append(OfferExpired(id=one.id) if one.offered else LeftWaiting(id=one.id))
    return session, happened


def promoted(session: Session, now: datetime) -> tuple[Session, list[Happening]]:
    """Offer free seats to those who wait, as long as somebody could still come."""
    happened: list[Happening] = []
    while (one := _next(session, now)) is not None:
        session = session.with_waiting(replace(one, offered=True))
        happened.append(Offered(id=one.id))
    return session, happened


def _next(session: Session, now: datetime) -> Waiting | None:
    """Whom free seats are offered to."""
    terms = session.terms
    if terms.status != "published" or now > terms.last_offer:
        return None
    # Who needs more than there are since seats were taken away must not keep all others waiting.
    able = [one for one in session.queued if one.seats <= terms.capacity]
    considered = able if now >= terms.fill_from else able[:1]
    return next((one for one in considered if one.seats <= session.free), None)
