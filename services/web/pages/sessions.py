"""Each session's own page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import web

from services.web.keys import CATALOG, DRAFTS, SITE
from services.web.offers import Card, Offer, Slot, cards, has_door, offer, together
from services.web.pages.series import dates_of, in_one_go
from services.web.rendering import msgid
from services.web.structured import Reader, addresses, event
from shared.http import path_id
from shared.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

    from services.web.upstream import Session

_LEVELS = {
    "A1": msgid("nybörjare"),
    "A2": msgid("grundnivå"),
    "B1": msgid("mellannivå"),
    "B2": msgid("högre mellannivå"),
    "C1": msgid("avancerad nivå"),
    "C2": msgid("mycket avancerad nivå"),
}
"""The levels of the Common European Framework of Reference for Languages, in words."""


class Others(NamedTuple):
    """Other sessions with a free place, by how far one has to go from where this one is."""

    here: list[Card]
    elsewhere: list[Card]
    online: list[Card]


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [web.get(home + "/sessions/{session}", session)]


def session_id(request: web.Request) -> UUID:
    """The session an address names.

    Raises:
        Problem: 404; what is no id cannot exist.
    """
    return path_id(request, "session", Problem("unknown-session", 404, "There is no such session"))


async def alternatives(request: web.Request, missed: UUID) -> list[Card]:
    """Other times and libraries with a free place, instead of a session, as far as catalog can say now."""
    try:
        found = await request.app[CATALOG].alternatives(missed)
    except Problem:
        return []
    return together(cards(found.items, request.app[SITE].now()))


async def session(request: web.Request) -> web.Response:
    """``GET /{language}/sessions/{id}``: one session, and where there are others when nobody can come to it.

    A session that is over or was taken back is 410 Gone: what the address stood for will not be there again, and who
    links to it should stop (RFC 9110, section 15.5.11, names services of limited time). People still get the page, with
    the next times. A cancelled one is 200 until it would have ended: that it is cancelled is what they come to read.

    Somebody for whom seats are kept while they answer comes back here too; their own are not taken for them.
    """
    site = request.app[SITE]
    catalog = request.app[CATALOG]
    now = site.now()
    public = await catalog.session(session_id(request))
    kind = await catalog.kind(public.kind)
    hold = request.app[DRAFTS].hold(request)
    own = hold if hold and hold.keeps(public.id, now) else None
    found = public.with_own(own.seats) if own else public
    offered = offer(found, now)
    open_ = offered in {Offer.BOOK, Offer.COME, Offer.ASK}
    others = [] if open_ else await alternatives(request, found.id)
    gone = found.ends_at <= now or found.status == "withdrawn"
    dates = await dates_of(request, found)
    context = {
        "session": found,
        "slots": await _slots(request, found),
        "series": in_one_go(request, dates),
        "kind": kind,
        "levels": level_words(found.level),
        "offer": offered,
        "own": own if offered is Offer.BOOK else None,
        "has_door": has_door(found),
        "gone": gone,
        "going_on": found.starts_at <= now < found.ends_at,
        "year": found.starts_at.year if found.starts_at.year != now.year else "",
        "others": _grouped(found, _of_other_sittings(found, others)),
        "addresses": addresses(request),
        "event": None if gone else event(public, offer(public, now), Reader.of(request)),
    }
    status = HTTPStatus.GONE if gone else HTTPStatus.OK
    return site.page(request, "session.html", context, status=status, personal=own is not None)


async def _slots(request: web.Request, found: Session) -> tuple[Slot, ...]:
    """All times of its sitting, its own among them, as far as catalog can say now; none where it is of none."""
    if found.sitting_id is None:
        return ()
    try:
        same = await request.app[CATALOG].every_session({"sitting": str(found.sitting_id), "cancelled": "true"})
    except Problem:
        return ()
    sitting = together(cards(same, request.app[SITE].now()))
    return sitting[0].slots if sitting else ()


def _of_other_sittings(found: Session, others: Iterable[Card]) -> list[Card]:
    """Without the other times of its own sitting, which stand together already."""
    own = found.sitting_id
    return [card for card in others if own is None or card.session.sitting_id != own]


def _grouped(found: Session, others: Iterable[Card]) -> Others:
    grouped = Others([], [], [])
    for card in others:
        other = card.session
        if other.place == "online":
            (grouped.here if found.place == "online" else grouped.online).append(card)
        else:
            near = found.place != "online" and other.branch.id == found.branch.id
            (grouped.here if near else grouped.elsewhere).append(card)
    return grouped


def level_words(level: str | None) -> Sequence[str]:
    """What a level, or the lowest and highest of a range, is called."""
    return [_LEVELS[one] for one in level.split("-")] if level else []
