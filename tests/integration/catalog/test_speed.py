"""A city's programme is found by index: what is read grows with the page, not with the programme."""

import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from services.catalog.queries import Wanted, finding
from services.catalog.queries.wishes import understood
from tests.integration.catalog.conftest import Catalog, Json
from tests.support.programme import activity_id, fill

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SESSIONS = 1500
WISHES = [
    Wanted(),
    Wanted(free=True),
    Wanted(cancelled=True),
    Wanted(kind="story_time"),
    Wanted(audience="everyone", language="sv"),
    Wanted(branch="kista"),
    Wanted(branch="kista", cancelled=True),
    Wanted(branch="kista", kind="language_cafe", place="branch"),
    Wanted(activity=activity_id(0), free=True),
]


def nodes(plan: Json) -> Iterator[Json]:
    """Every step of a plan."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


@pytest.fixture
async def city(catalog: Catalog) -> Catalog:
    """A catalog with 1,500 coming sessions."""
    async with catalog.database.transaction() as conn:
        await fill(conn, SESSIONS)
    return catalog


async def test_a_page_is_read_by_index(city: Catalog) -> None:
    """Fails when the order is not the index's, a wish hides its column from the index, or a page is cut from all."""
    for wanted in WISHES:
        async with city.database.pool.acquire() as conn:
            search = (await understood(conn, wanted, STOCKHOLM)).search
            statement = finding.page(search, 1, 24)
            told = await conn.fetchval("EXPLAIN (ANALYZE, FORMAT JSON) " + statement.sql, *statement.values)
        (explained,) = json.loads(told)
        steps = list(nodes(explained["Plan"]))
        read = [step for step in steps if step.get("Relation Name") == "session"]
        indexes = {step["Index Name"] for step in steps if step.get("Index Name", "").startswith("session_")}
        assert indexes - {"session_pkey"}, wanted
        of_activity = {"session_of_activity_in_order"} if wanted.activity else {"session_shown"}
        at_branch = {"session_shown_at_branch", "session_planned"}  # in the same order; nearly all sessions are shown
        assert indexes <= {*of_activity, *at_branch, "session_pkey"}, wanted
        assert all(step["Node Type"] in {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"} for step in read), wanted
        sorted_ = [part for step in steps if step["Node Type"] == "Sort" for part in step["Plans"]]
        assert max(part["Actual Rows"] for part in sorted_) < SESSIONS / 10, wanted


async def test_all_pages_together_are_the_programme(city: Catalog) -> None:
    pages = [(await city.get("/v1/sessions", limit=100, page=page))[1] for page in range(1, 17)]

    assert {page["total"] for page in pages} == {SESSIONS}
    shown = [
        (item["starts_at"], item["kind"], item["titles"]["sv"], item["id"]) for page in pages for item in page["items"]
    ]
    assert len({id_ for *_, id_ in shown}) == SESSIONS
    assert shown == sorted(shown)
    assert pages[-1]["items"] == []
    _, by_cursor = await city.get("/v1/sessions", limit=100)
    assert by_cursor["items"] == pages[0]["items"]
    _, following = await city.get("/v1/sessions", limit=100, cursor=by_cursor["next"])
    assert following["items"] == pages[1]["items"]
