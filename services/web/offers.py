"""What a visitor can do about a session now, and sessions in a list by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.web.upstream import Session


class Offer(StrEnum):
    """What a visitor can do about a session now."""

    BOOK = "book"
    COME = "come"
    ASK = "ask"
    """The library seats those it has an agreement with; others ask."""
    FULL = "full"
    STARTED = "started"
    CANCELLED = "cancelled"
    CLOSED = "closed"


def offer(session: Session, now: datetime) -> Offer:
    """What to say about a session at ``now``. Booking decides again when somebody books."""
    if session.status != "published":
        return Offer.CANCELLED if session.status == "cancelled" else Offer.CLOSED
    if session.mode == "drop_in" and now < session.ends_at:
        return Offer.COME  # also late, where nobody books
    if session.starts_at <= now:
        return Offer.STARTED
    if session.booked_by == "staff":
        return Offer.ASK
    if not session.bookable:
        return Offer.CLOSED
    return Offer.BOOK if session.seats.left > 0 else Offer.FULL


class Card(NamedTuple):
    """A session in a list."""

    session: Session
    offer: Offer


class Day(NamedTuple):
    """The sessions of one local date."""

    date: date
    cards: list[Card]


def cards(sessions: Iterable[Session], now: datetime) -> list[Card]:
    """Sessions that are not over, each with what one can do about it."""
    return [Card(session, offer(session, now)) for session in sessions if session.ends_at > now]


def days(sessions: Iterable[Session], zone: ZoneInfo, now: datetime) -> list[Day]:
    """Sessions that are not over, by local date; ``sessions`` come in order of time."""
    grouped = groupby(cards(sessions, now), key=lambda card: card.session.starts_at.astimezone(zone).date())
    return [Day(day, list(shown)) for day, shown in grouped]
