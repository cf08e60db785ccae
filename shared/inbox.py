"""Events arrive: each has its effect once, however often, late or out of order it is delivered.

A handler is one database transaction (inbox row, state, outbox) and no network; the broker's message is
acknowledged after the commit. What cannot be handled is kept in this database with its raw bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from aio_pika.exceptions import AMQPError, ChannelInvalidStateError
from asyncpg import PostgresError
from prometheus_client import Counter, Gauge

from shared import broker, tracing
from shared.breaker import Backoff, Breaker
from shared.db import AWAY, Connection
from shared.events import EXCHANGE, KEPT_DAYS, Event, routing_keys
from shared.failures import CRASHES, Due, Failures, mark
from shared.incoming import Unreadable, read
from shared.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue

    from shared.db import Database
    from shared.events import AnyEvent

Handlers: TypeAlias = Mapping[type[Event], Callable[[Connection, Any], Awaitable[None]]]
"""What a service does about each event it hears."""

log = get_logger()

HANDLED = Counter("plats_inbox_handled", "Events whose effect was committed", ["type"])
FAILED = Counter("plats_inbox_failed", "Events that could not be handled at once", ["type", "state"])
PAUSED = Gauge("plats_consumer_paused", "Whether events wait, for the database or since nearly all fail", ["cause"])

PREFETCH = 10
"""Handlers at once: not more than the pool, and few, because a crash counts for all that are in hand."""

_HANDLER_LIMIT = 30
_POLL = 0.5
_PATIENCE = 8
"""Tries after which a database that answers, but not to this one message, no longer counts as away."""


class NotYet(Exception):  # noqa: N818 - not an error: the other event is on its way
    """What this event builds on has not arrived; it waits without counting as failed."""


class TooSlow(Exception):  # noqa: N818 - it says all
    """A handler took longer than any may; that is a failure of the event, not of the database."""


class _Stretch:
    """A time of taking messages, with so many in hand at most."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.in_hand = 0
        self.empty = asyncio.Event()
        self.empty.set()
        self.ended = asyncio.Event()


