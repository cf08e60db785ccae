"""What administrators decide counts at every replica from the moment on at which booking has heard of it."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.integration.booking.cafe import Cafe, opened
from tests.integration.booking.conftest import Booking, Timed
from tests.support.samples import booking_body, decided, numbers, session_state

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture
async def cafe(timed: Timed) -> Cafe:
    return await opened(timed, capacity={"seats": 2, "queue": 4})


async def _books(booking: Booking, phone: str) -> int:
    session = await booking.offer(session_state(capacity={"seats": 60}))
    status, _ = await booking.post("/v1/bookings", booking_body(session, reach={"by": "sms", "phone": phone}))
    return status


async def test_a_number_books_as_often_as_was_decided(booking: Booking, replica: Booking) -> None:
    """Fails when a replica goes by what it read at its start."""
    phone = numbers()[0]
    await booking.hear(decided(bookings_of_number=2))

    assert [await _books(booking, phone), await _books(replica, phone)] == [201, 201]
    assert [await _books(booking, phone), await _books(replica, phone)] == [429, 429]

    await booking.hear(decided(2, bookings_of_number=3))

    assert [await _books(replica, phone), await _books(booking, phone)] == [201, 429]


async def test_a_decision_that_comes_late_changes_nothing(booking: Booking) -> None:
    phone = numbers()[0]
    await booking.hear(decided(2, bookings_of_number=1), decided(1, bookings_of_number=9))

    assert [await _books(booking, phone), await _books(booking, phone)] == [201, 429]


async def test_an_offer_runs_in_the_hours_that_were_decided(cafe: Cafe) -> None:
    """Fails when the offer's clock, or what is told of it, goes by the environment: there it never stands still."""
    seated = await cafe.book(adults=2)
    waiting = await cafe.book()
    now = (await cafe.timed.clock.now()).astimezone(STOCKHOLM)
    opens = (now.hour + 2) % 18
    await cafe.booking.hear(decided(permitted_hours=f"{opens:02}-{opens + 5:02}"))
    await cafe.do(seated, "cancel")

    await cafe.told(waiting)

    ends = datetime.fromisoformat((await cafe.see(waiting))["answer_by"]).astimezone(STOCKHOLM)
    assert ends - now > timedelta(hours=4, minutes=30), "the clock stood still until the hours began"
    assert ends.hour == opens + 4
    ref = (await cafe.booking.row("SELECT contact_ref FROM booking WHERE id = $1", UUID(waiting["id"])))[0]
    _, found = await cafe.booking.post("/internal/contacts", {"refs": [str(ref)]}, **cafe.booking.service_headers())
    assert datetime.fromisoformat(found["items"][0]["answer_by"]) == ends
