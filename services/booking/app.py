"""Booking on one screen: its rules' refusals, its routes, its handlers, whom it knows its visitors by."""

from aiohttp import web

from services.booking import limits
from services.booking.domain import (
    AdultMissing,
    AlreadyBooked,
    Closed,
    NotOpen,
    PartyEmpty,
    PartyGrows,
    PartyTooLarge,
    SoldOut,
    UnknownSession,
    WrongProof,
)
from services.booking.events import HANDLERS
from services.booking.http import VISITORS, api
from services.booking.reach import InvalidEmail, InvalidPhone
from services.booking.settings import BookingSettings
from services.booking.visitors import Visitors
from shared.keys import Refusals
from shared.service import application

REFUSALS: Refusals = {
    UnknownSession: (404, "There is no such session"),
    NotOpen: (409, "This session takes no bookings"),
    Closed: (409, "This session can no longer be changed"),
    SoldOut: (409, "There are not enough seats left"),
    AlreadyBooked: (409, "You have booked this session already"),
    PartyTooLarge: (422, "The party is too large"),
    PartyEmpty: (422, "The party is empty"),
    AdultMissing: (422, "No adult comes along"),
    PartyGrows: (422, "The party cannot become larger"),
    InvalidPhone: (422, "This phone number does not work here"),
    InvalidEmail: (422, "This e-mail address does not work"),
    WrongProof: (403, "The code and the proof do not belong together"),
}


def create_app(settings: BookingSettings) -> web.Application:
    """Compose the service."""
    app = application(
        settings,
        "booking",
        api=api,
        refusals=REFUSALS,
        handlers=HANDLERS,
        forgets=(limits.forget,),
    )
    app[VISITORS] = Visitors(
        key=settings.key.get_secret_value(),
        trusted_proxies=settings.trusted_proxies,
        exempt=settings.exempt_networks,
    )
    return app
