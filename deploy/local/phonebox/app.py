import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from deploy.local.phonebox import api, callbacks, database, elks, page, smtp
from deploy.local.phonebox.faults import Faults
from deploy.local.phonebox.state import PHONEBOX, SETTINGS, Phonebox, Settings

_LARGEST_REQUEST = 64 * 1024


def create_app(settings: Settings) -> web.Application:
    """Put the phonebox together."""
    app = web.Application(client_max_size=_LARGEST_REQUEST)
    app[SETTINGS] = settings
    app.cleanup_ctx.append(_lifespan)
    app.add_routes([*elks.routes(), *api.routes(), *page.routes()])
    return app


@asynccontextmanager
async def _lifespan(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    with database.opened(settings.data) as db:
        async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as jobs:
            teller = callbacks.Callbacks(db, http, settings.incoming.get_secret_value())
            box = app[PHONEBOX] = Phonebox(settings, db, Faults(), teller)
            async with smtp.serving(box):
                telling = jobs.create_task(teller.run())
                yield
                telling.cancel()
