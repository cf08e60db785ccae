"""How many came, per session, library and time: who may see it, what is told, and the table."""

import csv
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from shared.events import SessionCancellation, SessionCancelled, SessionRef, SessionWithdrawn
from tests.integration.booking.cafe import Cafe
from tests.integration.booking.conftest import Timed
from tests.support.samples import published, session_state

Json = dict[str, Any]

STOCKHOLM = ZoneInfo("Europe/Stockholm")
YEAR = {"from": "2026-01-01", "to": "2027-01-01"}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


class Library:
    """Sessions of spring 2026, seen from the summer after it."""

    def __init__(self, timed: Timed) -> None:
        self.timed = timed
        self.booking = timed.booking

    async def held(self, at: str, *, close: Json | None = None, **changes: object) -> Cafe:
        """A session that began then; closed with this, or not at all."""
        starts = local(at)
        state = session_state(starts_at=starts, ends_at=starts + timedelta(minutes=90), **changes)
        await self.booking.hear(published(state))
        cafe = Cafe(self.timed, state)
        if close is not None:
            staff = cafe.staff(state.branch.id)
            body = {
                "held": True,
                "adults": 12,
                "children": 0,
                "staff_involved": True,
                "organiser": "library",
                "place": "branch",
                "closed_group": False,
            } | close
            status, problem = await cafe.desk("close", body, **staff)
            assert status == 200, problem
        return cafe

    async def figures(self, *branches: str, role: str = "staff", **query: str) -> tuple[int, Json]:
        asked = "&".join(f"{name}={value}" for name, value in (YEAR | query).items())
        return await self.booking.get(f"/v1/figures?{asked}", **self.timed.issuer.headers(role, *branches))

    async def seen(self, *branches: str, role: str = "staff", **query: str) -> Json:
        status, found = await self.figures(*branches, role=role, **query)
        assert status == 200, found
        return found


@pytest.fixture
async def library(timed: Timed) -> Library:
    await timed.clock.set(local("2026-07-01T12:00"))
    return Library(timed)


HUSBY = {
    "id": "husby",
    "name": "Husby bibliotek",
    "sms_name": "Husby bibliotek",
    "phone": "08-508 300 00",
    "address": "Edvard Griegsgången",
}


def whole(count: int) -> Json:
    return {"count": count, "whole": True}


HIDDEN = {"count": None, "whole": False}


async def test_a_term_by_month_week_library_and_session(library: Library) -> None:
    await library.held("2026-03-03T17:00", close={"adults": 12, "children": 8})
    await library.held("2026-03-31T23:30", close={"adults": 9, "children": 6})
    await library.held("2026-04-07T17:00", close={"adults": 11}, branch=HUSBY)
    found = await library.seen("kista", "husby", **{"from": "2026-03-01", "to": "2026-05-01"})
    assert [(row["first"], row["last"], row["sums"]["visitors"]) for row in found["items"]] == [
        ("2026-03-01", "2026-03-31", whole(35)),
        ("2026-04-01", "2026-04-30", whole(11)),
    ]
    total = found["total"]
    assert (total["held"], total["visitors"], total["seats"], total["fill"]) == (3, whole(46), 45, whole(102))
    assert total["ages"] == {"adults": whole(32), "children": whole(14)}
    found = await library.seen("kista", "husby", by="branch")
    assert {row["branch_id"]: row["sums"]["visitors"] for row in found["items"]} == {
        "kista": whole(35),
        "husby": whole(11),
    }
    found = await library.seen("kista", by="week", **{"from": "2026-03-04", "to": "2026-03-12"})
    assert [(row["first"], row["last"]) for row in found["items"]] == [
        ("2026-03-04", "2026-03-08"),
        ("2026-03-09", "2026-03-11"),
    ]
    found = await library.seen("kista", by="session")
    assert [(row["first"], row["starts_at"], row["sums"]["visitors"]) for row in found["items"]] == [
        ("2026-03-03", "2026-03-03T16:00:00Z", whole(20)),
        ("2026-03-31", "2026-03-31T21:30:00Z", whole(15)),
    ], "days are those of the wall"


