"""Another time of the same activity instead of the one that is booked: chosen, confirmed, and then had."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.web.keys import BOOKING, CATALOG, RECEIPTS, SITE
from services.web.offers import Card, offer
from services.web.pages.my_booking import activity_of, address, booking_page, done, has_room, held, other_times
from services.web.pages.sessions import session_id
from services.web.receipts import Receipt
from services.web.rendering import msgid
from services.web.standing import session_of, standing
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.upstream import Booking, Session

_SHOWN = 24
"""As many times as one looks through."""

_SOLD_OUT = msgid("Platserna på den tiden tog slut. Du har kvar det du hade.")
_ALREADY = msgid("Du har redan en bokning på den tiden. Du har kvar det du hade.")
_NOT_THERE = msgid("Den tiden går inte längre att välja. Du har kvar det du hade.")
_BEGUN = msgid("Det har redan börjat, så det går inte att byta tid.")
_UNKNOWN = msgid("Vi vet inte om bytet gick igenom. Titta under Min bokning om en stund.")


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    move = f"{home}/my-booking/move"
    return [
        web.get(move, choose),
        web.get(move + "/{session}", ask),
        web.post(move + "/{session}", move_there),
    ]


async def choose(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking/move``: the other times there are, the next first."""
    _, booking = await held(request)
    session = await session_of(request, booking)
    _only_while_open(request, booking, session)
    return await _choices(request, booking, session)


async def ask(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking/move/{session}``: is it really meant? Both times stand there."""
    _, booking = await held(request)
    session = await session_of(request, booking)
    _only_while_open(request, booking, session)
    wanted = await request.app[CATALOG].session(session_id(request))
    if not has_room(Card(wanted, offer(wanted, request.app[SITE].now())), booking):
        raise web.HTTPSeeOther(f"{address(request)}/move")
    return _question(request, booking, session, wanted)


async def move_there(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/move/{session}``: change; the booking then says so itself."""
    wanted = session_id(request)
    receipt, booking = await held(request)
    try:
        moved = await request.app[BOOKING].move(request, receipt.code, receipt.proof, wanted)
    except Problem as problem:
        return await _not_moved(request, booking, problem)
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: str(done(request, "moved").location)})
    request.app[RECEIPTS].keep(request, response, Receipt.of(moved, moved.session_id))
    return response


async def _not_moved(request: web.Request, booking: Booking, problem: Problem) -> web.Response:
    """Why not, with what can be done now; what one has stays in any case.

    Raises:
        web.HTTPSeeOther: The booking is no longer there; to the form.
        Problem: Neither the old time nor the new one is why.
    """
    if problem.document.type == "wrong-proof":
        await held(request)
    session = await session_of(request, booking)
    kind, status = problem.document.type, problem.document.status
    if kind == "unavailable":
        wanted = await request.app[CATALOG].session(session_id(request))
        return _question(request, booking, session, wanted, alert=_UNKNOWN, status=status)
    if status not in {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}:
        raise problem
    if not standing(booking, session, request.app[SITE].now()).is_open:
        return await booking_page(request, booking, alert=_BEGUN, status=status)
    alert = {"sold-out": _SOLD_OUT, "already-booked": _ALREADY}.get(kind, _NOT_THERE)
    return await _choices(request, booking, session, alert=alert, status=status)


def _only_while_open(request: web.Request, booking: Booking, session: Session | None) -> None:
    """Let those pass who have something to change.

    Raises:
        web.HTTPSeeOther: To the booking, which says what has become of it.
    """
    open_ = standing(booking, session, request.app[SITE].now()).is_open
    if not (open_ and activity_of(booking, session)):
        raise web.HTTPSeeOther(address(request))


async def _choices(
    request: web.Request,
    booking: Booking,
    session: Session | None,
    *,
    alert: str | None = None,
    status: int = HTTPStatus.OK,
) -> web.Response:
    times = (await other_times(request, booking, session))[:_SHOWN]
    context = {"booking": booking, "session": session, "times": times, "alert": alert}
    return request.app[SITE].page(request, "move.html", context, status=status)


def _question(
    request: web.Request,
    booking: Booking,
    session: Session | None,
    wanted: Session,
    *,
    alert: str | None = None,
    status: int = HTTPStatus.OK,
) -> web.Response:
    context = {"booking": booking, "session": session, "wanted": wanted, "alert": alert}
    return request.app[SITE].page(request, "move_confirm.html", context, status=status)
