"""A service that tells events and one that hears them, without any rules of their own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import aiohttp

from shared.broker import keep_running
from shared.db import Connection, Database
from shared.events import AnyEvent, Availability, AvailabilityChanged, Event
from shared.inbox import Consumer, Handlers, NotYet
from shared.outbox import emit
from tests.support.brokers import VirtualHost
from tests.support.servers import eventually

Loop = Callable[[asyncio.Event], Awaitable[None]]


def availability(session: UUID | None = None, revision: int = 1) -> AvailabilityChanged:
    """An event that catalog hears."""
    session = session or uuid4()
    state = Availability(
        session_id=session, revision=revision, capacity=15, taken=0, left=15, queue_capacity=0, queue_left=0
    )
    return AvailabilityChanged.of(session, state)


@asynccontextmanager
async def running(*loops: Loop) -> AsyncIterator[None]:
    """Run background loops as a service does, and stop them."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(keep_running("test", loop, stop)) for loop in loops]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), timeout=30)


class Seen:
    """A consumer whose effect is a row, so that a rolled-back effect is none."""

    def __init__(self) -> None:
        self.fail: set[UUID] = set()
        self.missing: set[UUID] = set()

    async def prepare(self, database: Database) -> None:
        """Make the table of effects."""
        await database.pool.execute("CREATE TABLE seen (event_id uuid)")

    async def __call__(self, conn: Connection, event: Event) -> None:
        """Note an event, or fail as told."""
        await conn.execute("INSERT INTO seen VALUES ($1)", event.id)
        if event.id in self.fail:
            raise ValueError("cannot handle this")
        if event.id in self.missing:
            raise NotYet("another event")


def consumer(reader: Database, url: str, seen: Seen) -> Consumer:
    """Catalog's consumer on the broker at ``url``."""
    handlers: Handlers = {AvailabilityChanged: seen}
    return Consumer(reader, url, "catalog", handlers)


async def emitted(producer: Database, *events: AnyEvent) -> None:
    """Store events in one transaction."""
    async with producer.transaction() as conn:
        for event in events:
            await emit(conn, event)


async def count(database: Database, table: str) -> int:
    """How many rows a table has."""
    return int(await database.pool.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608 - tables of tests


async def reaches(database: Database, table: str, wanted: int, within: float = 20) -> None:
    """Until a table has this many rows."""

    async def right() -> bool:
        return await count(database, table) == wanted

    await eventually(right, within=within)


async def manage(broker: VirtualHost, method: str, path: str, **body: object) -> None:
    """Change the broker by its management API; ``{vhost}`` in the path is the test's own."""
    where = f"{broker.management}/api/{path.format(vhost=broker.name)}"
    async with aiohttp.ClientSession() as http, http.request(method, where, json=body) as answer:
        answer.raise_for_status()
