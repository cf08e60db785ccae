"""Booking on one screen: its rules' refusals, its routes, its handlers, whom it knows its visitors by."""

from aiohttp import web

from services.booking import limits
from services.booking.domain import (
    AdultMissing,
    AlreadyBooked,
    AlreadyClosed,
    AnswerMissing,
    Closed,
    DoorsShut,
    InvalidAnswer,
    NobodyWaits,
    NoCertificate,
    NotBegun,
    NotClosed,
    NotHeld,
    NothingToUndo,
    NotOneSeries,
    NotOpen,
    NotSeated,
    NotWaiting,
    OfferGone,
    OtherActivity,
    PartyEmpty,
    PartyGrows,
    PartyTooLarge,
    QueueClosed,
    QueueFull,
    SeriesCode,
    SeveralTimesADay,
    SoldOut,
    StaleRevision,
    TicketDone,
    TicketNotCalled,
    TicketOver,
    TooEarly,
    TooManyDates,
    UnknownBooking,
    UnknownQuestion,
    UnknownSeries,
    UnknownSession,
    UnknownTicket,
    Unreachable,
    WrongProof,
)
from services.booking.domain.announcing import AlreadyAnnounced
from services.booking.domain.calls import CallOver, UnknownCall
from services.booking.events import handlers
from services.booking.http import HOURS, IDENTITY, VISITORS, api
from services.booking.looking_after import Timekeeper
from services.booking.reach import InvalidEmail, InvalidPhone, NotByProxy
from services.booking.settings import BookingSettings
from services.booking.usecases import privacy
from services.booking.usecases.series_bookings import Means
from shared import audit
from shared.auth import IdentityProvider
from shared.keys import CLIENT, DATABASE, Refusals
from shared.service import Loop, application
from shared.visitors import Visitors

REFUSALS: Refusals = {
    UnknownSession: (404, "There is no such session"),
    UnknownSeries: (404, "There is no such series"),
    NotOneSeries: (422, "These dates are not of one series"),
    SeveralTimesADay: (422, "The series has several times a day"),
    TooManyDates: (422, "These are too many dates at once"),
    SeriesCode: (409, "This code stands for several dates"),
    NotOpen: (409, "This session takes no bookings"),
    Closed: (409, "This session can no longer be changed"),
    SoldOut: (409, "There are not enough seats left"),
    QueueFull: (409, "The waiting list is full"),
    QueueClosed: (409, "It is too late to wait for a seat"),
    Unreachable: (422, "Nobody could tell you that a seat is free"),
    OfferGone: (409, "No seat is offered to you"),
    OtherActivity: (409, "This is another activity"),
    AlreadyBooked: (409, "You have booked this session already"),
    UnknownBooking: (404, "There is no such booking in this session"),
    NotSeated: (409, "This booking has no seat"),
    NotWaiting: (409, "This booking does not stand by"),
    TooEarly: (409, "It is too early for that"),
    DoorsShut: (409, "Nobody can have come yet"),
    UnknownTicket: (404, "There is no such ticket"),
    TicketOver: (409, "This ticket is of another day"),
    TicketNotCalled: (409, "This number has not been called"),
    TicketDone: (409, "This number is over"),
    NothingToUndo: (409, "There is nothing to take back"),
    NobodyWaits: (409, "Nobody waits"),
    PartyTooLarge: (422, "The party is too large"),
    PartyEmpty: (422, "The party is empty"),
    AdultMissing: (422, "No adult comes along"),
    PartyGrows: (422, "The party cannot become larger"),
    NotBegun: (409, "This session has not begun"),
    NotHeld: (422, "It cannot have been so"),
    AlreadyClosed: (409, "This session has been closed"),
    StaleRevision: (409, "Somebody else has changed it meanwhile"),
    NotClosed: (404, "Nobody has closed this session"),
    NoCertificate: (409, "There is no certificate for this booking"),
    UnknownQuestion: (422, "This is not asked for here"),
    AnswerMissing: (422, "Something is not answered"),
    InvalidAnswer: (422, "This answer does not fit its question"),
    InvalidPhone: (422, "This phone number does not work here"),
    InvalidEmail: (422, "This e-mail address does not work"),
    NotByProxy: (422, "Who helps is not who would be written to"),
    UnknownCall: (404, "There is no such call"),
    CallOver: (409, "Nobody has to be told any more"),
    AlreadyAnnounced: (409, "They have been told this already"),
    WrongProof: (403, "The code and the proof do not belong together"),
}


def create_app(settings: BookingSettings) -> web.Application:
    """Compose the service."""

    def loops(app: web.Application) -> dict[str, Loop]:
        means = Means(secret=settings.key.get_secret_value(), hours=settings.hours, refusals=tuple(REFUSALS))
        timekeeper = Timekeeper(app[DATABASE], means)
        return {"timekeeper": timekeeper.session, "series": timekeeper.series, "reminders": timekeeper.reminders}

    app = application(
        settings,
        "booking",
        api=api,
        refusals=REFUSALS,
        handlers=handlers(settings.hours),
        more_loops=loops,
        forgets=(privacy.forget_old, limits.forget, audit.forget),
    )
    app[HOURS] = settings.hours
    app[IDENTITY] = IdentityProvider(lambda: app[CLIENT], settings.trust)
    app[VISITORS] = Visitors(
        service="booking",
        key=settings.key.get_secret_value(),
        trusted_proxies=settings.trusted_proxies,
        exempt=settings.exempt_networks,
    )
    return app
