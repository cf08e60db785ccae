"""What a visitor does not need: some of the seats, or all, or the place in the queue."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from services.web.faults import Fault, typed
from services.web.keys import BOOKING, SITE
from services.web.lookup import FewerForm
from services.web.pages.my_booking import address, booking_page, can_move, can_shrink, done, held
from services.web.rendering import msgid
from services.web.standing import Standing, session_of, standing
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Collection

    from services.web.upstream import Booking, Session

_TOO_LATE_TO_CANCEL = msgid("Det har redan börjat, så det går inte att avboka nu.")
_TOO_LATE_TO_SHRINK = msgid("Det har redan börjat, så det går inte att ändra hur många ni är.")


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [
        web.get(f"{home}/my-booking/people", ask_people),
        web.post(f"{home}/my-booking/people", shrink),
        web.get(f"{home}/my-booking/cancel", ask),
        web.post(f"{home}/my-booking/cancel", cancel),
    ]


async def ask_people(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking/people``: how many still come."""
    _, booking = await held(request)
    session = await session_of(request, booking)
    _only_in(request, booking, session, {Standing.BOOKED, Standing.QUEUED, Standing.OFFERED})
    if not can_shrink(booking, session):
        raise web.HTTPSeeOther(address(request))
    return _people_page(request, booking, FewerForm.of(booking.party), session, [])


async def shrink(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/people``: come with fewer; the booking then says so itself."""
    values = await typed(request)
    receipt, booking = await held(request)
    form = FewerForm.of(booking.party).answered(values)
    faults, status = form.faults(), int(HTTPStatus.UNPROCESSABLE_ENTITY)
    if not faults:
        try:
            await request.app[BOOKING].shrink(request, receipt.code, receipt.proof, form.party)
        except Problem as problem:
            if problem.document.type in {"closed", "wrong-proof"}:
                return await _too_late(request, _TOO_LATE_TO_SHRINK)
            faults, status = form.refused(problem), problem.document.status
        else:
            raise done(request, "fewer")
    return _people_page(request, booking, form, await session_of(request, booking), faults, status=status)


async def ask(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking/cancel``: is it really meant? An offer is answered on the booking itself."""
    _, booking = await held(request)
    session = await session_of(request, booking)
    _only_in(request, booking, session, {Standing.BOOKED, Standing.QUEUED})
    return request.app[SITE].page(
        request, "cancel.html", {"booking": booking, "session": session, "can_move": can_move(booking, session)}
    )


async def cancel(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/cancel``: give all seats back, or leave the queue; the booking then says so."""
    receipt, _ = await held(request)
    try:
        await request.app[BOOKING].cancel(request, receipt.code, receipt.proof)
    except Problem as problem:
        if problem.document.type not in {"closed", "wrong-proof"}:
            raise
        return await _too_late(request, _TOO_LATE_TO_CANCEL)
    raise web.HTTPSeeOther(address(request))


def _only_in(request: web.Request, booking: Booking, session: Session | None, allowed: Collection[Standing]) -> None:
    """Let those pass who have something to give back.

    Raises:
        web.HTTPSeeOther: To the booking, which says what has become of it.
    """
    if standing(booking, session, request.app[SITE].now()) not in allowed:
        raise web.HTTPSeeOther(address(request))


async def _too_late(request: web.Request, alert: str) -> web.Response:
    """The booking as it is now, and why it stays so; it may have been cancelled or erased meanwhile.

    Raises:
        web.HTTPSeeOther: It is no longer there; to the form.
    """
    _, booking = await held(request)
    seated = booking.state == "confirmed"
    return await booking_page(request, booking, alert=alert if seated else None, status=HTTPStatus.CONFLICT)


def _people_page(
    request: web.Request,
    booking: Booking,
    form: FewerForm,
    session: Session | None,
    faults: list[Fault],
    *,
    status: int = HTTPStatus.OK,
) -> web.Response:
    context = {"booking": booking, "form": form, "session": session, "faults": faults}
    return request.app[SITE].page(request, "fewer.html", context, status=status)
