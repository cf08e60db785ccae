"""A process that is asked to stop: it says so first, finishes what it has in hand, and leaves the rest to others."""

import asyncio
import itertools
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import aiohttp

from tests.faults.conftest import SERVICES, City
from tests.support.load import Load
from tests.support.replica import Replica
from tests.support.samples import booking_body, numbers
from tests.support.servers import eventually

GONE_WITHIN = 45
"""Seconds."""

IN_HAND = 5
"""Requests."""


class Rotation:
    """Sends visitors by turns to those that are in it, as a load balancer does."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._left = set[str]()
        self._turns = itertools.count()

    def leave(self, service: str) -> None:
        """Send nobody to the second process of a service any more."""
        self._left.add(service)

    def of(self, service: str) -> Callable[[], str]:
        """Where the next visitor of a service is sent."""

        def choose() -> str:
            second = service not in self._left and next(self._turns) % 2
            return (self._city.second if second else self._city.first)[service].url

        return choose


async def test_a_replica_of_each_service_leaves_in_the_middle_of_a_load(city: City) -> None:
    """It calls itself not ready, and only later takes no more requests: nobody who goes by that is cut off.

    Fails when readiness turns only after the door was closed, or when the door is closed at once.
    """
    await city.pair()
    rotation = Rotation(city)
    sessions = await city.session(), await city.session()
    load = city.load(sessions[0], booking=rotation.of("booking"))
    pages = city.page_load(sessions[1], web=rotation.of("web"))
    async with load.going(17), pages.going(3), _staff_at_work(city, sessions[0], rotation.of("catalog")):
        await load.until(20)
        await asyncio.gather(*(_leaves(city.second[service], service, rotation) for service in SERVICES))
        await load.until(10)
    assert (load.counted["cut"], pages.counted["cut"]) == (0, 0)
    await city.keeps_its_promises(load, pages)


async def _leaves(replica: Replica, service: str, rotation: Rotation) -> None:
    replica.send(signal.SIGTERM)

    async def says_so() -> bool:
        health = await replica.health()
        return health.live and "running" in health.lacking

    await eventually(says_so)
    rotation.leave(service)
    assert await replica.ended(within=GONE_WITHIN) == 0
    assert "Traceback" not in replica.log


@asynccontextmanager
async def _staff_at_work(city: City, session: UUID, catalog: Callable[[], str]) -> AsyncIterator[None]:
    """Somebody who raises and lowers a session's seats all the time, and is always told that it is done."""
    done = asyncio.Event()

    async def work() -> None:
        for seats in itertools.cycle((4001, 4000)):
            if done.is_set():
                return
            await city.staff("PATCH", f"/v1/sessions/{session}", {"capacity": seats}, at=catalog())

    working = asyncio.create_task(work())
    try:
        yield
    finally:
        done.set()
        await working


@asynccontextmanager
async def _in_hand(city: City) -> AsyncIterator[Load]:
    """Requests that booking has taken and cannot finish while the block runs: their session's row is locked.

    The block asks booking to end; it is started again then, for those who were to come again.
    """
    session, booking = await city.session(), city.first["booking"]
    load = city.load(session)
    async with city.database("booking") as conn:
        async with conn.transaction():
            await conn.execute("SELECT FROM session WHERE id = $1 FOR UPDATE", session)
            body = booking_body(session, reach={"by": "none"})
            requests = [asyncio.create_task(load.book(body)) for _ in range(IN_HAND)]

            async def waiting() -> bool:
                await conn.execute("SELECT pg_stat_clear_snapshot()")
                found = await conn.fetchval(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """
                )
                return bool(found == IN_HAND)

            await eventually(waiting)
            yield load
        await booking.ended(within=GONE_WITHIN)
        await city.ready()
        await asyncio.gather(*requests)


async def test_requests_in_hand_are_answered_after_the_door_is_closed(city: City) -> None:
    """Nobody new is let in meanwhile.

    Fails when a server that is stopping waits for no request.
    """
    await city.single()
    booking = city.first["booking"]
    async with _in_hand(city) as load:
        booking.send(signal.SIGTERM)
        await eventually(lambda: _closed(booking))
        assert booking.runs
    assert (load.counted["booked"], load.counted["cut"]) == (IN_HAND, 0)
    assert await booking.ended(within=GONE_WITHIN) == 0
    await city.keeps_its_promises(load)


async def test_who_asks_twice_does_not_want_to_wait(city: City) -> None:
    """The requests in hand are cut, and their visitors ask again.

    Fails when a second signal is ignored.
    """
    await city.single()
    booking = city.first["booking"]
    async with _in_hand(city) as load:
        booking.send(signal.SIGTERM)
        await eventually(lambda: _closed(booking))
        booking.send(signal.SIGTERM)
        assert await booking.ended(within=10) == 128 + signal.SIGTERM
    assert load.counted["booked"] == load.counted["cut"] == IN_HAND
    await city.keeps_its_promises(load)


async def _closed(replica: Replica) -> bool:
    try:
        async with aiohttp.ClientSession() as http, http.get(f"{replica.url}/health/live"):
            return False
    except aiohttp.ClientConnectorError:
        return True


async def test_a_message_in_flight_is_sent_once_whatever_the_provider_does(city: City) -> None:
    """One provider says nothing after it has accepted, another accepts late.

    Fails when a sender that stops breaks off its calls, or when a message of unknown fate is sent again at once.
    """
    await city.single()
    session = await city.session()
    notify, load, codes = city.first["notify"], city.load(session), dict[str, str]()
    for phone, (behaviour, seconds) in zip(
        numbers()[-2:], (("accept-then-hang", 10), ("late-accept", 1.5)), strict=True
    ):
        await city.fault(behaviour, to=phone, seconds=seconds)
        made = await load.book(booking_body(session, reach={"by": "sms", "phone": phone}))
        codes[phone] = made["code"] if made else ""
    async with city.database("notify") as conn:
        query = "SELECT count(*) FILTER (WHERE state = 'sending') FROM message WHERE session_id = $1"

        async def in_flight() -> bool:
            return bool(await conn.fetchval(query, session) == len(codes))

        await eventually(in_flight)
        notify.send(signal.SIGTERM)
        assert await notify.ended(within=GONE_WITHIN) == 0
        assert await conn.fetchval(query, session) == 0
    await city.ready()
    await city.keeps_its_promises(load)
    for phone, code in codes.items():
        assert len([sms for sms in await city.messages(phone) if code in sms["text"]]) == 1
