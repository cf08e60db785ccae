import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from deploy.local import postgres, rabbitmq
from tests.support import brokers
from tests.support.apps import serving
from tests.support.brokers import VirtualHost
from tests.support.databases import Databases
from tests.support.identity import Issuer
from tests.support.installation import Installation, installation
from tests.support.servers import free_port

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it, with a name nobody can guess
_ROOM = 2 * 1024**3
"""Bytes that have to be free there: databases of a few tests at once, and their log."""


def _for_databases(usual: Path) -> Path:
    """Where databases are kept that live for one test: in memory, as making one is making three hundred files."""
    roomy = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if roomy else usual


@pytest.fixture(scope="session")
async def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[postgres.Server]:
    """The PostgreSQL of this test run, which need not outlive the machine: what a kill of it leaves is the same.

    Installations, whose servers are killed on purpose, have their own.
    """
    careless = {"fsync": "off", "full_page_writes": "off", "min_wal_size": "32MB", "max_wal_size": "128MB"}
    usual = tmp_path_factory.mktemp("postgres")
    with tempfile.TemporaryDirectory(prefix="plats-test-", dir=_for_databases(usual)) as folder:
        async with postgres.postgres(Path(folder), free_port(), careless) as server:
            yield server


@pytest.fixture(scope="session")
async def broker_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[rabbitmq.Server]:
    """The RabbitMQ of this test run."""
    async with rabbitmq.rabbitmq(tmp_path_factory.mktemp("rabbitmq"), free_port()) as server:
        yield server


@pytest.fixture(scope="session")
async def all_databases(postgres_server: postgres.Server) -> Databases:
    return Databases(postgres_server.dsn)


@pytest.fixture
async def databases(all_databases: Databases) -> AsyncIterator[Databases]:
    """Fresh databases for one test: ``await databases.create("booking")``."""
    yield all_databases
    await all_databases.drop()


@pytest.fixture
async def broker(broker_server: rabbitmq.Server) -> AsyncIterator[VirtualHost]:
    """A virtual host with the whole topology for one test."""
    host = await brokers.create(broker_server.url, broker_server.management)
    yield host
    await brokers.remove(host)


@pytest.fixture(scope="session")
async def issuer() -> AsyncIterator[Issuer]:
    """An OpenID provider that vouches for whomever the test likes."""
    made = Issuer()
    async with serving(made.app()) as made.url:
        yield made


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A client that gives the answer whatever its status."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture(scope="session")
async def plats(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    """The whole of Plats, started once for all system and browser tests."""
    async with installation(tmp_path_factory.mktemp("a plats")) as running:
        yield running
