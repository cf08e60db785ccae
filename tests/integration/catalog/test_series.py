"""Series: a term planned at once, and its dates that fall away named."""

from datetime import date, datetime, timedelta
from time import perf_counter

import pytest

from services.catalog.red_days import red_days
from services.catalog.school_holidays import CALENDARS, Calendar, Holiday
from shared.events import SessionPublished
from tests.integration.catalog.conftest import ADMIN, COORDINATOR, RINKEBY, Catalog, Json
from tests.integration.catalog.terms import FIRST, STOCKHOLM, body, local, patch, series


async def test_a_series_is_answered_whole_told_and_shown(catalog: Catalog) -> None:
    """Fails when a date is not kept, not told, or told without its series, or the public view shows other ones."""
    made = await series(catalog, capacity=12, room="Hörsalen", opens_days_before=14)

    assert [local(session).date() for session in made["sessions"]] == [FIRST + timedelta(weeks=n) for n in range(4)]
    assert {f"{local(session):%H.%M}" for session in made["sessions"]} == {"17.00"}
    assert {(s["series_id"], s["sitting_id"], s["seats"]["capacity"]) for s in made["sessions"]} == {
        (made["id"], None, 12)
    }
    told = await catalog.told()
    assert [event.subject for event in told] == [session["id"] for session in made["sessions"]]
    assert {str(event.data.series_id) for event in told if isinstance(event, SessionPublished)} == {made["id"]}
    opens = datetime.fromisoformat(made["sessions"][0]["opens_at"]).astimezone(STOCKHOLM)
    assert (opens.date(), opens.hour) == (FIRST - timedelta(days=14), 0)

    status, shown = await catalog.get(f"/v1/series/{made['id']}")
    assert (status, shown["branch"]["name"], shown["titles"]["sv"]) == (200, "Kista bibliotek", "Språkcafé")
    assert [session["id"] for session in shown["sessions"]] == [session["id"] for session in made["sessions"]]
    assert "meeting" not in shown["sessions"][0]


async def test_a_series_of_drafts_is_nobody_s_yet(catalog: Catalog) -> None:
    made = await series(catalog, status="draft")
    address = f"/v1/series/{made['id']}"

    assert (await catalog.get(address))[0] == 404
    assert await catalog.told() == []
    status, shown = await patch(catalog, made["sessions"][0], status="published", scope="all")
    assert (status, len(shown["also_changed"])) == (200, 3)
    assert len((await catalog.get(address))[1]["sessions"]) == 4
    for id_ in ("nonsense", shown["id"]):
        status, problem = await catalog.get(f"/v1/series/{id_}")
        assert (status, problem["type"]) == (404, "unknown-series")


