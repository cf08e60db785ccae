"""Booking opens and closes by the clock, for newcomers only."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.integration.booking.cafe import Cafe, opened
from tests.integration.booking.conftest import Timed
from tests.support.samples import booking_body, numbers
from tests.support.servers import eventually


async def opening(timed: Timed, *, opens: timedelta | None, closes: timedelta | None, **changes: Any) -> Cafe:  # noqa: ANN401
    """A café of two seats in ten days, bookable between these."""
    now = datetime.now(UTC).replace(microsecond=0)
    times = {"opens_at": opens and now + opens, "closes_at": closes and now + closes}
    return await opened(timed, **({"capacity": {"seats": 2, "queue": 4}} | times | changes))


async def becomes(cafe: Cafe, *seats: int) -> None:
    """Until everybody has been told that it is so full."""

    async def so() -> bool:
        return await cafe.left() == seats

    await eventually(so)


async def test_nobody_books_before_it_opens_and_all_are_told_when_it_does(timed: Timed) -> None:
    cafe = await opening(timed, opens=timedelta(days=1), closes=None)
    assert await cafe.left() == (0, 0, 0)
    status, problem = await cafe.ask()
    assert (status, problem["type"], problem["field"]) == (409, "not-open", "session_id")
    assert f"{cafe.state.opens_at:%Y-%m-%dT%H:%M:%SZ}" in problem["detail"]
    hold = {"session_id": str(cafe.id), "party": {"adults": 1, "children": 0}}
    status, problem = await timed.booking.post("/v1/holds", hold)
    assert (status, problem["type"]) == (409, "not-open")
    await cafe.passes(days=1)
    await becomes(cafe, 0, 2, 4)
    assert (await cafe.book())["state"] == "confirmed"


async def test_closing_stops_newcomers_and_nobody_else(timed: Timed) -> None:
    """Who waits is offered what is given back, and who has a seat may go to another time, but not come back."""
    cafe = await opening(timed, opens=None, closes=timedelta(days=1))
    other = await opened(timed, activity_id=cafe.state.activity_id)
    leaving, cancelling, first, second = [await cafe.book() for _ in range(4)]
    assert (first["state"], second["state"]) == ("queued", "queued")
    await cafe.passes(days=1)
    await becomes(cafe, 2, 0, 0)
    for wish in ("queue", "refuse"):
        status, problem = await cafe.ask(if_full=wish)
        assert (status, problem["type"], problem["field"]) == (409, "closed", "session_id")
    status, moved = await cafe.do(leaving, "move", session_id=str(other.id))
    assert (status, moved["session_id"]) == (200, str(other.id))
    assert (await cafe.do(first, "accept"))[1]["state"] == "confirmed"
    assert (await cafe.do(cancelling, "cancel"))[0] == 200
    assert (await cafe.do(second, "accept"))[1]["state"] == "confirmed"
    assert (await cafe.do(second, "cancel"))[0] == 200
    assert await cafe.left() == (1, 0, 0), "a seat is free, and no newcomer gets it"
    status, problem = await cafe.do(moved, "move", session_id=str(cafe.id))
    assert (status, problem["type"]) == (409, "closed")


async def test_at_the_desk_one_may_wait_also_when_newcomers_may_not_any_more(timed: Timed) -> None:
    """Fails when staff are told that the waiting list is full."""
    cafe = await opening(timed, opens=None, closes=timedelta(days=1))
    while (await cafe.book())["state"] != "queued":
        pass
    await cafe.passes(days=1)
    wanted = booking_body(cafe.id, name="Bo", reach={"by": "sms", "phone": numbers()[-1]}, if_full="queue")
    status, made = await cafe.booking.post("/v1/desk/bookings", wanted, **cafe.staff())
    assert (status, made["state"]) == (201, "queued")


async def test_who_was_typing_when_it_closed_gets_the_seat_that_was_held(timed: Timed) -> None:
    cafe = await opening(timed, opens=None, closes=timedelta(days=1))
    await cafe.passes(days=1, minutes=-5)
    wanted = {"session_id": str(cafe.id), "party": {"adults": 1, "children": 0}}
    _, hold = await timed.booking.post("/v1/holds", wanted)
    await cafe.passes(minutes=6)
    status, problem = await timed.booking.post(
        "/v1/holds", wanted | {"hold": hold["hold"], "party": {"adults": 2, "children": 0}}
    )
    assert (status, problem["type"]) == (409, "closed"), "not for more people"
    status, _ = await timed.booking.post("/v1/holds", wanted | {"hold": hold["hold"]})
    assert status == 201
    status, problem = await cafe.ask(adults=2, hold=hold["hold"])
    assert (status, problem["type"]) == (409, "closed")
    assert (await cafe.book(hold=hold["hold"]))["state"] == "confirmed"


async def test_staff_open_and_close_it_by_changing_the_times(timed: Timed) -> None:
    cafe = await opening(timed, opens=timedelta(days=1), closes=None)
    now = await timed.clock.now()
    await cafe.republish(2, opens_at=None)
    assert await cafe.left() == (0, 2, 4)
    await cafe.book()
    await cafe.republish(3, opens_at=None, closes_at=now)
    assert await cafe.left() == (1, 0, 0)
    assert (await cafe.ask())[0] == 409
    await cafe.republish(4, opens_at=None)
    assert await cafe.left() == (1, 1, 4)


async def test_time_opens_each_session_once(timed: Timed) -> None:
    """Nothing is left to look at after it has opened, also where nobody could book anyhow."""
    cafe = await opening(timed, opens=timedelta(days=1), closes=timedelta(days=2), capacity={"seats": 0})
    row = await timed.booking.row("SELECT open, wakes_at FROM session WHERE id = $1", cafe.id)
    assert (row["open"], row["wakes_at"]) == (False, cafe.state.opens_at)
    await cafe.passes(days=1)

    async def open_() -> bool:
        now = await timed.booking.row("SELECT open, wakes_at FROM session WHERE id = $1", cafe.id)
        return bool(now["open"]) and now["wakes_at"] == cafe.state.closes_at

    await eventually(open_)
    await cafe.passes(days=1)

    async def closed() -> bool:
        now = await timed.booking.row("SELECT open, wakes_at FROM session WHERE id = $1", cafe.id)
        return not now["open"] and now["wakes_at"] is None

    await eventually(closed)