class Consumer:
    """Takes the events of one service's queue to its handlers.

    Args:
        database: Where they have their effect.
        broker_url: Where the queue is; ``?heartbeat=`` sets how soon a half-open connection is noticed.
        service: Whose queue.
        handlers: What is done about each event.
        binding_every: Seconds between two looks after the queue's bindings. Nobody else would notice one that is
            gone: a publisher is content when any other queue takes its event.
    """

    def __init__(
        self, database: Database, broker_url: str, service: str, handlers: Handlers, *, binding_every: float = 60
    ) -> None:
        self._database = database
        self._broker_url = broker_url
        self._service = service
        self._handlers = handlers
        self._failures = Failures(database)
        self._breaker = Breaker()
        self._binding_every = binding_every
        self._registered = False
        self._waiting = 0

    @property
    def consuming(self) -> bool:
        """Whether events are taken from the queue and have their effect."""
        return self._registered and not self._waiting and not self._breaker.open

    async def session(self, stop: asyncio.Event) -> None:
        """Consume until stopped, or until the broker is lost.

        The database comes first: nothing is taken from the queue while a failure could not be kept.
        """
        await self._failures.check()
        over = asyncio.Event()
        async with self._channel(f"{self._service}-consumer", over) as channel:
            queue = await channel.get_queue(self._service, ensure=True)
            await self._bind(queue)
            try:
                await self._take(channel, queue, stop, over)
            finally:
                self._registered = False

    async def dead_letters(self, stop: asyncio.Event) -> None:
        """Move what the broker gave up on from ``<service>.dead`` to where dead messages are looked at.

        One at a time and without any handler: these messages ended a process each time.
        """
        await self._failures.check()
        over = asyncio.Event()

        async def receive(message: AbstractIncomingMessage) -> None:
            reason = str(message.headers.get("x-first-death-reason"))
            if await self._insist(lambda _: self._lay_out(message.body, reason), stop, over):
                await _acknowledge(message)

        async with self._channel(f"{self._service}-dead", over) as channel:
            await channel.set_qos(prefetch_count=1, timeout=10)
            queue = await channel.get_queue(f"{self._service}.dead", ensure=True)
            await queue.consume(receive, timeout=10)
            await _first(stop, over)

    async def retries(self, stop: asyncio.Event) -> None:
        """Take up what waits or failed when its time has come; any replica may."""
        backoff = Backoff(1, 30)
        while not stop.is_set():
            if self._breaker.open:
                await _first(stop, self._breaker.closed, within=backoff.pause())
            else:
                backoff.reset()
            if not await self._retry_one(stop):
                await broker.wait(stop, _POLL)

    async def handle(self, event: AnyEvent) -> None:
        """Give an event its effect, unless it has had it.

        Raises:
            TooSlow: it took longer than 30 s.
        """

        async def work(conn: Connection) -> None:
            if await mark(conn, event):
                await self._handlers[type(event)](conn, event)

        limit = asyncio.timeout(_HANDLER_LIMIT)
        try:
            async with limit:
                with tracing.span(event.type, parent=event.traceparent):
                    await self._database.transact(work)
        except TimeoutError as error:
            if limit.expired():
                raise TooSlow from error
            raise
        HANDLED.labels(event.type).inc()

    @asynccontextmanager
    async def _channel(self, name: str, over: asyncio.Event) -> AsyncIterator[AbstractChannel]:
        """Open a channel; whatever ends it or a consumer on it (its queue was deleted, say) sets ``over``."""
        async with broker.connection(self._broker_url, name) as link:
            link.close_callbacks.add(lambda *_: over.set())
            channel = await link.channel()
            channel.close_callbacks.add(lambda *_: over.set())
            below = await channel.get_underlay_channel()
            below.on_consumer_cancel_callbacks.add(lambda _: over.set())
            yield channel

    async def _bind(self, queue: AbstractQueue) -> None:
        for key in routing_keys(self._service):
            await queue.bind(EXCHANGE, key, timeout=10)

    async def _take(
        self, channel: AbstractChannel, queue: AbstractQueue, stop: asyncio.Event, over: asyncio.Event
    ) -> None:
        """Take messages: one by one what was in somebody's hand before, then more at once.

        One of those may have ended its process each time, and must not drag the others to its end. While nearly
        everything fails, one now and then.
        """
        backoff = Backoff(1, 30)
        stretch = _Stretch(1)
        while not (stop.is_set() or over.is_set()):
            await channel.set_qos(prefetch_count=stretch.most, timeout=10)
            tag = await queue.consume(partial(self._receive, stretch, stop, over), timeout=10)
            self._registered = True
            while not await _first(stop, over, stretch.ended, within=self._binding_every):
                await self._bind(queue)
            if over.is_set():
                return
            await queue.cancel(tag, timeout=10)
            await _first(over, stretch.empty, within=_HANDLER_LIMIT)
            if self._breaker.open:
                await _first(stop, over, self._breaker.closed, within=backoff.pause())
                stretch = _Stretch(1)
            else:
                backoff.reset()
                stretch = _Stretch(PREFETCH)

    async def _receive(
        self, stretch: _Stretch, stop: asyncio.Event, over: asyncio.Event, message: AbstractIncomingMessage
    ) -> None:
        stretch.in_hand += 1
        stretch.empty.clear()
        try:
            if await self._insist(partial(self._settle, message.body), stop, over):
                await _acknowledge(message)
        finally:
            stretch.in_hand -= 1
            if not stretch.in_hand:
                stretch.empty.set()
            if self._breaker.open or (stretch.most == 1 and not message.redelivered):
                stretch.ended.set()

    async def _insist(self, settle: Callable[[bool], Awaitable[None]], *ends: asyncio.Event) -> bool:
        """Settle a message, however long the database is away; tells whether it was before one of ``ends``.

        Until then it stays in hand: given back to the broker, an outage would use up its deliveries.
        ``settle`` is told whether a database that does not answer is reason to wait.
        """
        backoff = Backoff(0.25, 5)
        tries = 0
        try:
            while True:
                try:
                    await settle(tries < _PATIENCE)
                except Exception as error:  # the boundary: a message that is neither settled nor waited for is lost
                    if not tries:
                        self._wait_for_database(+1)
                        expected = isinstance(error, AWAY)
                        log.warning("consumer_waits", reason=type(error).__name__, exc_info=not expected)
                    tries += 1
                else:
                    return True
                if await _first(*ends, within=backoff.pause()):
                    return False
        finally:
            if tries:
                self._wait_for_database(-1)

    def _wait_for_database(self, change: int) -> None:
        self._waiting += change
        PAUSED.labels("database").set(bool(self._waiting))

    async def _settle(self, body: bytes, patient: bool) -> None:  # noqa: FBT001 - see _insist
        """Handle a message, or keep it for later."""
        try:
            event = read(body, self._handlers)
        except Unreadable as error:
            await self._bury(body, error)
            return
        try:
            await self.handle(event)
        except NotYet as missing:
            FAILED.labels(event.type, "waiting").inc()
            await self._failures.keep(event, body, "waiting", str(missing))
        except Exception as error:  # the boundary: one bad event must not stop the others
            if patient and isinstance(error, AWAY):
                raise
            await self._failures.keep(event, body, "retry", _reason(error))
            log.exception("event_failed", event_id=str(event.id), type=event.type)
            FAILED.labels(event.type, "retry").inc()
            self._judge(event.id, failed=True)
        else:
            self._judge(event.id, failed=False)

    async def _bury(self, body: bytes, why: Unreadable) -> None:
        await self._failures.bury(body, str(why), why.head)
        log.error("event_unreadable", event_id=str(why.head.id), ours=why.ours)
        FAILED.labels("unreadable", "dead").inc()
        if why.ours:
            self._judge(hash(body), failed=True)

    async def _lay_out(self, body: bytes, reason: str) -> None:
        """Keep what the broker gave up on as dead."""
        why = "crash loop: it ended its consumer each time" if reason == "delivery_limit" else f"given up: {reason}"
        try:
            event = read(body, self._handlers)
        except Unreadable as error:
            await self._failures.bury(body, f"{why}; {error}", error.head)
        else:
            await self._failures.keep(event, body, "dead", why)
            log.error("event_dead", event_id=str(event.id), type=event.type, reason=why)
        FAILED.labels("dead letter", "dead").inc()

    def _judge(self, message: object, *, failed: bool) -> None:
        if failed:
            self._breaker.failed(message)
        else:
            self._breaker.succeeded(message)
        PAUSED.labels("failures").set(self._breaker.open)

    async def _retry_one(self, stop: asyncio.Event) -> bool:
        """Try the next due event, if there is one."""
        due = await self._failures.claim()
        return due is not None and await self._insist(partial(self._retry, due), stop)

    async def _retry(self, due: Due, patient: bool) -> None:  # noqa: FBT001 - see _insist
        """Handle it again, or set its next try; while nearly everything fails that is not counted."""
        if due.started > CRASHES:
            await self._failures.die(due, f"crash loop: taken up {CRASHES} times without any outcome")
            return
        try:
            event = read(due.body, self._handlers)
        except Unreadable as error:
            await self._failures.die(due, str(error))
            return
        try:
            await self.handle(event)
        except NotYet as missing:
            await self._failures.wait(due, str(missing))
        except Exception as error:  # the boundary: one bad event must not stop the others
            if patient and isinstance(error, AWAY):
                raise
            await self._failures.again(due, _reason(error), counted=due.once or not self._breaker.open)
            log.exception("event_failed", event_id=str(event.id), type=event.type, attempt=due.attempts)
        else:
            await self._failures.done(due)
            self._judge(event.id, failed=False)


async def forget(conn: Connection) -> None:
    """Delete the marks of events too old to be delivered or replayed again, and what was dropped as long ago."""
    await conn.execute("DELETE FROM inbox WHERE processed_at < now() - make_interval(days => $1)", KEPT_DAYS)
    await conn.execute("DELETE FROM inbox_dropped WHERE dropped_at < now() - make_interval(days => $1)", KEPT_DAYS)


def _reason(error: Exception) -> str:
    """The kind of error and the rule of the database it hit; not its words, which may hold people's data."""
    rule = (error.constraint_name or error.sqlstate or "") if isinstance(error, PostgresError) else ""
    return f"{type(error).__name__} {rule}".rstrip()


async def _acknowledge(message: AbstractIncomingMessage) -> None:
    """Acknowledge a settled message; when the channel is gone it comes again and changes nothing."""
    try:
        await message.ack()
    except (AMQPError, ChannelInvalidStateError) as error:
        log.debug("acknowledgement_lost", reason=type(error).__name__)


async def _first(*events: asyncio.Event, within: float | None = None) -> bool:
    """Wait for one of these events, at most so many seconds; tells whether one came."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        done, _ = await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiting in waits:
            waiting.cancel()
    return bool(done)
