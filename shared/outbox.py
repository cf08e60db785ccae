"""Events leave the house: stored with the state they tell of, then published by the one active relay.

State is the presence of a row: there is no cursor, because ids are not assigned in the order in which
transactions commit and "greater than the last one seen" loses rows.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import aio_pika
import aiormq
import asyncpg
from prometheus_client import Counter

from shared import broker, tracing
from shared.events import CONTENT_TYPE, EXCHANGE, KEPT_DAYS, encode
from shared.logs import get_logger

if TYPE_CHECKING:
    from shared.db import Connection, Database
    from shared.events import AnyEvent

log = get_logger()

PUBLISHED = Counter("plats_outbox_published", "Events confirmed by the broker")
PARKED = Counter("plats_outbox_parked", "Events given up after repeated permanent errors")

BATCH = 200
PERMANENT_ERRORS = 10
_LEADER = 0x52454C41  # "RELA": the advisory lock of the active relay
_POLL = 0.25
_TIMEOUT = 10


async def emit(conn: Connection, event: AnyEvent) -> None:
    """Store an event in the caller's transaction, after the aggregate's row was locked and its revision raised."""
    await conn.execute(
        """
        INSERT INTO outbox (event_id, aggregate, revision, routing_key, body, traceparent)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        event.id,
        f"{event.type.split('.')[1]}/{event.subject}",
        event.data.revision,
        event.routing_key,
        encode(event),
        event.traceparent,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """An event that is still in the outbox."""

    id: int
    event_id: UUID
    routing_key: str
    body: bytes
    traceparent: str | None

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> Row:
        """Read what :func:`_due` selected."""
        return cls(**dict(row))

    def message(self) -> aio_pika.Message:
        """The event as it goes to the broker: persistent, with its id and its trace."""
        return aio_pika.Message(
            self.body,
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=str(self.event_id),
            type=self.routing_key,
            headers={tracing.HEADER: self.traceparent} if self.traceparent else None,
        )


class Unpublished(Exception):  # noqa: N818 - an outcome of a batch, not a fault of the code
    """Some events of a batch were not confirmed; the session starts anew and they are tried again."""


class Relay:
    """Publishes what is in the outbox. One is active per service; others stand by for its lock."""

    def __init__(self, database: Database, broker_url: str) -> None:
        self._database = database
        self._broker_url = broker_url
        self.leading = False

    async def session(self, stop: asyncio.Event) -> None:
        """Wait for the lock, connect, and publish until stopped or disconnected."""
        conn = await asyncpg.connect(
            self._database.dsn,
            timeout=_TIMEOUT,
            command_timeout=_TIMEOUT,
            server_settings={"application_name": f"{self._database.name}-relay"},
        )
        try:
            if await self._lead(conn, stop):
                async with broker.connection(self._broker_url, f"{self._database.name}-relay") as link:
                    channel = await link.channel(on_return_raises=True)
                    exchange = await channel.get_exchange(EXCHANGE)
                    self.leading = True
                    await self._publish_all(conn, exchange, stop)
        finally:
            self.leading = False
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await conn.close(timeout=2)

    async def _lead(self, conn: asyncpg.Connection[asyncpg.Record], stop: asyncio.Event) -> bool:
        while not await conn.fetchval("SELECT pg_try_advisory_lock($1)", _LEADER):
            if await broker.wait(stop, random.uniform(0.5, 1.0)):  # noqa: S311 - jitter
                return False
        return not stop.is_set()

    async def _publish_all(
        self,
        conn: asyncpg.Connection[asyncpg.Record],
        exchange: aio_pika.abc.AbstractExchange,
        stop: asyncio.Event,
    ) -> None:
        while True:
            self._database.committed.clear()
            rows = await _due(conn)
            if rows:
                await _publish(conn, exchange, rows)
            elif stop.is_set():
                return
            else:
                await broker.wait(self._database.committed, _POLL)


async def _due(conn: asyncpg.Connection[asyncpg.Record]) -> list[Row]:
    rows = await conn.fetch(
        """
        SELECT id, event_id, routing_key, body, traceparent FROM outbox
        WHERE parked_at IS NULL AND not_before <= now()
        ORDER BY id LIMIT $1
        """,
        BATCH,
    )
    return [Row.from_row(row) for row in rows]


async def _publish(
    conn: asyncpg.Connection[asyncpg.Record],
    exchange: aio_pika.abc.AbstractExchange,
    rows: list[Row],
) -> None:
    results = await asyncio.gather(
        *(exchange.publish(row.message(), row.routing_key, mandatory=True, timeout=_TIMEOUT) for row in rows),
        return_exceptions=True,
    )
    confirmed = [row.id for row, result in zip(rows, results, strict=True) if not isinstance(result, BaseException)]
    failed = {row.id: result for row, result in zip(rows, results, strict=True) if isinstance(result, BaseException)}
    await _settle(conn, confirmed)
    PUBLISHED.inc(len(confirmed))
    if failed:
        await _back_off(conn, failed)
        raise Unpublished(f"{len(failed)} of {len(rows)} events were not confirmed")


async def _settle(conn: asyncpg.Connection[asyncpg.Record], confirmed: list[int]) -> None:
    """Take confirmed events out of the outbox and note that they were told."""
    await conn.execute(
        """
        WITH told AS (
            DELETE FROM outbox WHERE id = ANY($1) RETURNING event_id, aggregate, revision, routing_key
        )
        INSERT INTO published (event_id, aggregate, revision, routing_key)
        SELECT event_id, aggregate, revision, routing_key FROM told
        """,
        confirmed,
    )


async def _back_off(conn: asyncpg.Connection[asyncpg.Record], failed: dict[int, BaseException]) -> None:
    """Try again later: 1 s to 5 min. An event no queue wants is parked in the end; a broken link never counts."""
    permanent = [id_ for id_, error in failed.items() if isinstance(error, aiormq.exceptions.PublishError)]
    parked = await conn.fetch(
        """
        UPDATE outbox SET
            last_error = $3,
            attempts = attempts + 1,
            not_before = now() + least(interval '5 minutes', interval '1 second' * 2 ^ least(attempts, 8)),
            parked_at = CASE WHEN attempts + 1 >= $2 THEN now() END
        WHERE id = ANY($1)
        RETURNING event_id, routing_key, parked_at
        """,
        permanent,
        PERMANENT_ERRORS,
        "no queue is bound to this event",
    )
    for row in parked:
        log.error("event_unroutable", event_id=str(row["event_id"]), routing_key=row["routing_key"])
        if row["parked_at"]:
            PARKED.inc()


async def forget(conn: Connection) -> None:
    """Delete the notes of events that no consumer remembers either."""
    await conn.execute("DELETE FROM published WHERE published_at < now() - make_interval(days => $1)", KEPT_DAYS)
