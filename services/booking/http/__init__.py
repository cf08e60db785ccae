"""Routes, and the models of requests and answers."""

from services.booking.http import (
    announcements,
    bookings,
    calls,
    certificates,
    closing,
    codes,
    desk,
    figures,
    holds,
    people,
    series_bookings,
)
from services.booking.http.api import HOURS, VISITORS, api
from services.booking.http.desk import IDENTITY
from services.booking.store import privacy
from shared import auditing, dead_letters, erasing

auditing.serve(api, IDENTITY)
dead_letters.serve(api, IDENTITY)
erasing.serve(api, IDENTITY, privacy.count_old)

__all__ = [
    "HOURS",
    "IDENTITY",
    "VISITORS",
    "announcements",
    "api",
    "bookings",
    "calls",
    "certificates",
    "closing",
    "codes",
    "desk",
    "figures",
    "holds",
    "people",
    "series_bookings",
]
