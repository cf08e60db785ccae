"""A visitor's own booking: found by code and proof, seen, taken into a calendar, closed."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.web.calendar_entry import entry
from services.web.cookies import CLEARED
from services.web.faults import Fault, typed
from services.web.keys import BOOKING, CATALOG, DRAFTS, RECEIPTS, SITE
from services.web.lookup import LookupForm, not_found
from services.web.offers import Card, Offer, cards, has_door, queue_has_closed, together
from services.web.pages import dates
from services.web.pages.holding import release
from services.web.pages.sessions import alternatives
from services.web.parties import Fields
from services.web.receipts import Receipt
from services.web.rendering import LANGUAGE, msgid
from services.web.slips import slip
from services.web.standing import Standing, session_of, standing
from services.web.upstream import Booking, Session, unavailable
from shared.calendars import MEDIA
from shared.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

DONE = ("fewer", "accepted", "moved")
"""What was done just now, as the page of the booking tells once; the words for it in its address."""

_TEMPLATES = {
    Standing.BOOKED: "booking_seat.html",
    Standing.BEGUN: "booking_seat.html",
    Standing.QUEUED: "booking_queue.html",
    Standing.OFFERED: "booking_offer.html",
}
_ROUND = 5
_INSTEAD = 3
"""Other times on the page of a booking that nobody can help with: the rest is a page of its own."""
_GONE = msgid("Din bokning går inte att visa längre. Fråga på biblioteket om du undrar över den.")


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [
        web.get(f"{home}/my-booking", show),
        web.post(f"{home}/my-booking", find),
        web.post(f"{home}/my-booking/forget", forget),
        web.get(f"{home}/my-booking/calendar.ics", calendar),
    ]


def address(request: web.Request) -> str:
    """Where a visitor's booking is."""
    return f"/{request[LANGUAGE].tag}/my-booking"


def done(request: web.Request, what: str) -> web.HTTPSeeOther:
    """To the booking, which says what was done; one of :data:`DONE`."""
    return web.HTTPSeeOther(f"{address(request)}?{what}=1")


def can_move(booking: Booking, session: Session | None) -> bool:
    """Whether one can ask for the other times there are."""
    return activity_of(booking, session) is not None


def activity_of(booking: Booking, session: Session | None) -> UUID | None:
    """What the booking is a time of, as far as one of the services tells."""
    return booking.activity_id or (session.activity_id if session else None)


async def other_times(request: web.Request, booking: Booking, session: Session | None) -> list[Card]:
    """The other times with seats for all who are booked, the next first.

    Raises:
        Problem: catalog cannot tell.
    """
    activity = activity_of(booking, session)
    found = await request.app[CATALOG].times(activity) if activity else None
    shown = cards(found.items if found else (), request.app[SITE].now())
    return together(card for card in shown if has_room(card, booking))


def has_room(card: Card, booking: Booking) -> bool:
    """Whether it is another time, with seats for all who are booked."""
    fields = Fields.of(card.session)
    is_other = card.session.id != booking.session_id
    return is_other and card.offer is Offer.BOOK and fields.taken_by(booking.party) <= card.session.seats.left


def can_shrink(booking: Booking, session: Session | None) -> bool:
    """Whether fewer people would leave a place to others and still take one."""
    party = booking.party
    return (Fields.of(session).taken_by(party) if session else party.adults + party.children) > 1


def said_until(at: datetime | None, now: datetime) -> datetime | None:
    """Until when an offer may be answered, as the message said it: in full five minutes, as long as that is to come."""
    said = at and at.replace(minute=at.minute - at.minute % _ROUND, second=0, microsecond=0)
    return said if said and said > now else at


async def show(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking``: the booking this browser has a receipt for, else the form that finds one.

    With ``?another`` it is the form in any case, for somebody with two bookings.
    """
    receipt = request.app[RECEIPTS].read(request)
    if receipt is None or "another" in request.query:
        return _lookup_page(request, LookupForm(), [])
    try:
        if receipt.of_series:
            return await dates.page(request, receipt)
        booking = await request.app[BOOKING].booking(request, receipt.code, receipt.proof)
    except Problem as problem:
        if problem.document.type == "wrong-proof":
            page = _lookup_page(request, LookupForm(), [], alert=_GONE, status=problem.document.status)
            request.app[RECEIPTS].forget(page)  # or each look would count as a wrong try of everybody's here
            return page
        return _not_shown(request, LookupForm(code=receipt.code), problem)
    return await booking_page(request, booking)


async def find(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking``: find a booking by what its owner knows; this browser then has its receipt."""
    sent = LookupForm.sent(await typed(request))
    if faults := sent.faults():
        return _lookup_page(request, sent, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        receipt = await _receipt(request, sent)
    except Problem as problem:
        return _not_shown(request, sent, problem)
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: address(request)})
    request.app[RECEIPTS].keep(request, response, receipt)
    return response


