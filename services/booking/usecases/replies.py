"""What people answer by SMS has the effect of what they would do on a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.booking import domain
from services.booking.store import bookings, reminders
from services.booking.usecases import helping, series_bookings, waiting
from shared.db import Connection
from shared.hours import PermittedHours

_ANOTHER_TIME = "helper_missing"
"""The template of the message that asks whoever nobody can help whether they want to come another time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer, and to what."""

    says: Literal["yes", "no"]
    question: str | None
    """The template of the newest message that asked; None where nobody knows."""
    at: datetime


async def answered(conn: Connection, booking_id: UUID, reply: Reply, hours: PermittedHours) -> None:
    """Do what an answer means for a booking as it is now, or for several dates that were booked together.

    Yes takes a seat that is offered, and says of one that is had that somebody comes; to whom nobody can help it means
    another time, if that was the question. No gives back what there is: of several dates all that have not begun. What
    is too late changes nothing: the message that told so is on its way.
    """
    booking = await bookings.find(conn, booking_id)
    if booking is None:
        if reply.says == "no":
            await series_bookings.cancel(conn, booking_id, "visitor")
        return
    try:
        match reply.says, booking.state:
            case "yes", "offered":
                await waiting.accept(conn, booking_id, hours, at=reply.at)
            case "yes", "confirmed" if booking.left_alone and reply.question in {None, _ANOTHER_TIME}:
                await helping.change_to_another(conn, booking_id, hours)
            case "yes", "confirmed":
                await reminders.reconfirm(conn, booking_id)
            case "no", "offered" | "queued" | "confirmed":
                await waiting.let_go(conn, booking_id, "visitor")
            case _:
                pass
    except (domain.OfferGone, domain.Closed):
        return
