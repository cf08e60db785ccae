"""A series: its coming dates, of which one books all or some in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from services.web.keys import CATALOG, SITE
from services.web.offers import Card, bookable, cards
from services.web.rendering import msgid
from shared.problems import Problem

if TYPE_CHECKING:
    from aiohttp import web

    from services.web.upstream import Session

_MOST = 60
"""Dates of one booking: more than a year of weeks, and as many as a browser keeps for us."""

_ALL = (
    msgid("Boka alla måndagar"),
    msgid("Boka alla tisdagar"),
    msgid("Boka alla onsdagar"),
    msgid("Boka alla torsdagar"),
    msgid("Boka alla fredagar"),
    msgid("Boka alla lördagar"),
    msgid("Boka alla söndagar"),
)
_ALL_TIMES = msgid("Boka alla tider")


class InOneGo(NamedTuple):
    """What one can do about a series: a msgid, and of how many dates one can book a seat."""

    text: str
    free: int


async def dates_of(request: web.Request, session: Session | None) -> tuple[Card, ...]:
    """The coming dates of the series that a session is of; of a sitting those at the same time of the day.

    None where it is of no series, or while catalog is away.
    """
    if session is None or session.series_id is None:
        return ()
    site = request.app[SITE]
    try:
        found = await request.app[CATALOG].every_session({"series": str(session.series_id), "cancelled": "true"})
    except Problem:
        return ()
    now, clock = site.now(), session.starts_at.astimezone(site.zone).time()
    coming = [one for one in found if one.starts_at > now]
    if session.sitting_id:
        coming = [one for one in coming if one.starts_at.astimezone(site.zone).time() == clock]
    return tuple(cards(coming, now)[:_MOST])


def in_one_go(request: web.Request, dates: tuple[Card, ...]) -> InOneGo | None:
    """How booking all of them is called; None where there are no two to book."""
    free = bookable(dates)
    if len(free) < 2:  # noqa: PLR2004 - one is booked on its own page
        return None
    days = {date.session.starts_at.astimezone(request.app[SITE].zone).weekday() for date in dates}
    return InOneGo(_ALL[days.pop()] if len(days) == 1 else _ALL_TIMES, len(free))
