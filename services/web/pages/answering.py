"""A seat that is offered to somebody who waited: they take it, or leave it to the next."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from services.web.keys import BOOKING
from services.web.pages.my_booking import address, booking_page, done, held
from services.web.rendering import msgid
from shared.problems import Problem

_ALERTS = {
    "confirmed": msgid("Du har redan tackat ja, så platsen är din. Vill du inte komma? Avboka här nedanför."),
    "queued": msgid("Det finns ingen plats att svara på just nu. Du står kvar i kön."),
}
"""By what the booking is instead of offered; of what is over the page tells itself."""


def routes(home: str) -> list[web.RouteDef]:
    """Where these are. Looking at them answers nothing."""
    mine = f"{home}/my-booking"
    return [
        web.get(mine + "/{answer:accept|decline}", look),
        web.post(f"{mine}/accept", accept),
        web.post(f"{mine}/decline", decline),
    ]


async def look(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking/accept``: to the booking, where the buttons are."""
    raise web.HTTPSeeOther(address(request))


async def accept(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/accept``: take the seat; the booking then says so itself."""
    receipt, _ = await held(request)
    try:
        await request.app[BOOKING].accept(request, receipt.code, receipt.proof)
    except Problem as problem:
        return await _gone(request, problem)
    raise done(request, "accepted")


async def decline(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/decline``: leave it to the next; the booking then says so itself."""
    receipt, _ = await held(request)
    try:
        await request.app[BOOKING].decline(request, receipt.code, receipt.proof)
    except Problem as problem:
        return await _gone(request, problem)
    raise web.HTTPSeeOther(address(request))


async def _gone(request: web.Request, problem: Problem) -> web.Response:
    """The booking as it is now: it may have been answered elsewhere, or not in time.

    Raises:
        web.HTTPSeeOther: It is no longer there; to the form.
        Problem: It is about something else than the offer.
    """
    if problem.document.type not in {"offer-gone", "closed", "wrong-proof"}:
        raise problem
    _, booking = await held(request)
    return await booking_page(request, booking, alert=_ALERTS.get(booking.state), status=HTTPStatus.CONFLICT)
