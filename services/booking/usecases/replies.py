"""What people answer by SMS has the effect of what they would do on a page."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from services.booking import domain
from services.booking.store import bookings, reminders
from services.booking.usecases import series_bookings, waiting
from shared.db import Connection
from shared.hours import PermittedHours


async def answered(
    conn: Connection, booking_id: UUID, says: Literal["yes", "no"], at: datetime, hours: PermittedHours
) -> None:
    """Do what an answer means for a booking as it is now, or for several dates that were booked together.

    Yes takes a seat that is offered, and says of one that is had that somebody comes. No gives back what there is: of
    several dates all that have not begun. What is too late changes nothing: the message that told so is on its way.
    """
    booking = await bookings.find(conn, booking_id)
    if booking is None:
        if says == "no":
            await series_bookings.cancel(conn, booking_id, "visitor")
        return
    try:
        match says, booking.state:
            case "yes", "offered":
                await waiting.accept(conn, booking_id, hours, at=at)
            case "yes", "confirmed":
                await reminders.reconfirm(conn, booking_id)
            case "no", "offered" | "queued" | "confirmed":
                await waiting.let_go(conn, booking_id, "visitor")
            case _:
                pass
    except (domain.OfferGone, domain.Closed):
        return
