"""The demo sessions, made by the command that makes them and seen where visitors see them."""

import asyncio
import sys
from zoneinfo import ZoneInfo

from services.catalog.demo import PROGRAMME, seed
from shared.events import SessionPublished
from tests.integration.catalog.conftest import Catalog
from tests.support.servers import ROOT, eventually

STOCKHOLM = ZoneInfo("Europe/Stockholm")


async def command(catalog: Catalog) -> None:
    """Run the seeding as the launcher does, with nothing but the database in its environment."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.catalog.demo", cwd=ROOT, env={"PLATS_DATABASE": catalog.database.dsn}
    )
    assert await process.wait() == 0


async def test_each_row_gives_its_next_two_sessions_and_only_once(catalog: Catalog) -> None:
    await command(catalog)
    await command(catalog)

    _, page = await catalog.get("/v1/sessions", limit=100)
    assert len(page["items"]) == 2 * len(PROGRAMME) == 24
    assert {item["branch_id"] for item in page["items"]} >= {"kista", "rinkeby", "hogdalen", "tensta", "hornstull"}
    told = await catalog.told()
    assert {event.subject for event in told} == {item["id"] for item in page["items"]}
    assert {type(event) for event in told} == {SessionPublished}


async def test_two_seedings_at_once_take_turns(catalog: Catalog) -> None:
    async with catalog.database.transaction() as first:
        assert await seed(first, STOCKHOLM) == 24
        second = asyncio.create_task(catalog.database.transact(lambda conn: seed(conn, STOCKHOLM)))
        await eventually(catalog.somebody_waits)

    assert await second == 0


async def test_what_staff_did_to_an_occurrence_stays(catalog: Catalog) -> None:
    await command(catalog)
    _, page = await catalog.get("/v1/sessions")
    first = page["items"][0]
    await catalog.cancel(first, by=("admin",))

    await command(catalog)

    assert (await catalog.get(f"/v1/sessions/{first['id']}"))[1]["status"] == "cancelled"
    assert first["id"] not in await catalog.listed()


async def test_the_story_time_counts_children(catalog: Catalog) -> None:
    async with catalog.database.transaction() as conn:
        assert await seed(conn, STOCKHOLM) == 24

    _, stories = await catalog.get("/v1/sessions", kind="story_time", branch="hornstull")
    story = stories["items"][0]
    assert (story["counts"], story["children"], story["seats"]["capacity"]) == ("children", True, 15)
