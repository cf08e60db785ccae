"""One change for many: this and following, or all dates of a series."""

import asyncio
from datetime import timedelta
from uuid import UUID

from shared.events import SessionCancelled, SessionPublished, SessionWithdrawn
from tests.integration.catalog.conftest import ADMIN, Catalog
from tests.integration.catalog.terms import FIRST, cancel, local, patch, series, shown, soon_text
from tests.support.servers import eventually


async def test_this_and_following_move_by_the_clock_on_the_wall_and_each_is_told_once(catalog: Catalog) -> None:
    """Fails when an earlier date moves too, one is not told, or its history does not know."""
    made = (await series(catalog, rule="FREQ=WEEKLY;COUNT=30"))["sessions"]
    chosen = made[1]
    later = local(chosen) + timedelta(days=1, minutes=30)

    status, changed = await patch(catalog, chosen, starts_at=later.isoformat(), scope="following", revision=1)

    assert (status, changed["starts_at"]) == (200, f"{soon_text(later)}")
    assert changed["also_changed"] == [session["id"] for session in made[2:]]
    assert changed["left_out"] == []
    sessions = await shown(catalog, [session["id"] for session in made])
    assert [f"{local(session):%H.%M}" for session in sessions] == ["17.00", *["17.30"] * 29]
    days = [FIRST + timedelta(weeks=n, days=int(n > 0)) for n in range(30)]
    assert [local(session).date() for session in sessions] == days
    assert [session["revision"] for session in sessions] == [1, *[2] * 29]
    assert len({session["starts_at"][11:16] for session in sessions}) == 3, "half a year has a change of clocks"
    told = (await catalog.told())[30:]
    assert [(type(event), event.subject) for event in told] == [(SessionPublished, s["id"]) for s in made[1:]]
    _, history = await catalog.send("GET", f"/v1/sessions/{made[29]['id']}/history")
    assert {change["field"] for change in history["items"][0]["changes"]} == {"starts_at", "ends_at"}


async def test_all_dates_change_but_those_that_have_begun_or_are_cancelled(catalog: Catalog) -> None:
    made = (await series(catalog))["sessions"]
    await catalog.begin(made[0])
    await catalog.cancel(made[1])

    status, changed = await patch(catalog, made[3], capacity=7, room="B", scope="all")

    assert (status, changed["also_changed"]) == (200, [made[2]["id"]])
    assert sorted(changed["left_out"], key=lambda left: str(left["why"])) == [
        {"id": made[0]["id"], "why": "begun"},
        {"id": made[1]["id"], "why": "cancelled"},
    ]
    assert [session["room"] for session in await shown(catalog, [s["id"] for s in made])] == ["", "", "B", "B"]


async def test_what_breaks_a_rule_on_one_date_changes_none(catalog: Catalog) -> None:
    """Fails when the dates before the wrong one are kept or told."""
    made = (await series(catalog, rule="FREQ=DAILY;COUNT=30"))["sessions"]
    told = await catalog.told()

    back = local(made[29]) - timedelta(days=25)
    status, problem = await patch(catalog, made[29], starts_at=back.isoformat(), scope="all")

    assert (status, problem["type"], problem["field"]) == (422, "invalid", "starts_at")
    assert problem["detail"].startswith(FIRST.isoformat())
    assert await catalog.told() == told
    assert {session["revision"] for session in await shown(catalog, [s["id"] for s in made[:3]])} == {1}


async def test_the_rest_of_a_term_is_called_off_once_and_others_are_told_which(catalog: Catalog) -> None:
    made = (await series(catalog))["sessions"]

    status, first = await cancel(catalog, made[1], "following")
    again = await cancel(catalog, made[1], "following")

    assert (status, first["status"], first["also_changed"]) == (200, "cancelled", [s["id"] for s in made[2:]])
    assert (again[0], again[1]["also_changed"]) == (200, [])
    assert [left["why"] for left in again[1]["left_out"]] == ["cancelled"] * 2
    told = [event for event in await catalog.told() if isinstance(event, SessionCancelled)]
    assert [event.subject for event in told] == [session["id"] for session in made[1:]]
    assert {event.data.rest_of_series for event in told} == {True}
    assert await catalog.listed() == [made[0]["id"]]
    assert (await cancel(catalog, made[0], "one"))[0] == 200
    assert [event.data.rest_of_series for event in await catalog.told() if isinstance(event, SessionCancelled)][
        -1:
    ] == [False]


async def test_a_scope_needs_what_it_means(catalog: Catalog) -> None:
    alone = await catalog.session()

    for scope in ("sitting", "following", "all", "some"):
        for status, problem in (
            await patch(catalog, alone, room="A", scope=scope),
            await cancel(catalog, alone, scope),
        ):
            assert (status, problem["type"], problem["field"]) == (422, "invalid", "scope")
    status, problem = await patch(catalog, {"id": "5d0f2f0e-6a27-4f0e-8a58-3f0c2c9a3b71"}, room="A", scope="all")
    assert (status, problem["type"]) == (404, "unknown-session")


async def test_a_date_that_went_to_another_branch_is_that_branch_s_business(catalog: Catalog) -> None:
    made = (await series(catalog))["sessions"]
    assert (await patch(catalog, made[2], ADMIN, branch_id="rinkeby"))[0] == 200

    status, problem = await patch(catalog, made[0], room="A", scope="all")
    assert (status, problem["type"]) == (403, "forbidden")
    assert (await patch(catalog, made[0], ADMIN, room="A", scope="all"))[0] == 200
    assert (await patch(catalog, made[0], ADMIN, branch_id="tensta", scope="all"))[0] == 200
    assert (await catalog.get(f"/v1/series/{made[0]['series_id']}"))[1]["branch_id"] == "tensta"


async def test_two_who_change_the_same_series_at_once_take_turns(catalog: Catalog) -> None:
    """Fails when rows are locked in another order than that of their ids: the two would wait for each other."""
    made = (await series(catalog, rule="FREQ=WEEKLY;COUNT=20"))["sessions"]
    lowest, *others = sorted(UUID(session["id"]) for session in made)

    async with catalog.database.transaction() as conn:
        await conn.execute("SELECT FROM session WHERE id = $1 FOR UPDATE", lowest)
        both = [
            asyncio.create_task(patch(catalog, made[0], room="A", scope="all")),
            asyncio.create_task(patch(catalog, made[19], capacity=9, scope="all")),
        ]
        await eventually(catalog.somebody_waits)
        free = await conn.fetch("SELECT id FROM session WHERE id = ANY ($1) FOR UPDATE SKIP LOCKED", others)
    answers = [await answer for answer in both]

    assert {row["id"] for row in free} == set(others)
    assert [status for status, _ in answers] == [200, 200]
    now = await shown(catalog, [session["id"] for session in made])
    assert {(session["room"], session["seats"]["capacity"], session["revision"]) for session in now} == {("A", 9, 3)}


async def test_withdrawing_a_series_tells_of_each(catalog: Catalog) -> None:
    made = (await series(catalog))["sessions"]

    assert (await patch(catalog, made[0], status="withdrawn", scope="all"))[0] == 200

    assert [type(event) for event in (await catalog.told())[4:]] == [SessionWithdrawn] * 4
    assert await catalog.listed() == []
