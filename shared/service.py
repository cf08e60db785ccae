"""What every service process has around its own rules: start, background loops, readiness, stop."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import aiohttp
from aiohttp import web
from pydantic import ValidationError

from shared import idempotency, inbox, logs, outbox, tracing
from shared.broker import keep_running, wait
from shared.db import Database
from shared.http import MAX_BODY, Api, add_routes, middleware
from shared.inbox import Consumer
from shared.keys import CLIENT, DATABASE, REFUSALS, SECRET, ZONE, Refusals
from shared.outbox import Relay

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from shared.db import Connection
    from shared.inbox import Handlers
    from shared.settings import Settings, StoreSettings

    Forget = Callable[[Connection], Awaitable[int | None]]

S = TypeVar("S", bound="Settings")

Loop: TypeAlias = Callable[[asyncio.Event], Awaitable[None]]
"""Works in the background until the event is set."""

_FINISH_WITHIN = 15
"""Seconds for requests in hand."""

_STOP_WITHIN = 22
"""Seconds for what the loops have in hand: a call to a provider takes 20 at most, and all together 45."""

_HOUR = 3600


@asynccontextmanager
async def background(loops: dict[str, Loop]) -> AsyncIterator[None]:
    """Run loops beside the block, each restarted whenever it ends; at the end let them finish what is in hand."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(keep_running(name, loop, stop), name=name) for name, loop in loops.items()]
    try:
        yield
    finally:
        stop.set()
        _, late = await asyncio.wait(tasks, timeout=_STOP_WITHIN) if tasks else (set(), set())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


class Backbone:
    """Database, relay and consumer of one service, and whether each is well."""

    def __init__(
        self, settings: StoreSettings, service: str, handlers: Handlers, forgets: Sequence[Forget] = ()
    ) -> None:
        self._forgets = (idempotency.forget, inbox.forget, outbox.forget, *forgets)
        self.database = Database(settings.database.get_secret_value(), name=f"plats-{service}")
        self.relay = Relay(self.database, settings.broker.get_secret_value())
        self.consumer = Consumer(self.database, settings.broker.get_secret_value(), service, handlers)
        self.stopping = False

    def loops(self) -> dict[str, Loop]:
        """The loops every service with a database runs."""
        return {
            "relay": self.relay.session,
            "consumer": self.consumer.session,
            "retries": self.consumer.retries,
            "dead letters": self.consumer.dead_letters,
            "housekeeping": partial(housekeeping, self.database, self._forgets),
            "measures": partial(outbox.measure, self.database),
        }

    async def ready(self) -> dict[str, bool]:
        """The truth for /health/ready, each part in the body, and 503 when any is not so.

        ``database`` takes writes; ``relay`` publishes or stands by for the one that does; ``consumer`` takes events
        from its queue; ``running`` until the process is asked to end. Without a broker a service still answers and
        books, and says 503 here: what sends it visitors must go by /health/live, and what rolls out a version, or
        shows whether all is well, by this.
        """
        return {
            "database": await self.database.ready(),
            "relay": self.relay.well,
            "consumer": self.consumer.consuming,
            "running": not self.stopping,
        }


async def housekeeping(database: Database, forgets: Sequence[Forget], stop: asyncio.Event) -> None:
    """Forget what nobody needs any more, once an hour; what tells that it deleted some is asked for more."""
    while True:
        for forget in forgets:
            while await database.transact(forget):
                pass
        if await wait(stop, _HOUR):
            return


def application(  # noqa: PLR0913 - what makes one service, named at the call
    settings: StoreSettings,
    service: str,
    *,
    api: Api,
    refusals: Refusals,
    handlers: Handlers,
    more_loops: Callable[[web.Application], dict[str, Loop]] = lambda _: {},
    forgets: Sequence[Forget] = (),
) -> web.Application:
    """Compose a service that keeps data and hears and tells events; does no I/O before it is started.

    ``more_loops`` gives the service's own background loops, made once database and client are open. ``forgets`` are
    its transactions that delete what is too old, run once an hour and again while they tell that they deleted some.
    """
    backbone = Backbone(settings, service, handlers, forgets)
    app = web.Application(middlewares=[middleware], client_max_size=MAX_BODY)
    app[SECRET] = settings.key.get_secret_value()
    app[ZONE] = settings.timezone
    app[REFUSALS] = refusals
    add_routes(app, api, title=f"Plats {service}", ready=backbone.ready)

    async def lifespan(app: web.Application) -> AsyncIterator[None]:
        async with backbone.database as database, client() as session:
            app[DATABASE] = database
            app[CLIENT] = session
            async with background(backbone.loops() | more_loops(app)):
                yield

    async def stopping(_: web.Application) -> None:
        backbone.stopping = True

    app.cleanup_ctx.append(lifespan)
    app.on_shutdown.append(stopping)
    return app


@asynccontextmanager
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP client for our own services and providers: short limits, a new connection for each call.

    A kept connection that the other side has just closed would make a POST's outcome unknown.
    """
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(force_close=True),
        timeout=aiohttp.ClientTimeout(total=20, connect=5),
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as session:
        yield session


def run(service: str, settings_type: type[S], create_app: Callable[[S], web.Application]) -> None:
    """Run a service as a process until SIGTERM; a second one ends it at once.

    Raises:
        SystemExit: the environment lacks a setting; says which.
    """
    try:
        settings = settings_type()
    except ValidationError as error:
        lacking = ", ".join(f"PLATS_{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors())
        raise SystemExit(f"{service} cannot start. {lacking}") from None
    logs.setup(service, form=settings.log_format)
    tracing.setup(service)
    asyncio.run(_serve(create_app(settings), settings))


async def _serve(app: web.Application, settings: Settings) -> None:
    """Serve until asked to stop; then call ourselves not ready, and go on for as long as others need to notice."""
    stop = _asked_to_stop()
    runner = web.AppRunner(app, shutdown_timeout=_FINISH_WITHIN, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        await stop.wait()
        await app.shutdown()  # comes again with the clean-up, and changes nothing then
        await asyncio.sleep(settings.drain)
    finally:
        await runner.cleanup()


def _asked_to_stop() -> asyncio.Event:
    """Set by SIGTERM or Ctrl-C; whoever asks twice does not want to wait."""
    stop = asyncio.Event()

    def asked(number: int) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked, number)
    return stop
