"""A term planned as the one before."""

import asyncio
from datetime import date, datetime, time, timedelta
from time import perf_counter
from typing import cast

from shared.events import SessionPublished
from tests.integration.catalog.conftest import ADMIN, KISTA, RINKEBY, Catalog, Json
from tests.integration.catalog.terms import FIRST, STOCKHOLM, cancel, local, patch, series

NEXT = FIRST + timedelta(weeks=20)
"""When the later term begins: on the same weekday."""
DAYS: Json = {
    "from": FIRST.isoformat(),
    "to": (FIRST + timedelta(weeks=8)).isoformat(),
    "first": NEXT.isoformat(),
    "last": (NEXT + timedelta(weeks=5)).isoformat(),
}


async def copy(
    catalog: Catalog, by: tuple[str, ...] = KISTA, branch: str = "kista", key: str | None = None, **values: object
) -> tuple[int, Json]:
    headers = {"Idempotency-Key": key} if key else {}
    return await catalog.send("POST", f"/v1/branches/{branch}/terms", {**DAYS, **values}, by=by, headers=headers)


async def coming(catalog: Catalog) -> int:
    """How many sessions anybody sees from the later term on."""
    status, page = await catalog.get(f"/v1/sessions?from={NEXT}&limit=100")
    assert status == 200
    return len(page["items"])


async def test_a_series_goes_on_as_it_was_held_on_the_new_term_s_days(catalog: Catalog) -> None:
    """Fails when its time, room, host, seats, opening or weekday is another one, or a date falls away unnamed."""
    made = await series(
        catalog,
        room="Hörsalen",
        host="Amina",
        capacity=12,
        opens_days_before=7,
        minutes=60,
        skip={"red_days": False},
    )
    later = local(made["sessions"][1]) + timedelta(days=1, hours=1)
    await patch(catalog, made["sessions"][1], starts_at=later.isoformat(), room="Verkstan", scope="following")
    shut = NEXT + timedelta(weeks=1, days=1)
    closure = {"first": shut.isoformat(), "reasons": {"sv": "Inventering"}}
    assert (await catalog.send("POST", "/v1/branches/kista/closures", closure))[0] == 201
    told = len(await catalog.told())

    status, preview = await copy(catalog, preview=True)
    kept = await catalog.told()
    status, term = await copy(catalog)

    assert (status, len(kept), preview["kept"], term["kept"]) == (200, told, False, True)
    (one,) = term["series"]
    days = [NEXT + timedelta(weeks=n, days=1) for n in range(5)]
    held = [day for day in days if day != shut]
    assert [local(session).date() for session in one["sessions"]] == held
    assert {f"{local(session):%H.%M}" for session in one["sessions"]} == {"18.00"}
    assert {skipped["date"]: skipped["why"] for skipped in one["skipped"]}[shut.isoformat()] == "closure"
    assert (one["state"], one["source"], one["room"], one["host"], one["seats"], one["minutes"]) == (
        "new",
        made["id"],
        "Verkstan",
        "Amina",
        12,
        60,
    )
    assert one["sessions"] == preview["series"][0]["sessions"]
    events = cast("list[SessionPublished]", (await catalog.told())[told:])
    assert [event.data.starts_at for event in events] == [
        datetime.fromisoformat(session["starts_at"]) for session in one["sessions"]
    ]
    assert {event.data.series_id is not None and str(event.data.series_id) for event in events} == {one["id"]}
    opens = events[0].data.opens_at
    assert opens
    assert (events[0].data.starts_at - opens).days == 8, "the day of opening did not move with the dates"


async def test_the_same_term_twice_is_one(catalog: Catalog) -> None:
    """Fails when a colleague, an impatient finger or two at once plan the term a second time."""
    await series(catalog)

    both = await asyncio.gather(copy(catalog), copy(catalog))
    again = await copy(catalog, key="term")
    once_more = await copy(catalog, key="term")

    assert sorted(answer[1]["series"][0]["state"] for answer in both) == ["new", "there"]
    assert {answer[1]["series"][0]["id"] for answer in (*both, again)} == {again[1]["series"][0]["id"]}
    assert again == once_more
    assert await coming(catalog) == 6


async def test_what_is_not_held_does_not_go_on_and_an_exception_is_no_rule(catalog: Catalog) -> None:
    stopped = await series(catalog)
    await cancel(catalog, stopped["sessions"][0], "all")
    held = await series(catalog, time="10:00")
    feast = local(held["sessions"][3]) + timedelta(hours=6)
    await patch(catalog, held["sessions"][3], starts_at=feast.isoformat(), room="Torget")
    await series(catalog, by=RINKEBY, branch_id="rinkeby")

    _, term = await copy(catalog, preview=True)

    assert [(one["source"], one["at"], one["room"]) for one in term["series"]] == [(held["id"], "10:00:00", "")]


async def test_a_series_that_goes_on_by_itself_is_not_made_beside_it(catalog: Catalog) -> None:
    made = await series(catalog)

    _, term = await copy(catalog, first=(FIRST + timedelta(weeks=2)).isoformat(), last=DAYS["to"])

    assert [(one["state"], one["id"], one["sessions"]) for one in term["series"]] == [("there", made["id"], [])]


