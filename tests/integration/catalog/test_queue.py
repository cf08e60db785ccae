"""The catalog on a real broker: what it tells arrives, and what it hears counts."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aio_pika
import aiohttp
import pytest

from services.catalog.app import create_app
from shared.db import Database
from shared.events import EXCHANGE, SessionPublished, decode, encode
from tests.integration.catalog.conftest import Catalog, availability, settings
from tests.support.apps import serving
from tests.support.brokers import VirtualHost
from tests.support.databases import Databases
from tests.support.identity import Issuer
from tests.support.servers import eventually


@pytest.fixture
async def connected(
    databases: Databases, http: aiohttp.ClientSession, issuer: Issuer, broker: VirtualHost
) -> AsyncIterator[Catalog]:
    """The catalog with its broker."""
    dsn = await databases.create("catalog")
    app = create_app(settings(dsn, issuer, broker.url))
    async with Database(dsn, name="test") as database, serving(app) as url:
        yield Catalog(url, database, http, issuer)


async def test_a_published_session_reaches_booking_and_becomes_bookable_by_its_answer(
    connected: Catalog, broker: VirtualHost
) -> None:
    session = await connected.session()

    async def bookable() -> dict[str, Any] | None:
        _, shown = await connected.get(f"/v1/sessions/{session['id']}")
        return shown if shown["bookable"] else None

    async with await aio_pika.connect(broker.url) as link:
        channel = await link.channel(on_return_raises=True)
        queue = await channel.get_queue("booking")
        told = await eventually(lambda: queue.get(fail=False))
        event = decode(told.body)
        assert isinstance(event, SessionPublished)
        assert str(event.data.session_id) == session["id"]

        answer = availability(session["id"], revision=1, left=15)
        exchange = await channel.get_exchange(EXCHANGE)
        await asyncio.gather(
            *(exchange.publish(aio_pika.Message(encode(answer)), answer.routing_key, mandatory=True) for _ in range(2))
        )
        shown = await eventually(bookable)
    assert shown["seats"]["left"] == 15
