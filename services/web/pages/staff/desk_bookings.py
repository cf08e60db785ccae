"""One booking at the desk: who stands there has come, answers an offer, or gives the seat back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from services.web.desk.occasions import occasion
from services.web.desk.told import DeskBooking
from services.web.faults import typed
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Notice, Undo, notice, page, services, to
from shared.http import path_id
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.web.desk.occasions import Occasion

_CAME = msgid("%(name)s är här.")
_NOT_CAME = msgid("%(name)s är inte markerad som här längre.")
_TOLD = msgid("Det är antecknat att %(name)s vet om platsen. Svarstiden räknas från nu.")
_ACCEPTED = msgid("%(name)s har fått platsen.")
_DECLINED = msgid("%(name)s tackade nej. Platsen går till nästa.")
_CANCELLED = msgid("Bokningen för %(name)s är avbokad.")

_ANSWERS: Mapping[str, str] = {"told": _TOLD, "accept": _ACCEPTED, "decline": _DECLINED}
"""What somebody with a seat on offer says, as booking calls it, and what is said of that here."""

_REFUSALS: Mapping[str, str] = {
    "offer-gone": msgid("Erbjudandet gäller inte längre. Så här är det nu."),
    "closed": msgid("Det går inte längre. Så här är det nu."),
    "too-early": msgid("Det är för tidigt. Den som kommer markeras tidigast en timme innan det börjar."),
    "not-seated": msgid("Den här bokningen har ingen plats längre."),
}
_FULL = msgid("Platsen har gått till någon annan. Du kan släppa in personen ändå.")


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    booking = home + "/desk/bookings/{session}/{booking}"
    return [
        web.get(booking, show),
        web.post(booking + "/came", came),
        web.post(booking + "/{answer:told|accept|decline}", answer),
        web.get(booking + "/cancel", ask_cancel),
        web.post(booking + "/cancel", cancel),
    ]


def path_of(request: web.Request) -> str:
    """Where booking has the booking of an address.

    Raises:
        Problem: 404; what is no id cannot exist.
    """
    missing = Problem("unknown-booking", 404, "There is no such booking")
    session, booking = path_id(request, "session", missing), path_id(request, "booking", missing)
    return f"/v1/sessions/{session}/bookings/{booking}"


async def one_booking(request: web.Request) -> DeskBooking:
    """The booking of an address.

    Raises:
        Problem: 404, or 403 for another library's.
    """
    return await services(request).booking.get(DeskBooking, path_of(request))


def address(booking: DeskBooking) -> str:
    """Where a booking is, below the staff's pages."""
    return f"/desk/bookings/{booking.session_id}/{booking.id}"


def said(request: web.Request, text: str, booking: DeskBooking, undo: Undo | None = None) -> Notice:
    """What was done about somebody, for the next page."""
    return notice(request[LANGUAGE].gettext(text) % {"name": booking.name}, undo)


async def show(request: web.Request) -> web.Response:
    """``GET .../desk/bookings/{session}/{booking}``: somebody's booking, and what they may want."""
    booking = await one_booking(request)
    return await booking_page(request, booking)


async def booking_page(
    request: web.Request,
    booking: DeskBooking,
    *,
    alert: str | None = None,
    can_override: bool = False,
    status: int = HTTPStatus.OK,
) -> web.Response:
    """The page of a booking; ``alert`` says what could not be done."""
    at = await occasion(request, booking.session_id)
    context = {
        "booking": booking,
        "at": at,
        "can_come": can_come(booking, at),
        "alert": alert,
        "can_override": can_override,
    }
    return page(request, "staff/desk_booking.html", context, status=status)


def can_come(booking: DeskBooking, at: Occasion) -> bool:
    """Whether somebody with a seat can be marked as being here now."""
    return booking.state == "confirmed" and booking.attendance != "came" and at.is_counted


async def came(request: web.Request) -> web.Response:
    """``POST .../came``: they are here; ``back`` takes that back, ``override`` lets them in where it is full."""
    values = await typed(request)
    booking = await one_booking(request)
    is_here = "back" not in values
    asked = {"booking_id": str(booking.id), "attendance": "came" if is_here else None}
    override = {"override": True} if "override" in values else {}
    try:
        await services(request).booking.send(
            None, "POST", f"/v1/sessions/{booking.session_id}/attendance", json=asked | override
        )
    except Problem as problem:
        if problem.document.type == "sold-out":
            return await booking_page(request, booking, alert=_FULL, can_override=True, status=HTTPStatus.CONFLICT)
        return await _refused(request, problem)
    undo = Undo(path=f"{address(booking)}/came", fields={"back": "1"}) if is_here else None
    return to(request, address(booking), notice=said(request, _CAME if is_here else _NOT_CAME, booking, undo))


async def answer(request: web.Request) -> web.Response:
    """``POST .../told``, ``.../accept`` or ``.../decline``: what somebody says to the seat that is offered to them."""
    booking = await one_booking(request)
    what = request.match_info["answer"]
    try:
        await services(request).booking.send(None, "POST", f"{path_of(request)}/{what}")
    except Problem as problem:
        return await _refused(request, problem)
    return to(request, address(booking), notice=said(request, _ANSWERS[what], booking))


async def ask_cancel(request: web.Request) -> web.Response:
    """``GET .../cancel``: who is told how, and what becomes of the seat, before anything is given back."""
    booking = await one_booking(request)
    if booking.state not in {"confirmed", "queued", "offered"}:
        return to(request, address(booking))
    context = {"booking": booking, "at": await occasion(request, booking.session_id)}
    return page(request, "staff/desk_cancel.html", context)


async def cancel(request: web.Request) -> web.Response:
    """``POST .../cancel``: give the seat back; with ``mistake`` it is a booking of just now that is taken back."""
    values = await typed(request)
    booking = await one_booking(request)
    booked = services(request).booking
    try:
        if "mistake" in values and booking.attendance == "came":
            await booked.send(
                None,
                "POST",
                f"/v1/sessions/{booking.session_id}/attendance",
                json={"booking_id": str(booking.id), "attendance": None},
            )
        await booked.send(None, "POST", f"{path_of(request)}/cancel")
    except Problem as problem:
        return await _refused(request, problem)
    where = f"/desk/sessions/{booking.session_id}" if "mistake" in values else address(booking)
    return to(request, where, notice=said(request, _CANCELLED, booking))


async def _refused(request: web.Request, problem: Problem) -> web.Response:
    """The booking as it is now, and why it stays so.

    Raises:
        Problem: it is something else than where the booking stands.
    """
    alert = _REFUSALS.get(problem.document.type)
    if alert is None:
        raise problem
    return await booking_page(request, await one_booking(request), alert=alert, status=problem.document.status)
