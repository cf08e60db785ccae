"""What a broker and the way to it can do to a relay and a consumer: each provoked, none loses an event."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from aio_pika import Message

from deploy.local import rabbitmq
from shared import topology
from shared.broker import connection, keep_running, wait
from shared.db import Database
from shared.outbox import PERMANENT_ERRORS, Relay
from tests.support.backbone import Seen, availability, consumer, count, emitted, manage, reaches, running
from tests.support.brokers import VirtualHost, control
from tests.support.proxy import Proxy, proxy
from tests.support.servers import eventually

NOTICED = 6
"""Seconds after which a half-open connection is noticed with a heartbeat of one: (1 + 1) * 3."""


def through(way: Proxy, broker: VirtualHost) -> str:
    """The broker's address by way of the proxy, with the shortest heartbeat there is."""
    return f"{way.through(broker.url)}?heartbeat=1"


async def leading(relay: Relay) -> None:
    async def leads() -> bool:
        return relay.leading

    await eventually(leads, within=30)


@asynccontextmanager
async def ends(relay: Relay) -> AsyncIterator[None]:
    """Until a relay that leads has given up its session, whatever it does then."""
    assert relay.leading
    yield

    async def gave_up() -> bool:
        return not relay.leading

    await eventually(gave_up, within=30)


class Talker:
    """A loop that publishes without a time limit of its own."""

    def __init__(self, url: str) -> None:
        self.sessions = 0
        self._url = url

    async def session(self, stop: asyncio.Event) -> None:
        """Publish until stopped."""
        self.sessions += 1
        async with connection(self._url, "talker") as link:
            channel = await link.channel()
            while not await wait(stop, 0.05):
                await channel.default_exchange.publish(Message(b""), "nowhere", mandatory=False)


