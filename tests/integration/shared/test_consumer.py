"""Consumers: each event has its effect once, and what cannot have it is kept and harms no other."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import aio_pika
import asyncpg
import pytest
import structlog
from opentelemetry import trace
from prometheus_client import REGISTRY

from shared import inbox, topology, tracing
from shared.breaker import LOOKED_AT
from shared.db import Connection, Database
from shared.events import EXCHANGE, AnyEvent, AvailabilityChanged, Event, SessionPublished, encode
from shared.failures import CRASHES, RETRY_AFTER, Failures
from shared.inbox import PREFETCH, Consumer
from shared.incoming import Head
from shared.outbox import MAX_EVENT, Relay
from tests.support.backbone import Seen, availability, consumer, count, emitted, manage, reaches, running
from tests.support.brokers import VirtualHost
from tests.support.databases import Databases
from tests.support.proxy import proxy
from tests.support.samples import published, session_state
from tests.support.servers import ROOT, eventually

NOBODY = UUID(int=0)


@pytest.fixture(autouse=True, scope="module")
def _plain_tracebacks() -> Iterator[None]:
    """These tests raise hundreds of errors; drawing each of them with its variables would take most of their time."""
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, console])
    yield
    structlog.reset_defaults()


async def publish(broker: VirtualHost, *bodies: bytes) -> None:
    """Put messages into catalog's queue, whatever they hold."""
    async with await aio_pika.connect(broker.url) as link:
        channel = await link.channel(on_return_raises=True)
        exchange = await channel.get_exchange(EXCHANGE)
        for body in bodies:
            message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
            await exchange.publish(message, "availability.changed.v1", timeout=10)


async def in_queue(broker: VirtualHost, queue: str = "catalog") -> int:
    """How many messages wait in a queue, not counting those in somebody's hand."""
    async with await aio_pika.connect(broker.url) as link:
        channel = await link.channel()
        found = await channel.declare_queue(queue, passive=True)
        return found.declaration_result.message_count or 0


async def queue_is_empty(broker: VirtualHost) -> None:
    async def empty() -> bool:
        return await in_queue(broker) == 0

    await eventually(empty)


async def consumes(taking: Consumer, *, well: bool = True) -> None:
    """Until a consumer says that it is well, or that it is not."""

    async def says_so() -> bool:
        return taking.consuming == well

    await eventually(says_so, within=20)


@dataclass(frozen=True, kw_only=True)
class Failure:
    state: str
    attempts: int
    error: str
    type: str | None
    body: bytes
    delay: float


async def failures(database: Database) -> list[Failure]:
    """What is kept, with the seconds from its last change to its next try."""
    rows = await database.pool.fetch(
        """
        SELECT state, attempts, error, type, body, extract(epoch FROM next_at - updated_at)::float AS delay
        FROM inbox_failure ORDER BY created_at, id
        """
    )
    return [Failure(**dict(row)) for row in rows]


async def waiting_backends(database: Database, how_many: int) -> None:
    """Until so many transactions of this database wait for a lock."""

    async def wait() -> bool:
        found = await database.pool.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(found == how_many)

    await eventually(wait)


async def all_due(database: Database) -> None:
    """Let the time of every next try come."""
    await database.pool.execute("UPDATE inbox_failure SET next_at = now() WHERE state <> 'dead'")


class Counting(Consumer):
    """Counts how often it tried to handle anything."""

    tries = 0

    async def handle(self, event: AnyEvent) -> None:
        self.tries += 1
        await super().handle(event)

    async def tried(self, more: int) -> None:
        """Until it tried so many times more."""
        goal = self.tries + more

        async def reached() -> bool:
            return self.tries >= goal

        await eventually(reached, within=30)


async def test_a_doubled_event_has_its_effect_once(reader: Database, broker: VirtualHost, seen: Seen) -> None:
    """Also with a second replica. Fails when the inbox' mark is left out, or set after the handler's commit."""
    events = [availability() for _ in range(20)]
    async with running(consumer(reader, broker.url, seen).session, consumer(reader, broker.url, seen).session):
        await publish(broker, *[encode(event) for event in events for _ in range(3)])
        await reaches(reader, "inbox", 20)
        await queue_is_empty(broker)
    assert await count(reader, "seen") == 20


