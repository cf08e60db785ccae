"""A provider that is slow or dead holds up nobody whom it does not concern."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import aio_pika
from aiohttp import web

from shared.events import EXCHANGE, AnyEvent, encode
from tests.integration.notify.conftest import Notify, Person
from tests.integration.notify.events import booking, confirmed
from tests.integration.notify.mailserver import MailServer
from tests.support.apps import serving
from tests.support.brokers import VirtualHost
from tests.support.samples import published, session_state
from tests.support.servers import eventually


@dataclass
class SilentProvider:
    """Takes texts, but keeps some waiting for an answer until the test is over."""

    silent_for: set[str] | None = None
    """None is everybody."""
    waiting: set[str] = field(default_factory=set)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Listen until the block ends; gives the root of the API."""
        app = web.Application()
        app.router.add_post("/a1/sms", self._send)
        async with serving(app) as url:
            try:
                yield f"{url}/a1"
            finally:
                self.over.set()

    async def _send(self, request: web.Request) -> web.Response:
        to = str((await request.post())["to"])
        if self.silent_for is None or to in self.silent_for:
            self.waiting.add(to)
            await self.over.wait()
        return web.json_response({"id": uuid4().hex})

    async def keeps_waiting(self, number: int) -> None:
        """Wait until so many numbers wait for an answer."""

        async def enough() -> bool:
            return len(self.waiting) >= number

        await eventually(enough, within=20)


def _reader(notify: Notify) -> Person:
    return notify.knows(by="email", phone=None, email=f"{uuid4().hex}@example.org")


async def test_a_provider_that_answers_nobody_holds_up_nothing_else(still_notify: Notify, broker: VirtualHost) -> None:
    """Events are taken from the queue, mails leave, receipts and health are answered.

    Fails when both channels share a lane.
    """
    provider, session = SilentProvider(), session_state()
    phones, reader = [still_notify.knows() for _ in range(60)], _reader(still_notify)

    async with provider.serving() as url, await aio_pika.connect(broker.url) as link:
        channel = await link.channel()
        exchange = await channel.get_exchange(EXCHANGE)

        async def tell(*events: AnyEvent) -> None:
            for event in events:
                await exchange.publish(aio_pika.Message(encode(event)), event.routing_key)

        async with still_notify.serving(broker=broker.url, sms_url=url, lease=120):
            await tell(published(session), *(confirmed(booking(person, session)) for person in phones))
            await provider.keeps_waiting(16)
            await tell(confirmed(booking(reader, session)))
            [mail] = await still_notify.phonebox.got(reader.email, within=10)
            assert mail["subject"].startswith("Du är bokad")
            assert await still_notify.receipt("s1", "delivered") == 204
            for path, status in (("live", 200), ("ready", 200)):
                async with still_notify.http.get(f"{still_notify.url}/health/{path}") as answer:
                    assert answer.status == status
            assert len(await still_notify.messages()) == len(phones) + 1
            provider.over.set()


async def test_numbers_that_hang_do_not_hold_up_those_that_answer(still_notify: Notify) -> None:
    """Fails when who waits for an answer keeps its place in the lane: eight such numbers would fill it."""
    hanging, others = ([still_notify.knows() for _ in range(12)] for _ in range(2))
    provider = SilentProvider(silent_for={str(person.phone) for person in hanging})
    session = session_state()
    async with provider.serving() as url, still_notify.serving(sms_url=url, lease=120):
        await still_notify.hear(published(session), *(confirmed(booking(person, session)) for person in hanging))
        await provider.keeps_waiting(8)
        await still_notify.hear(*(confirmed(booking(person, session)) for person in others))
        await still_notify.reached(*["sending"] * 12, *["sent"] * 12, within=20)
        assert len(provider.waiting) == len(hanging)
        provider.over.set()


async def test_a_dead_mail_server_delays_no_text(still_notify: Notify) -> None:
    """Fails when both channels share a lane in which who waits keeps its place."""
    server, session = MailServer(silent_at=b"CONNECT"), session_state()
    readers, person = [_reader(still_notify) for _ in range(12)], still_notify.knows()
    async with server.serving() as address, still_notify.serving(smtp=address, lease=120):
        await still_notify.hear(published(session), *(confirmed(booking(reader, session)) for reader in readers))

        async def all_places() -> bool:
            return server.callers >= 8

        await eventually(all_places)
        await still_notify.hear(confirmed(booking(person, session)))
        await still_notify.phonebox.got(person.phone)
        server.released.set()
