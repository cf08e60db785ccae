"""Sessions with RabbitMQ are crash-only: any closure tears the session down and it starts anew, with jitter.

First connect and reconnect are the same path, so a broker that is started last is nothing special.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aio_pika
from prometheus_client import Counter
from yarl import URL

from shared.db import AWAY
from shared.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from aio_pika.abc import AbstractConnection

log = get_logger()

RESTARTS = Counter("plats_loop_restarts", "Background loops that ended and were started again", ["loop"])

HEARTBEAT = 10
"""Seconds, unless the broker's URL says otherwise (``?heartbeat=5``). A half-open connection is noticed after
(heartbeat + 1) * 3."""

LOST = (OSError, TimeoutError, aio_pika.exceptions.AMQPError, aio_pika.exceptions.ChannelInvalidStateError)
"""The broker is away, or the connection or channel to it is gone: nothing is wrong with us."""


@asynccontextmanager
async def connection(url: str, name: str) -> AsyncIterator[AbstractConnection]:
    """Open a plain (not robust) connection named ``name``, and close it within two seconds whatever its state.

    Closed also when it never came about: aio-pika's own ``connect`` would leave that to the garbage collector.
    """
    at = URL(url)
    link = aio_pika.Connection(at.with_query({"heartbeat": HEARTBEAT, **at.query, "name": name}))
    try:
        await link.connect(timeout=10)
        yield link
    finally:
        try:
            async with asyncio.timeout(2):
                await link.close()
        except LOST as error:
            log.debug("broker_close_failed", loop=name, reason=type(error).__name__)


async def wait(event: asyncio.Event, seconds: float) -> bool:
    """Wait for ``event``, at most ``seconds``; tells whether it came."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


async def keep_running(
    name: str,
    session: Callable[[asyncio.Event], Awaitable[None]],
    stop: asyncio.Event,
) -> None:
    """Run ``session(stop)`` again whenever it ends, until ``stop`` is set; the one boundary of each loop.

    aio-pika raises CancelledError in our task when a half-open connection is given up. Nobody asked this
    task to end then, so it means "connection lost" and the session starts anew.
    """
    pause = 0.1
    expected = (*LOST, *AWAY)
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        began = loop.time()
        try:
            await session(stop)
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) and task.cancelling():
                raise
            log.warning("loop_lost_connection", loop=name)
        except Exception as error:  # the boundary: a loop that ends unnoticed is worse than any error
            log.warning("loop_failed", loop=name, reason=type(error).__name__, exc_info=not isinstance(error, expected))
        if stop.is_set():
            return
        RESTARTS.labels(name).inc()
        pause = 0.1 if loop.time() - began > 10 else min(pause * 2, 5)  # noqa: PLR2004 - it had been well
        await wait(stop, random.uniform(pause / 2, pause))  # noqa: S311 - jitter
