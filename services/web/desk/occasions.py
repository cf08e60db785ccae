"""What is on now and next at a library, with how full it is: what staff at the desk choose from."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from services.web.desk.told import SeatsNow, SeatsOfSessions, WalkIns
from services.web.keys import CATALOG, SITE
from services.web.staff import libraries, services
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiohttp import web

    from services.web.upstream import Session

_AHEAD = timedelta(days=14)
_AT_LEAST = 5
"""So many times are shown, also where today has fewer left."""
_MOST = 40
"""So many at most: a day of a large library."""
_COUNTED_FROM = timedelta(hours=1)
"""Before the start: from then on booking counts who walks in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """A session as somebody at the desk sees it."""

    session: Session
    seats: SeatsNow | None
    """None while booking cannot say."""
    now: datetime

    @property
    def has_begun(self) -> bool:
        """Whether it is on."""
        return self.session.starts_at <= self.now

    @property
    def is_over(self) -> bool:
        """Whether nobody can come any more."""
        return self.session.ends_at <= self.now

    @property
    def takes_bookings(self) -> bool:
        """Whether one books a seat: to a drop-in one just comes."""
        return self.session.mode != "drop_in"

    @property
    def is_counted(self) -> bool:
        """Whether those who walk in can be counted now."""
        if self.seats is None or self.seats.closed or self.session.place == "online":
            return False
        return self.session.starts_at - _COUNTED_FROM <= self.now < self.session.ends_at

    @property
    def is_late(self) -> bool:
        """Whether more than half of it is over: who comes now rather wants the next."""
        return self.now - self.session.starts_at > (self.session.ends_at - self.session.starts_at) / 2


async def occasions(request: web.Request, branch: str, day: date | None) -> list[Occasion]:
    """What is on today and next, or on one day, of a library; what is over is left out."""
    site = request.app[SITE]
    now = site.now()
    first = day or now.date()
    until = first + (timedelta(days=1) if day else _AHEAD)
    since = first if day else first - timedelta(days=1)  # what began before midnight may still be on
    asked = {"branch": branch, "from": since.isoformat(), "to": until.isoformat(), "limit": "100"}
    found = (await request.app[CATALOG].sessions(asked)).items
    today = sum(one.starts_at.astimezone(site.zone).date() <= first for one in found)
    return await _with_seats(request, found[: min(_MOST, today if day else max(today, _AT_LEAST))])


async def occasion(request: web.Request, session_id: UUID) -> Occasion:
    """One session, whatever became of it.

    Raises:
        Problem: 404 ``unknown-session``; 403 for another library's.
    """
    session = await request.app[CATALOG].session(session_id)
    [found] = await _with_seats(request, [session])
    return found


async def times(request: web.Request, activity: UUID) -> list[Occasion]:
    """The times of an activity that are not over, at the libraries of whoever asks."""
    asked = {"activity": str(activity), "limit": "100"}
    found = (await request.app[CATALOG].sessions(asked)).items
    mine = libraries(request)
    return await _with_seats(request, [one for one in found if one.branch.id in mine])


async def sessions_of(request: web.Request, ids: Iterable[UUID]) -> dict[UUID, Session]:
    """Sessions by id, as far as catalog can show them now."""
    wanted = list(dict.fromkeys(ids))
    found = await asyncio.gather(*(_session(request, one) for one in wanted))
    return {id_: session for id_, session in zip(wanted, found, strict=True) if session}


async def _session(request: web.Request, session_id: UUID) -> Session | None:
    try:
        return await request.app[CATALOG].session(session_id)
    except Problem:
        return None


def usual(found: Sequence[Occasion]) -> Occasion | None:
    """What somebody who comes to the desk most likely wants: the first that one books and that is not half over."""
    booked = [one for one in found if one.takes_bookings and not one.is_late]
    return next(iter(booked or found), None)


async def walk_ins(request: web.Request, found: Iterable[Occasion]) -> dict[UUID, WalkIns]:
    """How many walked into each session where they are counted now."""
    counted = [one.session.id for one in found if one.is_counted]
    booking = services(request).booking
    numbers = await asyncio.gather(*(booking.get(WalkIns, f"/v1/sessions/{id_}/walk-ins") for id_ in counted))
    return dict(zip(counted, numbers, strict=True))


async def _with_seats(request: web.Request, found: Sequence[Session]) -> list[Occasion]:
    """Sessions with how full they are; without that where booking has not heard of one yet."""
    asked = [("id", str(one.id)) for one in found]
    told = await services(request).booking.get(SeatsOfSessions, "/v1/desk/sessions", params=asked) if asked else None
    seats = {one.session_id: one for one in told.items} if told else {}
    now = request.app[SITE].now()
    return [Occasion(session=one, seats=seats.get(one.id), now=now) for one in found]
