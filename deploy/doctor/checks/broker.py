from typing import NamedTuple

import aio_pika
import aiohttp

from deploy.doctor.report import Finding, Note, Unseen
from deploy.doctor.visit import NAME, Visit
from deploy.local.installation import virtual_host
from shared import broker as link
from shared import topology
from shared.events import QUEUES

_AWAY = (OSError, TimeoutError, aio_pika.exceptions.AMQPError)


class Queue(NamedTuple):
    """A queue as the broker counts it: messages ready to be taken, and those who take them."""

    name: str
    messages: int
    consumers: int


async def queues(url: str) -> dict[str, Queue | None]:
    """Every queue of the contract; None for one that is not there.

    Raises:
        OSError, TimeoutError, aio_pika.exceptions.AMQPError: the broker is away.
    """
    async with link.connection(url, NAME) as connection:
        names = [name for service in QUEUES for name in (service, f"{service}.dead")]
        return {name: await _queue(connection, name) for name in names}


async def _queue(connection: aio_pika.abc.AbstractConnection, name: str) -> Queue | None:
    channel = await connection.channel()  # of its own: asking for what is not there closes it
    try:
        found = (await channel.get_queue(name, ensure=True)).declaration_result
    except aio_pika.exceptions.ChannelNotFoundEntity:
        return None
    await channel.close()
    return Queue(name, found.message_count or 0, found.consumer_count or 0)


async def broker(visit: Visit) -> list[Finding | Note]:
    """The queues are there, somebody takes from each, and nothing lies among the dead."""
    if not visit.site.broker:
        raise Unseen("no broker is named")
    try:
        found = await queues(visit.site.broker)
    except _AWAY as error:
        todo = "See whether RabbitMQ runs. Meanwhile bookings are taken, and everything else waits."
        return [Finding(name="broker-away", what=f"RabbitMQ does not answer ({type(error).__name__})", todo=todo)]
    there = [queue for queue in found.values() if queue]
    work = [queue for queue in there if queue.name in QUEUES]
    apply = "Run ./plats topology apply."
    return [
        *Finding.about("queue-missing", "Queues are missing", [name for name, q in found.items() if not q], apply),
        *Finding.about(
            "queue-unheard",
            "Nobody takes from these queues",
            [queue.name for queue in work if not queue.consumers],
            "See whether the services of these names run and reach RabbitMQ.",
        ),
        *Finding.about(
            "queue-waiting",
            "Messages wait in these queues, though all should be at rest",
            [queue.name for queue in work if queue.messages and visit.at_rest],
            "See what the logs of the services of these names say.",
        ),
        *Finding.about(
            "queue-dead",
            "Messages that crashed their service again and again lie in these queues",
            [queue.name for queue in there if queue.messages and queue.name not in QUEUES],
            "Report it with the service's log, and keep the messages: they have had no effect yet.",
        ),
    ]


async def broker_topology(visit: Visit) -> list[Finding | Note]:
    """The broker has the exchanges, bindings and policies that the event contract asks for."""
    if not (visit.site.management and visit.site.broker):
        raise Unseen("no management API of the broker is named")
    try:
        problems = await topology.verify(visit.site.management, virtual_host(visit.site.broker))
    except (aiohttp.ClientError, TimeoutError) as error:
        todo = "See whether RabbitMQ runs with its management plugin."
        return [Finding(name="management-away", what=f"It does not answer ({type(error).__name__})", todo=todo)]
    return [*Finding.about("topology", "The broker is not set up as it has to be", problems, "./plats topology apply")]
