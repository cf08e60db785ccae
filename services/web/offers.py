"""What a visitor can do about a session now, and sessions in a list by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from services.web.upstream import Session

_QUEUE_CLOSES = timedelta(minutes=30)
"""Before the start: after that nobody could answer an offer in time. Booking decides."""


class Offer(StrEnum):
    """What a visitor can do about a session now."""

    BOOK = "book"
    COME = "come"
    ASK = "ask"
    """The library seats those it has an agreement with; others ask."""
    QUEUE = "queue"
    """It is full, and one may wait for a seat."""
    DOOR = "door"
    """It is full and begins soon: a seat may come free there."""
    FULL = "full"
    STARTED = "started"
    CANCELLED = "cancelled"
    NOT_YET = "not_yet"
    """Booking opens later."""
    SHUT = "shut"
    """Booking has closed, earlier than at the start."""
    CLOSED = "closed"

    @property
    def is_full(self) -> bool:
        """Whether there is no seat, whatever else one can do."""
        return self in {Offer.QUEUE, Offer.DOOR, Offer.FULL}


def offer(session: Session, now: datetime) -> Offer:
    """What to say about a session at ``now``. Booking decides again when somebody books."""
    if session.status != "published":
        return Offer.CANCELLED if session.status == "cancelled" else Offer.CLOSED
    if session.mode == "drop_in" and now < session.ends_at:
        return Offer.COME  # also late, where nobody books
    if session.starts_at <= now:
        return Offer.STARTED
    return Offer.ASK if session.booked_by == "staff" else _to_book(session, now)


def _to_book(session: Session, now: datetime) -> Offer:
    """The same of a session that visitors book and that has not begun."""
    if session.opens_at and now < session.opens_at:
        return Offer.NOT_YET
    if session.closes_at and session.closes_at <= now:
        return Offer.SHUT
    if not session.bookable:
        return Offer.CLOSED
    return Offer.BOOK if session.seats.left > 0 else when_full(session, now)


def when_full(session: Session, now: datetime) -> Offer:
    """The same of a session that is known to have no seat left."""
    if queue_has_closed(session, now):
        return Offer.DOOR if has_door(session) else Offer.FULL
    return Offer.QUEUE if session.queue.left > 0 else Offer.FULL


def queue_has_closed(session: Session, now: datetime) -> bool:
    """Whether it begins so soon that nobody joins the queue or is offered a seat any more."""
    return session.starts_at - now < _QUEUE_CLOSES


def has_door(session: Session) -> bool:
    """Whether one may come and see if somebody stays away: no class does, and online there is no door."""
    a_class = session.counts == "bookings" and session.children
    return session.place != "online" and not a_class


class Slot(NamedTuple):
    """One of the times of a sitting."""

    session: Session
    offer: Offer


class Card(NamedTuple):
    """A session in a list, or a sitting: several times that follow upon each other, of which one chooses one."""

    session: Session
    """Of a sitting the one that one would be offered first."""
    offer: Offer
    slots: tuple[Slot, ...] = ()
    """All of a sitting, in order; none where the card is of one session."""

    @property
    def free(self) -> int:
        """How many of its times one can book."""
        return sum(slot.offer is Offer.BOOK for slot in self.slots)


class Day(NamedTuple):
    """The sessions of one local date."""

    date: date
    cards: list[Card]


def cards(sessions: Iterable[Session], now: datetime) -> list[Card]:
    """Sessions that are not over, each with what one can do about it."""
    return [Card(session, offer(session, now)) for session in sessions if session.ends_at > now]


def bookable(shown: Iterable[Card]) -> list[Card]:
    """Those of which one can book a seat now."""
    return [card for card in shown if card.offer is Offer.BOOK]


def together(shown: Iterable[Card]) -> list[Card]:
    """The same with the times of each sitting on one card, where its first one stands."""
    sittings: dict[UUID, list[Card]] = {}
    for card in shown:
        sittings.setdefault(card.session.sitting_id or card.session.id, []).append(card)
    return [_sitting(several) for several in sittings.values()]


def _sitting(several: list[Card]) -> Card:
    first = next(iter(bookable(several)), several[0])
    slots = tuple(Slot(card.session, card.offer) for card in several)
    return first._replace(slots=slots) if len(slots) > 1 else first


def days(sessions: Iterable[Session], zone: ZoneInfo, now: datetime) -> list[Day]:
    """What is not over, by local date; ``sessions`` come in order of time."""
    grouped = groupby(cards(sessions, now), key=lambda card: card.session.starts_at.astimezone(zone).date())
    return [Day(day, together(shown)) for day, shown in grouped]
