"""Helpers come and go, and visitors answer, at once: in every order the same holds at the end."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.integration.booking.house import still
from tests.integration.booking.test_helping import COACHES, accepted, staffing, uncovered
from tests.integration.booking.test_interleavings import ACTIVITY, STARTS, Play, hears, moves, replies, tried
from tests.support.databases import Databases
from tests.support.orders import Stage, Work
from tests.support.samples import published, session_state

MATCHED: dict[str, Any] = {"capacity_from": "staffing", "helping": COACHES}


@pytest.fixture
async def play(databases: Databases) -> AsyncIterator[Play]:
    async with Stage.on(await still(databases)) as stage:
        yield Play(stage)


def made(play: Play, booking: UUID, place: int = 0) -> dict[str, str]:
    """A booking, as events about it name it."""
    return {"id": str(booking), "session_id": str(play.sessions[place].session_id)}


async def left_alone(play: Play, place: int, other: int) -> UUID:
    """Somebody whom nobody can help, and who was told of another time."""
    booking = await play.booked(place=place)
    await play.stage.watch.execute(
        "UPDATE booking SET helper = 'missing', helper_told = 'missing', helper_next = $2 WHERE id = $1",
        booking,
        play.sessions[other].session_id,
    )
    return booking


async def where(play: Play, booking: UUID) -> tuple[int, str | None]:
    """In which of the sessions a booking is, and how it stands with its helper."""
    row = await play.stage.watch.fetchrow("SELECT session_id, helper FROM booking WHERE id = $1", booking)
    assert row is not None
    return [state.session_id for state in play.sessions].index(row["session_id"]), row["helper"]


async def test_a_helper_goes_while_somebody_books(play: Play) -> None:
    """Fails when the number on duty is read, or the seats are, before the session's turn is had."""

    async def scene() -> Mapping[str, Work]:
        await play.begin(2, **MATCHED)
        await play.booked()
        return {"book": play.books(queue=False), "goes": hears(staffing(play.sessions[0].session_id, 1, 1))}

    async def judge(outcome: dict[str, str]) -> None:
        assert outcome["goes"] == "done"
        await play.exact(2 if outcome["book"] == "done" else 1)
        assert await play.stage.watch.fetchval("SELECT seats FROM session") == 1

    await tried(play, scene, judge)


async def test_helpers_of_a_session_are_told_while_it_is_published(play: Play) -> None:
    """Fails when one of the two misses what the other has not committed."""
    state = session_state(
        starts_at=STARTS, ends_at=STARTS.replace(hour=11), activity_id=ACTIVITY, capacity={"seats": 3}, **MATCHED
    )

    async def scene() -> Mapping[str, Work]:
        await play.begin()
        await play.stage.watch.execute("DELETE FROM staffing")
        play.sessions = [state]
        await play.do(hears(staffing(state.session_id, 2, 1)))
        return {"published": hears(published(state)), "told": hears(staffing(state.session_id, 1, 2))}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        await play.exact(0)
        assert await play.stage.watch.fetchval("SELECT seats FROM session") == 1

    await tried(play, scene, judge)


async def test_somebody_is_found_while_the_visitor_says_yes_to_another_time(play: Play) -> None:
    """They keep their time and are told of a helper, or are moved and are not. Fails when both become true."""
    booking = uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal booking
        await play.begin(2, 2)
        booking = await left_alone(play, 0, 1)
        return {"yes": replies(booking, "yes"), "found": hears(accepted(made(play, booking)))}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        told = await play.told(booking)
        assert (await where(play, booking), told) in [
            ((0, "found"), ["confirmed", "helper_found"]),
            ((1, None), ["confirmed", "moved"]),
        ]

    await tried(play, scene, judge, fine=False)


async def test_two_yeses_move_once(play: Play) -> None:
    booking = uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal booking
        await play.begin(1, 1)
        booking = await left_alone(play, 0, 1)
        return {"one": replies(booking, "yes"), "other": replies(booking, "yes")}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert await play.told(booking) == ["confirmed", "moved"]
        await play.exact(0, 1)

    await tried(play, scene, judge, fine=False)


async def test_a_yes_and_a_no_at_once_end_in_a_booking_that_is_over(play: Play) -> None:
    booking = uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal booking
        await play.begin(1, 1)
        booking = await left_alone(play, 0, 1)
        return {"yes": replies(booking, "yes"), "no": replies(booking, "no")}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert await play.told(booking) in [["confirmed", "cancelled"], ["confirmed", "moved", "cancelled"]]
        await play.exact(0, 0)

    await tried(play, scene, judge, fine=False)


async def test_two_change_to_each_others_time(play: Play) -> None:
    """Fails when somebody holds the session they leave while they wait for the other: two wait for each other."""
    here, there = uuid4(), uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal here, there
        await play.begin(2, 2)
        here, there = await left_alone(play, 0, 1), await left_alone(play, 1, 0)
        return {"one": replies(here, "yes"), "other": replies(there, "yes")}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert (await where(play, here), await where(play, there)) == ((1, None), (0, None))
        await play.exact(1, 1)

    await tried(play, scene, judge, fine=False)


async def test_a_booking_moves_while_its_helper_is_given_up(play: Play) -> None:
    """Fails when somebody is told that nobody helps at a time that they have left."""
    booking = uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal booking
        await play.begin(1, 1)
        booking = await play.booked()
        return {
            "moves": moves(booking, play.sessions[1]),
            "given up": hears(uncovered(made(play, booking))),
        }

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert await where(play, booking) == (1, None)
        assert await play.told(booking) in [["confirmed", "moved"], ["confirmed", "helper_missing", "moved"]]

    await tried(play, scene, judge, fine=False)
