"""Who comes without a booking is counted by age group, and nobody is known."""

import asyncio
from datetime import timedelta

import pytest

from tests.integration.booking.at_desk import Desk, Json, at
from tests.integration.booking.conftest import Timed


@pytest.fixture
async def drop_in(timed: Timed) -> Desk:
    """Homework help, open to all, with ten chairs for those who just come; its doors are open."""
    desk = await at(timed, mode="mixed", capacity={"seats": 15, "walk_in": 10, "queue": 0})
    await timed.clock.set(desk.state.starts_at - timedelta(hours=1))
    return desk


async def test_who_walks_in_is_counted_by_age_with_one_tap_each_way(drop_in: Desk) -> None:
    for group, change in (("child", 1), ("child", 1), ("young", 1), ("child", -1)):
        status, counted = await drop_in.post("walk-ins", group=group, change=change)
        assert status == 200, counted
    _, counted = await drop_in.post("walk-ins", group="adult", change=30)
    assert counted == {
        "session_id": str(drop_in.id),
        "child": 1,
        "young": 1,
        "adult": 30,
        "reserve": 10,
        "used": 32,
    }
    status, seen = await drop_in.booking.get(f"/v1/sessions/{drop_in.id}/walk-ins", **drop_in.headers)
    assert (status, seen) == (200, counted)


async def test_a_count_never_goes_below_nobody(drop_in: Desk) -> None:
    await drop_in.post("walk-ins", group="adult", change=2)
    left = [(await drop_in.post("walk-ins", group="adult", change=-1))[1]["adult"] for _ in range(3)]
    assert left == [1, 0, 0]
    status, counted = await drop_in.post("walk-ins", group="child", change=-5)
    assert (status, counted["child"]) == (200, 0)


async def test_many_tap_at_once(drop_in: Desk) -> None:
    await drop_in.post("walk-ins", group="child", change=50)
    taps = [("child", 1)] * 20 + [("child", -1)] * 10 + [("adult", 1)] * 10
    await asyncio.gather(*(drop_in.post("walk-ins", group=group, change=change) for group, change in taps))
    _, counted = await drop_in.post("walk-ins", group="young", change=1)
    assert (counted["child"], counted["adult"], counted["young"]) == (60, 10, 1)


async def test_who_counted_is_kept_once_an_hour_and_not_how_quick_they_were(drop_in: Desk) -> None:
    """Fails when each tap is a row."""
    await asyncio.gather(*(drop_in.post("walk-ins", group="child", change=1) for _ in range(5)))
    assert [one["object"] for one in await drop_in.audit("walk-in")] == [str(drop_in.id)]
    drop_in.headers = drop_in.timed.issuer.headers("staff", "kista", sub="bertil")
    await drop_in.post("walk-ins", group="child", change=1)
    await drop_in.timed.clock.advance(timedelta(minutes=61))
    await drop_in.post("walk-ins", group="adult", change=1)
    assert [one["subject"] for one in await drop_in.audit("walk-in")] == ["bertil", "bertil", "anna"]


async def test_children_alone_use_the_reserve_where_the_seats_are_theirs(timed: Timed) -> None:
    desk = await at(timed, mode="mixed", counts="children", capacity={"seats": 12, "walk_in": 4, "queue": 0})
    await timed.clock.set(desk.state.starts_at)
    await desk.post("walk-ins", group="adult", change=3)
    _, counted = await desk.post("walk-ins", group="child", change=2)
    assert (counted["reserve"], counted["used"]) == (4, 2)


async def test_nobody_is_counted_before_they_can_have_come(timed: Timed) -> None:
    desk = await at(timed)
    await timed.clock.set(desk.state.starts_at - timedelta(minutes=61))
    status, problem = await desk.post("walk-ins", group="adult", change=1)
    assert (status, problem["type"]) == (409, "doors-shut")
    await timed.clock.set(desk.state.ends_at + timedelta(days=2))
    status, counted = await desk.post("walk-ins", group="adult", change=1)
    assert (status, counted["reserve"]) == (200, None), "also the day after, until it is closed"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"group": "teenager", "change": 1}, "group"),
        ({"group": "adult", "change": 0}, "change"),
        ({"group": "adult", "change": 101}, "change"),
        ({"group": "adult", "change": 1, "name": "Sara"}, "name"),
    ],
)
async def test_what_is_wrong_with_a_count_is_named(drop_in: Desk, body: Json, field: str) -> None:
    status, problem = await drop_in.post("walk-ins", **body)
    assert (status, problem["field"]) == (422, field)


async def test_nobody_is_counted_in_what_staff_have_closed(drop_in: Desk) -> None:
    await drop_in.post("walk-ins", group="adult", change=3)
    await drop_in.booking.database.pool.execute(
        """
        INSERT INTO closing (
            session_id, revision, held, adults, children, staff_involved, organiser, place, closed_group
        )
        VALUES ($1, 1, true, 3, 0, true, 'library', 'branch', false)
        """,
        drop_in.id,
    )
    status, problem = await drop_in.post("walk-ins", group="adult", change=1)
    assert (status, problem["type"]) == (409, "closed")
    status, counted = await drop_in.booking.get(f"/v1/sessions/{drop_in.id}/walk-ins", **drop_in.headers)
    assert (status, counted["adult"]) == (200, 3)
