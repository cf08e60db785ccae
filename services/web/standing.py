"""What has become of a booking: the one rule that all pages about it go by."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from services.web.keys import CATALOG
from shared.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from aiohttp import web

    from services.web.upstream import Booking, Session


class Standing(StrEnum):
    """What has become of a booking."""

    BOOKED = "booked"
    BEGUN = "begun"
    OVER = "over"
    QUEUED = "queued"
    OFFERED = "offered"
    """A seat is kept for somebody who waited, until they answer or their time to do so is over."""
    DECLINED = "declined"
    EXPIRED = "expired"
    """An offer that nobody answered in time."""
    CLOSED = "closed"
    """It began before a seat came free; they may come to the door."""
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"
    """The library does not hold the session."""

    @property
    def is_seated(self) -> bool:
        """Whether there is a seat that nobody has taken back, visitor or library."""
        return self in {Standing.BOOKED, Standing.BEGUN, Standing.OVER}

    @property
    def is_open(self) -> bool:
        """Whether its visitor can still change something about it."""
        return self in {Standing.BOOKED, Standing.QUEUED, Standing.OFFERED}


_ENDED = {
    "cancelled": Standing.CANCELLED,
    "declined": Standing.DECLINED,
    "expired": Standing.EXPIRED,
    "closed": Standing.CLOSED,
}
_BEFORE = {"confirmed": Standing.BOOKED, "queued": Standing.QUEUED, "offered": Standing.OFFERED}
_SINCE = {"confirmed": Standing.BEGUN, "queued": Standing.CLOSED, "offered": Standing.EXPIRED}
"""Booking may not have said so yet."""


def standing(booking: Booking, session: Session | None, now: datetime) -> Standing:
    """What is known about a booking at ``now``; it stands as long as nobody says otherwise."""
    held = session is None or session.status != "cancelled"
    if booking.cancelled_by == "library" or (booking.state in _BEFORE and not held):
        return Standing.CALLED_OFF
    if booking.state in _ENDED:
        return _ENDED[booking.state]
    if booking.state == "offered" and booking.answer_by and booking.answer_by <= now:
        return Standing.EXPIRED
    if session is None or now < session.starts_at:
        return _BEFORE[booking.state]
    return Standing.OVER if booking.state == "confirmed" and now >= session.ends_at else _SINCE[booking.state]


async def session_of(request: web.Request, booking: Booking) -> Session | None:
    """The session of a booking, unless catalog is away or no longer shows it."""
    try:
        return await request.app[CATALOG].session(booking.session_id)
    except Problem:
        return None