async def test_a_single_date_that_was_moved_here_brings_no_other_library_s_series(catalog: Catalog) -> None:
    """Fails when copying one library's term plans anything at another one, or takes its series over."""
    theirs = await series(catalog, by=RINKEBY, branch_id="rinkeby")
    moved = await patch(catalog, theirs["sessions"][0], by=ADMIN, branch_id="kista")
    assert moved[0] == 200

    status, term = await copy(catalog)

    assert (status, term["series"]) == (200, [])
    assert (await copy(catalog, series=[theirs["id"]]))[1]["field"] == "series"


async def test_slots_and_the_rhythm_of_every_other_week_go_on(catalog: Catalog) -> None:
    await series(catalog, rule="FREQ=WEEKLY;INTERVAL=2;COUNT=3", minutes=80, slot_minutes=40, skip={"red_days": False})

    _, term = await copy(catalog, first=(NEXT + timedelta(days=1)).isoformat(), preview=True)

    (one,) = term["series"]
    dates = [local(session).date() for session in one["sessions"]]
    first = NEXT + timedelta(weeks=1)
    expected = [first + timedelta(weeks=2 * n) for n in range(3)]
    assert sorted({*dates, *(date.fromisoformat(skipped["date"]) for skipped in one["skipped"])}) == expected
    assert {dates.count(day) for day in dates} == {2}
    assert one["slot_minutes"] == 40


async def test_some_series_as_drafts_and_one_that_cannot_go_on_stops_no_other(catalog: Catalog) -> None:
    """Fails when a series that was put away stops the others, or drafts are told of."""
    tired = await catalog.activity()
    gone = await series(catalog, activity_id=tired)
    on = await series(catalog, time="10:00")
    left = await series(catalog, time="12:00")
    assert (await catalog.send("PATCH", f"/v1/activities/{tired}", {"archived": True}, by=ADMIN))[0] == 200
    told = await catalog.told()

    status, term = await copy(catalog, series=[gone["id"], on["id"]], status="draft")

    assert status == 200
    states = {one["source"]: one["state"] for one in term["series"]}
    assert states == {gone["id"]: "refused", on["id"]: "new"}
    assert "put away" in next(one["refusal"] for one in term["series"] if one["refusal"])
    assert await catalog.told() == told
    assert left["id"] not in str(term)
    status, problem = await copy(catalog, series=["01990000-0000-7000-8000-000000000000"])
    assert (status, problem["field"]) == (422, "series")


async def test_what_clashes_is_told_of_each_date_also_within_the_new_term(catalog: Catalog) -> None:
    await series(catalog, room="Hörsalen", host="Amina", minutes=60)
    await series(catalog, room="Hörsalen", time="17:30", minutes=60)
    there = await catalog.session(
        branch_id="rinkeby",
        host="amina",
        starts_at=datetime.combine(NEXT + timedelta(weeks=2), time(17, 15), STOCKHOLM).isoformat(),
    )

    _, term = await copy(catalog, preview=True)

    first, second = term["series"]
    assert {tuple(one["same"]) for date in second["sessions"] for one in date["conflicts"]} == {("room",)}
    hosts = [one for date in first["sessions"] for one in date["conflicts"] if one["same"] == ["host"]]
    assert [one["session_id"] for one in hosts] == [there["id"]]


async def test_days_that_are_none_and_rights(catalog: Catalog) -> None:
    wrong: list[tuple[Json, str]] = [
        ({"to": "2020-01-01"}, "to"),
        ({"last": "2020-01-01"}, "last"),
        ({"last": (NEXT + timedelta(days=500)).isoformat()}, "last"),
        ({"status": "withdrawn"}, "status"),
    ]
    for values, field in wrong:
        status, problem = await copy(catalog, **values)
        assert (status, problem["field"]) == (422, field)
    assert (await copy(catalog, by=RINKEBY))[1]["type"] == "forbidden"
    assert (await copy(catalog, by=ADMIN, branch="nowhere"))[1]["type"] == "unknown-branch"
    assert (await copy(catalog))[1]["series"] == []


async def test_the_term_of_39_libraries_is_planned_in_seconds(catalog: Catalog) -> None:
    """Fails when planning all libraries' terms takes longer than somebody waits."""
    branches = [row["id"] for row in await catalog.database.pool.fetch("SELECT id FROM branch ORDER BY id")]
    activity = await catalog.activity()
    for branch in branches:
        for at in ("10:00", "17:00"):
            await series(catalog, by=ADMIN, branch_id=branch, activity_id=activity, time=at, room="Salen")
    began = perf_counter()

    planned = 0
    for branch in branches:
        last = (NEXT + timedelta(weeks=21)).isoformat()
        status, term = await copy(catalog, by=ADMIN, branch=branch, last=last)
        assert status == 200
        planned += sum(len(one["sessions"]) for one in term["series"])

    took = perf_counter() - began
    assert planned > 1_400
    assert took < 40, f"{planned} sessions took {took:.1f} s"
