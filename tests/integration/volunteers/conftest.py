from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import asyncpg
import pytest
from pydantic import SecretStr

from services.volunteers.app import create_app
from services.volunteers.events import handlers
from services.volunteers.settings import VolunteersSettings
from shared.auth import service_token
from shared.db import Database
from shared.events import AnyEvent, decode
from shared.hours import PermittedHours, Window
from shared.inbox import Consumer
from tests.support.apps import serving
from tests.support.clock import Clock
from tests.support.databases import Databases
from tests.support.identity import Issuer

Json = dict[str, Any]
Answer = tuple[int, Json]

KEY = "0e" * 32
ADMIN = ("admin",)
KISTA = ("staff", "kista")
COORDINATOR = ("coordinator",)
HOURS = PermittedHours(window=Window(time(0), None), zone=ZoneInfo("Europe/Stockholm"))
"""The whole day, so that these tests do not depend on when they run."""
NOWHERE = "amqp://nobody@127.0.0.1:9/"
"""No broker: these tests read what would be told from the outbox."""


class Volunteers:
    """The service at its address, with its database to look into."""

    def __init__(self, url: str, database: Database, http: aiohttp.ClientSession, issuer: Issuer) -> None:
        self.url = url
        self.database = database
        self.dsn = database.dsn
        self.http = http
        self._issuer = issuer
        self._consumer = Consumer(database, NOWHERE, "volunteers", handlers(HOURS))

    async def hear(self, *events: AnyEvent) -> None:
        """Deliver events as the queue would."""
        for event in events:
            await self._consumer.handle(event)

    async def told(self) -> list[AnyEvent]:
        """Every event in the outbox, in order."""
        return [decode(row["body"]) for row in await self.database.pool.fetch("SELECT body FROM outbox ORDER BY id")]

    async def row(self, query: str, *arguments: object) -> asyncpg.Record:
        """One row of the database."""
        found = await self.database.pool.fetchrow(query, *arguments)
        assert found is not None
        return found

    async def send(
        self,
        method: str,
        path: str = "/v1/partners",
        body: object = None,
        *,
        by: tuple[str, ...] | None = ADMIN,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Ask for something, signed in as a role at branches."""
        signed = self._issuer.headers(*by) if by else {}
        async with self.http.request(
            method, f"{self.url}{path}", json=body, headers=signed | (headers or {})
        ) as answer:
            return answer.status, await answer.json() if answer.content_length else {}

    def signed(self, *by: str) -> dict[str, str]:
        """What somebody who works here sends along."""
        return self._issuer.headers(*by)

    def service_headers(self, audience: str = "volunteers", key: str = KEY) -> dict[str, str]:
        """What another of our services sends along."""
        return {"Authorization": f"Bearer {service_token(key, audience)}"}

    async def partner(self, **values: object) -> Json:
        """Add a partner."""
        status, made = await self.send("POST", body={"name": "Banken"} | values)
        assert status == 201, made
        return made

    async def volunteer(self, by: tuple[str, ...] = ADMIN, **values: object) -> Json:
        """Add somebody who helps, active unless it is said otherwise."""
        person = {"name": "Amina", "reach": "sms", "phone": "070-174 06 05", "state": "active"}
        status, made = await self.send("POST", "/v1/volunteers", person | values, by=by)
        assert status == 201, made
        return made

    async def change(self, partner: Json, by: tuple[str, ...] | None = ADMIN, **values: object) -> Answer:
        return await self.send("PATCH", f"/v1/partners/{partner['id']}", values, by=by)


def settings_for(dsn: str, issuer: str) -> VolunteersSettings:
    return VolunteersSettings(
        key=SecretStr(KEY),
        database=SecretStr(dsn),
        broker=SecretStr(NOWHERE),
        identity_issuer=issuer,
        permitted_hours=HOURS.window,
    )


@asynccontextmanager
async def opened(dsn: str, http: aiohttp.ClientSession, issuer: Issuer) -> AsyncIterator[Volunteers]:
    """A process of volunteers on a database, as far as a test can tell."""
    async with Database(dsn, name="test") as database, serving(create_app(settings_for(dsn, issuer.url))) as url:
        yield Volunteers(url, database, http, issuer)


@pytest.fixture
async def volunteers(databases: Databases, http: aiohttp.ClientSession, issuer: Issuer) -> AsyncIterator[Volunteers]:
    async with opened(await databases.create("volunteers"), http, issuer) as made:
        yield made


@pytest.fixture
async def replica(volunteers: Volunteers, http: aiohttp.ClientSession, issuer: Issuer) -> AsyncIterator[Volunteers]:
    """A second process of volunteers on the same database."""
    async with opened(volunteers.dsn, http, issuer) as made:
        yield made


@pytest.fixture
async def timed(
    databases: Databases, http: aiohttp.ClientSession, issuer: Issuer
) -> AsyncIterator[tuple[Volunteers, Clock]]:
    """A process of volunteers whose database's clock can be moved."""
    dsn = await databases.create("volunteers")
    clock = Clock(dsn)
    await clock.install()
    async with opened(dsn, http, issuer) as made:
        yield made, clock
