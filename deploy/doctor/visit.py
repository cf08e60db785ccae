"""One look at a Plats that may be busy meanwhile.

Every database is read twice, each time in a snapshot of its own: first all of them "before", then all of them
"after". What was told before must have been heard after; what was heard before must have been told after. So
what happens while somebody looks makes no finding.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import asyncpg

from deploy.doctor import provider
from deploy.doctor.answer import Answer
from deploy.doctor.report import Unseen
from deploy.doctor.site import Site
from shared.db import AWAY, Connection
from shared.events import KEPT_DAYS

LATE = timedelta(minutes=1)
"""How long something may be on its way through a Plats that is not at rest."""

MEMORY = timedelta(days=KEPT_DAYS - 3)
"""How far back told and heard are compared: each service forgets at its own time."""

NAME = "plats-doctor"

UNREADABLE = (*AWAY, asyncpg.PostgresError)
"""A database that cannot be read, for whatever reason."""


class History(NamedTuple):
    """From when on a producer remembers what it told."""

    since: datetime

    def remembers(self, id_: UUID) -> bool:
        """Whether what happened when this id was made is remembered; an id that carries no time is taken for new."""
        born = _born(id_)
        return born is None or born >= self.since


def _born(id_: UUID) -> datetime | None:
    """When an id of version 7 was made."""
    milliseconds = id_.int >> 80
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if id_.version == 7 else None  # noqa: PLR2004 - UUIDv7


@dataclass(kw_only=True, slots=True)
class Visit:
    """What checks may look at."""

    site: Site
    at_rest: bool
    """Whether nothing may be on its way any more."""
    answers: Sequence[Answer]
    told: provider.Log = field(init=False)
    """What left the house, as those outside tell it."""
    troubles: dict[str, str] = field(default_factory=dict)
    """Why a database cannot be read, by service."""
    _before: dict[str, Connection] = field(default_factory=dict)
    _after: dict[str, Connection] = field(default_factory=dict)
    _history: dict[str, History] = field(default_factory=dict)

    def before(self, service: str) -> Connection:
        """A service's database in the earlier snapshot.

        Raises:
            Unseen: it cannot be read.
        """
        return self._of(self._before, service)

    def after(self, service: str) -> Connection:
        """A service's database in the later snapshot.

        Raises:
            Unseen: it cannot be read.
        """
        return self._of(self._after, service)

    def history(self, service: str) -> History:
        """What a service can remember.

        Raises:
            Unseen: its database cannot be read.
        """
        self.before(service)
        return self._history[service]

    @property
    def patience(self) -> timedelta:
        """How long something may be on its way."""
        return timedelta(0) if self.at_rest else LATE

    def _of(self, snapshots: Mapping[str, Connection], service: str) -> Connection:
        if service in self.troubles or service not in snapshots:
            raise Unseen(f"the database of {service} cannot be read")
        return snapshots[service]

    async def unheard(self, producer: str, consumer: str, events: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        """Those of a producer's events, by aggregate and revision, that are still on their way to a consumer."""
        rows = await self.before(producer).fetch(
            """
            SELECT event_id, aggregate, revision
            FROM (
                SELECT event_id, aggregate, revision FROM outbox
                UNION ALL SELECT event_id, aggregate, revision FROM published
            ) told
            WHERE (aggregate, revision) IN (SELECT * FROM unnest($1::text[], $2::bigint[]))
            """,
            [aggregate for aggregate, _ in events],
            [revision for _, revision in events],
        )
        by_id = {row["event_id"]: (row["aggregate"], row["revision"]) for row in rows}
        return {by_id[id_] for id_ in await missing(self.after(consumer), by_id)}

    async def open(self, stack: AsyncExitStack) -> None:
        """Take the earlier snapshots, ask the provider, take the later snapshots."""
        await self._snapshots(self._before, stack)
        self.told = await provider.read(self.site)
        await self._snapshots(self._after, stack)

    async def _snapshots(self, into: dict[str, Connection], stack: AsyncExitStack) -> None:
        await asyncio.gather(*(self._snapshot(service, into, stack) for service in self.site.databases))

    async def _snapshot(self, service: str, into: dict[str, Connection], stack: AsyncExitStack) -> None:
        if service in self.troubles:
            return
        try:
            conn = await stack.enter_async_context(snapshot(self.site.databases[service]))
            self._history.setdefault(service, await _history(conn))
            into[service] = conn
        except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
            self.troubles[service] = "its tables are not those of this version"
        except UNREADABLE as error:
            self.troubles[service] = f"it does not answer or lets nobody in ({type(error).__name__})"


@asynccontextmanager
async def snapshot(dsn: str) -> AsyncIterator[Connection]:
    """A database as it is at this moment, for reading only.

    Raises:
        OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError: it cannot be read.
    """
    settings = {"application_name": NAME, "timezone": "UTC", "statement_timeout": "60s"}
    conn = await asyncpg.connect(dsn, timeout=5, command_timeout=60, server_settings=settings)
    try:
        await conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        await conn.execute("SELECT 1")  # the snapshot is taken by the first statement
        yield conn
    finally:
        with suppress(*UNREADABLE):
            await conn.close(timeout=2)  # undoes nothing, as nothing was done


@asynccontextmanager
async def visit(site: Site, answers: Sequence[Answer] = (), *, at_rest: bool) -> AsyncIterator[Visit]:
    """Look at a Plats."""
    async with AsyncExitStack() as stack:
        made = Visit(site=site, at_rest=at_rest, answers=answers)
        await made.open(stack)
        yield made


async def missing(consumer: Connection, event_ids: Collection[UUID]) -> list[UUID]:
    """Those events whose effect a consumer has not had."""
    rows = await consumer.fetch(
        """
        SELECT told.id FROM unnest($1::uuid[]) AS told (id)
        WHERE NOT EXISTS (SELECT FROM inbox WHERE inbox.event_id = told.id)
        """,
        list(event_ids),
    )
    return [row["id"] for row in rows]


async def _history(conn: Connection) -> History:
    """What was told before the table was there, or is older than what is kept, is not remembered."""
    await conn.execute("SELECT FROM published LIMIT 0")
    since: datetime = await conn.fetchval(
        """
        SELECT greatest(applied_at_utc AT TIME ZONE 'UTC', clock_timestamp() - $1::interval)
        FROM _yoyo_migration WHERE migration_id = '0002.published'
        """,
        MEMORY,
    )
    return History(since)
