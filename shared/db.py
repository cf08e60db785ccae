from __future__ import annotations

import asyncio
import json
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, LiteralString, Self, TypeAlias, TypeVar

import asyncpg

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

# In quotes: asyncpg's classes are generic to the type checker only.
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

T = TypeVar("T")

RERUN = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
)
"""What a second try in a new transaction cures."""

AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that was cut in the middle of its protocol
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,  # too many connections, no memory, a full disk
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,  # we were frozen, and the server rolled back
)
"""The database cannot be used now: nothing is wrong with what was asked."""

_ACQUIRE_WITHIN = 2
"""Seconds to wait for a connection of the pool: who waits longer is told to come again, before all wait."""

_RERUNS = 3


async def _prepare(conn: Connection) -> None:
    await conn.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


class Database:
    """A service's PostgreSQL: a pool, transactions that rerun when the server asks for it, and a wake-up at commit.

    Opening it does not connect, so that a service starts and answers while its database is away.
    """

    def __init__(self, dsn: str, *, name: str, size: int = 12) -> None:
        self.dsn = dsn
        self.name = name
        self.committed = asyncio.Event()
        self._size = size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def __aenter__(self) -> Self:
        self._pool = await asyncpg.create_pool(
            self.dsn,
            min_size=0,
            max_size=self._size,
            command_timeout=15,  # the server's own limit comes first, unless it is away
            max_inactive_connection_lifetime=60,
            init=_prepare,
            server_settings={
                "application_name": self.name,
                "lock_timeout": "2s",
                "statement_timeout": "10s",
                "idle_in_transaction_session_timeout": "30s",
            },
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        pool = self.pool
        self._pool = None
        try:
            await asyncio.wait_for(pool.close(), timeout=5)
        except TimeoutError:
            pool.terminate()

    @property
    def pool(self) -> asyncpg.Pool[asyncpg.Record]:
        """The open pool, for reads that need no transaction."""
        if self._pool is None:
            raise RuntimeError("the database is used outside its lifespan")
        return self._pool

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Everything inside commits together or not at all; a commit wakes the relay.

        Raises:
            TimeoutError: all connections of the pool are taken, and stay so.
            asyncpg.ReadOnlySQLTransactionError: the server no longer takes writes. The pool forgets its connections,
                as each would lead there again when another server has taken over.
        """
        try:
            async with self.pool.acquire(timeout=_ACQUIRE_WITHIN) as conn:
                async with conn.transaction():
                    yield conn
                self.committed.set()
        except asyncpg.ReadOnlySQLTransactionError:
            await self.pool.expire_connections()
            raise

    async def transact(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run ``work`` in a transaction of its own, again when it lost a deadlock or waited too long for a lock.

        Raises:
            asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError: still so after three tries.
        """
        for rerun in range(_RERUNS):
            try:
                async with self.transaction() as conn:
                    return await work(conn)
            except RERUN:
                if rerun == _RERUNS - 1:
                    raise
            await asyncio.sleep(random.uniform(0.05, 0.4))  # noqa: S311 - jitter, not a secret
        raise AssertionError  # pragma: no cover - the loop returns or raises

    async def ready(self) -> bool:
        """Whether the database takes writes now, from whoever asks for a connection."""
        query: LiteralString = "SELECT current_setting('transaction_read_only') = 'off'"
        try:
            async with self.pool.acquire(timeout=_ACQUIRE_WITHIN) as conn:
                writable = bool(await conn.fetchval(query, timeout=2))
        except AWAY:
            return False
        if not writable:
            await self.pool.expire_connections()
        return writable