async def test_who_was_there_who_was_not_and_who_found_no_seat(library: Library) -> None:
    await library.timed.clock.set(local("2026-03-01T12:00"))
    cafe = await library.held("2026-03-10T17:00", capacity={"seats": 12, "queue": 8})
    there = [await cafe.book(adults=1) for _ in range(7)]
    missed = await cafe.book(adults=4)
    unseated = [await cafe.book(adults=3) for _ in range(2)]
    await library.timed.clock.set(local("2026-03-10T17:20"))
    for one in unseated:
        await cafe.becomes(one, "closed")
    assert (await cafe.desk("attendance", {"booking_id": missed["id"], "attendance": "no_show"}))[0] == 200
    await cafe.desk("walk-ins", {"group": "adult", "change": 5})
    await library.booking.database.pool.execute(
        "INSERT INTO walk_in VALUES ($1, 'adult', 5) ON CONFLICT (session_id, age_group) DO UPDATE SET people = 5",
        cafe.id,
    )
    await library.timed.clock.set(local("2026-07-01T12:00"))
    assert (await library.seen("kista"))["total"]["not_closed"] == 1
    closing = {"held": True, "adults": 12, "children": 0, "staff_involved": True, "organiser": "library"}
    assert (await cafe.desk("close", closing | {"place": "branch", "closed_group": False}))[0] == 200
    total = (await library.seen("kista"))["total"]
    assert (total["held"], total["not_closed"]) == (1, 0)
    assert (total["visitors"], total["fill"]) == (whole(12), whole(100))
    assert (total["no_shows"], total["unmet"]) == (HIDDEN, whole(6)), "four who did not come are too few to tell of"
    assert total["channels"] == {
        "web": whole(7),
        "desk": whole(0),
        "series": whole(0),
        "other": whole(0),
        "drop_in": whole(5),
    }
    assert total["languages"] == {"sv": whole(7)}
    assert len(there) == 7


async def test_what_was_not_held_and_what_nobody_closed_is_said(library: Library) -> None:
    await library.held("2026-03-03T17:00", close={})
    await library.held("2026-03-10T17:00", close={"held": False, "adults": 0})
    await library.held("2026-03-17T17:00")
    cancelled = await library.held("2026-03-24T17:00")
    await library.booking.hear(
        SessionCancelled.of(cancelled.id, SessionCancellation(session_id=cancelled.id, revision=2, reason="illness"))
    )
    withdrawn = await library.held("2026-03-31T17:00")
    await library.booking.hear(SessionWithdrawn.of(withdrawn.id, SessionRef(session_id=withdrawn.id, revision=2)))
    await library.held("2026-07-01T11:00")
    found = await library.seen("kista")
    total = found["total"]
    assert (total["held"], total["not_held"], total["not_closed"], total["visitors"]) == (1, 2, 1, whole(12))
    assert len((await library.seen("kista", by="session"))["items"]) == 4


async def test_small_sessions_are_told_of_in_sums_only(library: Library) -> None:
    """Fails when the month minus its other sessions tells how few came."""
    for day, adults in ((3, 14), (10, 3), (17, 11)):
        await library.held(f"2026-03-{day:02d}T17:00", close={"adults": adults})
    found = await library.seen("kista", by="session")
    assert [row["sums"]["visitors"] for row in found["items"]] == [HIDDEN, HIDDEN, whole(11)]
    assert found["total"]["visitors"] == whole(28)
    part = await library.seen("kista", by="session", **{"from": "2026-03-04", "to": "2026-03-20"})
    assert part["total"]["visitors"] == {"count": 11, "whole": False}


async def test_only_where_one_works(library: Library) -> None:
    await library.held("2026-03-03T17:00", close={"adults": 12})
    await library.held("2026-03-04T17:00", close={"adults": 13}, branch=HUSBY)
    assert (await library.seen("kista"))["total"]["visitors"] == whole(12)
    assert (await library.seen("kista", branch="kista"))["total"]["visitors"] == whole(12)
    assert (await library.seen(role="admin"))["total"]["visitors"] == whole(25)
    assert (await library.seen(role="admin", branch="husby"))["total"]["visitors"] == whole(13)
    assert (await library.seen())["items"][0]["sums"]["held"] == 0
    for status, problem in (
        await library.figures("kista", branch="husby"),
        await library.figures("kista", role="coordinator"),
        await library.figures("kista", role="coordinator", branch="kista"),
    ):
        assert (status, problem["type"]) == (403, "forbidden")
    assert (await library.booking.get("/v1/figures?from=2026-01-01&to=2026-02-01"))[0] == 401


