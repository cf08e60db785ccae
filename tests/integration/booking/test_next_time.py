"""A session is cancelled: everybody is told of the next time that they could have."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.events import BookingCancelled, SessionCancellation, SessionCancelled
from tests.integration.booking.conftest import Booking
from tests.support.samples import booking_body, numbers, session_state

START = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
ACTIVITY = uuid4()
SITTING = uuid4()


async def offered(booking: Booking, *, days: float, branch: str = "kista", **changes: Any) -> UUID:  # noqa: ANN401
    """A time of the activity, so many days after the one that is cancelled."""
    state = session_state()
    at = START + timedelta(days=days)
    times = {"starts_at": at, "ends_at": at + timedelta(minutes=90), "activity_id": ACTIVITY}
    place = {"branch": state.branch.model_dump() | {"id": branch}}
    return await booking.offer(session_state(**(times | place | changes)))


async def book(booking: Booking, session: UUID, phone: str, **changes: Any) -> UUID:  # noqa: ANN401
    body = booking_body(session, reach={"by": "sms", "phone": phone}, **changes)
    status, made = await booking.post("/v1/bookings", body)
    assert status == 201, made
    return UUID(made["id"])


async def cancel(booking: Booking, session: UUID, *, rest_of_series: bool = False) -> dict[UUID, UUID | None]:
    """Each booking that was lost, and the time it is told of."""
    facts = SessionCancellation(session_id=session, revision=2, reason="illness", rest_of_series=rest_of_series)
    await booking.hear(SessionCancelled.of(session, facts))
    told = [event.data for event in await booking.told() if isinstance(event, BookingCancelled)]
    return {one.booking_id: one.next_session_id for one in told if one.session_id == session}


async def test_the_next_time_is_the_first_with_seats_for_the_party_in_its_own_library(booking: Booking) -> None:
    lost = await offered(booking, days=0)
    phones = iter(numbers())
    await offered(booking, days=-1)  # it is before
    await offered(booking, days=1, branch="husby")  # elsewhere, and nearer
    await offered(booking, days=2, mode="drop_in")
    await offered(booking, days=2, policies={"booked_by": "staff"})
    await offered(booking, days=2, opens_at=START)
    await offered(booking, days=2, closes_at=START - timedelta(days=4))
    await offered(booking, days=2, activity_id=uuid4())
    full = await offered(booking, days=3, capacity={"seats": 1, "queue": 3})
    await book(booking, full, next(phones))
    small = await offered(booking, days=4, capacity={"seats": 2, "queue": 3})
    large = await offered(booking, days=5)
    one = await book(booking, lost, next(phones))
    three = await book(booking, lost, next(phones), party={"adults": 3, "children": 0})
    assert await cancel(booking, lost) == {one: small, three: large}


async def test_where_its_own_library_has_none_it_is_any(booking: Booking) -> None:
    lost = await offered(booking, days=0)
    elsewhere = await offered(booking, days=2, branch="husby")
    await offered(booking, days=3, branch="rinkeby")
    one = await book(booking, lost, numbers()[0])
    assert await cancel(booking, lost) == {one: elsewhere}


async def test_where_somebody_waits_nothing_is_left_for_newcomers(booking: Booking) -> None:
    lost = await offered(booking, days=0)
    phones = iter(numbers())
    popular = await offered(booking, days=1, capacity={"seats": 2, "queue": 3})
    await book(booking, popular, next(phones))
    await book(booking, popular, next(phones), party={"adults": 2, "children": 0}, if_full="queue")
    one = await book(booking, lost, next(phones))
    assert await cancel(booking, lost) == {one: None}


async def test_other_slots_of_a_sitting_are_not_the_next_time(booking: Booking) -> None:
    """Who helps is ill for all of them."""
    lost = await offered(booking, days=0, sitting_id=SITTING)
    await offered(booking, days=0.1, sitting_id=SITTING)
    another = await offered(booking, days=7, sitting_id=uuid4())
    one = await book(booking, lost, numbers()[0])
    assert await cancel(booking, lost) == {one: another}


async def test_dates_of_a_series_that_are_cancelled_with_it_are_not_the_next_time(booking: Booking) -> None:
    """We hear of them one by one. Fails when the first is told of the second, which is cancelled in a moment."""
    series = uuid4()
    alone, lost, _later = [await offered(booking, days=days, series_id=series) for days in (-1, 0, 7)]
    another = await offered(booking, days=14, series_id=uuid4())
    phones = iter(numbers())
    first, one = [await book(booking, session, next(phones)) for session in (alone, lost)]
    assert await cancel(booking, alone) == {first: lost}
    assert await cancel(booking, lost, rest_of_series=True) == {one: another}
