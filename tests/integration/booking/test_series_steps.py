"""Nothing of a series stays half done, wherever a process dies."""

from collections.abc import Callable
from datetime import timedelta

import aiohttp
import pytest

from shared.events import (
    SeriesBooked,
)
from tests.integration.booking.conftest import Timed, opened
from tests.integration.booking.term import Term
from tests.support.proxy import proxy
from tests.support.servers import eventually


def nth_word(nth: int) -> Callable[[], Callable[[bytes], bool]]:
    """Tells when whoever has begun a series says something to the database for so many times since."""
    said = 0

    def watch() -> Callable[[bytes], bool]:
        begun = False

        def reached(data: bytes) -> bool:
            nonlocal said, begun
            begun = begun or b"INSERT INTO idempotency" in data
            said += begun
            return begun and said >= nth

        return reached

    return watch


@pytest.mark.parametrize("passing", [True, False], ids=["answer-lost", "request-lost"])
async def test_who_dies_at_any_step_leaves_what_the_next_one_finishes(
    timed: Timed, http: aiohttp.ClientSession, *, passing: bool
) -> None:
    """The line to the database breaks at everything that is said for a series of two dates, and stays away.

    Every second time the same request comes again and gets its answer; else nobody does, and the timekeeper of another
    process finishes it: all dates, one message. Fails when a date is noted in another transaction than its booking.
    """
    booking = timed.booking
    term = await Term(booking, weeks=2, capacity={"seats": 200, "walk_in": 0, "queue": 0}).published()
    nth, left = 0, True
    async with proxy(booking.database.dsn) as line:
        while left:
            nth += 1
            reach = {"by": "email", "email": f"sara{nth}@example.org"}
            line.break_at(nth_word(nth), passing=passing)
            async with opened(line.through(booking.database.dsn), http) as wired:
                status, body = await term.book(key=f"{nth}", at=wired, reach=reach)
            left = status != 201
            assert (status, body.get("type")) in {(201, None), (503, "unavailable")}
            begun = (await booking.row("SELECT count(*) AS n FROM series_booking"))["n"] == nth
            if nth % 2 or not begun:  # nobody else knows of one that was not even begun
                assert len((await term.book(key=f"{nth}", reach=reach))[1]["booked"]) == 2
            await timed.clock.advance(timedelta(seconds=4))

            async def told(many: int = nth) -> bool:
                return len(await term.told(SeriesBooked)) == many

            await eventually(told, within=10)
    assert nth > 40, "it did not break where it should"
    assert all(len(event.data.sessions) == 2 for event in await term.told(SeriesBooked))
    assert (await booking.row("SELECT count(*) AS n FROM booking WHERE state = 'confirmed'"))["n"] == 2 * nth
    await term.exact()


async def test_who_dies_while_all_is_undone_leaves_nothing(timed: Timed, http: aiohttp.ClientSession) -> None:
    """The same where all or nothing is wanted and one date is full: in the end nobody has anything."""
    booking = timed.booking
    term = await Term(booking, weeks=2, capacity={"seats": 200, "walk_in": 0, "queue": 0}).published()
    await term.published(term.dates[1].model_copy(update={"revision": 2, "opens_at": term.dates[0].starts_at}))
    nth, left = 0, True
    async with proxy(booking.database.dsn) as line:
        while left:
            nth += 1
            reach = {"by": "email", "email": f"sara{nth}@example.org"}
            line.break_at(nth_word(nth * 5), passing=True)
            async with opened(line.through(booking.database.dsn), http) as wired:
                status, _ = await term.book(key=f"{nth}", at=wired, reach=reach, if_partly="refuse")
            left = status != 409
            await timed.clock.advance(timedelta(seconds=4))

            async def undone() -> bool:
                left = await booking.row("SELECT count(*) AS n FROM contact")
                return bool(left["n"] == 0)

            await eventually(undone, within=10)
            answer = await term.book(key=f"{nth}", reach=reach, if_partly="refuse")
            assert (answer[0], answer[1]["type"]) == (409, "dates-refused")
    assert nth > 8, "it did not break where it should"
    assert await term.told(SeriesBooked) == []
    assert (await booking.row("SELECT count(*) AS n FROM booking WHERE state <> 'cancelled'"))["n"] == 0
    await term.exact()
