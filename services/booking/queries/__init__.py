"""Read-side SQL."""

from services.booking.queries.bookings import (
    KnownBooking,
    ListedBooking,
    ReachablePerson,
    SessionBookings,
    booking_by_id,
    proven_booking,
    reachable,
    session_bookings,
)
from services.booking.queries.desk import FoundBooking, Sought, WalkIns, found, walk_ins

__all__ = [
    "FoundBooking",
    "KnownBooking",
    "ListedBooking",
    "ReachablePerson",
    "SessionBookings",
    "Sought",
    "WalkIns",
    "booking_by_id",
    "found",
    "proven_booking",
    "reachable",
    "session_bookings",
    "walk_ins",
]