async def _receipt(request: web.Request, sent: LookupForm) -> Receipt:
    """What finds again what a code is of: a booking, or several dates that were booked together.

    Raises:
        Problem: 403 ``wrong-proof``, also for a code that does not exist.
    """
    service = request.app[BOOKING]
    try:
        return Receipt.of(await service.booking(request, sent.plain_code, sent.plain_proof))
    except Problem as problem:
        if problem.document.type != "series-code":
            raise
    return Receipt.of_dates(await service.series_booking(request, sent.plain_code, sent.plain_proof))


async def forget(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/forget``: leave nothing for the next person at this computer."""
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: address(request)})
    await release(request, request.app[DRAFTS].hold(request))
    request.app[RECEIPTS].forget(response)
    request.app[DRAFTS].forget(response)
    response.headers.update(CLEARED)
    return response


async def calendar(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking/calendar.ics``: the booking for the visitor's own calendar.

    Raises:
        web.HTTPSeeOther: There is no seat yet; to the booking.
        Problem: 503 while catalog cannot say when and where it is.
    """
    _, booking = await held(request)
    session = await session_of(request, booking)
    if session is None:
        raise unavailable()
    site = request.app[SITE]
    now = site.now()
    stands = standing(booking, session, now)
    if stands in {Standing.QUEUED, Standing.OFFERED}:
        raise web.HTTPSeeOther(address(request))
    file = entry(booking, session, stands=stands.is_seated, language=request[LANGUAGE], zone=site.zone, now=now)
    name = f"plats-{session.starts_at.astimezone(site.zone):%Y-%m-%d}.ics"
    headers = {
        hdrs.CACHE_CONTROL: "no-store",
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"',
        hdrs.CONTENT_TYPE: f"{MEDIA}; charset=utf-8",
    }
    return web.Response(body=file, headers=headers)


async def held(request: web.Request) -> tuple[Receipt, Booking]:
    """The booking this browser has a receipt for.

    Raises:
        web.HTTPSeeOther: There is none, or no longer; to the form that finds one.
    """
    receipt = request.app[RECEIPTS].read(request)
    if receipt is None or receipt.of_series:
        raise web.HTTPSeeOther(address(request))
    try:
        return receipt, await request.app[BOOKING].booking(request, receipt.code, receipt.proof)
    except Problem as problem:
        if problem.document.type != "wrong-proof":
            raise
        raise web.HTTPSeeOther(address(request)) from problem


async def booking_page(
    request: web.Request, booking: Booking, *, alert: str | None = None, status: int = HTTPStatus.OK
) -> web.Response:
    """What has become of it, and what can be done about it; ``alert`` says what could not."""
    site = request.app[SITE]
    session = await session_of(request, booking)
    stands = standing(booking, session, site.now())
    coming = stands.is_open or stands is Standing.BEGUN
    context = {
        "booking": booking,
        "session": session,
        "standing": stands,
        "is_over": session is not None and session.ends_at <= site.now(),
        "is_near": session is not None and queue_has_closed(session, site.now()),
        "has_door": session is not None and has_door(session),
        "answer_by": said_until(booking.answer_by, site.now()),
        "slip": slip(booking.code, session, request[LANGUAGE], site.zone),
        "can_shrink": can_shrink(booking, session),
        "can_move": can_move(booking, session),
        "done": None if alert else next((what for what in DONE if what in request.query), None),
        "instead": await _instead(request, booking, session) if stands is Standing.BOOKED else [],
        "others": [] if coming else await alternatives(request, booking.session_id),
        "alert": alert,
    }
    return site.page(request, _TEMPLATES.get(stands, "booking_over.html"), context, status=status)


async def _instead(request: web.Request, booking: Booking, session: Session | None) -> list[Card]:
    """Other times for somebody whom nobody can help; none while catalog is away."""
    if booking.helper != "missing":
        return []
    try:
        return (await other_times(request, booking, session))[:_INSTEAD]
    except Problem:
        return []


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
