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
from services.booking.queries.certificates import Attended, attended
from services.booking.queries.desk import FoundBooking, Sought, WalkIns, found, walk_ins
from services.booking.queries.people import People, reach
from services.booking.queries.series_bookings import (
    KnownDate,
    KnownSeries,
    RefusedDate,
    dates_as_told,
    dates_now,
    dates_refused,
    proven_series,
    series_by_id,
)

__all__ = [
    "Attended",
    "FoundBooking",
    "KnownBooking",
    "KnownDate",
    "KnownSeries",
    "ListedBooking",
    "People",
    "ReachablePerson",
    "RefusedDate",
    "SessionBookings",
    "Sought",
    "WalkIns",
    "attended",
    "booking_by_id",
    "dates_as_told",
    "dates_now",
    "dates_refused",
    "found",
    "proven_booking",
    "proven_series",
    "reach",
    "reachable",
    "series_by_id",
    "session_bookings",
    "walk_ins",
]
