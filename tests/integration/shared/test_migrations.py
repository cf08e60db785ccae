import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import psycopg
import pytest

from deploy.local import postgres
from shared.migrations import migrate


@pytest.fixture
async def empty(postgres_server: postgres.Server) -> AsyncIterator[str]:
    """A database without tables."""
    name = f"test_migrations_{uuid4().hex[:12]}"
    conn = await asyncpg.connect(postgres_server.dsn)
    try:
        await conn.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(postgres_server.dsn)._replace(path=f"/{name}"))
        await conn.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await conn.close()


async def test_what_ended_in_the_middle_of_a_step_goes_on_the_next_time(empty: str) -> None:
    """Fails when the step is committed before the note that it is done: "relation already exists", for ever."""
    await asyncio.to_thread(migrate, empty, "catalog")
    conn = await asyncpg.connect(empty)
    try:
        noted = await conn.fetchval("SELECT count(*) FROM _yoyo_migration")
        await conn.execute(
            """
            DROP TABLE published;
            DELETE FROM _yoyo_migration WHERE migration_id = '0002.published';
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
            CREATE TRIGGER die BEFORE INSERT ON _yoyo_migration FOR EACH ROW EXECUTE FUNCTION die();
            """
        )
        with pytest.raises(psycopg.OperationalError):
            await asyncio.to_thread(migrate, empty, "catalog")
        await conn.execute("DROP FUNCTION die CASCADE")
        await asyncio.to_thread(migrate, empty, "catalog")
        assert await conn.fetchval("SELECT count(*) FROM _yoyo_migration") == noted
        assert await conn.fetchval("SELECT count(*) FROM published") == 0
    finally:
        await conn.close()
