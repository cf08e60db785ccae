"""Events leave the house: stored with the state they tell of, then published by the one active relay.

State is the presence of a row: there is no cursor, because ids are not assigned in the order in which
transactions commit and "greater than the last one seen" loses rows.
"""

from __future__ import annotations

import asyncio
import collections
import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, LiteralString, NamedTuple
from uuid import UUID

import aio_pika
import aiormq
import asyncpg
from prometheus_client import Counter, Gauge

from shared import broker, tracing
from shared.events import CONTENT_TYPE, EXCHANGE, KEPT_DAYS, encode
from shared.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.db import Connection, Database
    from shared.events import AnyEvent

log = get_logger()

PUBLISHED = Counter("plats_outbox_published", "Events confirmed by the broker")
PARKED = Counter("plats_outbox_parked", "Events parked after repeated permanent errors")
LEADING = Gauge("plats_relay_leading", "1 in the process that publishes; none for 10 s: alarm")
WAITING = Gauge("plats_outbox_waiting", "Events not yet confirmed; over 100 000: alarm")
OLDEST = Gauge("plats_outbox_oldest_seconds", "Age of the oldest of them; over 60: alarm")
STUCK = Gauge("plats_outbox_stuck", "Parked events that still wait; over 0: alarm")

MAX_EVENT = 64 * 1024
"""Bytes. Most events are a few hundred."""

BATCH = 200
PERMANENT_ERRORS = 10
_LEADER = 0x52454C41  # "RELA": the advisory lock of the active relay
_POLL = 0.25
_TIMEOUT = 10
_LONGEST = timedelta(minutes=5)
_MEASURE = 10


_STORE: LiteralString = """
    INSERT INTO outbox (event_id, aggregate, revision, routing_key, body, traceparent)
    VALUES ($1, $2, $3, $4, $5, $6)
"""


class EventTooLarge(ValueError):  # noqa: N818 - it says all
    """No event may be as large as this one; consumers would refuse it."""


async def emit(conn: Connection, event: AnyEvent) -> None:
    """Store an event in the caller's transaction, after the aggregate's row was locked and its revision raised.

    Raises:
        EventTooLarge: it is over 64 KiB, so that what it tells of must not be stored either.
    """
    await conn.execute(_STORE, *_stored(event))


async def emit_all(conn: Connection, events: Iterable[AnyEvent]) -> None:
    """Store many events as :func:`emit` does one, in their order, without waiting for each.

    Raises:
        EventTooLarge: one is over 64 KiB.
    """
    await conn.executemany(_STORE, [_stored(event) for event in events])


def _stored(event: AnyEvent) -> tuple[object, ...]:
    """The values of an event's row."""
    body = encode(event)
    if len(body) > MAX_EVENT:
        raise EventTooLarge(f"{event.type} of {len(body)} bytes")
    aggregate = f"{event.type.split('.')[1]}/{event.subject}"
    return event.id, aggregate, event.data.revision, event.routing_key, body, event.traceparent


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


class Unconfirmed(ConnectionError):  # noqa: N818 - an outcome of a batch, not a fault of the code
    """What became of some events is not known: the session ends, and a new one tries them again."""


