"""A visitor's own booking: found by code and proof, seen, cancelled."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from services.web.forms import Fault, LookupForm, not_found, typed
from services.web.keys import BOOKING, DRAFTS, RECEIPTS, SITE
from services.web.offers import Offer, offer
from services.web.pages.booked import session_of
from services.web.receipts import Receipt
from services.web.rendering import LANGUAGE, msgid
from services.web.upstream import Booking, Session
from shared.problems import Problem

_GONE = msgid("Din bokning går inte att visa längre. Fråga på biblioteket om du undrar över den.")
_TOO_LATE = msgid("Det har redan börjat, så det går inte att avboka nu.")


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [
        web.get(f"{home}/my-booking", show),
        web.post(f"{home}/my-booking", find),
        web.post(f"{home}/my-booking/forget", forget),
        web.get(f"{home}/my-booking/cancel", ask),
        web.post(f"{home}/my-booking/cancel", cancel),
    ]


def _address(request: web.Request) -> str:
    return f"/{request[LANGUAGE].tag}/my-booking"


async def show(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking``: the booking this browser has a receipt for, else the form that finds one."""
    receipt = request.app[RECEIPTS].read(request)
    if receipt is None:
        return _lookup_page(request, LookupForm(), [])
    try:
        booking = await request.app[BOOKING].booking(request, receipt.code, receipt.proof)
    except Problem as problem:
        if problem.document.type == "wrong-proof":
            page = _lookup_page(request, LookupForm(), [], alert=_GONE, status=problem.document.status)
            request.app[RECEIPTS].forget(page)  # or each look would count as a wrong try of everybody's here
            return page
        return _not_shown(request, LookupForm(code=receipt.code), problem)
    return _booking_page(request, booking, await session_of(request, booking))


async def find(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking``: find a booking by what its owner knows."""
    sent = LookupForm.sent(await typed(request))
    if faults := sent.faults():
        return _lookup_page(request, sent, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        booking = await request.app[BOOKING].booking(request, sent.plain_code, sent.plain_proof)
    except Problem as problem:
        return _not_shown(request, sent, problem)
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": _address(request)})
    request.app[RECEIPTS].keep(request, response, Receipt(code=booking.code, proof=booking.proof))
    return response


async def forget(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/forget``: leave nothing for the next person at this computer."""
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": _address(request)})
    request.app[RECEIPTS].forget(response)
    request.app[DRAFTS].forget(response)
    response.headers["Clear-Site-Data"] = '"cache"'  # forms with faults, which Back would show
    return response


async def ask(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking/cancel``: is it really meant?"""
    _, booking = await _held(request)
    if booking.state == "cancelled":
        raise web.HTTPSeeOther(_address(request))
    context = {"booking": booking, "session": await session_of(request, booking)}
    return request.app[SITE].page(request, "cancel.html", context)


async def cancel(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/cancel``: give the seats back; the booking then says so itself."""
    receipt, booking = await _held(request)
    try:
        await request.app[BOOKING].cancel(request, receipt.code, receipt.proof)
    except Problem as problem:
        if problem.document.type != "closed":
            raise
        session = await session_of(request, booking)
        return _booking_page(request, booking, session, alert=_TOO_LATE, status=problem.document.status)
    raise web.HTTPSeeOther(_address(request))


async def _held(request: web.Request) -> tuple[Receipt, Booking]:
    """The booking this browser has a receipt for.

    Raises:
        web.HTTPSeeOther: There is none, or no longer; to the form that finds one.
    """
    receipt = request.app[RECEIPTS].read(request)
    if receipt is None:
        raise web.HTTPSeeOther(_address(request))
    try:
        return receipt, await request.app[BOOKING].booking(request, receipt.code, receipt.proof)
    except Problem as problem:
        if problem.document.type != "wrong-proof":
            raise
        raise web.HTTPSeeOther(_address(request)) from problem


def _lookup_page(
    request: web.Request,
    values: LookupForm,
    faults: list[Fault],
    *,
    alert: str | None = None,
    status: int = HTTPStatus.OK,
) -> web.Response:
    context = {"form": values, "faults": faults, "alert": alert}
    return request.app[SITE].page(request, "find.html", context, status=status)


def _not_shown(request: web.Request, values: LookupForm, problem: Problem) -> web.Response:
    """The form again, with why, and when another try helps."""
    page = _lookup_page(request, values, [not_found(problem)], status=problem.document.status)
    page.headers.update(problem.headers)
    return page


def _booking_page(
    request: web.Request,
    booking: Booking,
    session: Session | None,
    *,
    alert: str | None = None,
    status: int = HTTPStatus.OK,
) -> web.Response:
    now_offered = offer(session, request.app[SITE].now()) if session else None
    confirmed = booking.state == "confirmed"
    context = {
        "booking": booking,
        "session": session,
        "called_off": booking.cancelled_by == "library" or (confirmed and now_offered is Offer.CANCELLED),
        "can_cancel": confirmed and now_offered not in {Offer.CANCELLED, Offer.STARTED},
        "alert": alert,
    }
    return request.app[SITE].page(request, "booking.html", context, status=status)
