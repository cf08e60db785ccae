"""What new activities of a kind start from, as an administrator sets it."""

import pytest

from services.catalog.kinds import KINDS
from tests.integration.catalog.conftest import ADMIN, COORDINATOR, KISTA, Answer, Catalog, Json

ADDRESS = "/v1/kinds/language_cafe"


async def change(catalog: Catalog, by: tuple[str, ...] | None = ADMIN, **values: object) -> Answer:
    return await catalog.send("PATCH", ADDRESS, values, by=by)


async def activities(catalog: Catalog) -> list[Json]:
    return list((await catalog.get("/v1/activities"))[1]["items"])


async def test_new_activities_start_from_what_was_set_and_those_there_are_keep_theirs(catalog: Catalog) -> None:
    """Fails when a change of a kind reaches an activity that was there, or none that comes."""
    await catalog.activity()

    status, changed = await change(catalog, capacity={"seats": 12, "queue": 4}, minutes=60, reconfirm=False)

    assert (status, changed["revision"], changed["activities"]) == (200, 2, 1)
    assert changed["terms"]["capacity"] == {"seats": 12, "walk_in": 0, "queue": 4}
    assert changed["suggested"]["capacity"] == {"seats": 15, "walk_in": 0, "queue": 8}
    await catalog.activity()
    await catalog.activity(capacity={"seats": 6})
    old, new, own = await activities(catalog)
    assert [one["capacity"]["seats"] for one in (old, new, own)] == [15, 12, 6]
    assert [one["minutes"] for one in (old, new, own)] == [90, 60, 60]
    assert [one["reconfirm"] for one in (old, new)] == [True, False]
    listed = {kind["id"]: kind for kind in (await catalog.get("/v1/kinds"))[1]["items"]}
    assert listed["language_cafe"] == {name: changed[name] for name in listed["language_cafe"]}
    assert listed["homework_help"]["terms"] == listed["homework_help"]["suggested"]


async def test_a_kind_keeps_its_questions_whatever_else_is_set(catalog: Catalog) -> None:
    status, _ = await catalog.send("PATCH", "/v1/kinds/homework_help", {"party_max": 2}, by=ADMIN)
    assert status == 200

    await catalog.activity("homework_help")

    (made,) = await activities(catalog)
    assert made["party_max"] == 2
    assert [asked["id"] for asked in made["ask"]] == [asked.id for asked in KINDS["homework_help"].terms.ask]


async def test_a_change_of_nothing_sets_nothing(catalog: Catalog) -> None:
    """Fails when a kind is held to what Plats suggests today because somebody pressed save."""
    status, same = await change(catalog, minutes=90)

    assert (status, same["revision"]) == (200, 1)
    assert (await catalog.send("GET", "/v1/audit?kind=kind", by=ADMIN))[1]["items"] == []
    await catalog.database.pool.execute("UPDATE kind SET minutes = 7")
    assert (await catalog.get(ADDRESS))[1]["terms"]["minutes"] == 90


async def test_who_changes_a_kind_second_sees_what_the_first_changed(catalog: Catalog) -> None:
    await change(catalog, revision=1, party_max=3)

    status, problem = await change(catalog, revision=1, party_max=2)

    assert (status, problem["type"], problem["revision"]) == (409, "stale-revision", 2)
    (changed,) = problem["changes"]
    assert (changed["field"], changed["was"], changed["is"]) == ("party_max", 4, 3)
    [audited] = (await catalog.send("GET", "/v1/audit?kind=kind", by=ADMIN))[1]["items"]
    assert (audited["action"], audited["object"], audited["fields"]) == ("changed", "language_cafe", ["party_max"])


BAD_CHANGES: list[tuple[Json, str]] = [
    ({"minutes": 0}, "minutes"),
    ({"party_max": 101}, "party_max"),
    ({"capacity": {"seats": 5, "walk_in": 2}}, "capacity.walk_in"),
    ({"mode": "mixed", "capacity": {"seats": 5, "walk_in": 6}}, "capacity.walk_in"),
    ({"mode": "drop_in", "capacity": {"queue": 5}}, "capacity.queue"),
    ({"counts": "children", "children": False}, "children"),
    ({"reminder_hours": 1000}, "reminder_hours"),
    ({"offer_minutes": 5}, "offer_minutes"),
    ({"reminder_hours": 0, "reconfirm": True}, "reconfirm"),
    ({"ask": []}, "ask"),
]


async def test_terms_that_contradict_each_other_name_the_field_and_leave_everything(catalog: Catalog) -> None:
    before = await catalog.get(ADDRESS)
    for values, field in BAD_CHANGES:
        status, problem = await change(catalog, **values)
        assert (status, problem["type"]) == (422, "invalid"), values
        assert problem["field"].startswith(field), values
    assert await catalog.get(ADDRESS) == before


@pytest.mark.parametrize(("by", "status"), [(None, 401), (KISTA, 403), (COORDINATOR, 403)])
async def test_only_administrators_change_kinds(catalog: Catalog, by: tuple[str, ...] | None, status: int) -> None:
    assert (await change(catalog, by=by, minutes=60))[0] == status
    for method, body in (("GET", None), ("PATCH", {"minutes": 60})):
        answer, problem = await catalog.send(method, "/v1/kinds/opera", body, by=ADMIN)
        assert (answer, problem["type"]) == (404, "unknown-kind")
