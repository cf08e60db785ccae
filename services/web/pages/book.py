"""Booking on one page, and the receipt after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web

from services.web.forms import BookingForm, Fault, Fields, next_key, refused, typed
from services.web.keys import BOOKING, CATALOG, RECEIPTS, SITE
from services.web.offers import Offer, offer
from services.web.pages.sessions import session_id
from services.web.receipts import Receipt
from services.web.rendering import LANGUAGE
from services.web.upstream import Booking, Session
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    form_address = home + "/sessions/{session}/book"
    return [web.get(form_address, form), web.post(form_address, book), web.get(f"{home}/booked", booked)]


async def form(request: web.Request) -> web.Response:
    """``GET /{language}/sessions/{id}/book``: the form, where there is something to book."""
    found = await request.app[CATALOG].session(session_id(request))
    if offer(found, request.app[SITE].now()) is not Offer.BOOK:
        raise web.HTTPSeeOther(f"/{request[LANGUAGE].tag}/sessions/{found.id}")
    fields = Fields.of(found)
    return _form_page(request, found, fields, BookingForm.empty(fields), [])


async def book(request: web.Request) -> web.Response:
    """``POST /{language}/sessions/{id}/book``: book, and show the receipt; or the form again with what is wrong."""
    wanted = session_id(request)
    values = await typed(request)
    sent = BookingForm.sent(values)
    if faults := sent.faults():
        found, fields = await _session(request, wanted, values)
        return _form_page(request, found, fields, sent, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    language = request[LANGUAGE].tag
    try:
        booking = await request.app[BOOKING].book(request, sent.request(wanted, language), sent.idempotency_key)
    except Problem as problem:
        if problem.document.status == HTTPStatus.NOT_FOUND:
            raise
        found, fields = await _session(request, wanted, values)
        again = replace(sent, idempotency_key=next_key(sent, problem))
        page = _form_page(
            request, found, fields, again, refused(problem, again, fields), status=problem.document.status
        )
        page.headers.update(problem.headers)
        return page
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"/{language}/booked"})
    request.app[RECEIPTS].keep(request, response, Receipt(code=booking.code, proof=booking.proof))
    return response


async def _session(request: web.Request, wanted: UUID, values: Mapping[str, str]) -> tuple[Session | None, Fields]:
    """The session for showing the form again; without catalog, the questions as they were sent."""
    try:
        found = await request.app[CATALOG].session(wanted)
    except Problem as problem:
        if problem.document.status != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return None, Fields.seen_in(values)
    return found, Fields.of(found)


def _form_page(
    request: web.Request,
    found: Session | None,
    fields: Fields,
    values: BookingForm,
    faults: list[Fault],
    *,
    status: int = HTTPStatus.OK,
) -> web.Response:
    context = {"session": found, "fields": fields, "form": values, "faults": faults}
    return request.app[SITE].page(request, "book.html", context, status=status)


@dataclass(frozen=True, kw_only=True, slots=True)
class Booked:
    """A booking with its session, as far as the services that know them answer."""

    booking: Booking | None
    session: Session | None

    @property
    def stands(self) -> bool:
        """Whether the visitor is expected, as far as is known."""
        return (self.booking is None or self.booking.state == "confirmed") and (
            self.session is None or self.session.status != "cancelled"
        )


async def booked_by(request: web.Request, receipt: Receipt) -> Booked:
    """What belongs to a receipt. The code on it is worth showing even while nothing else can be.

    Raises:
        Problem: 403 ``wrong-proof`` when there is no such booking any more.
    """
    try:
        booking = await request.app[BOOKING].booking(request, receipt.code, receipt.proof)
    except Problem as problem:
        if problem.document.type == "wrong-proof":
            raise
        return Booked(booking=None, session=None)
    return Booked(booking=booking, session=await session_of(request, booking))


async def session_of(request: web.Request, booking: Booking) -> Session | None:
    """The session of a booking, unless catalog is away or no longer shows it."""
    try:
        return await request.app[CATALOG].session(booking.session_id)
    except Problem:
        return None


async def booked(request: web.Request) -> web.Response:
    """``GET /{language}/booked``: the receipt with the code; My booking tells what has become of another one."""
    elsewhere = web.HTTPSeeOther(f"/{request[LANGUAGE].tag}/my-booking")
    receipt = request.app[RECEIPTS].read(request)
    if receipt is None:
        raise elsewhere
    try:
        known = await booked_by(request, receipt)
    except Problem as problem:
        raise elsewhere from problem
    if not known.stands:
        raise elsewhere
    context = {"code": receipt.code, "booking": known.booking, "session": known.session}
    return request.app[SITE].page(request, "booked.html", context)