async def test_one_kind(library: Library) -> None:
    told = uuid4()
    await library.held("2026-03-03T17:00", close={"adults": 12})
    await library.held("2026-03-04T17:00", close={"adults": 13}, kind="story_time", activity_id=told)
    await library.booking.database.pool.execute("DELETE FROM activity_kind")
    assert (await library.seen("kista", kind="story_time"))["total"]["held"] == 0
    await library.held("2026-08-04T17:00", kind="story_time", activity_id=told)
    found = await library.seen("kista", kind="story_time", by="session")
    assert [(row["kind"], row["activity_id"]) for row in found["items"]] == [("story_time", f"{told}")], (
        "of earlier sessions too, once one is told of again"
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"to": "2026-01-01"}, "to"),
        ({"to": "2025-12-31"}, "to"),
        ({"to": "2028-06-01"}, "to"),
        ({"from": "2026-02-30"}, "from"),
        ({"from": "yesterday"}, "from"),
        ({"to": "9999-12-31"}, "to"),
        ({"by": "year"}, "by"),
        ({"branch": "Kista!"}, "branch"),
        ({"format": "xml"}, "format"),
    ],
)
async def test_what_cannot_be_asked_is_named(library: Library, query: dict[str, str], field: str) -> None:
    status, problem = await library.figures("kista", **query)
    assert (status, problem["type"], problem["field"]) == (422, "invalid", field)


async def test_the_table_says_what_is_hidden(library: Library) -> None:
    made = [
        await library.held(f"2026-03-{day:02d}T17:00", close={"adults": adults})
        for day, adults in ((3, 14), (10, 3), (17, 11))
    ]
    url = f"{library.booking.url}/v1/figures.csv?from=2026-03-04&to=2026-04-01&by=session&branch=kista"
    async with library.booking.http.get(url, headers=library.timed.issuer.headers("staff", "kista")) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/csv"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="plats-kista-2026-03-04-2026-03-31.csv"'
        text = (await answer.read()).decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert [(row["från"], row["börjar"], row["tillfälle"], row["besökare"]) for row in rows] == [
        ("2026-03-10", "17:00", f"{made[1].id}", ".."),
        ("2026-03-17", "17:00", f"{made[2].id}", "11"),
        ("summa", "", "", "≥11"),
    ]
    async with library.booking.http.get(url, headers=library.timed.issuer.headers("staff", "husby")) as answer:
        assert answer.status == 403


async def test_a_term_of_all_libraries_is_told_of_library_by_library(library: Library) -> None:
    await library.held("2026-03-03T17:00", close={})
    await library.booking.database.pool.execute(
        """
        INSERT INTO session SELECT (jsonb_populate_record(s, jsonb_build_object(
            'id', gen_random_uuid(), 'branch_id', 'branch-' || n % 39,
            'starts_at', s.starts_at + interval '1 hour' * (n % 2500),
            'ends_at', s.ends_at + interval '1 hour' * (n % 2500)
        ))).* FROM session s, generate_series(1, 4000) n
        """
    )
    await library.booking.database.pool.execute(
        """
        INSERT INTO closing SELECT id, 1, true, (random() * 15)::int, 3, true, 'library', 'branch', false
        FROM session s WHERE NOT EXISTS (SELECT FROM closing WHERE session_id = s.id)
        """
    )
    await library.booking.database.pool.execute(
        """
        INSERT INTO figure SELECT s.id, f.figure, '', f.value, 3, (random() * 9)::int
        FROM session s, (VALUES ('outcome', 'no_show'), ('outcome', 'unmet'), ('outcome', 'came'), ('channel', 'web'),
            ('channel', 'desk'), ('language', 'sv'), ('language', 'ar'), ('language', 'so')) f (figure, value)
        WHERE NOT EXISTS (SELECT FROM figure WHERE session_id = s.id)
        """
    )
    found = await library.seen(role="admin", by="branch")
    assert len(found["items"]) == 40
    assert found["total"]["held"] == 4001
    status, problem = await library.figures(role="admin", by="session")
    assert (status, problem["field"]) == (422, "by")
