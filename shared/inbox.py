"""Events arrive: each has its effect once, however often, late or out of order it is delivered.

A handler is one database transaction (inbox row, state, outbox) and no network; the broker's message is
acknowledged after the commit. What cannot be handled is kept in this database with its raw bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from prometheus_client import Counter
from pydantic import ValidationError

from shared import broker, tracing
from shared.db import AWAY, Connection
from shared.events import EXCHANGE, KEPT_DAYS, Event, decode, routing_keys
from shared.ids import new_id
from shared.logs import get_logger

if TYPE_CHECKING:
    from aio_pika.abc import AbstractIncomingMessage

    from shared.db import Database
    from shared.events import AnyEvent

Handlers: TypeAlias = Mapping[type[Event], Callable[[Connection, Any], Awaitable[None]]]
"""What a service does about each event it hears."""

log = get_logger()

HANDLED = Counter("plats_inbox_handled", "Events whose effect was committed", ["type"])
FAILED = Counter("plats_inbox_failed", "Events that could not be handled at once", ["type", "state"])

RETRY_AFTER = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""Then the message is dead and somebody has to look."""

PREFETCH = 10
"""Handlers at once: not more than the pool, and few, because a crash counts for all that are in hand."""

_HANDLER_LIMIT = 30
_POLL = 0.5


class NotYet(Exception):  # noqa: N818 - not an error: the other event is on its way
    """What this event builds on has not arrived; it waits without counting as failed."""


class TooSlow(Exception):  # noqa: N818 - it says all
    """A handler took longer than any may; that is a failure of the event, not of the database."""


