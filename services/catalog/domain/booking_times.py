"""From when until when a session may be booked."""

from datetime import datetime

from services.catalog.domain.refusals import Invalid
from services.catalog.domain.terms import Mode


def check_booking_times(mode: Mode, starts_at: datetime, opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Refuse times between which nobody could book; times that have passed are fine, that is how booking is closed.

    Raises:
        Invalid: nobody books such a session, it would open when it has begun, or close after that or before it opens.
    """
    if mode == "drop_in" and (opens_at or closes_at):
        raise Invalid("nobody books a drop-in", "opens_at" if opens_at else "closes_at")
    if opens_at and opens_at >= starts_at:
        raise Invalid("booking would open when the session has begun", "opens_at")
    if closes_at and closes_at > starts_at:
        raise Invalid("booking closes at the start at the latest", "closes_at")
    if opens_at and closes_at and closes_at <= opens_at:
        raise Invalid("booking would close before it opens", "closes_at")