async def test_a_half_open_connection_is_noticed_by_whoever_uses_it(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """aio-pika then cancels whatever waits for it, without anybody having asked our task to end.

    Fails when a loop takes that CancelledError for its own, as its task would be over; when the relay takes it for a
    confirmation; when the consumer's session does not wait for the end of its connection too.
    """
    async with proxy(broker.url) as way:
        relay = Relay(producer, through(way, broker), confirm_within=60)
        hearing = consumer(reader, through(way, broker), seen)
        talker = Talker(through(way, broker))
        async with running(relay.session, hearing.session, talker.session):
            await emitted(producer, availability())
            await reaches(reader, "seen", 1)
            assert talker.sessions == 1
            async with ends(relay):
                way.freeze()
                await emitted(producer, *(availability() for _ in range(20)))

            async def all_noticed() -> bool:
                return not hearing.consuming and talker.sessions > 1

            await eventually(all_noticed, within=5 * NOTICED)
            assert await count(producer, "outbox") == 20, "nothing is deleted that was not confirmed"
            way.thaw()
            await reaches(reader, "seen", 21, within=30)
            await reaches(producer, "outbox", 0)


async def test_an_event_that_is_not_confirmed_in_time_is_told_again_on_another_connection(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """What was sent may arrive all the same, later.

    Fails when a publish waits for ever, counts as done, or is repeated on a channel that may still confirm the first.
    """
    async with proxy(broker.url) as way:
        relay = Relay(producer, way.through(broker.url), confirm_within=0.5)
        async with running(relay.session, consumer(reader, broker.url, seen).session):
            await leading(relay)
            before = way.connections
            async with ends(relay):
                way.freeze()
                await emitted(producer, *(availability() for _ in range(20)))
            assert await producer.pool.fetchval("SELECT last_error FROM outbox ORDER BY id") == (
                "not confirmed: TimeoutError"
            )
            assert await count(producer, "outbox") == 20
            way.thaw()
            await reaches(producer, "outbox", 0)
            assert way.connections > before
    assert await reader.pool.fetchval("SELECT count(DISTINCT event_id) FROM seen") == 20
    assert await count(reader, "seen") == 20


async def test_a_memory_alarm_stops_publishing_and_nothing_else(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen, broker_server: rabbitmq.Server
) -> None:
    """The broker blocks whoever publishes: committing and consuming go on, and all drains afterwards.

    Fails when a publish has no time limit, as the relay would call itself well; and when the consumer publishes
    too, or shares the relay's connection.
    """
    relay = Relay(producer, broker.url, confirm_within=1)
    async with running(relay.session):
        await emitted(producer, *(availability() for _ in range(20)))
        await reaches(producer, "outbox", 0)
        try:
            await control(broker_server, "set_vm_memory_high_watermark", "0")
            async with ends(relay):
                await emitted(producer, *(availability() for _ in range(20)))
            async with running(consumer(reader, broker.url, seen).session):
                await reaches(reader, "seen", 20)
            assert await count(producer, "outbox") == 20
        finally:
            await control(broker_server, "set_vm_memory_high_watermark", "absolute", "1GB")
        await reaches(producer, "outbox", 0, within=30)
        async with running(consumer(reader, broker.url, seen).session):
            await reaches(reader, "seen", 40)


async def test_an_exchange_that_is_gone_is_waited_for(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when publishing into nothing counts as told, or a relay without an exchange calls itself well."""
    relay = Relay(producer, broker.url)
    async with running(relay.session):
        await leading(relay)
        async with ends(relay):
            await manage(broker, "DELETE", "exchanges/{vhost}/plats.events")
            await emitted(producer, *(availability() for _ in range(20)))
        assert await count(producer, "outbox") == 20
        await topology.apply(broker.management, broker.name)
        async with running(consumer(reader, broker.url, seen).session):
            await reaches(reader, "seen", 20)


async def test_a_permission_that_is_taken_away_stops_nobody_for_good(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when what the broker forbids counts against the event: it would be parked for a mistake of ours."""
    relay = Relay(producer, broker.url)
    user = urlsplit(broker.url).username
    allowed: dict[str, object] = {"configure": ".*", "read": ".*", "write": ".*"}
    async with running(relay.session, consumer(reader, broker.url, seen).session):
        await leading(relay)
        async with ends(relay):
            await manage(broker, "PUT", f"permissions/{{vhost}}/{user}", **allowed | {"write": "^$"})
            await emitted(producer, *(availability() for _ in range(20)))
        tries = await producer.pool.fetch("SELECT attempts FROM outbox")
        assert [row["attempts"] for row in tries] == [0] * 20
        await manage(broker, "PUT", f"permissions/{{vhost}}/{user}", **allowed)
        await reaches(reader, "seen", 20)


async def test_connections_the_broker_closes_are_made_again(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen, broker_server: rabbitmq.Server
) -> None:
    """Fails when either side waits on a connection that is closed."""
    relay, hearing = Relay(producer, broker.url), consumer(reader, broker.url, seen)
    async with running(relay.session, hearing.session):
        for round_ in range(1, 3):
            await emitted(producer, *(availability() for _ in range(50)))
            await control(broker_server, "close_all_connections", "--vhost", broker.name, "for a test")
            await reaches(reader, "seen", round_ * 50)
            await reaches(producer, "outbox", 0)


async def test_an_event_the_broker_does_not_stand_is_parked_alone(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen, broker_server: rabbitmq.Server
) -> None:
    """It costs everybody the channel, each time it is tried.

    Fails when a session begins with a whole batch: nothing beside that event would ever be told.
    """
    large = availability()
    await emitted(producer, *(availability() for _ in range(10)))
    await emitted(producer, large.model_copy(update={"subject": "x" * 20_000}))
    await emitted(producer, *(availability() for _ in range(10)))
    await producer.pool.execute("UPDATE outbox SET attempts = $1", PERMANENT_ERRORS - 1)
    await control(broker_server, "eval", "application:set_env(rabbit, max_message_size, 10000).")
    try:
        async with running(Relay(producer, broker.url).session, consumer(reader, broker.url, seen).session):
            await reaches(reader, "seen", 20, within=30)

            async def parked() -> bool:
                left = await producer.pool.fetch("SELECT event_id, parked_at FROM outbox")
                return [(row["event_id"], row["parked_at"] is None) for row in left] == [(large.id, False)]

            await eventually(parked, within=30)
    finally:
        await control(broker_server, "eval", "application:set_env(rabbit, max_message_size, 134217728).")


@pytest.mark.parametrize("state", ["there", "away", "frozen"])
async def test_loops_that_start_and_stop_at_any_moment_leave_nothing_behind(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen, state: str
) -> None:
    """Thirty relays and consumers, each stopped a little later after its start than the one before.

    Fails when a stop is not looked at somewhere, a connection that was just being made is not closed, or an
    exception is nobody's.
    """
    complaints: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    before = asyncio.all_tasks()
    async with proxy(broker.url) as way:
        url = through(way, broker) if state != "away" else "amqp://nobody:x@127.0.0.1:9/"
        if state == "frozen":
            way.freeze()
        stops = [asyncio.Event() for _ in range(30)]
        loops = [
            asyncio.create_task(keep_running("stress", made.session, stop))
            for stop in stops
            for made in (Relay(producer, url, confirm_within=2), consumer(reader, url, seen))
        ]
        for moment, stop in enumerate(stops):
            asyncio.get_running_loop().call_later(moment * 0.05, stop.set)
        await emitted(producer, *(availability() for _ in range(50)))
        await asyncio.wait_for(asyncio.gather(*loops), timeout=40)
    await nothing_left(producer, before)
    asyncio.get_running_loop().set_exception_handler(None)
    assert complaints == []


async def nothing_left(producer: Database, before: set[asyncio.Task[object]]) -> None:
    """Until no task of ours and no connection of a relay remains."""

    async def gone() -> bool:
        tasks = {task for task in asyncio.all_tasks() if task not in before and not task.done()}
        held = await producer.pool.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'producer-relay'"
        )
        return len(tasks - {asyncio.current_task()}) == 0 and held == 0

    await eventually(gone, within=20)
