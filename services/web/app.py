from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from aiohttp import web

from services.web.boundary import pages, protected
from services.web.cookies import SealedCookie
from services.web.drafts import Drafts
from services.web.helping import frame as helping
from services.web.helping.boundary import helpers
from services.web.helping.keys import HELPERS, VOLUNTEERS
from services.web.helping.service import VolunteersService
from services.web.helping.signed_in import SignedInHelpers
from services.web.keys import BOOKING, CATALOG, DRAFTS, RECEIPTS, SETTINGS, SITE
from services.web.pages import (
    about,
    answering,
    book,
    booked,
    branches,
    certificates,
    dates,
    days,
    feeds,
    giving_back,
    holding,
    live,
    lost_code,
    moving,
    my_booking,
    numbers,
    programme,
    sessions,
    several,
    staff,
    volunteer,
)
from services.web.pages.staff.live import LIVE
from services.web.receipts import Receipts
from services.web.rendering import Site
from services.web.settings import WebSettings
from services.web.staff import Notice, Provider, Reached, SignedIn, store
from services.web.staff.boundary import REACHED, SIGNED_IN, staff_only
from services.web.staff.frame import NOTICES
from services.web.staff.keys import PROVIDER
from services.web.staff.live import Live
from services.web.upstream import BookingService, CatalogService
from shared.db import Database
from shared.http import MAX_BODY, Api, add_routes, middleware
from shared.keys import CLIENT, DATABASE
from shared.service import background, client, housekeeping


def create_app(settings: WebSettings) -> web.Application:
    """Compose the web front; does no I/O but reading its own files before it is started."""
    site = Site(settings.timezone, settings.locales, example=settings.example)
    app = web.Application(
        middlewares=[middleware, protected, pages(site), staff_only, helpers], client_max_size=MAX_BODY
    )
    app[SETTINGS] = settings
    app[SITE] = site
    key = settings.key.get_secret_value()
    app[RECEIPTS] = Receipts(key)
    app[DRAFTS] = Drafts(key)
    app[NOTICES] = SealedCookie("plats_notice", Notice, key)
    app[HELPERS] = SignedInHelpers(key)
    app[helping.NOTICES] = SealedCookie("plats_helper_notice", Notice, key)
    app[volunteer.GOING] = SealedCookie("plats_helper_sign_in", volunteer.Going, key)
    database = Database(settings.database.get_secret_value(), name="plats-web")
    app[LIVE] = Live(settings.broker.get_secret_value())
    running = {"running": True}

    async def ready() -> dict[str, bool]:
        return running | {"database": await database.ready(), "live": app[LIVE].listening}

    async def lifespan(app: web.Application) -> AsyncIterator[None]:
        async with client() as http, database:
            app[CATALOG] = CatalogService(http, settings.catalog_url)
            key_booking = settings.key_booking.get_secret_value()
            app[BOOKING] = BookingService(http, settings.booking_url, key_booking, settings.trusted_proxies)
            key_volunteers = settings.key_volunteers.get_secret_value()
            app[VOLUNTEERS] = VolunteersService(http, settings.volunteers_url, key_volunteers, settings.trusted_proxies)
            app[CLIENT] = http
            app[DATABASE] = database
            app[PROVIDER] = Provider(lambda: http, settings)
            app[SIGNED_IN] = SignedIn(settings, database, app[PROVIDER])
            app[REACHED] = Reached(
                http=http,
                catalog=settings.catalog_url,
                booking=settings.booking_url,
                notify=settings.notify_url,
                volunteers=settings.volunteers_url,
            )
            forgets = (partial(store.forget_old, longest=settings.staff_longest),)
            tidy = partial(housekeeping, database, forgets)
            async with background({"live": app[LIVE].session, "housekeeping": tidy}):
                yield

    async def stopping(_: web.Application) -> None:
        running["running"] = False
        app[LIVE].end()

    app.cleanup_ctx.append(lifespan)
    app.on_shutdown.append(stopping)
    add_routes(app, Api(), title="Plats web", ready=ready)
    app.add_routes(_routes(site))
    return app


def _routes(site: Site) -> list[web.RouteDef]:
    home = "/{language:" + "|".join(site.catalogs.tags) + "}"
    booking = (several, book, holding, booked)
    mine = (my_booking, certificates, dates, answering, moving, giving_back, lost_code)
    rooms = (programme, days, sessions, branches, numbers, *booking, *mine, live, feeds, about)
    return [
        web.get("/static/{name}", site.assets.serve),
        *(route for room in rooms for route in room.routes(home)),
        *staff.routes(f"{home}/staff"),
        *volunteer.routes(f"{home}/volunteer"),
    ]
