"""What somebody takes along from the desk: a slip of A6, in their own language where we have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.web.keys import CATALOG, SITE
from services.web.pages.staff.desk_bookings import one_booking
from services.web.slips import slip
from services.web.staff import page

if TYPE_CHECKING:
    from markupsafe import Markup

    from services.web.desk.told import DeskBooking
    from services.web.upstream import Session


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(home + "/desk/slips/{session}/{booking}", show)]


async def show(request: web.Request) -> web.Response:
    """``GET .../desk/slips/{session}/{booking}``: the slip, with what happens next; with ``?new`` it was booked now."""
    booking = await one_booking(request)
    session = await request.app[CATALOG].session(booking.session_id)
    language = request.app[SITE].catalogs[booking.language]
    context = {
        "booking": booking,
        "session": session,
        "paper": _paper(request, booking, session) if booking.state == "confirmed" else None,
        "paper_language": language,
        "is_new": "new" in request.query,
    }
    return page(request, "staff/desk_slip.html", context)


def _paper(request: web.Request, booking: DeskBooking, session: Session) -> Markup:
    """The slip in the words of whoever it is for."""
    site = request.app[SITE]
    language = site.catalogs[booking.language]
    context = {"slip": slip(booking.code, session, language, site.zone), "session": session, "booking": booking}
    return site.part(language, "staff/slip_paper.html", context)
