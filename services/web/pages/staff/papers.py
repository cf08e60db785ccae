"""Lists on paper: of one session, and of a library's whole day for when everything is down."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import web

from services.web.keys import SITE
from services.web.pages.staff.about_session import session_by, session_of
from services.web.pages.staff.people import Answered, labels
from services.web.staff import branch_of, libraries, page, posted, services
from services.web.upstream import (
    Listed,
    RevealedReach,
    RevealedSession,
    SessionPeople,
    StaffSession,
    WatchedDay,
)
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

_WITH_NUMBERS = "numbers"
_SPARE = 5
"""Empty lines for those who come without a booking, or are written up while everything is down."""


class Paper(NamedTuple):
    """One session's list."""

    session: StaffSession
    seated: tuple[Listed, ...]
    waiting: tuple[Listed, ...]
    """Who is offered a seat, waits for one, or stands by, in order."""
    labels: Mapping[UUID, list[Answered]]
    reach: Mapping[UUID, RevealedReach]
    """How they are reached in full, where that was asked for."""


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    of_session, of_day = home + "/print/sessions/{session}", home + "/print/day"
    return [
        web.get(of_session, session),
        web.post(of_session, session),
        web.get(of_day, day),
        web.post(of_day, day),
    ]


async def session(request: web.Request) -> web.Response:
    """``.../print/sessions/{id}``: the list of one session; as the answer to a form with all numbers, which is kept."""
    one = await session_of(request)
    numbers = await _numbers_wanted(request)
    papers = [await _paper(request, one, numbers=numbers)]
    return page(request, "staff/paper_session.html", _context(request, papers, numbers=numbers) | {"session": one})


async def day(request: web.Request) -> web.Response:
    """``.../print/day?branch=&day=``: all lists of a library's day, today's where no day is named.

    Raises:
        web.HTTPBadRequest: it is no day.
    """
    today = request.app[SITE].now().date()
    wanted = _day(request.query.get("day", "")) or today
    numbers = await _numbers_wanted(request)
    own = libraries(request)
    branch = branch_of(request) or (next(iter(own)) if len(own) == 1 else None)
    papers: list[Paper] = []
    if branch:
        sessions = await _sessions(request, branch, wanted)
        papers = list(await asyncio.gather(*(_paper(request, one, numbers=numbers) for one in sessions)))
    context = {
        "own": own,
        "branch": branch,
        "name": own.get(branch or "", branch),
        "day_": wanted,
        "before": wanted - timedelta(days=1),
        "after": wanted + timedelta(days=1),
        "today": today,
    }
    return page(request, "staff/paper_day.html", _context(request, papers, numbers=numbers) | context)


def _context(request: web.Request, papers: list[Paper], *, numbers: bool) -> dict[str, object]:
    return {"papers": papers, "numbers": numbers, "spare": _SPARE, "now": request.app[SITE].now()}


async def _numbers_wanted(request: web.Request) -> bool:
    """Whether numbers and addresses are printed too: only ever as the answer to a form."""
    return request.method == "POST" and (await posted(request)).get(_WITH_NUMBERS) == "1"


async def _sessions(request: web.Request, branch: str, wanted: date) -> list[StaffSession]:
    """What is held there that day, in order of time, cancelled ones left out."""
    asked = {"branch": branch, "from": str(wanted), "to": str(wanted + timedelta(days=1))}
    watched = await services(request).booking.get(WatchedDay, "/v1/desk/sessions", params=asked)
    held = [one.session_id for one in watched.items if one.status == "published"]
    return list(await asyncio.gather(*(session_by(request, id_) for id_ in held)))


async def _paper(request: web.Request, one: StaffSession, *, numbers: bool) -> Paper:
    booking = services(request).booking
    people = await booking.get(SessionPeople, f"/v1/sessions/{one.id}/bookings")
    found: tuple[RevealedReach, ...] = ()
    if numbers and people.items:
        found = (await booking.send(RevealedSession, "POST", f"/v1/sessions/{one.id}/reveal")).items
    return Paper(
        session=one,
        seated=people.of("confirmed"),
        waiting=people.of("offered", "queued", "closed"),
        labels=labels(one, people.items),
        reach={revealed.booking_id: revealed for revealed in found},
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Problem("invalid", 422, "This is no day", field="day") from error
