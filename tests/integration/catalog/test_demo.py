"""The example programme, made by the command that makes it and seen where visitors and other services see it."""

import asyncio
import sys
from collections import Counter
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

from services.catalog import usecases
from services.catalog.demo.offers import CAFE_BEGINNERS
from services.catalog.demo.programme import PROGRAMME
from services.catalog.demo.rows import Row, sessions
from services.catalog.demo.seeding import seed
from services.catalog.opening import Hours, Opening
from shared.events import SessionPublished
from tests.integration.catalog.conftest import Catalog, soon
from tests.support.servers import ROOT, eventually

STOCKHOLM = ZoneInfo("Europe/Stockholm")


async def command(catalog: Catalog) -> None:
    """Run the seeding as the launcher does, with nothing but the database in its environment."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.catalog.demo", cwd=ROOT, env={"PLATS_DATABASE": catalog.database.dsn}
    )
    assert await process.wait() == 0


async def seeded(catalog: Catalog) -> int:
    return await catalog.database.transact(lambda conn: seed(conn, STOCKHOLM))


async def rows(catalog: Catalog) -> dict[str, int]:
    """How many rows each table of the programme has."""
    row = await catalog.database.pool.fetchrow(
        """
        SELECT (SELECT count(*) FROM session) AS sessions, (SELECT count(*) FROM activity) AS activities,
            (SELECT count(*) FROM branch_hours) AS hours, (SELECT count(*) FROM closure) AS closures,
            (SELECT count(*) FROM outbox) AS told
        """
    )
    assert row is not None
    return dict(row)


async def test_the_command_makes_the_whole_programme_and_only_once(catalog: Catalog) -> None:
    """Fails when a second run repeats anything, or a session is made that nobody is told of."""
    await command(catalog)
    made = await rows(catalog)
    await command(catalog)

    assert await rows(catalog) == made
    assert 450 <= made["sessions"] <= 700
    told = await catalog.told()
    assert {type(event) for event in told} == {SessionPublished}
    kept = await catalog.database.pool.fetch("SELECT id FROM session")
    assert Counter(event.subject for event in told) == Counter(str(row["id"]) for row in kept)
    assert len(await catalog.listed(limit=100)) == 100


async def test_what_is_online_tells_its_meeting_and_who_may_book_travels_along(catalog: Catalog) -> None:
    """Fails when an event leaves out the meeting or the policy, or tells a meeting of what is in a branch."""
    await seeded(catalog)

    told = [event.data for event in await catalog.told() if isinstance(event, SessionPublished)]
    assert {(state.place, bool(state.meeting)) for state in told} == {("branch", False), ("online", True)}
    assert {state.kind for state in told if state.policies.booked_by == "staff"} == {"library_friend"}


async def test_each_line_of_the_programme_is_a_series_to_book_all_dates_of(catalog: Catalog) -> None:
    """Fails when a session is of no series, or a day that falls away is not named in its series."""
    await catalog.database.pool.execute(
        "INSERT INTO closure VALUES (gen_random_uuid(), 'kista', current_date, current_date + 7, $1)", {"sv": "Målning"}
    )
    await seeded(catalog)

    _, page = await catalog.get("/v1/sessions", branch="kista", kind="language_cafe")
    tuesday = next(item for item in page["items"] if item["activity_id"] == str(CAFE_BEGINNERS.id))
    _, series = await catalog.get(f"/v1/series/{tuesday['series_id']}")
    assert series["rule"] == "FREQ=WEEKLY;BYDAY=TU"
    assert [item["id"] for item in series["sessions"]] == await catalog.listed(activity=str(CAFE_BEGINNERS.id))
    assert {"Målning"} <= {skipped["names"]["sv"] for skipped in series["skipped"]}
    alone = "SELECT count(*) FROM session WHERE series_id IS NULL"
    assert await catalog.database.pool.fetchval(alone) == 0


async def test_two_seedings_at_once_take_turns(catalog: Catalog) -> None:
    async with catalog.database.transaction() as first:
        made = await seed(first, STOCKHOLM)
        second = asyncio.create_task(seeded(catalog))
        await eventually(catalog.somebody_waits)

    assert made > 0
    assert await second == 0


async def test_what_is_missing_is_added_and_nothing_else(catalog: Catalog) -> None:
    """Fails when a later run tops up too little, or tells again of sessions that were there."""
    made = await seeded(catalog)
    await catalog.database.pool.execute("DELETE FROM outbox")
    gone = await catalog.database.pool.fetchval(
        """
        WITH gone AS (DELETE FROM session WHERE starts_at > now() + interval '30 days' RETURNING id)
        SELECT count(*) FROM gone
        """
    )

    assert await seeded(catalog) == gone > 0
    assert (await rows(catalog))["sessions"] == made
    assert len(await catalog.told()) == gone


async def test_what_staff_did_to_an_occurrence_stays(catalog: Catalog) -> None:
    await seeded(catalog)
    _, page = await catalog.get("/v1/sessions")
    first = page["items"][0]
    await catalog.cancel(first, by=("admin",))

    assert await seeded(catalog) == 0

    assert (await catalog.get(f"/v1/sessions/{first['id']}"))[1]["status"] == "cancelled"
    assert first["id"] not in await catalog.listed()


async def test_hours_that_the_library_set_stay_and_sessions_keep_to_them(catalog: Catalog) -> None:
    """Fails when the example's hours are put beside a branch's own, or sessions are planned by the example's."""
    await catalog.database.pool.execute("INSERT INTO branch_hours VALUES ('kista', 5, '10:00', '20:00', true)")

    await seeded(catalog)

    hours = await catalog.database.pool.fetch("SELECT weekday, closes FROM branch_hours WHERE branch_id = 'kista'")
    assert [tuple(row) for row in hours] == [(5, time(20))]
    days = await catalog.database.pool.fetch("SELECT DISTINCT starts_at FROM session WHERE branch_id = 'kista'")
    assert {row["starts_at"].astimezone(STOCKHOLM).weekday() for row in days} == {5}


