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
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"
    """The library does not hold the session."""

    @property
    def stands(self) -> bool:
        """Whether nobody has taken it back, visitor or library."""
        return self not in {Standing.CANCELLED, Standing.CALLED_OFF}


def standing(booking: Booking, session: Session | None, now: datetime) -> Standing:
    """What is known about a booking at ``now``; it stands as long as nobody says otherwise."""
    held = session is None or session.status != "cancelled"
    if booking.cancelled_by == "library" or (booking.state == "confirmed" and not held):
        return Standing.CALLED_OFF
    if booking.state == "cancelled":
        return Standing.CANCELLED
    if session is None or now < session.starts_at:
        return Standing.BOOKED
    return Standing.BEGUN if now < session.ends_at else Standing.OVER


async def session_of(request: web.Request, booking: Booking) -> Session | None:
    """The session of a booking, unless catalog is away or no longer shows it."""
    try:
        return await request.app[CATALOG].session(booking.session_id)
    except Problem:
        return None
