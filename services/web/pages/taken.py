"""What somebody finds who typed for a while and then could not have what they wanted."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from services.web.forms import Way
from services.web.keys import SITE
from services.web.offers import Offer, has_door, offer, when_full
from services.web.pages.asking import address
from services.web.pages.sessions import alternatives
from services.web.steps import REACH
from shared.problems import Problem

if TYPE_CHECKING:
    from aiohttp import web

    from services.web.steps import Asked

_FULL = frozenset({"sold-out", "queue-full", "queue-closed"})
_TURNED_AWAY = _FULL | {"closed", "not-open", "already-booked"}


class ToQueue(NamedTuple):
    """The one button that leads into the queue."""

    address: str
    sends: bool
    """Whether nothing is left to ask, so that it joins the queue."""


def turns_away(problem: Problem) -> bool:
    """Whether nothing that could be typed differently helps, but for fewer people."""
    return problem.document.type in _TURNED_AWAY


def too_few() -> Problem:
    """What booking would say of a party for which there are no seats, by what catalog knows."""
    return Problem("sold-out", HTTPStatus.CONFLICT, "There are not enough seats left")


async def turned_away(request: web.Request, asked: Asked, problem: Problem) -> web.Response:
    """The page that says what happened, that nothing is lost, and what there is instead."""
    already = problem.document.type == "already-booked"
    reason = _reason(request, asked, problem)
    context = {
        "session": asked.session,
        "session_id": asked.session_id,
        "already": already,
        "problem": problem.document.type,
        "reason": reason,
        "left": _left(asked) if problem.document.type == "sold-out" else 0,
        "to_queue": _to_queue(request, asked) if reason is Offer.QUEUE and asked.way is Way.BOOK else None,
        "others": [] if already else await alternatives(request, asked.session_id),
    }
    return request.app[SITE].page(request, "book_taken.html", context, status=HTTPStatus.CONFLICT)


def _reason(request: web.Request, asked: Asked, problem: Problem) -> Offer:
    now = request.app[SITE].now()
    if problem.document.type == "queue-closed":
        return Offer.DOOR if asked.session is None or has_door(asked.session) else Offer.FULL
    if problem.document.type == "queue-full" or (problem.document.type == "sold-out" and not asked.session):
        return Offer.FULL
    if problem.document.type == "sold-out" and asked.session:
        return when_full(asked.session, now)
    found = offer(asked.session, now) if asked.session else Offer.CLOSED
    return Offer.CLOSED if found is Offer.BOOK or found.is_full else found


def _left(asked: Asked) -> int | None:
    """How many seats there are for a smaller party; None where that is not known exactly."""
    wanted = asked.fields.taken_by(asked.form.party)
    if wanted == 1:
        return 0
    left = asked.fields.left
    return left if left is not None and left < wanted else None


def _to_queue(request: web.Request, asked: Asked) -> ToQueue:
    """To the first question that is open; with none, that is the end of it."""
    queueing = replace(asked, way=Way.QUEUE)
    open_ = queueing.missing(REACH)
    if open_ is None and not asked.form.reach_faults(Way.QUEUE):
        return ToQueue(address(request, queueing, REACH), sends=True)
    return ToQueue(address(request, queueing, open_ or REACH), sends=False)