async def test_what_an_earlier_version_seeded_stays_as_it_was(catalog: Catalog) -> None:
    """Fails when ids are made another way, so that an installation has sessions twice, or changes what is there."""
    row = next(row for row in PROGRAMME if row.offer is CAFE_BEGINNERS)
    (made, *_) = sessions([row], soon(2), STOCKHOLM, Opening(all_week(row), (), ()))
    old = replace(made, series_id=None, series_date=None)
    earlier = CAFE_BEGINNERS.activity()
    async with catalog.database.transaction() as conn:
        await usecases.create_activity(conn, earlier)
        await usecases.create_sessions(conn, [old])
        await conn.execute("""UPDATE activity SET titles = '{"sv": "Så hette det"}', audiences = '{}'""")
        await conn.execute("UPDATE session SET room = 'Källaren', theme = '{}'")

    await seeded(catalog)

    kept = await catalog.database.pool.fetchrow(
        "SELECT titles, room, theme, s.revision FROM session s JOIN activity a ON a.id = activity_id WHERE s.id = $1",
        old.id,
    )
    assert kept is not None
    assert tuple(kept) == ({"sv": "Så hette det"}, "Källaren", {}, 1)
    assert len([event for event in await catalog.told() if event.subject == str(old.id)]) == 1


def all_week(row: Row) -> list[Hours]:
    """Hours that leave out nothing of a row."""
    return [
        Hours(branch_id=row.branch, weekday=weekday, opens=time(0), closes=time(23), staffed=True)
        for weekday in row.weekdays
    ]


async def test_the_story_time_counts_children(catalog: Catalog) -> None:
    await seeded(catalog)

    _, stories = await catalog.get("/v1/sessions", kind="story_time", branch="hornstull")
    story = next(item for item in stories["items"] if item["mode"] == "booking")
    assert (story["counts"], story["children"], story["seats"]["capacity"]) == ("children", True, 15)