async def test_days_that_fall_away_are_named_in_a_preview_that_keeps_nothing(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a red day, a closure, a school holiday or an exception is held, or has no name."""
    reds = red_days(FIRST - timedelta(days=1), FIRST + timedelta(days=366))
    red, name = next((day, names) for day, names in reds.items() if day > FIRST and day - timedelta(days=1) not in reds)
    first = red - timedelta(days=1)
    days = [first + timedelta(days=number) for number in range(6)]
    lov = Holiday({"sv": "Höstlov"}, days[3], days[3])
    monkeypatch.setitem(CALENDARS, "stockholm", Calendar(known_until=days[-1], holidays=(lov,)))
    closed = {"first": days[0].isoformat(), "reasons": {"sv": "Inventering"}}
    assert (await catalog.send("POST", "/v1/branches/kista/closures", closed))[0] == 201
    left_out = [{"date": days[4].isoformat(), "reason": "Mässa"}]
    wish = body(
        first=first.isoformat(), rule="FREQ=DAILY;COUNT=6", skip={"school_holidays": True}, **{"except": left_out}
    )
    others = red_days(days[2], days[5])
    activity = await catalog.activity()

    status, shown = await catalog.send("POST", f"/v1/activities/{activity}/series/preview", wish)

    assert status == 200, shown
    fallen = {date.fromisoformat(skipped["date"]): (skipped["why"], skipped["names"]) for skipped in shown["skipped"]}
    assert fallen == {
        days[0]: ("closure", {"sv": "Inventering"}),
        red: ("red_day", dict(name)),
        days[3]: ("school_holiday", {"sv": "Höstlov"}),
        **{day: ("red_day", dict(names)) for day, names in others.items()},
        days[4]: ("exception", {"sv": "Mässa"}),
    }
    assert [local(session).date() for session in shown["sessions"]] == [day for day in days if day not in fallen]
    assert await catalog.listed() == []
    assert await catalog.told() == []
    status, made = await catalog.send("POST", f"/v1/activities/{activity}/series", wish)
    assert (status, made["skipped"]) == (201, shown["skipped"])
    assert [s["starts_at"] for s in made["sessions"]] == [s["starts_at"] for s in shown["sessions"]]
    assert (await catalog.get(f"/v1/series/{made['id']}"))[1]["skipped"] == shown["skipped"]


BAD_SERIES: list[tuple[Json, str]] = [
    ({"rule": "FREQ=DAILY;COUNT=10000"}, "rule"),
    ({"rule": "FREQ=DAILY;UNTIL=2054-01-01"}, "rule"),
    ({"rule": "FREQ=WEEKLY"}, "rule"),
    ({"rule": "every Tuesday"}, "rule"),
    ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;COUNT=3"}, "rule"),
    ({"rule": "FREQ=YEARLY;COUNT=4"}, "rule"),
    ({"first": "2027-02-31"}, "first"),
    ({"first": "2020-01-01"}, "rule"),
    ({"time": "25:00"}, "time"),
    ({"time": "17"}, "time"),
    ({"minutes": 0}, "minutes"),
    ({"minutes": 1441}, "minutes"),
    ({"slot_minutes": 4}, "slot_minutes"),
    ({"slot_minutes": 40, "minutes": 100}, "slot_minutes"),
    ({"branch_id": "nowhere"}, "branch_id"),
    ({"except": [{"date": "2027-02-31", "reason": "Stängt"}]}, "except.0.date"),
    ({"except": [{"date": FIRST.isoformat()}]}, "except.0.reason"),
    ({"except": [{"date": (FIRST + timedelta(days=1)).isoformat(), "reason": "Stängt"}]}, "except.0.date"),
    ({"except": [{"date": FIRST.isoformat(), "reason": {"en": "Closed"}}]}, "except.0.reason"),
    ({"capacity": 10_001}, "capacity.seats"),
    ({"capacity": {"walk_in": 1}}, "capacity.walk_in"),
    ({"opens_days_before": -1}, "opens_days_before"),
    ({"skip": {"sundays": True}}, "skip.sundays"),
    ({"skip": {"school_holidays": True}, "first": "2028-08-01"}, "skip.school_holidays"),
]


async def test_a_series_that_cannot_be_names_the_field_and_leaves_nothing(catalog: Catalog) -> None:
    activity = await catalog.activity()

    for values, field in BAD_SERIES:
        for path in ("series", "series/preview"):
            status, problem = await catalog.send("POST", f"/v1/activities/{activity}/{path}", body(**values), by=ADMIN)
            assert (status, problem["type"], problem["field"]) == (422, "invalid", field), (values, problem)
    for id_ in ("nonsense", "5d0f2f0e-6a27-4f0e-8a58-3f0c2c9a3b71"):
        status, problem = await catalog.send("POST", f"/v1/activities/{id_}/series", body())
        assert (status, problem["field"]) == (422, "activity_id")

    assert await catalog.listed() == []
    assert await catalog.told() == []
    assert await catalog.database.pool.fetchval("SELECT count(*) FROM series") == 0


async def test_only_the_branch_s_staff_plan_and_look_ahead(catalog: Catalog) -> None:
    activity = await catalog.activity()

    strangers: list[tuple[str, ...]] = [RINKEBY, COORDINATOR]
    for path in ("series", "series/preview"):
        for by in strangers:
            status, problem = await catalog.send("POST", f"/v1/activities/{activity}/{path}", body(), by=by)
            assert (status, problem["type"]) == (403, "forbidden")
        assert (await catalog.send("POST", f"/v1/activities/{activity}/{path}", {}, by=None))[0] == 401


async def test_a_series_under_a_key_is_made_once(catalog: Catalog) -> None:
    address = f"/v1/activities/{await catalog.activity()}/series"
    key = {"Idempotency-Key": "a-term"}

    first = await catalog.send("POST", address, body(), headers=key)
    assert first[0] == 201
    assert await catalog.send("POST", address, body(), headers=key) == first
    assert len(await catalog.listed()) == 4


async def test_all_of_it_is_found_by_its_series(catalog: Catalog) -> None:
    made = await series(catalog)
    await catalog.session()

    assert await catalog.listed(series=made["id"]) == [session["id"] for session in made["sessions"]]
    assert len(await catalog.listed()) == 5
    for name in ("series", "sitting"):
        status, problem = await catalog.get("/v1/sessions", **{name: made["sessions"][0]["id"]})
        assert (status, problem["field"]) == (422, name)


async def test_a_term_of_all_branches_is_saved_in_seconds(catalog: Catalog) -> None:
    """39 branches, 38 weeks each. Fails when each date costs a transaction or a query per session."""
    branches = [branch["id"] for branch in (await catalog.get("/v1/branches"))[1]["items"]]
    activity = await catalog.activity()
    started = perf_counter()

    for branch in branches:
        await series(catalog, ADMIN, activity_id=activity, branch_id=branch, rule="FREQ=WEEKLY;COUNT=38")

    spent = perf_counter() - started
    assert await catalog.database.pool.fetchval("SELECT count(*) FROM session") == len(branches) * 38
    assert spent < 60, f"{spent:.1f} s"


@pytest.mark.parametrize("seats", [0, 10_000])
async def test_no_seat_and_ten_thousand_are_capacities(catalog: Catalog, seats: int) -> None:
    made = (await series(catalog, capacity=seats, rule="FREQ=WEEKLY;COUNT=1"))["sessions"]

    assert made[0]["seats"]["capacity"] == seats
    (told,) = await catalog.told()
    assert isinstance(told, SessionPublished)
    assert told.data.capacity.seats == seats
    await catalog.hear(made[0]["id"], left=0)
    assert await catalog.listed(free="true") == []
