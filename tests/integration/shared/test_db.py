"""What a PostgreSQL can do to the service that stands on it."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import aiohttp
import asyncpg
import pytest

from deploy.local import postgres
from deploy.local.processes import Daemon, Running, start
from shared.db import AWAY, Connection, Database
from tests.support import notes
from tests.support.apps import serving
from tests.support.backbone import Seen, count
from tests.support.servers import eventually, free_port

NO_BROKER = "amqp://nobody:x@127.0.0.1:9/"


@pytest.fixture
async def database(reader: Database) -> Database:
    """A database with a table of notes."""
    await notes.prepare(reader)
    return reader


async def note(conn: Connection) -> None:
    await conn.execute("INSERT INTO note VALUES ('x')")


async def test_who_finds_every_connection_taken_is_told_to_come_again(
    database: Database, http: aiohttp.ClientSession, seen: Seen
) -> None:
    """Fails when waiting for a connection has no limit, as a request or the readiness check would hang."""
    async with serving(notes.app(database.dsn, NO_BROKER, seen)) as url, Database(database.dsn, name="other") as other:
        await other.pool.execute("ALTER TABLE note ADD CONSTRAINT new CHECK (text <> '')")
        async with AsyncExitStack() as held:
            conn = await held.enter_async_context(other.pool.acquire())
            await held.enter_async_context(conn.transaction())
            await conn.execute("LOCK TABLE note")
            began = time.monotonic()
            posts = [asyncio.create_task(post(http, url)) for _ in range(40)]
            statuses = await asyncio.gather(*posts)
            assert set(statuses) == {(503, "2")}
            assert time.monotonic() - began < 30
        assert await post(http, url) == (201, None)


async def post(http: aiohttp.ClientSession, url: str) -> tuple[int, str | None]:
    async with http.post(f"{url}/v1/notes", json={"text": "x"}) as answer:
        return answer.status, answer.headers.get("Retry-After")


async def test_readiness_does_not_wait_for_a_pool_that_is_taken(reader: Database) -> None:
    """Fails when only the query has a time limit, and not the wait for a connection."""
    async with Database(reader.dsn, name="small", size=1) as small, small.pool.acquire():
        assert await asyncio.wait_for(small.ready(), timeout=20) is False
    assert await reader.ready()


async def test_a_full_disk_is_nobodys_mistake(database: Database, http: aiohttp.ClientSession, seen: Seen) -> None:
    """Fails when it is answered with 500: the caller would not come again."""
    await database.pool.execute(
        """
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON note FOR EACH ROW EXECUTE FUNCTION full_disk();
        """
    )
    async with serving(notes.app(database.dsn, NO_BROKER, seen)) as url:
        assert await post(http, url) == (503, "2")
        await database.pool.execute("DROP TRIGGER full_disk ON note")
        assert await post(http, url) == (201, None)


async def test_a_server_that_no_longer_takes_writes_is_left(database: Database) -> None:
    """A primary that was demoted: the pool's connections lead there for ever, however well its successor is.

    Fails when the pool keeps them, and when readiness asks whether the server answers instead of what it takes.
    """
    async with Database(database.dsn, name="demoted", size=1) as demoted:
        await demoted.transact(note)
        await demote(database)
        await demoted.pool.expire_connections()
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await demoted.transact(note)
        await succeed(database)
        await demoted.transact(note)
        await demote(database)
        await demoted.pool.expire_connections()
        assert await demoted.ready() is False
        await succeed(database)
        assert await demoted.ready()
    assert await count(database, "note") == 2


async def demote(database: Database) -> None:
    """Let new connections to a database take no writes; those there are stay as they are."""
    async with database.pool.acquire() as conn:
        await conn.execute("SET default_transaction_read_only = off")
        await conn.execute(f'ALTER DATABASE "{named(database)}" SET default_transaction_read_only = on')


async def succeed(database: Database) -> None:
    """Let new connections take writes."""
    async with database.pool.acquire() as conn:
        await conn.execute("SET default_transaction_read_only = off")
        await conn.execute(f'ALTER DATABASE "{named(database)}" RESET default_transaction_read_only')


def named(database: Database) -> str:
    return database.dsn.rpartition("/")[2]


async def test_a_connection_cut_at_commit_is_never_taken_for_a_success(database: Database) -> None:
    """Fails when an error at the end of a transaction is swallowed, or the transaction is simply run again."""
    await database.pool.execute(
        """
        CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION dawdle();
        """
    )
    async with Database(database.dsn, name="cut") as cut:
        async with database.pool.acquire() as conn, conn.transaction():
            await conn.execute("SELECT pg_advisory_xact_lock(7)")
            writing = asyncio.create_task(cut.transact(note))

            async def committing() -> bool:
                ended = (
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'COMMIT;' AND datname = $1"
                )
                return bool(await database.pool.fetchval(ended, named(database)))

            await eventually(committing)
            with pytest.raises(AWAY):
                await writing
        assert await count(database, "note") == 0
        await cut.transact(note)
    assert await count(database, "note") == 1


@pytest.fixture(scope="module")
async def own_server(tmp_path_factory: pytest.TempPathFactory) -> tuple[Daemon, str]:
    """A PostgreSQL that may be ended, not started yet."""
    folder: Path = tmp_path_factory.mktemp("own")
    return await postgres.daemon(folder, free_port())


@pytest.fixture
async def started(own_server: tuple[Daemon, str]) -> AsyncIterator[list[Running]]:
    """The server's processes, the newest last."""
    daemon, _ = own_server
    processes = [await start(daemon)]
    await processes[0].wait_ready()
    yield processes
    await processes[-1].stop()


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGINT, signal.SIGKILL], ids=["immediate", "fast", "killed"])
async def test_what_was_answered_outlives_the_servers_restart(
    own_server: tuple[Daemon, str], started: list[Running], how: signal.Signals
) -> None:
    """Under load, without a human. Fails when an error of the outage is none of AWAY, or the pool does not recover."""
    daemon, dsn = own_server
    table = f"written_{uuid4().hex}"
    async with Database(dsn, name="restarted") as database:
        await database.pool.execute(f"CREATE TABLE {table} (n uuid)")
        answered: list[object] = []
        unforeseen: list[BaseException] = []
        enough = asyncio.Event()

        async def write() -> None:
            while not enough.is_set():
                mine = uuid4()
                try:
                    async with database.transaction() as conn:
                        await conn.execute(f"INSERT INTO {table} VALUES ($1)", mine)  # noqa: S608 - a test's table
                    answered.append(mine)
                except AWAY:
                    continue
                except asyncpg.PostgresError as error:
                    unforeseen.append(error)

        writers = [asyncio.create_task(write()) for _ in range(8)]
        try:
            await more(answered)
            started[-1].process.send_signal(how)
            await started[-1].process.wait()
            await started[-1].reap()
            started.append(await start(daemon))
            await more(answered)
        finally:
            enough.set()
            await asyncio.gather(*writers)
        kept = {row["n"] for row in await database.pool.fetch(f"SELECT n FROM {table}")}  # noqa: S608 - a test's table
    assert unforeseen == []
    assert set(answered) <= kept


async def more(answered: list[object]) -> None:
    """Until fifty more writes were answered."""
    wanted = len(answered) + 50

    async def enough() -> bool:
        return len(answered) >= wanted

    await eventually(enough, within=30)
