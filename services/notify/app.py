"""Notify on one screen: its routes, its handlers, who listens to answers, and the loops that deliver."""

from aiohttp import web

from services.notify.channels import CHANNELS
from services.notify.channels.sms import Sms
from services.notify.contacts import Address, Contacts
from services.notify.delivery import Delivery, Loop
from services.notify.events import HANDLERS
from services.notify.http import IDENTITY, LISTENER, SETTINGS, VOICE, api
from services.notify.listening import Listener
from services.notify.retention import forget_receipts, forget_sessions, forget_stops
from services.notify.settings import NotifySettings
from services.notify.voice import Voice
from shared import audit
from shared.auth import IdentityProvider
from shared.keys import CLIENT, DATABASE
from shared.service import application


def create_app(settings: NotifySettings) -> web.Application:
    """Compose the service."""

    def loops(app: web.Application) -> dict[str, Loop]:
        http = app[CLIENT]
        contacts = Contacts(
            http,
            {
                "booking": Address(settings.booking_url, settings.key_booking.get_secret_value()),
                "volunteers": Address(settings.volunteers_url, settings.key_volunteers.get_secret_value()),
            },
            settings.question_limit,
        )
        app[VOICE] = voice = Voice(app[DATABASE])
        app[LISTENER] = Listener(app[DATABASE], contacts, voice, settings)
        delivery = Delivery(
            app[DATABASE],
            contacts,
            {name: channel(settings, http) for name, channel in CHANNELS.items()},
            Sms(settings, http),
            voice,
            settings,
        )
        return delivery.loops()

    app = application(
        settings,
        "notify",
        api=api,
        refusals={},
        handlers=HANDLERS,
        more_loops=loops,
        forgets=(forget_sessions, forget_receipts, forget_stops, audit.forget),
    )
    app[SETTINGS] = settings
    app[IDENTITY] = IdentityProvider(lambda: app[CLIENT], settings.trust)
    return app