class Relay:
    """Publishes what is in the outbox, each event at least once.

    One is active per service: it holds an advisory lock on a connection of its own; others stand by for it. A
    leader that is frozen, or cut off from the database, loses the lock when it has said nothing for ``lease``
    seconds; thawed, it can publish what it had in hand once more, and nothing else. Consumers absorb that.

    The order on the wire is that of the outbox, except for an event that was refused and comes later: consumers go
    by the revision in it, never by the order of arrival.

    Args:
        database: The outbox is in it.
        broker_url: Where to publish; ``?heartbeat=`` sets how soon a half-open connection is noticed.
        confirm_within: Seconds the broker has to confirm an event.
        lease: Seconds of silence after which a leader has lost the lock; longer than the broker has to confirm.
    """

    def __init__(
        self, database: Database, broker_url: str, *, confirm_within: float = _TIMEOUT, lease: float = 2 * _TIMEOUT
    ) -> None:
        self._database = database
        self._broker_url = broker_url
        self._confirm_within = confirm_within
        self._lease = lease
        self.leading = False
        self.standing_by = False

    @property
    def well(self) -> bool:
        """Whether it publishes, or would at once if the one that does were gone."""
        return self.leading or self.standing_by

    async def session(self, stop: asyncio.Event) -> None:
        """Wait for the lock, connect, and publish until stopped or disconnected."""
        conn = await self._connect()
        try:
            if await self._lead(conn, stop):
                async with broker.connection(self._broker_url, f"{self._database.name}-relay") as link:
                    async with asyncio.timeout(_TIMEOUT):
                        channel = await link.channel(on_return_raises=True)
                        exchange = await channel.get_exchange(EXCHANGE)
                    self.leading = True
                    LEADING.set(1)
                    await self._publish_all(conn, channel, exchange, stop)
        finally:
            self.leading = self.standing_by = False
            LEADING.set(0)
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await conn.close(timeout=2)

    async def _connect(self) -> asyncpg.Connection[asyncpg.Record]:
        """A connection that the server ends by itself when we have gone silent: it holds the lock."""
        return await asyncpg.connect(
            self._database.dsn,
            timeout=_TIMEOUT,
            command_timeout=_TIMEOUT,
            server_settings={
                "application_name": f"{self._database.name}-relay",
                "idle_session_timeout": f"{self._lease * 1000:.0f}ms",
                "statement_timeout": f"{_TIMEOUT}s",
            },
        )

    async def _lead(self, conn: asyncpg.Connection[asyncpg.Record], stop: asyncio.Event) -> bool:
        while not await conn.fetchval("SELECT pg_try_advisory_lock($1)", _LEADER):
            self.standing_by = True
            if await broker.wait(stop, random.uniform(0.5, 1.0)):  # noqa: S311 - jitter
                return False
        self.standing_by = False
        return not stop.is_set()

    async def _publish_all(
        self,
        conn: asyncpg.Connection[asyncpg.Record],
        channel: aio_pika.abc.AbstractChannel,
        exchange: aio_pika.abc.AbstractExchange,
        stop: asyncio.Event,
    ) -> None:
        """Publish as it comes; once asked to stop, what is there now and no more: others go on with the rest.

        A session begins with one event and doubles: what cost the last session its connection, an event the broker
        does not stand or a broker that takes without confirming, is then met by itself and not by two hundred.

        Raises:
            ConnectionError: the broker is lost; also when there is nothing to publish that would show it.
            Unconfirmed: what became of some events is not known.
        """
        batch = 1
        while not channel.is_closed:
            last = stop.is_set()
            self._database.committed.clear()
            if rows := await _due(conn, batch):
                await self._publish(conn, exchange, rows)
                batch = min(batch * 2, BATCH)
            if last:
                return
            if not rows:
                await broker.wait(self._database.committed, _POLL)
        raise ConnectionError("the channel is closed")

    async def _publish(
        self,
        conn: asyncpg.Connection[asyncpg.Record],
        exchange: aio_pika.abc.AbstractExchange,
        rows: list[Row],
    ) -> None:
        """Publish a batch and note what became of each event.

        Raises:
            Unconfirmed: that is not known of some. None is published again in this session, as a confirmation that
                comes late would be taken for that of the second time.
        """
        results = await asyncio.gather(*(self._attempt(exchange, row) for row in rows), return_exceptions=True)
        outcomes = list(zip(rows, results, strict=True))
        confirmed = [row.id for row, result in outcomes if not isinstance(result, BaseException)]
        failed = {row.id: result for row, result in outcomes if isinstance(result, BaseException)}
        if confirmed:
            await _settle(conn, confirmed)
            PUBLISHED.inc(len(confirmed))
        if failed:
            await _back_off(conn, {id_: _reason(error, alone=len(rows) == 1) for id_, error in failed.items()})
        unknown = [error for error in failed.values() if not isinstance(error, aiormq.exceptions.DeliveryError)]
        if unknown:
            raise Unconfirmed(f"{len(unknown)} of {len(rows)} events: {type(unknown[0]).__name__}") from unknown[0]

    async def _attempt(self, exchange: aio_pika.abc.AbstractExchange, row: Row) -> None:
        await exchange.publish(row.message(), row.routing_key, mandatory=True, timeout=self._confirm_within)


