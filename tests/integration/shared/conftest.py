from collections.abc import AsyncIterator

import pytest

from shared.db import Database
from tests.support.backbone import Seen
from tests.support.databases import Databases


@pytest.fixture
async def producer(databases: Databases) -> AsyncIterator[Database]:
    """The database of a service that tells events."""
    async with Database(await databases.create("booking"), name="producer") as database:
        yield database


@pytest.fixture
async def reader(databases: Databases) -> AsyncIterator[Database]:
    """The database of a service that hears them."""
    async with Database(await databases.create("catalog"), name="reader") as database:
        yield database


@pytest.fixture
async def seen(reader: Database) -> Seen:
    """What that service does about them."""
    made = Seen()
    await made.prepare(reader)
    return made
