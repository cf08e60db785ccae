"""The receipt: that it worked, the code, what happens next; with a seat also a slip to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from services.web.keys import BOOKING, RECEIPTS, SITE
from services.web.offers import has_door
from services.web.pages import dates
from services.web.rendering import LANGUAGE
from services.web.slips import slip
from services.web.standing import Standing, session_of, standing
from services.web.upstream import Booking, Session
from shared.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from services.web.receipts import Receipt


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(f"{home}/booked", booked)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Booked:
    """A booking with its session, as far as the services that know them answer."""

    booking: Booking | None
    session: Session | None

    def standing(self, receipt: Receipt, now: datetime) -> Standing:
        """What has become of it; while it cannot be shown, what the browser was told of it."""
        if self.booking is None:
            return Standing.QUEUED if receipt.queued else Standing.BOOKED
        return standing(self.booking, self.session, now)


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


async def booked(request: web.Request) -> web.Response:
    """``GET /{language}/booked``: the receipt with the code; My booking tells what has become of another one."""
    elsewhere = web.HTTPSeeOther(f"/{request[LANGUAGE].tag}/my-booking")
    receipt = request.app[RECEIPTS].read(request)
    if receipt is None:
        raise elsewhere
    try:
        if receipt.of_series:
            return await dates.page(request, receipt, fresh=True)
        known = await booked_by(request, receipt)
    except Problem as problem:
        raise elsewhere from problem
    site = request.app[SITE]
    stands = known.standing(receipt, site.now())
    if not (stands.is_seated or stands is Standing.QUEUED):
        raise elsewhere
    context = {
        "booking": known.booking,
        "session": known.session,
        "has_door": known.session is not None and has_door(known.session),
        "slip": slip(receipt.code, known.session, request[LANGUAGE], site.zone),
    }
    return site.page(request, "queued.html" if stands is Standing.QUEUED else "booked.html", context)
