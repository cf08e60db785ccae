"""Open pages hear what changed, through the real broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import aio_pika
import aiohttp
import pytest

from services.web.app import create_app
from services.web.pages.staff.live import LIVE
from shared.db import Database
from shared.events import EXCHANGE
from tests.integration.web.staff.house import Colleague, colleague
from tests.support.apps import serving
from tests.support.brokers import VirtualHost
from tests.support.databases import Databases
from tests.support.front import web_settings
from tests.support.identity import Issuer
from tests.support.samples import published, session_state
from tests.support.servers import eventually


class Line(NamedTuple):
    """An open page's line, as a browser reads it."""

    answer: aiohttp.ClientResponse

    async def next(self) -> tuple[str, str]:
        """The next event: its name and what it says."""
        name = ""
        async with asyncio.timeout(10):
            async for raw in self.answer.content:
                line = raw.decode().strip()
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    return name, line.removeprefix("data: ")
        raise AssertionError("the line ended")


class Front(NamedTuple):
    """Web before a real broker, and a colleague at it."""

    url: str
    broker: VirtualHost
    database: Database
    http: aiohttp.ClientSession
    sara: Colleague

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """Open a page."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.sara.cookies.items())
        async with self.http.get(f"{self.url}/sv/staff/live", headers={"Cookie": cookies}) as answer:
            assert (answer.status, answer.content_type) == (200, "text/event-stream")
            yield Line(answer)

    async def tell(self, key: str, body: bytes) -> None:
        """Have something happen."""
        async with await aio_pika.connect(self.broker.url) as link:
            channel = await link.channel()
            exchange = await channel.get_exchange(EXCHANGE)
            await exchange.publish(aio_pika.Message(body), key)


@pytest.fixture
async def front(
    databases: Databases, broker: VirtualHost, issuer: Issuer, http: aiohttp.ClientSession
) -> AsyncIterator[Front]:
    dsn = await databases.create("web")
    app = create_app(web_settings(database=dsn, broker=broker.url, identity_issuer=issuer.url))

    async def listening() -> bool:
        return app[LIVE].listening

    async with serving(app) as url, Database(dsn, name="test") as database:
        sara = await colleague(app, url, http, issuer, "staff", "kista")
        await eventually(listening)
        yield Front(url, broker, database, http, sara)


async def test_an_open_page_hears_which_session_changed_and_nothing_else_of_it(front: Front) -> None:
    state = session_state()
    async with front.line() as line:
        assert (await line.next())[0] == "again", "what happened before the page listened is asked for"
        await front.tell("session.published.v1", published(state).model_dump_json().encode())
        assert await line.next() == ("session", str(state.session_id))


async def test_what_cannot_be_read_does_not_end_the_line(front: Front) -> None:
    state = session_state()
    async with front.line() as line:
        await line.next()
        for junk in (
            b"\xff",
            b"{}",
            b'{"type": 7}',
            b'{"type": "plats.booking.x.v1", "data": {"session_id": "no id"}}',
        ):
            await front.tell("booking.confirmed.v1", junk)
        await front.tell("session.published.v1", published(state).model_dump_json().encode())
        assert await line.next() == ("session", str(state.session_id))


async def test_who_is_signed_out_hears_that_and_no_more(front: Front) -> None:
    async with front.line() as line:
        await line.next()
        await front.database.pool.execute("DELETE FROM staff_session")
        await front.tell("session.published.v1", published(session_state()).model_dump_json().encode())
        assert await line.next() == ("over", "signed out")
        assert await line.answer.content.read() == b"\n"


async def test_a_stopping_web_lets_its_pages_go(front: Front) -> None:
    """Fails when an open page keeps a process from ending: the fixture's own end would wait for it."""
    cookies = "; ".join(f"{name}={value}" for name, value in front.sara.cookies.items())
    answer = await front.http.get(f"{front.url}/sv/staff/live", headers={"Cookie": cookies})
    assert answer.status == 200


async def test_nobody_listens_who_is_not_signed_in(front: Front) -> None:
    async with front.http.get(f"{front.url}/sv/staff/live", headers={"Plats-Automatic": "1"}) as answer:
        assert answer.status == 401
