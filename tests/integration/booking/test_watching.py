"""How full sessions are, for staff: numbers that add up, of the days and libraries that are theirs."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from shared.events import Availability, AvailabilityChanged
from tests.integration.booking.at_desk import Desk, Json, at
from tests.integration.booking.conftest import Timed
from tests.support.samples import published, session_state

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_COUNTED = (
    "bookable",
    "taken",
    "confirmed",
    "held",
    "offered",
    "queued",
    "queued_seats",
    "free",
    "overhang",
    "ceiling",
)


async def asked(timed: Timed, *who: str, **query: object) -> tuple[int, Json]:
    headers = timed.issuer.headers(*(who or ("staff", "kista")))
    return await timed.booking.get(f"/v1/desk/sessions?{urlencode(query, doseq=True)}", **headers)


async def watched(timed: Timed, *who: str, **query: object) -> list[Json]:
    status, found = await asked(timed, *who, **query)
    assert status == 200, found
    items: list[Json] = found["items"]
    return items


async def seen(desk: Desk) -> Json:
    [one] = await watched(desk.timed, id=desk.id)
    return one


def counted(one: Json, *names: str) -> dict[str, int]:
    return {name: one[name] for name in names or _COUNTED}


def someone(**changes: object) -> dict[str, object]:
    return {"reach": {"by": "email", "email": f"{uuid4().hex}@example.org"}} | changes


async def test_every_seat_is_counted_once_whatever_it_is(timed: Timed) -> None:
    """Fails when a seat is in two of the numbers that make up those taken, or in none."""
    desk = await at(timed, capacity={"seats": 6, "walk_in": 2, "queue": 8})
    await desk.visitor(**someone(party={"adults": 2, "children": 0}))
    leaving = await desk.visitor(**someone())
    hold = {"session_id": str(desk.id), "party": {"adults": 1, "children": 0}}
    assert (await timed.booking.post("/v1/holds", hold))[0] == 201
    first = await desk.visitor(**someone())
    await desk.visitor(**someone(party={"adults": 3, "children": 0}))
    assert first["state"] == "queued"
    assert counted(await seen(desk)) == {
        "bookable": 4,
        "taken": 4,
        "confirmed": 3,
        "held": 1,
        "offered": 0,
        "queued": 2,
        "queued_seats": 4,
        "free": 0,
        "overhang": 0,
        "ceiling": 4,
    }
    await timed.booking.post(f"/v1/bookings/{leaving['code']}/cancel", {"proof": leaving["proof"]})
    one = await seen(desk)
    assert counted(one, "taken", "confirmed", "held", "offered", "queued") == {
        "taken": 4,
        "confirmed": 2,
        "held": 1,
        "offered": 1,
        "queued": 1,
    }
    assert one["capacity"] == {"seats": 6, "walk_in": 2, "queue": 8}
    assert (one["state"], one["closed"], one["to_call"], one["branch_id"]) == ("open", False, 0, "kista")


async def test_what_was_lowered_below_the_taken_seats_shows_as_overhang(timed: Timed) -> None:
    desk = await at(timed, capacity={"seats": 5, "queue": 2})
    await desk.visitor(**someone(party={"adults": 4, "children": 0}))
    lower = desk.state.model_copy(
        update={"revision": 2, "capacity": desk.state.capacity.model_copy(update={"seats": 3})}
    )
    await timed.booking.hear(published(lower))
    numbers = counted(await seen(desk), "bookable", "taken", "ceiling", "overhang", "free")
    assert numbers == {"bookable": 3, "taken": 4, "ceiling": 4, "overhang": 1, "free": 0}


async def test_who_came_and_who_walked_in_are_counted_as_the_session_counts(timed: Timed) -> None:
    desk = await at(timed, mode="mixed", counts="children", capacity={"seats": 9, "walk_in": 4, "queue": 0},
                    policies={"children": True})  # fmt: skip
    made = await desk.visitor(**someone(party={"adults": 1, "children": 2}))
    await timed.clock.set(desk.state.starts_at)
    await desk.post("attendance", booking_id=made["id"], attendance="came")
    for group, change in (("adult", 3), ("child", 2), ("young", 1)):
        await desk.post("walk-ins", group=group, change=change)
    one = await seen(desk)
    assert counted(one, "confirmed", "came", "walk_ins") == {"confirmed": 2, "came": 2, "walk_ins": 3}
    assert one["state"] == "begun"
    await timed.clock.set(desk.state.starts_at + timedelta(minutes=11))
    await desk.post("attendance", booking_id=made["id"], attendance="no_show")
    assert counted(await seen(desk), "taken", "confirmed", "came") == {"taken": 0, "confirmed": 0, "came": 0}


async def test_the_call_list_is_counted_too(timed: Timed) -> None:
    desk = await at(timed, capacity={"seats": 1, "queue": 3})
    leaving = await desk.visitor(**someone())
    await desk.visitor(reach={"by": "call", "phone": "08-465 004 01"})
    await timed.booking.post(f"/v1/bookings/{leaving['code']}/cancel", {"proof": leaving["proof"]})
    await timed.booking.database.pool.execute(
        """
        INSERT INTO call (id, booking_id, session_id, template, reason)
        SELECT gen_random_uuid(), id, session_id, 'offered', 'no_address' FROM booking WHERE state = 'offered'
        """
    )
    assert counted(await seen(desk), "offered", "to_call") == {"offered": 1, "to_call": 1}


@pytest.fixture
async def autumn(timed: Timed) -> dict[str, Desk]:
    """Sessions around a midnight in Stockholm, at two libraries."""
    evening = datetime(2027, 3, 2, 22, 30, tzinfo=STOCKHOLM)
    branch = session_state().branch
    there = branch.model_copy(update={"id": "tensta", "name": "Tensta bibliotek", "sms_name": "Tensta"})

    async def held(starts_at: datetime, host: object) -> Desk:
        return await at(timed, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), branch=host)

    return {
        "evening": await held(evening, branch),
        "next": await held(datetime(2027, 3, 3, 0, 0, tzinfo=STOCKHOLM), branch),
        "there": await held(evening, there),
    }


async def test_a_day_is_a_day_on_the_wall_in_its_library(timed: Timed, autumn: dict[str, Desk]) -> None:
    """Fails when days begin at midnight in UTC."""
    days = {"from": "2027-03-02", "to": "2027-03-03"}
    [one] = await watched(timed, branch="kista", **days)
    assert one["session_id"] == str(autumn["evening"].id)
    week = {"from": "2027-03-01", "to": "2027-03-08"}
    both = await watched(timed, branch="kista", **week)
    assert [one["session_id"] for one in both] == [str(autumn[name].id) for name in ("evening", "next")]
    [one] = await watched(timed, "admin", **(days | {"branch": "tensta"}))
    assert one["branch_id"] == "tensta"


async def test_without_a_library_it_is_told_of_all_that_are_theirs(timed: Timed, autumn: dict[str, Desk]) -> None:
    days = {"from": "2027-03-02", "to": "2027-03-03"}
    own = await watched(timed, "staff", "tensta", **days)
    assert [one["branch_id"] for one in own] == ["tensta"]
    assert len(await watched(timed, "staff", "tensta", "kista", **days)) == 2
    assert [one["branch_id"] for one in await watched(timed, "admin", **days)] == ["kista", "tensta"]
    assert await watched(timed, "staff", **days) == []
    named = await watched(timed, "admin", id=[autumn["there"].id, autumn["next"].id, uuid4()])
    assert [one["branch_id"] for one in named] == ["tensta", "kista"]


async def test_today_is_asked_for_by_asking_for_nothing(timed: Timed) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=30)
    desk = await at(timed, starts_at=soon, ends_at=soon + timedelta(hours=1))
    await timed.clock.set(soon)
    assert [one["session_id"] for one in await watched(timed)] == [str(desk.id)]


@pytest.mark.parametrize(
    ("who", "query", "status"),
    [
        (("staff", "tensta"), {"branch": "kista"}, 403),
        (("coordinator", "kista"), {"branch": "kista"}, 403),
        (("coordinator",), {}, 403),
        (("staff", "kista"), {"from": "2027-03-02", "to": "2027-03-02"}, 422),
        (("staff", "kista"), {"from": "2027-03-02", "to": "2027-04-20"}, 422),
        (("staff", "kista"), {"from": "2 March"}, 422),
        (("staff", "kista"), {"id": "café"}, 422),
    ],
)
async def test_what_is_refused(timed: Timed, who: tuple[str, ...], query: dict[str, str], status: int) -> None:
    assert (await asked(timed, *who, **query))[0] == status


async def test_another_librarys_session_is_refused_also_by_its_id(timed: Timed) -> None:
    desk = await at(timed)
    status, problem = await asked(timed, "staff", "tensta", id=desk.id)
    assert (status, problem["type"]) == (403, "forbidden")
    status, _ = await timed.booking.get(f"/v1/desk/sessions?id={desk.id}")
    assert status == 401


Tap = Callable[[Desk, Json], Awaitable[tuple[int, Json]]]


async def came(desk: Desk, made: Json) -> tuple[int, Json]:
    return await desk.post("attendance", booking_id=made["id"], attendance="came")


async def walked_in(desk: Desk, _: Json) -> tuple[int, Json]:
    return await desk.post("walk-ins", group="adult", change=1)


@pytest.mark.parametrize("tap", [came, walked_in])
async def test_who_watches_hears_of_people_at_the_door(timed: Timed, tap: Tap) -> None:
    """Fails when a tap that leaves the seats as they are tells nobody: pages stay as they were."""
    desk = await at(timed)
    made = await desk.visitor(**someone())
    await timed.clock.set(desk.state.starts_at)
    before = await announced(desk)
    assert (await tap(desk, made))[0] == 200
    after = await announced(desk)
    assert after[:-1] == before
    assert after[-1].model_copy(update={"revision": 0}) == before[-1].model_copy(update={"revision": 0})
    assert (await seen(desk))["revision"] == after[-1].revision == before[-1].revision + 1


async def test_saying_the_same_again_wakes_nobody(timed: Timed) -> None:
    desk = await at(timed)
    made = await desk.visitor(**someone())
    await timed.clock.set(desk.state.starts_at)
    await came(desk, made)
    before = await announced(desk)
    await came(desk, made)
    assert await announced(desk) == before


async def announced(desk: Desk) -> list[Availability]:
    return [event.data for event in await desk.booking.told() if isinstance(event, AvailabilityChanged)]
