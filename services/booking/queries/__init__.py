"""Read-side SQL."""

from services.booking.queries.bookings import (
    KnownBooking,
    ListedBooking,
    ReachablePerson,
    SessionBookings,
    booking_by_id,
    desk_booking,
    proven_booking,
    reachable,
    session_bookings,
)
from services.booking.queries.certificates import Attended, Certified, attended, certified
from services.booking.queries.desk import FoundBooking, Sought, WalkIns, found, walk_ins
from services.booking.queries.figures import Past, past
from services.booking.queries.occupancy import occupancy_between, occupancy_of, to_call
from services.booking.queries.people import People, first_names, reach
from services.booking.queries.revealing import InFull, in_full
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
    "Certified",
    "FoundBooking",
    "InFull",
    "KnownBooking",
    "KnownDate",
    "KnownSeries",
    "ListedBooking",
    "Past",
    "People",
    "ReachablePerson",
    "RefusedDate",
    "SessionBookings",
    "Sought",
    "WalkIns",
    "attended",
    "booking_by_id",
    "certified",
    "dates_as_told",
    "dates_now",
    "dates_refused",
    "desk_booking",
    "first_names",
    "found",
    "in_full",
    "occupancy_between",
    "occupancy_of",
    "past",
    "proven_booking",
    "proven_series",
    "reach",
    "reachable",
    "series_by_id",
    "session_bookings",
    "to_call",
    "walk_ins",
]
