"""Outbox, relay, broker and inbox together, on a real PostgreSQL and a real RabbitMQ."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import aio_pika
import aiohttp
import pytest
from opentelemetry import trace

from shared import tracing
from shared.broker import keep_running
from shared.db import Connection, Database
from shared.events import (
    EXCHANGE,
    Availability,
    AvailabilityChanged,
    Event,
    MessageFailed,
    SessionPublished,
    encode,
)
from shared.inbox import Consumer, Handlers, NotYet
from shared.outbox import Relay, emit
from tests.support.brokers import VirtualHost
from tests.support.databases import Databases
from tests.support.servers import eventually

Loop = Callable[[asyncio.Event], Awaitable[None]]


def availability(session: UUID, revision: int) -> AvailabilityChanged:
    state = Availability(
        session_id=session, revision=revision, capacity=15, taken=0, left=15, queue_capacity=0, queue_left=0
    )
    return AvailabilityChanged.of(session, state)


@asynccontextmanager
async def running(*loops: Loop) -> AsyncIterator[None]:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(keep_running("test", loop, stop)) for loop in loops]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), timeout=15)


@pytest.fixture
async def producer(databases: Databases) -> AsyncIterator[Database]:
    async with Database(await databases.create("booking"), name="producer") as database:
        yield database


@pytest.fixture
async def reader(databases: Databases) -> AsyncIterator[Database]:
    async with Database(await databases.create("catalog"), name="reader") as database:
        yield database


class Seen:
    """A consumer whose effect is a row, so that a rolled-back effect is none."""

    def __init__(self) -> None:
        self.fail: set[UUID] = set()
        self.missing: set[UUID] = set()

    async def prepare(self, database: Database) -> None:
        await database.pool.execute("CREATE TABLE seen (event_id uuid)")

    async def __call__(self, conn: Connection, event: Event) -> None:
        await conn.execute("INSERT INTO seen VALUES ($1)", event.id)
        if event.id in self.fail:
            raise ValueError("cannot handle this")
        if event.id in self.missing:
            raise NotYet("another event")


@pytest.fixture
async def seen(reader: Database) -> Seen:
    made = Seen()
    await made.prepare(reader)
    return made


def consumer(reader: Database, broker: VirtualHost, seen: Seen) -> Consumer:
    handlers: Handlers = {AvailabilityChanged: seen}
    return Consumer(reader, broker.url, "catalog", handlers)


async def emitted(producer: Database, *events: AvailabilityChanged | SessionPublished | MessageFailed) -> None:
    async with producer.transaction() as conn:
        for event in events:
            await emit(conn, event)


async def count(database: Database, table: str) -> int:
    return int(await database.pool.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608 - tables of these tests


async def reaches(database: Database, table: str, wanted: int, within: float = 20) -> None:
    async def right() -> bool:
        return await count(database, table) == wanted

    await eventually(right, within=within)


async def test_a_doubled_event_has_its_effect_once(reader: Database, broker: VirtualHost, seen: Seen) -> None:
    """Fails when the inbox' mark is left out, or written outside the handler's transaction."""
    event = availability(uuid4(), 1)
    async with running(consumer(reader, broker, seen).session):
        await publish(broker, *[encode(event)] * 5, encode(availability(uuid4(), 1)))
        await reaches(reader, "inbox", 2)
        await queue_is_empty(broker)
    assert await count(reader, "seen") == 2


async def test_a_handler_that_fails_leaves_nothing_and_is_tried_again(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    event = availability(uuid4(), 1)
    seen.fail.add(event.id)
    taking = consumer(reader, broker, seen)
    async with running(taking.session, taking.retries):
        await publish(broker, encode(event), encode(availability(uuid4(), 1)))
        await reaches(reader, "inbox_failure", 1)
        await reaches(reader, "seen", 1)
        kept = await reader.pool.fetchrow("SELECT state, attempts, error, body FROM inbox_failure")
        assert kept is not None
        assert (kept["state"], kept["attempts"], kept["error"]) == ("retry", 1, "ValueError")
        assert kept["body"] == encode(event)
        seen.fail.clear()
        await reader.pool.execute("UPDATE inbox_failure SET next_at = now()")
        await reaches(reader, "seen", 2)
        await reaches(reader, "inbox_failure", 0)


async def test_an_event_that_fails_for_a_day_is_dead_and_kept(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    event = availability(uuid4(), 1)
    seen.fail.add(event.id)
    taking = consumer(reader, broker, seen)
    async with running(taking.session, taking.retries):
        await publish(broker, encode(event))

        async def dead() -> bool:
            await reader.pool.execute("UPDATE inbox_failure SET next_at = now() WHERE state <> 'dead'")
            return bool(await reader.pool.fetchval("SELECT state = 'dead' FROM inbox_failure"))

        await eventually(dead, within=20)
    kept = await reader.pool.fetchrow("SELECT attempts, body FROM inbox_failure")
    assert kept is not None
    assert (kept["attempts"], kept["body"]) == (7, encode(event))


async def test_an_event_that_came_too_early_waits_without_counting_as_failed(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    event = availability(uuid4(), 1)
    seen.missing.add(event.id)
    taking = consumer(reader, broker, seen)
    async with running(taking.session, taking.retries):
        await publish(broker, encode(event))
        await reaches(reader, "inbox_failure", 1)
        kept = await reader.pool.fetchrow("SELECT state, attempts FROM inbox_failure")
        assert kept is not None
        assert tuple(kept) == ("waiting", 0)
        seen.missing.clear()
        await reaches(reader, "seen", 1, within=5)


@pytest.mark.parametrize("body", [b"not json", b"{}", b'{"type": "plats.session.exploded.v9"}', b"\x00\xff"])
async def test_what_cannot_be_read_is_dead_at_once_with_its_bytes(
    reader: Database, broker: VirtualHost, seen: Seen, body: bytes
) -> None:
    async with running(consumer(reader, broker, seen).session):
        await publish(broker, body, encode(availability(uuid4(), 1)))
        await reaches(reader, "seen", 1)
        await reaches(reader, "inbox_failure", 1)
    kept = await reader.pool.fetchrow("SELECT state, body, error FROM inbox_failure")
    assert kept is not None
    assert (kept["state"], kept["body"]) == ("dead", body)
    assert kept["error"]


async def test_a_database_that_goes_away_pauses_the_consumer_and_loses_nothing(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Every connection is cut while events arrive; nothing may count as failed or be lost."""
    async with running(consumer(reader, broker, seen).session):
        for _ in range(10):
            await publish(broker, *(encode(availability(uuid4(), 1)) for _ in range(20)))
            await reader.pool.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """
            )
        await reaches(reader, "seen", 200)
    assert await count(reader, "inbox_failure") == 0


async def test_a_message_that_cannot_be_settled_is_given_back_and_taken_again(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """A full disk, say: fails when the error escapes and the message stays in hand for ever."""
    await reader.pool.execute(
        """
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON inbox_failure FOR EACH ROW EXECUTE FUNCTION full_disk();
        """
    )
    taking = consumer(reader, broker, seen)
    async with running(taking.session):
        await publish(broker, *[b"junk"] * 12)

        async def stumbled() -> bool:
            return not taking.consuming

        await eventually(stumbled)
        await reader.pool.execute("DROP TRIGGER full_disk ON inbox_failure")
        await publish(broker, encode(availability(uuid4(), 1)))
        await reaches(reader, "seen", 1)
        await reaches(reader, "inbox_failure", 12)


async def test_the_consumer_asserts_its_own_bindings(reader: Database, broker: VirtualHost, seen: Seen) -> None:
    """A mandatory publish is content with any other queue; only the consumer knows what it needs."""
    where = f"{broker.management}/api/bindings/{broker.name}/e/{EXCHANGE}/q/catalog/availability.changed.v1"
    async with aiohttp.ClientSession() as http, http.delete(where) as answer:
        assert answer.status == 204
    taking = consumer(reader, broker, seen)
    async with running(taking.session):

        async def consuming() -> bool:
            return taking.consuming

        await eventually(consuming)
        await publish(broker, encode(availability(uuid4(), 1)))
        await reaches(reader, "seen", 1)


async def test_one_trace_from_the_event_to_its_handler(
    producer: Database, reader: Database, broker: VirtualHost
) -> None:
    tracing.setup("test")
    traces: list[int] = []

    async def note(_: Connection, __: Event) -> None:
        traces.append(trace.get_current_span().get_span_context().trace_id)

    with tracing.span("a visitor's click") as trace_id:
        await emitted(producer, availability(uuid4(), 1))
    taking = Consumer(reader, broker.url, "catalog", {AvailabilityChanged: note})
    async with running(Relay(producer, broker.url).session, taking.session):
        await reaches(reader, "inbox", 1)
    assert [f"{found:032x}" for found in traces] == [trace_id]


async def publish(broker: VirtualHost, *bodies: bytes) -> None:
    async with await aio_pika.connect(broker.url) as link:
        channel = await link.channel(on_return_raises=True)
        exchange = await channel.get_exchange(EXCHANGE)
        for body in bodies:
            await exchange.publish(aio_pika.Message(body), "availability.changed.v1", timeout=10)


async def queue_is_empty(broker: VirtualHost) -> None:
    """Until everything was acknowledged: asked of the broker itself, whose figures lag a little."""
    async with await aio_pika.connect(broker.url) as link:
        channel = await link.channel()

        async def empty() -> bool:
            queue = await channel.declare_queue("catalog", passive=True)
            return queue.declaration_result.message_count == 0

        await eventually(empty)
