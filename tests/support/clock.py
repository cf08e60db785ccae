"""A database whose clock is moved, so that days pass in a test as they do for its service.

PostgreSQL looks for ``now()`` and its like where ``search_path`` says; its own come first only where nobody says
otherwise. Column defaults keep the real clock: they were bound when the tables were made.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import asyncpg

_FUNCTIONS = ("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp")


STOP = "UPDATE moved.clock SET stopped = $1"
"""Let time stand still at a moment, for whoever has a connection already."""


class Clock:
    """The clock of one database, for everybody who connects from now on."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def install(self) -> None:
        """Give the database a clock that can be moved; who is connected already keeps the real one."""
        name = urlsplit(self._dsn).path.removeprefix("/")
        functions = "".join(
            f"""
            CREATE FUNCTION moved.{name}() RETURNS timestamptz LANGUAGE sql VOLATILE AS
            'SELECT coalesce(stopped, pg_catalog.{name}() + ahead) FROM moved.clock';
            """  # noqa: S608 - names of this file
            for name in _FUNCTIONS
        )
        await self._execute(
            f"""
            CREATE SCHEMA moved;
            CREATE TABLE moved.clock (ahead interval NOT NULL, stopped timestamptz);
            INSERT INTO moved.clock (ahead) VALUES ('0');
            {functions}
            ALTER DATABASE "{name}" SET search_path = moved, pg_catalog, public;
            """  # noqa: S608 - and the test's own database
        )

    async def advance(self, by: timedelta) -> None:
        """Let time pass."""
        await self._execute("UPDATE moved.clock SET ahead = ahead + $1", by)

    async def set(self, at: datetime) -> None:
        """Let it be this moment now, and time go on from it."""
        await self._execute("UPDATE moved.clock SET ahead = $1 - pg_catalog.clock_timestamp(), stopped = NULL", at)

    async def stop(self, at: datetime) -> None:
        """Let it be this moment, and stay so until it is set again."""
        await self._execute(STOP, at)

    async def now(self) -> datetime:
        """What the services of this database take for now."""
        conn = await asyncpg.connect(self._dsn)
        try:
            at: datetime = await conn.fetchval("SELECT clock_timestamp()")
        finally:
            await conn.close()
        return at

    async def _execute(self, statement: str, *arguments: object) -> None:
        conn = await asyncpg.connect(self._dsn)
        try:
            await conn.execute(statement, *arguments)
        finally:
            await conn.close()
