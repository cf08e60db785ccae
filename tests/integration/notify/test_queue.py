"""Through the real broker: events come from the queue in any order, and what became of messages is told."""

from typing import TypeVar

import aio_pika
from aio_pika.abc import AbstractQueue

from shared.events import EXCHANGE, Event, MessageDelivered, MessageSent, decode, encode
from tests.integration.notify.conftest import Notify
from tests.integration.notify.events import booking, confirmed
from tests.support.brokers import VirtualHost
from tests.support.samples import published, session_state
from tests.support.servers import eventually

E = TypeVar("E", bound=Event)


async def _next(queue: AbstractQueue, kind: type[E]) -> E:
    """The next event of this kind; others on the way are passed by."""

    async def one() -> E | None:
        message = await queue.get(no_ack=True, fail=False)
        event = decode(message.body) if message else None
        return event if isinstance(event, kind) else None

    return await eventually(one)


async def test_events_in_the_wrong_order_become_one_text(still_notify: Notify, broker: VirtualHost) -> None:
    session, person = session_state(), still_notify.knows()
    state = booking(person, session)
    async with await aio_pika.connect(broker.url) as link, still_notify.serving(broker=broker.url):
        channel = await link.channel()
        exchange = await channel.get_exchange(EXCHANGE)
        told = await channel.get_queue("booking")
        for event in (confirmed(state), confirmed(state), published(session)):
            await exchange.publish(aio_pika.Message(encode(event)), event.routing_key)
        await still_notify.phonebox.got(person.phone)
        await still_notify.reached("delivered")
        sent = await _next(told, MessageSent)
        delivered = await _next(told, MessageDelivered)
    assert len(await still_notify.phonebox.messages(person.phone)) == 1
    assert sent.data.about == delivered.data.about == state.booking_id
    assert (sent.data.revision, delivered.data.revision) == (1, 2)
