"""Volunteers on one screen: who helps, and from where they come. It hears and tells no events yet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from aiohttp import web

from services.volunteers.domain import Forbidden, IdempotencyKeyReused, NameTaken, StaleRevision, UnknownPartner
from services.volunteers.http import IDENTITY, api
from services.volunteers.settings import VolunteersSettings
from shared import audit
from shared.auth import IdentityProvider
from shared.db import Database
from shared.http import MAX_BODY, add_routes, middleware
from shared.keys import CLIENT, DATABASE, REFUSALS, Refusals
from shared.service import background, client, housekeeping

REFUSALS_HERE: Refusals = {
    Forbidden: (403, "Your role does not allow this"),
    UnknownPartner: (404, "There is no such partner"),
    NameTaken: (409, "Another partner is called so already"),
    StaleRevision: (409, "Somebody else changed it meanwhile"),
    IdempotencyKeyReused: (422, "This Idempotency-Key was used for another request"),
}


def create_app(settings: VolunteersSettings) -> web.Application:
    """Compose the service; does no I/O before it is started."""
    app = web.Application(middlewares=[middleware], client_max_size=MAX_BODY)
    database = Database(settings.database.get_secret_value(), name="plats-volunteers")
    app[REFUSALS] = REFUSALS_HERE
    app[IDENTITY] = IdentityProvider(lambda: app[CLIENT], settings.trust)
    running = {"running": True}

    async def ready() -> dict[str, bool]:
        return running | {"database": await database.ready()}

    async def lifespan(app: web.Application) -> AsyncIterator[None]:
        async with client() as http, database:
            app[CLIENT] = http
            app[DATABASE] = database
            async with background({"housekeeping": partial(housekeeping, database, (audit.forget,))}):
                yield

    async def stopping(_: web.Application) -> None:
        running["running"] = False

    app.cleanup_ctx.append(lifespan)
    app.on_shutdown.append(stopping)
    add_routes(app, api, title="Plats volunteers", ready=ready)
    return app