class Consumer:
    """Takes the events of one service's queue to its handlers."""

    def __init__(self, database: Database, broker_url: str, service: str, handlers: Handlers) -> None:
        self._database = database
        self._broker_url = broker_url
        self._service = service
        self._handlers = handlers
        self.consuming = False

    async def session(self, stop: asyncio.Event) -> None:
        """Consume until stopped, or until broker or database are lost.

        The database comes first: without it nothing is taken from the queue, so an outage uses up no
        delivery of any message.
        """
        await self._database.pool.fetchval("SELECT 1", timeout=2)
        over = asyncio.Event()
        async with broker.connection(self._broker_url, f"{self._service}-consumer") as link:
            link.close_callbacks.add(lambda *_: over.set())
            channel = await link.channel()
            channel.close_callbacks.add(lambda *_: over.set())
            await channel.set_qos(prefetch_count=PREFETCH, timeout=10)
            queue = await channel.get_queue(self._service, ensure=True)
            for key in routing_keys(self._service):
                await queue.bind(EXCHANGE, key, timeout=10)
            in_hand = set[asyncio.Task[None]]()

            async def receive(message: AbstractIncomingMessage) -> None:
                task = asyncio.ensure_future(self._receive(message, over))
                in_hand.add(task)
                task.add_done_callback(in_hand.discard)
                await task

            tag = await queue.consume(receive, timeout=10)
            self.consuming = True
            try:
                await _first(stop, over)
                if not over.is_set():
                    await queue.cancel(tag, timeout=10)
                    await asyncio.wait(in_hand, timeout=_HANDLER_LIMIT) if in_hand else None
            finally:
                self.consuming = False

    async def _receive(self, message: AbstractIncomingMessage, over: asyncio.Event) -> None:
        """Settle a message one way or another; what cannot be settled ends the session, which gives it back."""
        try:
            await self._settle(message.body)
        except Exception as error:  # the boundary: an unsettled message would be held for ever
            log.warning("consumer_paused", reason=type(error).__name__, exc_info=not isinstance(error, AWAY))
            over.set()
            return
        await message.ack()

    async def _settle(self, body: bytes) -> None:
        """Handle a message, or keep it for later; only an unusable database lets it go back to the broker."""
        try:
            event = decode(body)
        except ValidationError as error:
            await self._bury(body, "; ".join(f"{e['loc']}: {e['msg']}" for e in error.errors(include_input=False)))
            return
        try:
            await self.handle(event)
        except AWAY:
            raise
        except NotYet as missing:
            await self._keep(event, body, "waiting", str(missing))
        except Exception as error:  # the boundary: one bad event must not stop the others
            log.exception("event_failed", event_id=str(event.id), type=event.type)
            await self._keep(event, body, "retry", type(error).__name__)

    async def handle(self, event: AnyEvent) -> None:
        """Give an event its effect, unless it has had it.

        Raises:
            TooSlow: it took longer than 30 s.
        """

        async def work(conn: Connection) -> None:
            fresh = await conn.fetchval(
                "INSERT INTO inbox (event_id, type) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true",
                event.id,
                event.type,
            )
            if fresh:
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

    async def _keep(self, event: AnyEvent, body: bytes, state: str, reason: str) -> None:
        """Store an event for its next try. Waiting starts at half a second and counts no attempt."""
        FAILED.labels(event.type, state).inc()
        attempts = int(state == "retry")
        delay = RETRY_AFTER[0] if attempts else timedelta(seconds=0.5)
        await self._database.pool.execute(
            """
            INSERT INTO inbox_failure (id, event_id, type, body, state, attempts, next_at, error)
            VALUES ($1, $2, $3, $4, $5, $6, now() + $7::interval, $8)
            ON CONFLICT (event_id) DO NOTHING
            """,
            new_id(),
            event.id,
            event.type,
            body,
            state,
            attempts,
            delay,
            reason,
        )

    async def _bury(self, body: bytes, reason: str) -> None:
        FAILED.labels("undecodable", "dead").inc()
        log.error("event_undecodable", reason=reason)
        await self._database.pool.execute(
            "INSERT INTO inbox_failure (id, body, state, error) VALUES ($1, $2, 'dead', $3)",
            new_id(),
            body,
            reason,
        )

    async def retries(self, stop: asyncio.Event) -> None:
        """Take up what waits or failed when its time has come; any replica may."""
        while not stop.is_set():
            if not await self._retry_one():
                await broker.wait(stop, _POLL)

    async def _retry_one(self) -> bool:
        """Try the next due event; it is claimed by moving its time on first, so a crash here only delays it."""
        row = await self._database.pool.fetchrow(
            """
            UPDATE inbox_failure SET next_at = now() + interval '1 minute', updated_at = now()
            WHERE id = (
                SELECT id FROM inbox_failure WHERE state <> 'dead' AND next_at <= now()
                ORDER BY next_at FOR UPDATE SKIP LOCKED LIMIT 1
            )
            RETURNING id, body, attempts, created_at
            """,
        )
        if row is None:
            return False
        event = decode(row["body"])
        try:
            await self.handle(event)
        except AWAY:
            raise
        except NotYet as missing:
            await self._postpone(row["id"], "waiting", row["attempts"], str(missing))
        except Exception as error:  # the boundary: one bad event must not stop the others
            log.exception("event_failed", event_id=str(event.id), type=event.type, attempt=row["attempts"])
            await self._postpone(row["id"], "retry", row["attempts"] + 1, type(error).__name__)
        else:
            await self._database.pool.execute("DELETE FROM inbox_failure WHERE id = $1", row["id"])
        return True

    async def _postpone(self, row: UUID, state: str, attempts: int, reason: str) -> None:
        """Set the next try. A waiting event's pauses grow with its age, to a minute."""
        exhausted = attempts > len(RETRY_AFTER)
        delay = None if state == "waiting" else RETRY_AFTER[min(attempts, len(RETRY_AFTER)) - 1]
        await self._database.pool.execute(
            """
            UPDATE inbox_failure SET
                state = $2,
                attempts = $3,
                error = $4,
                updated_at = now(),
                next_at = now() + coalesce(
                    $5::interval * (0.8 + 0.4 * random()),
                    least(interval '1 minute', greatest(interval '0.5 seconds', (now() - created_at) / 2))
                )
            WHERE id = $1
            """,
            row,
            "dead" if exhausted else state,
            attempts,
            reason,
            delay,
        )


async def forget(conn: Connection) -> None:
    """Delete the marks of events too old to be delivered or replayed again."""
    await conn.execute("DELETE FROM inbox WHERE processed_at < now() - make_interval(days => $1)", KEPT_DAYS)


async def _first(*events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiting in waits:
            waiting.cancel()
