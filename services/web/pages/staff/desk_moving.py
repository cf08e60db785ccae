"""Another time for somebody at the desk: of the same activity, and on purpose where it is full."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from aiohttp import web

from services.web.desk.occasions import Occasion, occasion, times
from services.web.desk.told import DeskBooking
from services.web.faults import typed
from services.web.pages.staff.desk_bookings import address, one_booking, path_of, said
from services.web.parties import Fields
from services.web.rendering import msgid
from services.web.staff import Undo, page, services, to
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOVED = msgid("%(name)s har bytt tid.")
_FULL = msgid("Den tiden är full. Du kan släppa in personen ändå.")
_REFUSALS: Mapping[str, str] = {
    "closed": msgid("Det går inte att byta längre."),
    "already-booked": msgid("Personen har redan en plats på den tiden, eller står i kö där."),
    "party-too-large": msgid("Sällskapet är för stort för den tiden."),
    "party-empty": msgid("Den tiden är för barn, och inget barn är med."),
    "adult-missing": msgid("På den tiden behöver en vuxen vara med barnen."),
    "other-activity": msgid("Det är en annan aktivitet. Boka den i stället."),
    "unknown-session": msgid("Den tiden finns inte längre."),
}


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    move = home + "/desk/bookings/{session}/{booking}/move"
    return [web.get(move, choose), web.post(move, change)]


async def choose(request: web.Request) -> web.Response:
    """``GET .../move``: the other times there are, the next first, and who is told of the change."""
    return await _choices(request, await one_booking(request))


async def change(request: web.Request) -> web.Response:
    """``POST .../move``: change to the time that was pressed; where it is full, one more button."""
    values = await typed(request)
    booking = await one_booking(request)
    chosen = _chosen(values)
    asked: dict[str, object] = {"session_id": str(chosen)} | ({"override": True} if "override" in values else {})
    try:
        moved = await services(request).booking.send(
            DeskBooking, "POST", f"{path_of(request)}/move", json=asked, idempotency_key=values.get("key") or None
        )
    except Problem as problem:
        if problem.document.type == "sold-out":
            full = await occasion(request, chosen)
            return await _choices(request, booking, alert=_FULL, full=full, status=HTTPStatus.CONFLICT)
        alert = _REFUSALS.get(problem.document.type)
        if alert is None:
            raise
        return await _choices(request, booking, alert=alert, status=problem.document.status)
    undo = Undo(path=f"{address(moved)}/move", fields={"to": str(booking.session_id)})
    can_undo = booking.state == "confirmed" and moved.attendance is None
    return to(request, address(moved), notice=said(request, _MOVED, moved, undo if can_undo else None))


def _chosen(values: Mapping[str, str]) -> UUID:
    """The time that was pressed.

    Raises:
        Problem: 404; what is no id cannot exist.
    """
    try:
        return UUID(values["to"])
    except (KeyError, ValueError) as error:
        raise Problem("unknown-session", 404, "There is no such session") from error


async def _choices(
    request: web.Request,
    booking: DeskBooking,
    *,
    alert: str | None = None,
    full: Occasion | None = None,
    status: int = HTTPStatus.OK,
) -> web.Response:
    at = await occasion(request, booking.session_id)
    activity = booking.activity_id or at.session.activity_id
    found = await times(request, activity) if activity else []
    context = {
        "booking": booking,
        "at": at,
        "times": [one for one in found if one.session.id != booking.session_id and one.takes_bookings],
        "seats": Fields.of(at.session).taken_by(booking.party),
        "alert": alert,
        "full": full,
        "key": str(uuid4()),
    }
    return page(request, "staff/desk_move.html", context, status=status)
