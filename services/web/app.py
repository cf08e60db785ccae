from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web

from services.web.boundary import SITE, pages, protected
from services.web.pages import book, my_booking, programme
from services.web.receipts import Receipts
from services.web.rendering import Site
from services.web.settings import WebSettings
from services.web.upstream import BookingService, CatalogService
from shared.http import MAX_BODY, Api, add_routes, middleware
from shared.service import client


def create_app(settings: WebSettings) -> web.Application:
    """Compose the web front; does no I/O but reading its own files before it is started."""
    site = Site(settings.timezone)
    app = web.Application(middlewares=[middleware, protected, pages(site)], client_max_size=MAX_BODY)
    app[SITE] = site
    app[book.RECEIPTS] = Receipts(settings.key.get_secret_value())
    running = {"running": True}

    async def ready() -> dict[str, bool]:
        return running

    async def lifespan(app: web.Application) -> AsyncIterator[None]:
        async with client() as http:
            app[programme.CATALOG] = CatalogService(http, settings.catalog_url)
            key = settings.key_booking.get_secret_value()
            app[book.BOOKING] = BookingService(http, settings.booking_url, key, settings.trusted_proxies)
            yield

    async def stopping(_: web.Application) -> None:
        running["running"] = False

    app.cleanup_ctx.append(lifespan)
    app.on_shutdown.append(stopping)
    add_routes(app, Api(), title="Plats web", ready=ready)
    app.add_routes(_routes(site))
    return app


def _routes(site: Site) -> list[web.RouteDef]:
    home = "/{language:" + "|".join(site.catalogs.tags) + "}"
    return [
        web.get("/", programme.start),
        web.get("/static/{name}", site.assets.serve),
        web.get(home, programme.start),
        web.get(f"{home}/", programme.programme),
        web.get(home + "/sessions/{session}", programme.session),
        web.get(home + "/sessions/{session}/book", book.form),
        web.post(home + "/sessions/{session}/book", book.book),
        web.get(f"{home}/booked", book.booked),
        web.get(f"{home}/my-booking", my_booking.show),
        web.post(f"{home}/my-booking", my_booking.find),
        web.post(f"{home}/my-booking/forget", my_booking.forget),
        web.get(f"{home}/my-booking/cancel", my_booking.ask),
        web.post(f"{home}/my-booking/cancel", my_booking.cancel),
    ]