async def _due(conn: asyncpg.Connection[asyncpg.Record], limit: int) -> list[Row]:
    rows = await conn.fetch(
        """
        SELECT id, event_id, routing_key, body, traceparent FROM outbox
        WHERE not_before <= now()
        ORDER BY id LIMIT $1
        """,
        limit,
    )
    return [Row.from_row(row) for row in rows]


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


class _Reason(NamedTuple):
    """Why an event was not confirmed, and how long it steps aside for others."""

    told: str
    longest: timedelta
    """Before it is tried again; less while the event is young."""
    permanent: bool = False
    """It is in the event or in the topology, and will not pass by itself."""


def _reason(error: BaseException, *, alone: bool) -> _Reason:
    """What an outcome says of an event; ``alone`` tells that no other event can have been the cause."""
    if isinstance(error, aiormq.exceptions.PublishError):
        return _Reason("no queue is bound to this event", _LONGEST, permanent=True)
    if isinstance(error, aiormq.exceptions.DeliveryError):
        return _Reason("a queue refuses: it is full, say", _LONGEST)
    if isinstance(error, aiormq.exceptions.ChannelPreconditionFailed) and alone:
        return _Reason("the broker refuses this event: it is too large, say", _LONGEST, permanent=True)
    return _Reason(f"not confirmed: {type(error).__name__}", timedelta(seconds=5 if alone else 0))


async def _back_off(conn: asyncpg.Connection[asyncpg.Record], failed: dict[int, _Reason]) -> None:
    """Set the next try of each event: what is permanent after 1 s to 5 min, and parked when that was ten times so.

    Parked means that somebody has to look. The event is tried again every hour, so that it leaves by itself once
    the topology is mended.
    """
    rows = await conn.fetch(
        """
        UPDATE outbox SET
            last_error = failed.told,
            attempts = attempts + failed.permanent::int,
            not_before = now() + CASE
                WHEN NOT failed.permanent THEN least(longest, greatest(interval '1 second', (now() - created_at) / 2))
                WHEN attempts + 1 < $5 THEN least(longest, interval '1 second' * 2 ^ least(attempts, 8))
                ELSE interval '1 hour'
            END,
            parked_at = CASE WHEN failed.permanent AND attempts + 1 >= $5 THEN now() END
        FROM unnest($1::bigint[], $2::text[], $3::interval[], $4::boolean[]) AS failed (id, told, longest, permanent)
        WHERE outbox.id = failed.id
        RETURNING event_id, routing_key, last_error, attempts = $5 AND failed.permanent AS parked
        """,
        list(failed),
        *map(list, zip(*failed.values(), strict=True)),
        PERMANENT_ERRORS,
    )
    for told, events in collections.Counter(reason.told for reason in failed.values()).items():
        log.warning("events_not_published", reason=told, count=events)
    for row in rows:
        if row["parked"]:
            PARKED.inc()
            log.error("event_parked", event_id=str(row["event_id"]), key=row["routing_key"], reason=row["last_error"])


async def forget(conn: Connection) -> None:
    """Delete the notes of events that no consumer remembers either."""
    await conn.execute("DELETE FROM published WHERE published_at < now() - make_interval(days => $1)", KEPT_DAYS)


async def measure(database: Database, stop: asyncio.Event) -> None:
    """Tell what waits, every ten seconds."""
    while True:
        async with database.pool.acquire(timeout=2) as conn:
            (row,) = await conn.fetch(
                """
                SELECT count(*) AS waiting, count(parked_at) AS stuck,
                    coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float AS oldest
                FROM outbox
                """,
            )
        WAITING.set(row["waiting"])
        OLDEST.set(row["oldest"])
        STUCK.set(row["stuck"])
        if await broker.wait(stop, _MEASURE):
            return
