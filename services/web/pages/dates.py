"""Several dates that were booked together: all of them, one of them, and giving them back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import hdrs, web

from services.web.keys import BOOKING, CATALOG, RECEIPTS, SITE
from services.web.pages.sessions import session_id
from services.web.receipts import Receipt
from services.web.rendering import LANGUAGE, msgid
from services.web.slips import qr_code
from services.web.upstream import BookedDate, Session
from shared.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from services.web.upstream import RefusedDate, SeriesBookings

_FEW = 6
"""As many dates fit on the small paper."""
_STATES = {
    "confirmed": msgid("bokat"),
    "queued": msgid("i kö"),
    "offered": msgid("svara på erbjudandet"),
}
_ENDED = msgid("avbokat")
_OVER = msgid("har varit")
_WHY = {
    "sold-out": msgid("fullt"),
    "already-booked": msgid("du har redan en bokning"),
    "closed": msgid("inställt eller har börjat"),
}
_NOT_TO_BOOK = msgid("går inte att boka")
_TOO_LATE = msgid("Det har redan börjat, så det går inte att avboka nu.")


class DateShown(NamedTuple):
    """A date in the list; ``state`` is a msgid."""

    date: BookedDate
    state: str
    open: bool
    """Whether its visitor can still give it back."""


class Missed(NamedTuple):
    """A date that could not be had; ``why`` is a msgid."""

    starts_at: datetime
    why: str


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    dates = f"{home}/my-booking/dates"
    return [
        web.post(dates, show_all),
        web.get(f"{dates}/cancel", ask_all),
        web.post(f"{dates}/cancel", cancel_all),
        web.post(dates + "/{session}", show_one),
        web.get(dates + "/{session}/cancel", ask_one),
        web.post(dates + "/{session}/cancel", cancel_one),
    ]


async def page(
    request: web.Request,
    receipt: Receipt,
    *,
    fresh: bool = False,
    alert: str | None = None,
    status: int = HTTPStatus.OK,
) -> web.Response:
    """All dates; with ``fresh`` as the receipt of who booked them just now.

    Raises:
        Problem: 403 ``wrong-proof`` when there is no such booking any more.
    """
    series = await request.app[BOOKING].series_booking(request, receipt.code, receipt.proof)
    shown = _shown(request, series)
    context = {
        "series": series,
        "session": await _session(request, series),
        "dates": shown,
        "missed": list(map(_missed, series.refused)),
        "to_come": sum(one.open for one in shown),
        "qr": qr_code(series.code),
        "few": len(shown) <= _FEW,
        "fresh": fresh,
        "done": None if alert else next((what for what in ("one", "all") if what in request.query), None),
        "alert": alert,
    }
    return request.app[SITE].page(request, "dates.html", context, status=status)


def _shown(request: web.Request, series: SeriesBookings) -> list[DateShown]:
    now = request.app[SITE].now()

    def shown(date: BookedDate) -> DateShown:
        over, stands = date.starts_at <= now, date.state in _STATES
        state = _OVER if over and stands else _STATES.get(date.state, _ENDED)
        return DateShown(date, state, open=stands and not over)

    return list(map(shown, series.booked))


def _missed(date: RefusedDate) -> Missed:
    return Missed(date.starts_at, _WHY.get(date.type, _NOT_TO_BOOK))


async def _session(request: web.Request, series: SeriesBookings) -> Session | None:
    """One of the sessions, for what they have in common, unless catalog is away or shows none of it."""
    try:
        return await request.app[CATALOG].session(series.booked[0].session_id) if series.booked else None
    except Problem:
        return None


async def _held(request: web.Request) -> tuple[Receipt, SeriesBookings]:
    """The dates this browser has a receipt for.

    Raises:
        web.HTTPSeeOther: There are none, or no longer; to what there is.
    """
    receipt = request.app[RECEIPTS].read(request)
    if receipt is None or not receipt.of_series:
        raise web.HTTPSeeOther(_address(request))
    try:
        return receipt, await request.app[BOOKING].series_booking(request, receipt.code, receipt.proof)
    except Problem as problem:
        if problem.document.type != "wrong-proof":
            raise
        raise web.HTTPSeeOther(_address(request)) from problem


def _address(request: web.Request) -> str:
    return f"/{request[LANGUAGE].tag}/my-booking"


def _switched(request: web.Request, receipt: Receipt) -> web.Response:
    """On to a booking of the same person, of which this browser has the receipt from now on."""
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: _address(request)})
    request.app[RECEIPTS].keep(request, response, receipt)
    return response


async def show_one(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/dates/{session}``: one of the dates, as the booking that it is."""
    receipt, series = await _held(request)
    date = _one(request, series)
    return _switched(request, Receipt(code=date.code, proof=receipt.proof))


async def show_all(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/dates``: from one of the dates to all that were booked with it."""
    receipt = request.app[RECEIPTS].read(request)
    if receipt is None or receipt.of_series:
        raise web.HTTPSeeOther(_address(request))
    booking = await request.app[BOOKING].booking(request, receipt.code, receipt.proof)
    if booking.series_code is None:
        raise web.HTTPSeeOther(_address(request))
    return _switched(request, Receipt(code=booking.series_code, proof=receipt.proof, of_series=True))


async def ask_all(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking/dates/cancel``: is it really meant?"""
    _, series = await _held(request)
    coming = [one.date for one in _shown(request, series) if one.open]
    if not coming:
        raise web.HTTPSeeOther(_address(request))
    return await _question(request, series, coming, "")


async def ask_one(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking/dates/{session}/cancel``: is it really meant?"""
    _, series = await _held(request)
    date = _one(request, series)
    return await _question(request, series, [date], f"/{date.session_id}")


async def cancel_all(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/dates/cancel``: give all back that have not begun; the list then says so."""
    return await _cancel(request, None, "all")


async def cancel_one(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/dates/{session}/cancel``: give one back; the list then says so."""
    _, series = await _held(request)
    return await _cancel(request, _one(request, series), "one")


async def _cancel(request: web.Request, date: BookedDate | None, done: str) -> web.Response:
    receipt, _ = await _held(request)
    try:
        await request.app[BOOKING].cancel_series(
            request, receipt.code, receipt.proof, date.session_id if date else None
        )
    except Problem as problem:
        if problem.document.type != "closed":
            raise
        return await page(request, receipt, alert=_TOO_LATE, status=HTTPStatus.CONFLICT)
    raise web.HTTPSeeOther(f"{_address(request)}?{done}=1")


def _one(request: web.Request, series: SeriesBookings) -> BookedDate:
    """The date that an address names.

    Raises:
        web.HTTPSeeOther: It is none of them; to all.
    """
    wanted = session_id(request)
    found = next((date for date in series.booked if date.session_id == wanted), None)
    if found is None:
        raise web.HTTPSeeOther(_address(request))
    return found


async def _question(request: web.Request, series: SeriesBookings, coming: list[BookedDate], below: str) -> web.Response:
    context = {"series": series, "session": await _session(request, series), "coming": coming, "below": below}
    return request.app[SITE].page(request, "dates_cancel.html", context)
