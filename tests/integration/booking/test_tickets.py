"""Queue tickets at the IT hosts' desks: numbers in order, each once, whoever draws and calls at the same time."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.integration.booking.conftest import Timed
from tests.support.paper import STOCKHOLM

Json = dict[str, Any]


class Hosts:
    """The IT hosts of one library, and the screen in its hall."""

    def __init__(self, timed: Timed, branch: str = "kista") -> None:
        self.timed = timed
        self.branch = branch
        self.headers = timed.issuer.headers("staff", branch)

    async def post(self, path: str, **body: object) -> tuple[int, Json]:
        return await self.timed.booking.post(path, body, **self.headers)

    async def draw(self) -> Json:
        status, ticket = await self.post("/v1/tickets", branch_id=self.branch)
        assert status == 201, ticket
        return ticket

    async def next(self, place: int | None = None) -> Json:
        status, ticket = await self.post("/v1/tickets/next", branch_id=self.branch, place=place)
        assert status == 200, ticket
        return ticket

    async def tap(self, ticket: Json, what: str) -> Json:
        status, tapped = await self.post(f"/v1/tickets/{ticket['id']}/{what}")
        assert status == 200, tapped
        return tapped

    async def screen(self) -> Json:
        """What everybody sees."""
        status, seen = await self.timed.booking.get(f"/v1/branches/{self.branch}/tickets")
        assert status == 200, seen
        return seen

    async def serving(self) -> dict[int | None, int]:
        """Whose turn it is at which desk."""
        return {one["place"]: one["number"] for one in (await self.screen())["now_serving"]}


@pytest.fixture
async def hosts(timed: Timed) -> Hosts:
    await timed.clock.set(datetime(2026, 3, 3, 9, 0, tzinfo=STOCKHOLM))
    return Hosts(timed)


async def test_a_queue_ticket_morning(hosts: Hosts) -> None:
    """Two IT hosts, five people, one of whom has left and one who comes back."""
    assert await hosts.screen() == {
        "branch_id": "kista",
        "day": "2026-03-03",
        "now_serving": [],
        "waiting": 0,
        "last_drawn": 0,
    }
    # The doors open, and five people draw a number.
    drawn = [await hosts.draw() for _ in range(5)]
    assert [ticket["number"] for ticket in drawn] == [1, 2, 3, 4, 5]
    # Two hosts sit down and call.
    first, second = await hosts.next(place=1), await hosts.next(place=2)
    assert await hosts.serving() == {1: 1, 2: 2}
    assert (await hosts.screen())["waiting"] == 3
    # The first is helped; the second does not come, is called once more, and then given up.
    await hosts.tap(first, "served")
    assert await hosts.serving() == {2: 2}
    await hosts.timed.clock.advance(timedelta(minutes=2))
    again = await hosts.tap(second, "again")
    assert (again["calls"], again["place"]) == (2, 2)
    await hosts.tap(second, "gave-up")
    third, fourth = await hosts.next(place=2), await hosts.next(place=1)
    assert await hosts.serving() == {2: 3, 1: 4}
    # A slip of the finger: the third was not done yet.
    await hosts.tap(third, "served")
    assert (await hosts.tap(third, "undo"))["state"] == "called"
    # The fourth was called too early, and goes back to where they were.
    assert (await hosts.tap(fourth, "undo"))["state"] == "waiting"
    assert await hosts.serving() == {2: 3}
    assert (await hosts.next(place=1))["number"] == 4
    # Number two is back from the toilet.
    await hosts.tap(second, "again")
    assert await hosts.serving() == {1: 4, 2: 2}, "the newest call at each desk"
    # Somebody comes late, and the last of the line is called.
    assert (await hosts.draw())["number"] == 6
    assert [(await hosts.next())["number"] for _ in range(2)] == [5, 6]
    status, problem = await hosts.post("/v1/tickets/next", branch_id="kista")
    assert (status, problem["type"], problem["field"]) == (409, "nobody-waits", "branch_id")
    assert (await hosts.screen())["last_drawn"] == 6
    # The next morning begins at one.
    await hosts.timed.clock.advance(timedelta(days=1))
    assert (await hosts.screen())["last_drawn"] == 0
    assert (await hosts.draw())["number"] == 1
    status, problem = await hosts.post(f"/v1/tickets/{second['id']}/served")
    assert (status, problem["type"]) == (409, "ticket-over")


async def test_many_draw_at_once_and_each_gets_a_number_of_their_own(hosts: Hosts) -> None:
    drawn = await asyncio.gather(*(hosts.draw() for _ in range(30)))
    assert sorted(ticket["number"] for ticket in drawn) == list(range(1, 31)), "none twice, and no gap"


async def test_many_call_at_once_and_call_different_people(hosts: Hosts) -> None:
    for _ in range(20):
        await hosts.draw()
    called = await asyncio.gather(*(hosts.next(place=place) for place in range(1, 13)))
    assert sorted(ticket["number"] for ticket in called) == list(range(1, 13))
    assert (await hosts.screen())["waiting"] == 8


async def test_somebody_gives_up_while_two_call_and_others_draw(hosts: Hosts) -> None:
    """Nobody is called who has left, and nobody finds the line empty that is not."""
    for _ in range(10):
        drawn = [await hosts.draw() for _ in range(3)]
        gone, *called, _ = await asyncio.gather(
            hosts.tap(drawn[0], "gave-up"), hosts.next(1), hosts.next(2), hosts.draw()
        )
        numbers = [ticket["number"] for ticket in called]
        assert len(set(numbers)) == 2
        tickets = {ticket["number"]: ticket for ticket in await _all(hosts)}
        assert tickets[gone["number"]]["state"] == "gave-up"
        while (await hosts.screen())["waiting"]:
            await hosts.next()


async def _all(hosts: Hosts) -> list[Json]:
    status, found = await hosts.timed.booking.get("/v1/tickets?branch=kista", **hosts.headers)
    assert status == 200, found
    items: list[Json] = found["items"]
    return items


async def test_a_number_that_was_asked_for_twice_is_drawn_once(hosts: Hosts) -> None:
    headers = {**hosts.headers, "Idempotency-Key": "one-tap"}
    tickets = [await hosts.timed.booking.post("/v1/tickets", {"branch_id": "kista"}, **headers) for _ in range(2)]
    assert [ticket["number"] for _, ticket in tickets] == [1, 1]
    assert (await hosts.draw())["number"] == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-03-28T23:59:59+01:00", "2026-03-29T00:00:01+01:00"),
        ("2026-03-29T23:59:59+02:00", "2026-03-30T00:00:01+02:00"),
        ("2026-10-25T23:59:59+01:00", "2026-10-26T00:00:01+01:00"),
    ],
)
async def test_the_day_is_the_librarys(hosts: Hosts, before: str, after: str) -> None:
    """Also on the days when the clocks change."""
    await hosts.timed.clock.stop(datetime.fromisoformat(before))
    assert [(await hosts.draw())["number"] for _ in range(2)] == [1, 2]
    await hosts.timed.clock.stop(datetime.fromisoformat(after))
    assert (await hosts.screen())["waiting"] == 0, "who waited yesterday has gone home"
    ticket = await hosts.draw()
    assert (ticket["number"], ticket["day"]) == (1, after[:10])


async def test_each_library_has_a_line_of_its_own(hosts: Hosts) -> None:
    husby = Hosts(hosts.timed, "husby")
    assert [(await each.draw())["number"] for each in (hosts, husby, hosts)] == [1, 1, 2]
    ticket = await husby.next(3)
    assert await hosts.serving() == {}
    status, _ = await hosts.post(f"/v1/tickets/{ticket['id']}/served")
    assert status == 403
    status, _ = await hosts.post("/v1/tickets/next", branch_id="husby")
    assert status == 403


async def test_the_screen_asks_again_at_no_cost(hosts: Hosts) -> None:
    await hosts.draw()
    url = f"{hosts.timed.booking.url}/v1/branches/kista/tickets"
    async with hosts.timed.booking.http.get(url) as first:
        etag = first.headers["ETag"]
        assert first.headers["Cache-Control"] == "public, max-age=2"
    async with hosts.timed.booking.http.get(url, headers={"If-None-Match": etag}) as same:
        assert (same.status, await same.read()) == (304, b"")
    await hosts.next(1)
    async with hosts.timed.booking.http.get(url, headers={"If-None-Match": etag}) as changed:
        assert changed.status == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"branch_id": "Kista bibliotek"}, "branch_id"),
        ({"branch_id": "kista", "place": 0}, "place"),
        ({"branch_id": "kista", "place": 100}, "place"),
        ({"branch_id": "kista", "name": "Sara"}, "name"),
        ({}, "branch_id"),
    ],
)
async def test_what_is_wrong_is_named(hosts: Hosts, body: Json, field: str) -> None:
    status, problem = await hosts.post("/v1/tickets/next", **body)
    assert (status, problem["field"]) == (422, field)


async def test_a_ticket_that_is_not_there(hosts: Hosts) -> None:
    for made_up in ("not-an-id", "00000000-0000-0000-0000-000000000000"):
        status, problem = await hosts.post(f"/v1/tickets/{made_up}/served")
        assert (status, problem["type"]) == (404, "unknown-ticket")
    status, problem = await hosts.timed.booking.get("/v1/branches/Kista%20bibliotek/tickets")
    assert (status, problem["type"]) == (404, "unknown-branch")
    status, _ = await hosts.timed.booking.post("/v1/tickets", {"branch_id": "kista"})
    assert status == 401


async def test_nothing_of_a_person_is_kept(hosts: Hosts) -> None:
    """Whatever may be kept of a ticket is a number, a state, a place or a time."""
    columns = await hosts.timed.booking.database.pool.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name IN ('ticket', 'ticket_day')"
    )
    assert {row["column_name"] for row in columns} == {
        *("id", "branch_id", "day", "number", "state", "was", "place", "drawn_at", "called_at", "calls", "drawn")
    }
