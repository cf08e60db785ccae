"""What somebody finds who typed for a while and then could not have what they wanted."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from services.web.keys import SITE
from services.web.offers import Offer, offer
from services.web.pages.sessions import alternatives

if TYPE_CHECKING:
    from aiohttp import web

    from services.web.steps import Asked
    from shared.problems import Problem

_TURNED_AWAY = frozenset({"sold-out", "closed", "not-open", "already-booked"})


def turns_away(problem: Problem) -> bool:
    """Whether nothing that could be typed differently helps, but for fewer people."""
    return problem.document.type in _TURNED_AWAY


async def turned_away(request: web.Request, asked: Asked, problem: Problem) -> web.Response:
    """The page that says what happened, that nothing is lost, and what there is instead."""
    already = problem.document.type == "already-booked"
    reason = _reason(request, asked, problem)
    context = {
        "session": asked.session,
        "session_id": asked.session_id,
        "already": already,
        "reason": reason,
        "left": _left(asked) if reason is Offer.FULL else 0,
        "others": [] if already else await alternatives(request, asked.session_id),
    }
    return request.app[SITE].page(request, "book_taken.html", context, status=HTTPStatus.CONFLICT)


def _reason(request: web.Request, asked: Asked, problem: Problem) -> Offer:
    if problem.document.type == "sold-out":
        return Offer.FULL
    found = offer(asked.session, request.app[SITE].now()) if asked.session else Offer.CLOSED
    return Offer.CLOSED if found in {Offer.BOOK, Offer.FULL} else found


def _left(asked: Asked) -> int | None:
    """How many seats there are for a smaller party; None where that is not known exactly."""
    wanted = asked.fields.taken_by(asked.form.party)
    if wanted == 1:
        return 0
    left = asked.fields.left
    return left if left is not None and left < wanted else None
