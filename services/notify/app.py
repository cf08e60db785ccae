"""Notify on one screen: its route, its handlers, and the loops that deliver."""

from aiohttp import web

from services.notify.channels import CHANNELS
from services.notify.channels.sms import Sms
from services.notify.contacts import Contacts
from services.notify.delivery import Delivery, Loop
from services.notify.events import HANDLERS
from services.notify.http import SETTINGS, api
from services.notify.retention import forget_receipts, forget_sessions
from services.notify.settings import NotifySettings
from shared.keys import CLIENT, DATABASE
from shared.service import application


def create_app(settings: NotifySettings) -> web.Application:
    """Compose the service."""

    def loops(app: web.Application) -> dict[str, Loop]:
        http = app[CLIENT]
        delivery = Delivery(
            app[DATABASE],
            Contacts(http, settings.booking_url, settings.key_booking.get_secret_value(), settings.question_limit),
            {name: channel(settings, http) for name, channel in CHANNELS.items()},
            Sms(settings, http),
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
        forgets=(forget_sessions, forget_receipts),
    )
    app[SETTINGS] = settings
    return app
