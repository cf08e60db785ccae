"""What staff see and do about the people of a session of their branch."""

from services.booking.http.desk import (
    acting,
    booking,
    counting,
    listing,
    one_booking,
    revealing,
    searching,
    tickets,
    watching,
)
from services.booking.http.desk.permitted import IDENTITY

__all__ = [
    "IDENTITY",
    "acting",
    "booking",
    "counting",
    "listing",
    "one_booking",
    "revealing",
    "searching",
    "tickets",
    "watching",
]