async def test_a_handler_that_fails_leaves_nothing_and_is_tried_again(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when the inbox' mark is written outside the handler's transaction: the second try would find it."""
    event = availability()
    seen.fail.add(event.id)
    taking = consumer(reader, broker.url, seen)
    async with running(taking.session, taking.retries):
        await publish(broker, encode(event), encode(event), encode(availability()))
        await reaches(reader, "inbox_failure", 1)
        await reaches(reader, "seen", 1)
        await queue_is_empty(broker)
        [kept] = await failures(reader)
        assert (kept.state, kept.attempts, kept.error, kept.body) == ("retry", 1, "ValueError", encode(event))
        seen.fail.clear()
        await all_due(reader)
        await reaches(reader, "seen", 2)
        await reaches(reader, "inbox_failure", 0)
    assert taking.consuming is False


async def test_an_event_that_fails_is_tried_at_these_times_and_then_dead(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """By the database's clock, with a fifth of jitter. Fails when the delays are out of step with the attempts."""
    event = availability()
    seen.fail.add(event.id)
    taking = consumer(reader, broker.url, seen)
    async with running(taking.session, taking.retries):
        await publish(broker, encode(event))
        for attempt, delay in enumerate(RETRY_AFTER, start=1):

            async def failed(attempt: int = attempt) -> Failure | None:
                kept = await failures(reader)
                return kept[0] if kept and kept[0].attempts == attempt and kept[0].delay != 60 else None

            kept = await eventually(failed)
            assert kept.state == "retry"
            assert 0.8 * delay.total_seconds() <= kept.delay <= 1.2 * delay.total_seconds()
            await all_due(reader)

        async def dead() -> bool:
            return (await failures(reader))[0].state == "dead"

        await eventually(dead)
    [kept] = await failures(reader)
    assert (kept.attempts, kept.body) == (len(RETRY_AFTER) + 1, encode(event))


async def test_an_event_that_came_too_early_waits_without_counting_as_failed(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Also not by the judgement whether nearly everything fails. Fails when NotYet is treated as any error."""
    events = [availability() for _ in range(LOOKED_AT + PREFETCH)]
    seen.missing |= {event.id for event in events}
    taking = consumer(reader, broker.url, seen)
    async with running(taking.session, taking.retries):
        await publish(broker, *map(encode, events))
        await reaches(reader, "inbox_failure", len(events))
        assert {(kept.state, kept.attempts) for kept in await failures(reader)} == {("waiting", 0)}
        assert taking.consuming
        seen.missing.clear()
        await reaches(reader, "seen", len(events))


def changed(event: AnyEvent, **changes: object) -> bytes:
    """An event's bytes with other fields in its envelope."""
    return json.dumps(json.loads(encode(event)) | changes).encode()


def unreadable() -> dict[str, bytes]:
    """What no consumer takes, by a word of the reason it gives."""
    event = availability()
    return {
        "Invalid JSON: expected ident": b"not json",
        "Unable to extract tag": b"{}",
        "unknown type plats.session.exploded.v9: a newer": changed(event, type="plats.session.exploded.v9"),
        "unknown type plats.session.published.v1: a newer": encode(published(session_state())),
        "unknown type a?b?": changed(event, type="a\0b\x1b"),
        "Invalid JSON: expected value": b"\x00\xff",
        "data.revision: Input should be a valid integer": changed(event, data={"revision": "many"}),
        "id: Input should be a valid UUID": changed(event, id="no id"),
        "says that it is from notify, but only booking": changed(event, source="notify"),
        f"{MAX_EVENT + 2} bytes": json.dumps("x" * MAX_EVENT).encode(),
        "recursion limit": b"[" * 10_000,
    }


async def test_what_cannot_be_read_is_dead_at_once_with_its_bytes_and_holds_up_nobody(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when a failure is stored without its raw bytes, and when what strangers wrote cannot be stored (a NUL)."""
    bodies = unreadable()
    taking = consumer(reader, broker.url, seen)
    async with running(taking.session):
        for _ in range(2):
            await publish(broker, *(each for body in bodies.values() for each in (body, encode(availability()))))
        await reaches(reader, "seen", 2 * len(bodies))
        await queue_is_empty(broker)
        assert taking.consuming
    kept = await failures(reader)
    assert {each.state for each in kept} == {"dead"}
    assert sorted(each.body for each in kept) == sorted(bodies.values())
    reasons = {each.body: each.error for each in kept}
    assert {word for word, body in bodies.items() if word not in reasons[body]} == set()


async def test_two_that_say_they_are_the_same_event_at_once_are_both_kept(reader: Database) -> None:
    """Fails when the second is refused for the name that the first is just taking: it would stay in hand and pause."""
    event = availability()
    body = changed(event, data={})
    async with asyncio.TaskGroup() as group, reader.pool.acquire() as conn, conn.transaction():
        await conn.execute(
            "INSERT INTO inbox_failure (id, event_id, body, state, error) VALUES ($1, $2, 'junk', 'dead', '')",
            uuid4(),
            event.id,
        )
        for _ in range(2):
            group.create_task(Failures(reader).bury(body, "unreadable", Head(id=event.id)))
        await waiting_backends(reader, 2)
    assert sorted(each.body for each in await failures(reader)) == sorted([body, b"junk"])


async def test_an_event_is_kept_while_junk_is_taking_its_name(reader: Database) -> None:
    """Fails when it is taken for stored since a row that nobody could see yet has its id: it would be lost."""
    event = availability()
    body = encode(event)
    async with asyncio.TaskGroup() as group, reader.pool.acquire() as conn, conn.transaction():
        await conn.execute(
            "INSERT INTO inbox_failure (id, event_id, body, state, error) VALUES ($1, $2, 'junk', 'dead', '')",
            uuid4(),
            event.id,
        )
        group.create_task(Failures(reader).keep(event, body, "retry", "failed"))
        await waiting_backends(reader, 1)
    assert {each.body: each.state for each in await failures(reader)} == {body: "retry", b"junk": "dead"}


async def test_a_flood_of_junk_delays_no_event(reader: Database, broker: VirtualHost, seen: Seen) -> None:
    """Fails when junk counts towards the pause: whoever sends forty of it would stop the service for minutes."""
    async with running(consumer(reader, broker.url, seen).session):
        await publish(broker, *(b"junk %d" % number for number in range(60)), encode(availability()))
        await reaches(reader, "seen", 1)
        await reaches(reader, "inbox_failure", 60)


async def test_a_contract_that_is_broken_pauses_the_consumer(reader: Database, broker: VirtualHost, seen: Seen) -> None:
    """Our own events in a shape that we do not read. Fails when these are not judged: all would be given up."""
    taking = consumer(reader, broker.url, seen)
    async with running(taking.session):
        await publish(broker, *(changed(availability(), data={"revision": "many"}) for _ in range(60)))

        async def paused() -> bool:
            return not taking.consuming and await count(reader, "inbox_failure") >= LOOKED_AT

        await eventually(paused)
    assert await count(reader, "inbox_failure") < 60


async def test_junk_under_the_name_of_an_event_does_not_keep_it_from_being_tried_again(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when the failure of the event is taken for stored since a dead row has its id."""
    event = availability()
    seen.fail.add(event.id)
    async with running(consumer(reader, broker.url, seen).session):
        await publish(broker, changed(event, data={}), encode(event))
        await reaches(reader, "inbox_failure", 2)
    assert sorted(each.state for each in await failures(reader)) == ["dead", "retry"]


async def test_what_had_its_effect_is_not_dead_however_often_its_consumer_died(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Killed after each commit. Fails when what the broker gave up on is not compared with the inbox."""
    event = availability()
    taking = consumer(reader, broker.url, seen)
    await taking.handle(event)
    async with running(taking.dead_letters):
        async with await aio_pika.connect(broker.url) as link:
            channel = await link.channel()
            for body in (encode(event), b"junk"):
                await channel.default_exchange.publish(aio_pika.Message(body), "catalog.dead", timeout=10)
        await reaches(reader, "inbox_failure", 1)
    assert [each.body for each in await failures(reader)] == [b"junk"]


async def test_an_unknown_field_of_a_newer_version_is_ignored(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when events forbid fields they do not know."""
    event = availability()
    newer = json.loads(encode(event))
    newer |= {"severity": "low", "data": newer["data"] | {"standing": 3}}
    async with running(consumer(reader, broker.url, seen).session):
        await publish(broker, json.dumps(newer).encode())
        await reaches(reader, "seen", 1)
    assert await count(reader, "inbox_failure") == 0


async def test_a_value_the_database_cannot_hold_is_the_events_fault(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when such an error counts as a database that is away, and so as a reason to wait."""

    async def handle(conn: Connection, event: AvailabilityChanged) -> None:
        await conn.execute("SELECT $1::bigint", event.data.revision)
        await seen(conn, event)

    taking = Consumer(reader, broker.url, "catalog", {AvailabilityChanged: handle})
    with structlog.testing.capture_logs() as lines:
        async with running(taking.session):
            await publish(broker, encode(availability(revision=10**30)), encode(availability()))
            await reaches(reader, "seen", 1)
            await reaches(reader, "inbox_failure", 1)
            assert taking.consuming
    assert "consumer_waits" not in {line["event"] for line in lines}
    assert [kept.error for kept in await failures(reader)] == ["DataError 22000"]


async def test_a_constraint_that_refuses_is_named(reader: Database, broker: VirtualHost, seen: Seen) -> None:
    await reader.pool.execute("ALTER TABLE seen ADD CONSTRAINT seen_never CHECK (event_id IS NULL)")
    async with running(consumer(reader, broker.url, seen).session):
        await publish(broker, encode(availability()))
        await reaches(reader, "inbox_failure", 1)
    assert [kept.error for kept in await failures(reader)] == ["CheckViolationError seen_never"]


async def test_a_database_that_goes_away_pauses_the_consumer_and_loses_nothing(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Every connection is cut while events arrive. Fails when a cut connection counts as an event's failure."""
    taking = consumer(reader, broker.url, seen)
    async with running(taking.session):
        for _ in range(10):
            await publish(broker, *(encode(availability()) for _ in range(20)))
            await reader.pool.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """
            )
        await reaches(reader, "seen", 200)
        await consumes(taking)
    assert await count(reader, "inbox_failure") == 0


DISK: LiteralString = """
    CREATE OR REPLACE FUNCTION disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {what} END $$
"""
FULL = DISK.replace("{what}", "RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full';")
FREE = DISK.replace("{what}", "RETURN NEW;")


@dataclass(frozen=True, kw_only=True)
class Outage:
    """How a database becomes unusable for a role, and usable again."""

    begin: LiteralString
    end: LiteralString


OUTAGES = {
    "read-only": Outage(
        begin="ALTER ROLE {role} SET default_transaction_read_only = on",
        end="ALTER ROLE {role} RESET default_transaction_read_only",
    ),
    "no connection left": Outage(
        begin="ALTER ROLE {role} CONNECTION LIMIT 0", end="ALTER ROLE {role} CONNECTION LIMIT -1"
    ),
    "disk full": Outage(
        begin=FULL
        + ";CREATE TRIGGER disk BEFORE INSERT ON seen FOR EACH ROW EXECUTE FUNCTION disk()"
        + ";CREATE TRIGGER disk BEFORE INSERT ON inbox_failure FOR EACH ROW EXECUTE FUNCTION disk()",
        end=FREE,  # dropping the triggers would wait for handlers, and they for it
    ),
}


@asynccontextmanager
async def as_role(database: Database, role: str) -> AsyncIterator[Database]:
    """The same database as a role that is nobody special, and so is refused what others are."""
    await database.pool.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'")
    await database.pool.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
    parts = urlsplit(database.dsn)
    host = parts.netloc.rpartition("@")[2]
    try:
        async with Database(urlunsplit(parts._replace(netloc=f"{role}:secret@{host}")), name="nobody") as made:
            yield made
    finally:
        await database.pool.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


@asynccontextmanager
async def during(outage: Outage, admin: Database, role: str) -> AsyncIterator[None]:
    """For as long as the block lasts, new and old connections of the role see the outage."""
    ended = """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE usename = $1 AND datname = current_database()
    """
    await admin.pool.execute(outage.begin.replace("{role}", role))
    await admin.pool.execute(ended, role)
    try:
        yield
    finally:
        await admin.pool.execute(outage.end.replace("{role}", role))
        await admin.pool.execute(ended, role)


@pytest.mark.parametrize("kind", OUTAGES)
async def test_while_the_database_is_of_no_use_events_wait_and_use_up_no_delivery(
    reader: Database, broker: VirtualHost, seen: Seen, kind: str
) -> None:
    """The broker would give each of them up at its second return.

    Fails when messages are given back to the queue meanwhile, and when such an error is stored as a failure.
    """
    await limited(broker, 1)
    role = f"role_{uuid4().hex[:8]}"
    async with as_role(reader, role) as database:
        taking = Counting(database, broker.url, "catalog", {AvailabilityChanged: seen})
        async with running(taking.session, taking.retries):
            await publish(broker, encode(availability()))
            await reaches(reader, "seen", 1)
            await consumes(taking)
            async with during(OUTAGES[kind], reader, role):
                await publish(broker, *(encode(availability()) for _ in range(2 * PREFETCH)))
                await consumes(taking, well=False)
                await taking.tried(3 * PREFETCH)
                assert await count(reader, "seen") == 1
            await reaches(reader, "seen", 1 + 2 * PREFETCH)
            await consumes(taking)
    assert await count(reader, "inbox_failure") == 0
    assert await in_queue(broker, "catalog.dead") == 0


async def test_a_message_for_which_alone_the_database_seems_away_waits_its_turn_like_any_failure(
    reader: Database, broker: VirtualHost, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when it is held for ever: ten of them would stop the consumer."""
    monkeypatch.setattr(inbox, "_PATIENCE", 2)
    odd = availability()

    async def handle(conn: Connection, event: Event) -> None:
        if event.id == odd.id:
            raise OSError
        await seen(conn, event)

    taking = Consumer(reader, broker.url, "catalog", {AvailabilityChanged: handle})
    async with running(taking.session):
        await publish(broker, encode(odd), encode(availability()))
        await reaches(reader, "inbox_failure", 1)
        await reaches(reader, "seen", 1)
        await consumes(taking)
    assert [(kept.state, kept.error) for kept in await failures(reader)] == [("retry", "OSError")]


def restarts() -> float:
    """How often loops of these tests ended and began again."""
    return REGISTRY.get_sample_value("plats_loop_restarts_total", {"loop": "test"}) or 0


async def test_a_database_that_is_made_last(
    reader: Database, databases: Databases, broker: VirtualHost, seen: Seen
) -> None:
    """Nothing is taken from the queue before; another replica might have its database. Fails without that check."""
    name = urlsplit(reader.dsn).path.removeprefix("/")
    taking = consumer(reader, broker.url, seen)
    admin = await asyncpg.connect(await databases.create("catalog"))
    await reader.pool.expire_connections()
    await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    await admin.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_later"')
    await publish(broker, encode(availability()))
    before = restarts()
    async with running(taking.session):

        async def tried() -> bool:
            return restarts() > before

        await eventually(tried, within=20)
        assert await in_queue(broker) == 1
        await admin.execute(f'ALTER DATABASE "{name}_later" RENAME TO "{name}"')
        await admin.close()
        await reaches(reader, "seen", 1)
    assert await count(reader, "inbox_failure") == 0


async def limited(broker: VirtualHost, deliveries: int) -> None:
    """Let the broker give up messages after so many returns."""
    name = topology.policy("catalog")
    policy = topology.BROKER_POLICIES[name]
    definition = policy["definition"] | {"delivery-limit": deliveries}
    await manage(broker, "PUT", f"policies/{{vhost}}/{name}", **dict(policy) | {"definition": definition})

    async def applied() -> bool:
        async with await aio_pika.connect(broker.url) as link:
            channel = await link.channel()
            await channel.get_queue("catalog", ensure=True)
        return True

    await eventually(applied)


async def test_a_consumer_for_which_everything_fails_stops_and_tries_one_now_and_then(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """What failed already is tried meanwhile too, and uses up no attempt.

    Fails when the judgement is left out (all become failures), or when retries are counted while paused.
    """
    events = [availability() for _ in range(100)]
    seen.fail |= {event.id for event in events}
    taking = consumer(reader, broker.url, seen)
    async with running(taking.session, taking.retries):
        await publish(broker, *map(encode, events))
        await consumes(taking, well=False)
        await all_due(reader)

        async def tried_again() -> bool:
            query = "SELECT true FROM inbox_failure WHERE started = 0 AND updated_at > created_at LIMIT 1"
            return bool(await reader.pool.fetchval(query))

        await eventually(tried_again, within=20)
        kept = await failures(reader)
        assert len(kept) < LOOKED_AT + 2 * PREFETCH
        assert {(each.state, each.attempts) for each in kept} == {("retry", 1)}
        assert await in_queue(broker) > len(events) - LOOKED_AT - 2 * PREFETCH
        seen.fail.clear()
        await consumes(taking)
        await queue_is_empty(broker)
        await all_due(reader)
        await reaches(reader, "seen", len(events))
        await reaches(reader, "inbox_failure", 0)


async def test_a_paused_consumer_goes_on_when_what_failed_before_succeeds(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """The queue is empty, so there is nothing else to try. Fails when retries rest while paused."""
    events = [availability() for _ in range(LOOKED_AT)]
    seen.fail |= {event.id for event in events}
    taking = consumer(reader, broker.url, seen)
    async with running(taking.session, taking.retries):
        await publish(broker, *map(encode, events))
        await consumes(taking, well=False)
        await queue_is_empty(broker)
        seen.fail.clear()
        await all_due(reader)
        await consumes(taking)
        await reaches(reader, "inbox_failure", 0)


async def test_two_handlers_in_a_deadlock_both_have_their_effect_at_once(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when a deadlock is not rerun: one of them would be kept for ten seconds."""
    await reader.pool.execute(
        "CREATE TABLE chair (id int PRIMARY KEY, taken int); INSERT INTO chair VALUES (1,0), (2,0)"
    )
    both_hold_one = asyncio.Barrier(2)
    orders = {uuid4(): (1, 2), uuid4(): (2, 1)}
    take = "UPDATE chair SET taken = taken + 1 WHERE id = $1"
    tries = 0

    async def handle(conn: Connection, event: AvailabilityChanged) -> None:
        nonlocal tries
        tries += 1
        first, second = orders.get(event.data.session_id, (0, 0))
        await conn.execute(take, first)
        if 1 < tries <= 3:
            await both_hold_one.wait()
        await conn.execute(take, second)
        await seen(conn, event)

    taking = Consumer(reader, broker.url, "catalog", {AvailabilityChanged: handle})
    async with running(taking.session):
        await publish(broker, encode(availability()))
        await reaches(reader, "seen", 1)
        await publish(broker, *(encode(availability(session)) for session in orders))
        await reaches(reader, "seen", 3)
    assert tries > 3, "there was no deadlock"
    assert [row["taken"] for row in await reader.pool.fetch("SELECT taken FROM chair")] == [2, 2]
    assert await count(reader, "inbox_failure") == 0


async def test_a_retry_and_a_fresh_delivery_at_once_have_one_effect(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails without the inbox' mark, and when the mark is set in a transaction of its own."""
    event = availability()

    async def handle(conn: Connection, event: Event) -> None:
        await conn.execute("SELECT pg_advisory_xact_lock(1)")
        await seen(conn, event)

    seen.fail.add(event.id)
    taking = Consumer(reader, broker.url, "catalog", {AvailabilityChanged: handle})
    async with running(taking.session, taking.retries):
        await publish(broker, encode(event))
        await reaches(reader, "inbox_failure", 1)
        seen.fail.clear()
        async with reader.pool.acquire() as conn, conn.transaction():
            await conn.execute("SELECT pg_advisory_xact_lock(1)")
            await all_due(reader)
            await waiting_backends(reader, 1)
            await publish(broker, encode(event))
            await waiting_backends(reader, 2)
        await reaches(reader, "inbox_failure", 0)
        await queue_is_empty(broker)
    assert await count(reader, "seen") == 1


async def test_a_consumer_cancelled_in_the_middle_gives_its_message_back(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when the acknowledgement comes before the commit."""

    async def handle(conn: Connection, event: Event) -> None:
        await conn.execute("SELECT pg_advisory_xact_lock(1)")
        await seen(conn, event)

    first = Consumer(reader, broker.url, "catalog", {AvailabilityChanged: handle})
    session = asyncio.create_task(first.session(asyncio.Event()))
    async with reader.pool.acquire() as conn, conn.transaction():
        await conn.execute("SELECT pg_advisory_xact_lock(1)")
        await publish(broker, encode(availability()))
        await waiting_backends(reader, 1)
        session.cancel()
        with suppress(asyncio.CancelledError):
            await session
    async with running(consumer(reader, broker.url, seen).session):
        await reaches(reader, "seen", 1)
    assert await in_queue(broker, "catalog.dead") == 0


async def test_a_connection_cut_before_the_acknowledgement_changes_nothing(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when what is delivered again has its effect again, or when the consumer does not come back."""
    async with proxy(broker.url) as way:
        taking = consumer(reader, way.through(broker.url), seen)
        async with running(taking.session):
            for _ in range(5):
                await publish(broker, *(encode(availability()) for _ in range(20)))
                way.cut()
            await reaches(reader, "inbox", 100)
            await consumes(taking)
            await queue_is_empty(broker)
    assert await count(reader, "seen") == 100


async def test_a_consumer_whose_queue_is_deleted_takes_up_the_new_one(
    reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when the broker's cancellation of the consumer goes unnoticed: the channel stays open and silent."""
    taking = consumer(reader, broker.url, seen)
    async with running(taking.session):
        await consumes(taking)
        await manage(broker, "DELETE", "queues/{vhost}/catalog")
        await consumes(taking, well=False)
        await topology.apply(broker.management, broker.name)
        await consumes(taking)
        await publish(broker, encode(availability()))
        await reaches(reader, "seen", 1)


async def test_the_consumer_asserts_its_own_bindings(reader: Database, broker: VirtualHost, seen: Seen) -> None:
    """A mandatory publish is content with any other queue; only the consumer knows what it needs.

    Fails when it relies on the topology alone, and when it looks at the start only.
    """
    key = "availability.changed.v1"
    binding = f"bindings/{{vhost}}/e/{EXCHANGE}/q/catalog/{key}"
    await manage(broker, "DELETE", binding)
    taking = Consumer(reader, broker.url, "catalog", {AvailabilityChanged: seen}, binding_every=0.2)
    async with running(taking.session):
        await consumes(taking)
        await publish(broker, encode(availability()))
        await reaches(reader, "seen", 1)
        await manage(broker, "DELETE", binding)

        async def bound_again() -> bool:
            return not await topology.verify(broker.management, broker.name)

        await eventually(bound_again)
        await publish(broker, encode(availability()))
        await reaches(reader, "seen", 2)


@asynccontextmanager
async def crashing(
    reader: Database, broker: VirtualHost, marker: Path, *, always: UUID = NOBODY, once: UUID = NOBODY
) -> AsyncIterator[None]:
    """A consumer in a process that these events end, and that is started again each time."""
    environment = {
        "DATABASE": reader.dsn,
        "BROKER": broker.url,
        "ALWAYS": str(always),
        "ONCE": str(once),
        "MARKER": str(marker),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.crashing", cwd=ROOT, env=os.environ | environment
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.usefixtures("seen")
async def test_a_message_that_ends_the_process_each_time_is_dead_in_the_end_and_harms_no_other(
    reader: Database, broker: VirtualHost, tmp_path: Path
) -> None:
    """Two of thirty end the process: one once, one each time; the broker gives up at the fourth return.

    Fails when the acknowledgement comes before the commit (the one that crashed once is lost), when a new process
    takes ten messages at once (innocent ones are given up with the guilty), when nobody takes in what the broker gave
    up, and when a replay may end the process for ever.
    """
    await limited(broker, 3)
    events = [availability() for _ in range(30)]
    always, once = events[15], events[20]
    async with crashing(reader, broker, tmp_path / "crashed", always=always.id, once=once.id):
        await publish(broker, *map(encode, events))
        await reaches(reader, "seen", 29, within=60)
        await reaches(reader, "inbox_failure", 1, within=60)
        [kept] = await failures(reader)
        assert (kept.state, kept.body) == ("dead", encode(always))
        assert kept.error == "crash loop: it ended its consumer each time"

        await reader.pool.execute("UPDATE inbox_failure SET state = 'retry', next_at = now(), once = true")

        async def dead_again() -> bool:
            await all_due(reader)
            return (await failures(reader))[0].state == "dead"

        await eventually(dead_again, within=60)
    [kept] = await failures(reader)
    assert kept.error == f"crash loop: taken up {CRASHES} times without any outcome"
    assert await reader.pool.fetchval("SELECT count(DISTINCT event_id) FROM seen") == 29
    assert await count(reader, "seen") == 29
    assert await in_queue(broker, "catalog.dead") == 0


async def test_one_trace_from_the_event_to_its_handler(
    producer: Database, reader: Database, broker: VirtualHost
) -> None:
    """Fails when the consumer starts a trace of its own."""
    tracing.setup("test")
    traces: list[int] = []

    async def note(_: Connection, __: Event) -> None:
        traces.append(trace.get_current_span().get_span_context().trace_id)

    with tracing.span("a visitor's click") as trace_id:
        await emitted(producer, availability())
    taking = Consumer(reader, broker.url, "catalog", {AvailabilityChanged: note, SessionPublished: note})
    async with running(Relay(producer, broker.url).session, taking.session):
        await reaches(reader, "inbox", 1)
    assert [f"{found:032x}" for found in traces] == [trace_id]
