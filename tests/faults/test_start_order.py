"""Servers that come last, or go and come again: services wait for them, and nobody has to help."""

import asyncio
import signal

from tests.faults.conftest import SERVICES, City
from tests.support.replica import Replica
from tests.support.samples import booking_body
from tests.support.servers import eventually


async def test_servers_that_go_and_come_again_in_the_middle_of_a_load(city: City) -> None:
    """PostgreSQL as its operator stops it, then at once as after a crash; RabbitMQ meanwhile.

    Fails when a background loop that failed is not started again.
    """
    await city.single()
    load = city.load(await city.session())
    async with load.going(10):
        await load.until(20)
        await asyncio.gather(city.end("postgres", signal.SIGINT), city.end("rabbitmq", signal.SIGTERM))
        broker = asyncio.create_task(city.serve("rabbitmq"))
        await city.serve("postgres")
        await load.until(10)
        await city.end("postgres", signal.SIGQUIT)
        await city.serve("postgres")
        await load.until(10)
        await broker
        await load.until(10)
    await city.ready()
    await city.keeps_its_promises(load)


async def test_servers_that_are_started_last(city: City) -> None:
    """First the database comes, then the broker; who books in between is told afterwards.

    Fails when a service connects to its database before it serves.
    """
    await city.single()
    session = await city.session()
    await asyncio.gather(*(replica.kill() for replica in city.first.values()))
    await asyncio.gather(city.end("postgres", signal.SIGINT), city.end("rabbitmq", signal.SIGTERM))

    await city.start(*SERVICES)
    keeping = [city.first[service] for service in city.checked.databases]
    for replica in keeping:
        await _lacks(replica, "database", "relay", "consumer")
    await _lacks(city.first["web"], "database", "live")

    await city.serve("postgres")
    for replica in keeping:
        await _lacks(replica, "relay", "consumer")
    load, address = city.load(session), "early@example.org"
    await load.book(booking_body(session, reach={"by": "email", "email": address}))
    assert await city.messages(address) == []

    await city.serve("rabbitmq")
    await asyncio.gather(*(replica.ready() for replica in city.first.values()))
    await city.keeps_its_promises(load)
    assert len(await city.messages(address)) == 1


async def _lacks(replica: Replica, *checks: str) -> None:
    """Until it lives, and is not ready for exactly these reasons."""

    async def so() -> bool:
        health = await replica.health()
        return health.live and not health.ready and health.lacking == set(checks)

    await eventually(so, within=30)
