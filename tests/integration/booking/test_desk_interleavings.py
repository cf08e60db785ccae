"""The desk at the same moment as everybody else, statement by statement in every order."""

from collections.abc import AsyncIterator, Mapping
from typing import cast
from uuid import UUID, uuid4

import pytest

from services.booking.domain import Party
from services.booking.reach import Reach
from services.booking.store import contacts
from services.booking.store.tickets import Ticket
from services.booking.usecases import booking, desk_booking, desk_reach, desk_tickets, waiting
from shared.auth import Staff
from shared.db import Connection
from tests.integration.booking.conftest import HOURS, KEY
from tests.integration.booking.house import still
from tests.integration.booking.test_interleavings import Play, lets_go, tried
from tests.support.databases import Databases
from tests.support.orders import Stage, Work

STAFF = Staff(subject="anna", role="staff", branches=frozenset({"kista"}))


@pytest.fixture
async def play(databases: Databases) -> AsyncIterator[Play]:
    async with Stage.on(await still(databases)) as stage:
        yield Play(stage)


def at_desk(play: Play, name: str, reach: Reach, *, override: bool = False) -> Work:
    """Staff book for somebody."""
    request = booking.Request(
        session_id=play.sessions[0].session_id,
        party=Party(adults=1, children=0),
        name=name,
        reach=reach,
        language="sv",
        hold=None,
        queue=False,
        channel="desk",
    )

    async def work(conn: Connection) -> UUID:
        return (await desk_booking.book(conn, request, STAFF, KEY, HOURS, override=override)).id

    return work


async def person(play: Play, booking_id: UUID) -> contacts.Contact:
    ref = await play.stage.watch.fetchval("SELECT contact_ref FROM booking WHERE id = $1", booking_id)
    found = await contacts.of(play.stage.watch, ref)
    assert found is not None
    return found


async def seats(play: Play) -> tuple[int, int, int]:
    """Taken, ceiling, and let in on purpose, of the first session."""
    row = await play.stage.watch.fetchrow(
        "SELECT taken, ceiling, overbooked FROM session WHERE id = $1", play.sessions[0].session_id
    )
    assert row is not None
    return row["taken"], row["ceiling"], row["overbooked"]


async def test_who_is_offered_a_seat_is_seated_at_the_desk_and_declines_on_the_page(play: Play) -> None:
    """Fails when the desk gives a seat that has gone on to the next, or leaves an offer that can still be answered."""
    first, second = uuid4(), uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal first, second
        first, second = await play.offered()
        known = await person(play, first)
        return {
            "desk": at_desk(play, known.name, known.reach),
            "page": lambda conn: waiting.decline(conn, first),
        }

    async def judge(outcome: dict[str, str]) -> None:
        states = await play.states(first, second)
        if outcome["desk"] == "done":
            assert (outcome["page"], states) == ("OfferGone", ["confirmed", "queued"])
        else:
            assert (outcome, states) == ({"desk": "SoldOut", "page": "done"}, ["declined", "offered"])
        await play.exact(1)

    await tried(play, scene, judge)


async def test_two_are_let_in_while_somebody_gives_a_seat_back(play: Play) -> None:
    """Fails when an override is counted twice, or raises the ceiling for somebody else."""
    none = Reach(by="none")

    async def scene() -> Mapping[str, Work]:
        await play.begin(1)
        seated = await play.booked()
        return {
            "one": at_desk(play, "Bo", none, override=True),
            "other": at_desk(play, "Cia", none, override=True),
            "leaves": lets_go(seated),
        }

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert await seats(play) == (2, 2, 1)
        await play.exact(2)

    await tried(play, scene, judge, fine=False)


async def test_a_number_is_corrected_to_one_that_is_just_booked_with(play: Play) -> None:
    """Fails without the index on who has a seat."""
    reach = Reach(by="sms", phone="+46701740605")

    async def scene() -> Mapping[str, Work]:
        await play.begin(5)
        session = play.sessions[0].session_id
        wrong = await play.do(at_desk(play, "Bo", Reach(by="sms", phone="+46701740606")))
        assert isinstance(wrong, UUID)
        return {
            "correct": lambda conn: desk_reach.correct(conn, session, wrong, reach, KEY),
            "book": at_desk(play, "Bo", reach),
        }

    async def judge(outcome: dict[str, str]) -> None:
        assert sorted(outcome.values()) == ["AlreadyBooked", "done"]
        await play.exact(1 if outcome["correct"] == "done" else 2)

    await tried(play, scene, judge)


async def waiting_numbers(play: Play) -> list[Ticket]:
    """Three people who wait for their number."""
    await play.begin(1)
    await play.stage.watch.execute("DELETE FROM ticket; DELETE FROM ticket_day")
    draw: Work = lambda conn: desk_tickets.draw(conn, "kista", HOURS.zone)  # noqa: E731
    return [cast("Ticket", await play.do(draw)) for _ in range(3)]


def calls(place: int) -> Work:
    return lambda conn: desk_tickets.call_next(conn, "kista", place, HOURS.zone)


async def called(play: Play) -> dict[int, str]:
    """How the numbers stand that were called, or are over."""
    rows = await play.stage.watch.fetch("SELECT number, state FROM ticket WHERE state <> 'waiting' ORDER BY number")
    return {row["number"]: row["state"] for row in rows}


async def test_two_call_the_next(play: Play) -> None:
    """Fails when the line is read before the day's turn is had: both call the same."""

    async def scene() -> Mapping[str, Work]:
        await waiting_numbers(play)
        return {"one": calls(1), "other": calls(2)}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert await called(play) == {1: "called", 2: "called"}

    await tried(play, scene, judge)


async def test_the_first_gives_up_while_they_are_called(play: Play) -> None:
    """Fails when the line is read before the day's turn is had: nobody is called, or who has gone."""

    async def scene() -> Mapping[str, Work]:
        first, *_ = await waiting_numbers(play)
        gone: Work = lambda conn: desk_tickets.tap(conn, first.id, "gave-up", HOURS.zone)  # noqa: E731
        return {"call": calls(1), "gone": gone}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert await called(play) in ({1: "gave-up"}, {1: "gave-up", 2: "called"})

    await tried(play, scene, judge)


async def test_two_draw_the_first_number_of_the_day(play: Play) -> None:
    """Fails when a number is taken before the day's turn is had."""

    async def scene() -> Mapping[str, Work]:
        await play.begin(1)
        await play.stage.watch.execute("DELETE FROM ticket; DELETE FROM ticket_day")
        draw: Work = lambda conn: desk_tickets.draw(conn, "kista", HOURS.zone)  # noqa: E731
        return {"one": draw, "other": draw}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        rows = await play.stage.watch.fetch("SELECT number FROM ticket ORDER BY number")
        assert [row["number"] for row in rows] == [1, 2]

    await tried(play, scene, judge)
