"""The outbox and its relay: whatever happens to either, an event is told at least once."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import pytest

from shared.broker import keep_running
from shared.db import Database
from shared.events import Staffing, StaffingChanged
from shared.outbox import MAX_EVENT, PERMANENT_ERRORS, EventTooLarge, Relay, emit
from tests.support.backbone import Seen, availability, consumer, count, emitted, manage, reaches, running
from tests.support.brokers import VirtualHost
from tests.support.servers import ROOT, eventually

LEASE = 2


@asynccontextmanager
async def relay_process(
    producer: Database, broker: VirtualHost, name: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A relay in a process of its own, killed at the end."""
    environment = {"DATABASE": producer.dsn, "BROKER": broker.url, "NAME": name, "LEASE": str(LEASE)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.relay", cwd=ROOT, env=os.environ | environment
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def leads(database: Database, name: str) -> None:
    """Until the relay of this name holds the lock."""

    async def holds() -> bool:
        return bool(
            await database.pool.fetchval(
                """
                SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
                WHERE locktype = 'advisory' AND granted AND application_name = $1
                AND pg_stat_activity.datname = current_database()
                """,
                f"{name}-relay",
            )
        )

    await eventually(holds, within=20)


def staffing() -> StaffingChanged:
    """An event that only booking hears."""
    state = Staffing(session_id=uuid4(), revision=1, helpers=1, needed=2)
    return StaffingChanged.of(state.session_id, state)


async def unbind(broker: VirtualHost, queue: str, key: str) -> None:
    await manage(broker, "DELETE", f"bindings/{{vhost}}/e/plats.events/q/{queue}/{key}")


async def bind(broker: VirtualHost, queue: str, key: str) -> None:
    await manage(broker, "POST", f"bindings/{{vhost}}/e/plats.events/q/{queue}", routing_key=key)


async def test_events_go_out_once_and_the_outbox_is_empty_again(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when confirmed events are not noted in `published`, or not deleted."""
    events = [availability() for _ in range(500)]
    await emitted(producer, *events)
    async with running(Relay(producer, broker.url).session, consumer(reader, broker.url, seen).session):
        await reaches(reader, "seen", 500)
        await reaches(producer, "outbox", 0)
    assert await count(reader, "inbox") == 500
    told = await producer.pool.fetch("SELECT event_id FROM published")
    assert {row["event_id"] for row in told} == {event.id for event in events}
    assert await reader.pool.fetchval("SELECT count(DISTINCT event_id) FROM seen") == 500


async def test_rows_that_commit_late_are_not_lost(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """An early id that commits after later ones. Fails when the relay remembers the last id it saw."""
    early = availability()
    async with running(Relay(producer, broker.url).session, consumer(reader, broker.url, seen).session):
        async with producer.transaction() as conn:
            await emit(conn, early)
            await emitted(producer, availability())
            await reaches(reader, "seen", 1)
        await reaches(reader, "seen", 2)


async def test_what_was_rolled_back_is_never_told(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when an event is stored outside the transaction of its state."""
    async with running(Relay(producer, broker.url).session, consumer(reader, broker.url, seen).session):
        async with producer.pool.acquire() as conn:
            doomed = conn.transaction()
            await doomed.start()
            await emit(conn, availability())
            await doomed.rollback()
        await emitted(producer, availability())
        await reaches(reader, "seen", 1)
    assert await count(reader, "seen") == 1


async def test_an_event_that_consumers_would_refuse_is_not_stored(producer: Database) -> None:
    """Fails when its size is not looked at: the state would be there and the event never heard."""
    event = staffing()
    large = event.model_copy(update={"traceparent": None, "subject": "x" * MAX_EVENT})
    with pytest.raises(EventTooLarge):
        await emitted(producer, event, large)
    assert await count(producer, "outbox") == 0


async def test_a_second_relay_takes_over_when_the_first_ones_connection_is_lost(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when the lock is not on the connection that publishes by it, or a standby never asks again."""
    first, second = Relay(producer, broker.url), Relay(producer, broker.url)
    async with running(second.session, consumer(reader, broker.url, seen).session):
        async with running(first.session):

            async def one_leads() -> bool:
                return first.well and second.well and first.leading != second.leading

            await eventually(one_leads)
            for _ in range(20):
                await emitted(producer, availability())
            await reaches(reader, "seen", 20)
            await producer.pool.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'producer-relay' AND datname = current_database()
                """
            )
            await eventually(one_leads)
        await emitted(producer, availability())
        await reaches(reader, "seen", 21)


async def test_a_leader_killed_between_confirmation_and_deletion_loses_nothing(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Its events are told once more and have their effect once.

    Fails when an event is deleted as soon as it is read, or the relay goes by a cursor.
    """
    async with (
        relay_process(producer, broker, "doomed") as process,
        running(consumer(reader, broker.url, seen).session),
    ):
        await leads(producer, "doomed")
        async with producer.pool.acquire() as conn, conn.transaction():
            await conn.execute("LOCK TABLE published IN ACCESS EXCLUSIVE MODE")
            await emitted(producer, *(availability() for _ in range(30)))
            await reaches(reader, "seen", 1)
            process.kill()
            await process.wait()
            await producer.pool.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doomed-relay'"
            )
        assert await count(producer, "outbox") == 30
        async with running(Relay(producer, broker.url).session):
            await reaches(producer, "outbox", 0)
            await reaches(reader, "seen", 30)
    assert await reader.pool.fetchval("SELECT count(DISTINCT event_id) FROM seen") == 30


async def test_a_frozen_leader_loses_the_lock_and_does_no_harm_when_it_thaws(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """SIGSTOP: its connection to the database stays as it is. Fails without a lease: nobody else ever leads."""
    standby = Relay(producer, broker.url)
    async with (
        relay_process(producer, broker, "frozen") as process,
        running(consumer(reader, broker.url, seen).session),
    ):
        await leads(producer, "frozen")
        async with running(standby.session):
            await emitted(producer, *(availability() for _ in range(100)))
            process.send_signal(signal.SIGSTOP)
            await emitted(producer, *(availability() for _ in range(100)))
            await leads(producer, "producer")
            await reaches(producer, "outbox", 0)
            process.send_signal(signal.SIGCONT)
            await emitted(producer, availability())
            await reaches(reader, "seen", 201)
            assert standby.leading
    assert await reader.pool.fetchval("SELECT count(DISTINCT event_id) FROM seen") == 201
    assert await count(producer, "published") == 201


async def test_an_event_no_queue_wants_stays_and_holds_up_nobody(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """It leaves once the queue is bound again. Fails without on_return_raises: it would count as published."""
    await unbind(broker, "booking", "staffing.changed.v1")
    relay = Relay(producer, broker.url)
    await emitted(producer, staffing(), *(availability() for _ in range(20)))
    async with running(relay.session, consumer(reader, broker.url, seen).session):
        await reaches(reader, "seen", 20)
        assert relay.leading, "a refusal is an answer, and no reason to start anew"

        async def tried() -> bool:
            return bool(await producer.pool.fetchval("SELECT attempts FROM outbox WHERE last_error LIKE 'no queue%'"))

        await eventually(tried)
        await bind(broker, "booking", "staffing.changed.v1")
        await reaches(producer, "outbox", 0)


async def test_an_event_no_queue_ever_wants_is_parked_and_tried_again_every_hour(
    producer: Database, broker: VirtualHost
) -> None:
    """Fails when the tenth permanent error does not park, or parked means given up for ever."""
    await unbind(broker, "booking", "staffing.changed.v1")
    await emitted(producer, staffing())
    await producer.pool.execute("UPDATE outbox SET attempts = $1", PERMANENT_ERRORS - 1)
    async with running(Relay(producer, broker.url).session):

        async def parked() -> bool:
            return bool(await producer.pool.fetchval("SELECT parked_at IS NOT NULL FROM outbox"))

        await eventually(parked)
        pause = await producer.pool.fetchval("SELECT extract(epoch FROM not_before - now()) FROM outbox")
        assert 3500 < pause <= 3600
        await bind(broker, "booking", "staffing.changed.v1")
        await producer.pool.execute("UPDATE outbox SET not_before = not_before - interval '1 hour'")
        await reaches(producer, "outbox", 0)


async def test_a_full_queue_holds_up_its_own_events_only(
    producer: Database, reader: Database, broker: VirtualHost, seen: Seen
) -> None:
    """The broker answers basic.nack, which is nobody's fault and never parks.

    Fails when a nack counts as published or as permanent, or is tried again at once, before all others.
    """
    limit = {"max-length": 0, "overflow": "reject-publish"}
    full: dict[str, object] = {"pattern": "^booking$", "apply-to": "queues", "priority": 99, "definition": limit}
    await manage(broker, "PUT", "policies/{vhost}/full", **full)
    relay = Relay(producer, broker.url)
    await emitted(producer, *(staffing() for _ in range(300)))
    async with running(relay.session, consumer(reader, broker.url, seen).session):

        async def refused() -> bool:
            return bool(await producer.pool.fetchval("SELECT count(*) > 200 FROM outbox WHERE last_error IS NOT NULL"))

        await eventually(refused)
        await emitted(producer, *(availability() for _ in range(20)))
        await reaches(reader, "seen", 20)
        assert relay.leading
        assert await producer.pool.fetchval("SELECT max(attempts) FROM outbox") == 0
        await manage(broker, "DELETE", "policies/{vhost}/full")
        await producer.pool.execute("UPDATE outbox SET not_before = now()")
        await reaches(producer, "outbox", 0)


async def test_a_relay_asked_to_stop_finishes_what_it_has_in_hand_and_leaves_the_rest_to_others(
    producer: Database, broker: VirtualHost
) -> None:
    """Fails when it goes on until the outbox is empty, which under load is never, or forgets what was confirmed."""
    relay = Relay(producer, broker.url)
    stop = asyncio.Event()
    task = asyncio.create_task(keep_running("test", relay.session, stop))
    async with producer.pool.acquire() as conn, conn.transaction():
        await conn.execute("LOCK TABLE published IN ACCESS EXCLUSIVE MODE")
        await emitted(producer, *(availability() for _ in range(30)))

        async def in_hand() -> bool:
            waiting = "SELECT true FROM pg_locks WHERE NOT granted AND relation = 'published'::regclass"
            return bool(await producer.pool.fetchval(waiting))

        await eventually(in_hand)
        stop.set()
    await asyncio.wait_for(task, 15)
    assert 1 <= await count(producer, "published") <= 3
    assert await count(producer, "published") + await count(producer, "outbox") == 30
