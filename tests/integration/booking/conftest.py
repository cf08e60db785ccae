from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import aiohttp
import asyncpg
import pytest
from pydantic import SecretStr

from services.booking.app import create_app
from services.booking.events import handlers
from services.booking.settings import BookingSettings
from shared.auth import service_token
from shared.db import Database
from shared.events import AnyEvent, SessionState, decode
from shared.hours import PermittedHours, Window
from shared.inbox import Consumer
from tests.support.apps import serving
from tests.support.clock import Clock
from tests.support.databases import Databases
from tests.support.identity import Issuer
from tests.support.samples import published

KEY = "0b" * 32
HOURS = PermittedHours(window=Window(time(0), None), zone=ZoneInfo("Europe/Stockholm"))
"""The whole day, so that these tests do not depend on when they run."""
NOWHERE = "amqp://nobody@127.0.0.1:9/"
"""No broker: these tests read what would be told from the outbox."""


class Booking:
    """The booking service at its address, with its database to look into."""

    def __init__(self, url: str, database: Database, http: aiohttp.ClientSession) -> None:
        self.url = url
        self.database = database
        self.http = http
        self._consumer = Consumer(database, NOWHERE, "booking", handlers(HOURS))

    async def hear(self, *events: AnyEvent) -> None:
        """Deliver events as the queue would."""
        for event in events:
            await self._consumer.handle(event)

    async def offer(self, state: SessionState) -> UUID:
        """Have a session published."""
        await self.hear(published(state))
        return state.session_id

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, dict[str, Any]]:
        """Post JSON; gives status and body."""
        async with self.http.post(f"{self.url}{path}", json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str, **headers: str) -> tuple[int, dict[str, Any]]:
        """Get; gives status and body."""
        async with self.http.get(f"{self.url}{path}", headers=headers) as answer:
            return answer.status, await answer.json()

    async def told(self) -> list[AnyEvent]:
        """Every event in the outbox, in order."""
        return [decode(row["body"]) for row in await self.database.pool.fetch("SELECT body FROM outbox ORDER BY id")]

    async def row(self, query: str, *arguments: object) -> asyncpg.Record:
        """One row of the database."""
        found = await self.database.pool.fetchrow(query, *arguments)
        assert found is not None
        return found

    def service_headers(self, audience: str = "booking", key: str = KEY) -> dict[str, str]:
        """What another of our services sends along."""
        return {"Authorization": f"Bearer {service_token(key, audience)}"}


class Timed:
    """Booking, with time in a test's hands."""

    def __init__(self, booking: Booking, clock: Clock, issuer: Issuer) -> None:
        self.booking = booking
        self.clock = clock
        self.issuer = issuer


@asynccontextmanager
async def opened(
    dsn: str, http: aiohttp.ClientSession, *, issuer: str = "http://127.0.0.1:9"
) -> AsyncIterator[Booking]:
    """A process of booking on a database, as far as a test can tell."""
    settings = BookingSettings(
        key=SecretStr(KEY),
        database=SecretStr(dsn),
        broker=SecretStr(NOWHERE),
        identity_issuer=issuer,
        permitted_hours=HOURS.window,
    )
    async with Database(dsn, name="test") as database, serving(create_app(settings)) as url:
        yield Booking(url, database, http)


@pytest.fixture
async def booking(databases: Databases, http: aiohttp.ClientSession) -> AsyncIterator[Booking]:
    async with opened(await databases.create("booking"), http) as made:
        yield made


@pytest.fixture
async def replica(booking: Booking, http: aiohttp.ClientSession) -> AsyncIterator[Booking]:
    """A second process of booking on the same database."""
    async with opened(booking.database.dsn, http) as made:
        yield made


@pytest.fixture
async def timed(databases: Databases, http: aiohttp.ClientSession, issuer: Issuer) -> AsyncIterator[Timed]:
    """A process of booking whose database's clock can be moved, and that knows staff."""
    dsn = await databases.create("booking")
    clock = Clock(dsn)
    await clock.install()
    async with opened(dsn, http, issuer=issuer.url) as made:
        yield Timed(made, clock, issuer)
