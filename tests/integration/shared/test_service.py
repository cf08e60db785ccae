"""A whole service in this process: what it says of itself, and how it comes and goes."""

import asyncio

import aiohttp
import pytest

from shared import topology
from shared.broker import wait
from shared.db import Database
from tests.support import notes
from tests.support.apps import serving
from tests.support.backbone import Seen, availability, count, emitted, manage, reaches
from tests.support.brokers import VirtualHost
from tests.support.proxy import proxy
from tests.support.servers import eventually

WELL = {"database": True, "relay": True, "consumer": True, "running": True}


@pytest.fixture
async def database(reader: Database) -> Database:
    """A database with a table of notes."""
    await notes.prepare(reader)
    return reader


async def says(http: aiohttp.ClientSession, url: str, **checks: bool) -> None:
    """Until readiness is exactly this; and its status says the same as its body."""

    async def so() -> bool:
        async with http.get(f"{url}/health/ready") as answer:
            told = await answer.json()
            assert (answer.status == 200) == all(told["checks"].values()) == (told["status"] == "ready")
            return bool(told["checks"] == WELL | checks)

    await eventually(so, within=30)


async def noted(http: aiohttp.ClientSession, url: str) -> int:
    async with http.post(f"{url}/v1/notes", json={"text": "x"}) as answer:
        return answer.status


async def test_a_service_books_without_a_broker_and_says_that_it_is_not_ready(
    database: Database, broker: VirtualHost, http: aiohttp.ClientSession, seen: Seen
) -> None:
    """Its broker comes last, goes, and comes again; each event is heard in the end.

    Fails when a start waits for the broker, readiness looks at the database only, or a relay with nothing to do
    does not notice that its connection is gone.
    """
    await manage(broker, "DELETE", "vhosts/{vhost}")
    async with serving(notes.app(database.dsn, broker.url, seen)) as url:
        for wanted in (1, 2):
            await says(http, url, relay=False, consumer=False)
            assert await noted(http, url) == 201
            async with http.get(f"{url}/health/live") as answer:
                assert answer.status == 200
            await manage(broker, "PUT", "vhosts/{vhost}")
            await topology.apply(broker.management, broker.name)
            await says(http, url)
            await reaches(database, "seen", wanted)
            if wanted == 1:
                await manage(broker, "DELETE", "vhosts/{vhost}")


async def test_what_waits_in_the_outbox_is_measured(
    database: Database, broker: VirtualHost, http: aiohttp.ClientSession, seen: Seen
) -> None:
    """Fails when nobody counts: an alarm on events that do not leave could never ring."""
    await emitted(database, *(availability() for _ in range(3)))
    await database.pool.execute("UPDATE outbox SET created_at = now() - interval '1 hour', not_before = 'infinity'")
    await database.pool.execute("UPDATE outbox SET parked_at = now() WHERE id = (SELECT min(id) FROM outbox)")
    async with serving(notes.app(database.dsn, broker.url, seen)) as url:
        await says(http, url)

        async def measured() -> bool:
            async with http.get(f"{url}/metrics") as answer:
                told = dict(line.rsplit(" ", 1) for line in (await answer.text()).splitlines() if line[:1] != "#")
            return (
                told["plats_outbox_waiting"] == "3.0"
                and told["plats_outbox_stuck"] == "1.0"
                and float(told["plats_outbox_oldest_seconds"]) > 3600
                and told["plats_relay_leading"] == "1.0"
            )

        await eventually(measured)


async def test_a_queue_that_is_gone_makes_its_service_unready_until_it_is_made_again(
    database: Database, broker: VirtualHost, http: aiohttp.ClientSession, seen: Seen
) -> None:
    """The consumer never makes it itself: it could only guess the settings.

    Fails when a consumer whose queue was deleted waits on, as the broker then says nothing more. What is told
    meanwhile comes back unroutable and stays in the outbox.
    """
    async with serving(notes.app(database.dsn, broker.url, seen)) as url:
        await says(http, url)
        await manage(broker, "DELETE", "queues/{vhost}/catalog")
        await says(http, url, consumer=False)
        assert await noted(http, url) == 201

        async def stays() -> bool:
            return bool(await database.pool.fetchval("SELECT attempts FROM outbox"))

        await eventually(stays)
        await topology.apply(broker.management, broker.name)
        await says(http, url)
        await reaches(database, "seen", 1)
        assert await count(database, "outbox") == 0


async def test_readiness_tells_of_a_database_that_no_longer_answers(
    database: Database, broker: VirtualHost, http: aiohttp.ClientSession, seen: Seen
) -> None:
    """Half-open, so that no error comes by itself. Fails when the check has no time limit."""
    async with proxy(database.dsn) as way, serving(notes.app(way.through(database.dsn), broker.url, seen)) as url:
        await says(http, url)
        way.freeze()

        async def told() -> bool:
            async with http.get(f"{url}/health/ready") as answer:
                checks: dict[str, bool] = (await answer.json())["checks"]
            return not checks["database"]

        await eventually(told, within=30)
        way.thaw()
        await says(http, url)


async def test_a_service_that_starts_and_stops_at_any_moment_leaves_nothing_behind(
    database: Database, broker: VirtualHost, seen: Seen
) -> None:
    """Fails when a loop, a connection or a task outlives the service, or an exception is nobody's."""
    complaints: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    before = asyncio.all_tasks()
    for moment in range(12):
        async with serving(notes.app(database.dsn, broker.url, seen)):
            await wait(asyncio.Event(), moment * 0.03)
    asyncio.get_running_loop().set_exception_handler(None)

    async def gone() -> bool:
        held = await database.pool.fetchval(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name LIKE 'plats-catalog%'
            """
        )
        return bool(held == 0)

    await eventually(gone)
    assert {task for task in asyncio.all_tasks() - before if not task.done()} <= {asyncio.current_task()}
    assert complaints == []
