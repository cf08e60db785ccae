"""What there is to come to: the programme, and each session's own page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import hdrs, web

from services.web.boundary import SITE
from services.web.upstream import CatalogService, Session
from shared.http import path_id
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID
    from zoneinfo import ZoneInfo

CATALOG = web.AppKey("catalog", CatalogService)

_DAYS_SHOWN = 14


class Offer(StrEnum):
    """What a visitor can do about a session now."""

    BOOK = "book"
    COME = "come"
    FULL = "full"
    STARTED = "started"
    CANCELLED = "cancelled"
    CLOSED = "closed"


def offer(session: Session, now: datetime) -> Offer:
    """What to say about a session at ``now``. Booking decides again when somebody books."""
    if session.status == "cancelled":
        return Offer.CANCELLED
    if session.starts_at <= now:
        return Offer.STARTED
    if session.mode == "drop_in":
        return Offer.COME
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


def days(sessions: Iterable[Session], zone: ZoneInfo, now: datetime) -> list[Day]:
    """Sessions that are not over, by local date; ``sessions`` come in order of time."""
    ahead = (Card(session, offer(session, now)) for session in sessions if session.ends_at > now)
    grouped = groupby(ahead, key=lambda card: card.session.starts_at.astimezone(zone).date())
    return [Day(day, list(cards)) for day, cards in grouped]


async def start(request: web.Request) -> web.Response:
    """``GET /``: to the programme in the visitor's language."""
    language = request.app[SITE].language(request)
    return web.Response(status=303, headers={hdrs.LOCATION: f"/{language.tag}/", hdrs.VARY: hdrs.ACCEPT_LANGUAGE})


async def programme(request: web.Request) -> web.Response:
    """``GET /{language}/``: the coming two weeks."""
    site = request.app[SITE]
    now = site.now()
    today = now.date()
    found = await request.app[CATALOG].sessions(
        today.isoformat(),
        (today + timedelta(days=_DAYS_SHOWN)).isoformat(),
        request.query.get("cursor"),
    )
    context = {
        "days": days(found.items, site.zone, now),
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "cursor": request.query.get("cursor"),
        "next": found.next,
    }
    return site.page(request, "programme.html", context, personal=False)


def session_id(request: web.Request) -> UUID:
    """The session an address names.

    Raises:
        Problem: 404; what is no id cannot exist.
    """
    return path_id(request, "session", Problem("unknown-session", 404, "There is no such session"))


async def session(request: web.Request) -> web.Response:
    """``GET /{language}/sessions/{id}``: one session."""
    site = request.app[SITE]
    found = await request.app[CATALOG].session(session_id(request))
    context = {"session": found, "offer": offer(found, site.now())}
    return site.page(request, "session.html", context, personal=False)
