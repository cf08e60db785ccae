"""Closures: days on which a branch is shut, as its staff set them."""

from datetime import timedelta
from uuid import uuid4

from tests.integration.catalog.conftest import ADMIN, KISTA, RINKEBY, Catalog, Json, soon

DAY = soon(10).replace(hour=12, minute=0)
"""The same day in UTC and on the wall."""
ADDRESS = "/v1/branches/kista/closures"


def body(**values: object) -> Json:
    return {"first": DAY.date().isoformat(), "reasons": {"sv": "Inventering", "en": "Stocktaking"}, **values}


async def test_a_closure_is_kept_shown_and_names_what_is_planned_then(catalog: Catalog) -> None:
    """Fails when a session of the day is not named, or one of another day, branch or called off is."""
    activity = await catalog.activity()
    then = await catalog.session(activity_id=activity, starts_at=DAY.isoformat())
    off = await catalog.session(activity_id=activity, starts_at=DAY.isoformat())
    await catalog.cancel(off)
    await catalog.session(activity_id=activity, starts_at=(DAY + timedelta(days=2)).isoformat())
    await catalog.session(activity_id=activity, starts_at=DAY.isoformat(), branch_id="rinkeby")

    status, made = await catalog.send("POST", ADDRESS, body())

    assert status == 201, made
    assert [session["id"] for session in made["sessions"]] == [then["id"]]
    kept = {name: made[name] for name in ("id", "first", "last", "reasons", "everywhere")}
    assert kept["last"] == kept["first"]
    assert (await catalog.get(ADDRESS))[1]["items"] == [kept]
    assert (await catalog.get("/v1/branches/rinkeby/closures"))[1]["items"] == []
    (page,) = [
        shut for shut in (await catalog.get("/v1/branches/kista"))[1]["closures"] if shut["first"] == kept["first"]
    ]
    assert page["reasons"] == {"sv": "Inventering", "en": "Stocktaking"}
    assert then["status"] == "published"


async def test_a_closure_is_taken_back_by_its_branch_and_one_of_all_branches_is_not(catalog: Catalog) -> None:
    _, made = await catalog.send("POST", ADDRESS, body())
    everywhere = uuid4()
    await catalog.database.pool.execute(
        "INSERT INTO closure VALUES ($1, NULL, $2, $2, $3)", everywhere, DAY.date(), {"sv": "Midsommarafton"}
    )
    assert [item["everywhere"] for item in (await catalog.get(ADDRESS))[1]["items"]].count(True) == 1

    refused = [
        await catalog.send("DELETE", f"{ADDRESS}/{everywhere}", by=ADMIN),
        await catalog.send("DELETE", f"/v1/branches/rinkeby/closures/{made['id']}", by=RINKEBY),
        await catalog.send("DELETE", f"{ADDRESS}/nonsense"),
    ]
    assert [(status, problem["type"]) for status, problem in refused] == [(404, "unknown-closure")] * 3
    assert (await catalog.send("DELETE", f"{ADDRESS}/{made['id']}", by=RINKEBY))[0] == 403
    assert (await catalog.send("DELETE", f"{ADDRESS}/{made['id']}"))[0] == 204
    assert (await catalog.send("DELETE", f"{ADDRESS}/{made['id']}"))[0] == 404
    assert [item["id"] for item in (await catalog.get(ADDRESS))[1]["items"]] == [str(everywhere)]


BAD_CLOSURES: list[tuple[Json, str]] = [
    ({"first": "2027-02-31"}, "first"),
    ({"last": soon(9).date().isoformat()}, "last"),
    ({"first": soon(-9).date().isoformat()}, "last"),
    ({"last": soon(400).date().isoformat()}, "last"),
    ({"reasons": {}}, "reasons"),
    ({"reasons": {"en": "Closed"}}, "reasons"),
    ({"reasons": {"sv": "a\nb"}}, "reasons"),
    ({"whole": True}, "whole"),
]


async def test_a_closure_that_cannot_be_names_the_field_and_leaves_nothing(catalog: Catalog) -> None:
    for values, field in BAD_CLOSURES:
        status, problem = await catalog.send("POST", ADDRESS, body(**values))
        assert (status, problem["type"]) == (422, "invalid"), values
        assert problem["field"].startswith(field), values
    for by, expected in ((RINKEBY, 403), (None, 401)):
        assert (await catalog.send("POST", ADDRESS, body(), by=by))[0] == expected
    assert (await catalog.send("POST", "/v1/branches/nowhere/closures", body(), by=ADMIN))[0] == 404
    assert (await catalog.get("/v1/branches/nowhere/closures"))[0] == 404
    assert (await catalog.get(ADDRESS))[1]["items"] == []


async def test_a_closure_is_made_once_under_a_key(catalog: Catalog) -> None:
    key = {"Idempotency-Key": "shut"}

    first = await catalog.send("POST", ADDRESS, body(), headers=key, by=KISTA)
    assert await catalog.send("POST", ADDRESS, body(), headers=key, by=KISTA) == first
    assert len((await catalog.get(ADDRESS))[1]["items"]) == 1


EVERYWHERE = "/v1/closures"


async def test_all_libraries_are_shut_and_opened_again_by_administrators(catalog: Catalog) -> None:
    """Fails when what is planned somewhere then is not counted beforehand, or the libraries do not show the closure."""
    activity = await catalog.activity()
    for branch in ("kista", "rinkeby", "rinkeby"):
        await catalog.session(activity_id=activity, starts_at=DAY.isoformat(), branch_id=branch)

    _, preview = await catalog.send("POST", f"{EVERYWHERE}/preview", body(), by=ADMIN)
    assert preview["planned"] == [{"branch_id": "rinkeby", "sessions": 2}, {"branch_id": "kista", "sessions": 1}]
    assert (await catalog.get(EVERYWHERE))[1]["items"] == []

    status, made = await catalog.send("POST", EVERYWHERE, body(), by=ADMIN, headers={"Idempotency-Key": "all"})
    assert (status, made["everywhere"], made["planned"]) == (201, True, preview["planned"])
    again = await catalog.send("POST", EVERYWHERE, body(), by=ADMIN, headers={"Idempotency-Key": "all"})
    assert again == (status, made)
    (listed,) = (await catalog.get(EVERYWHERE))[1]["items"]
    assert (await catalog.get("/v1/branches/rinkeby/closures"))[1]["items"] == [listed]

    assert (await catalog.send("DELETE", f"{EVERYWHERE}/{made['id']}", by=KISTA))[0] == 403
    assert (await catalog.send("DELETE", f"{EVERYWHERE}/{made['id']}", by=ADMIN))[0] == 204
    status, problem = await catalog.send("DELETE", f"{EVERYWHERE}/{made['id']}", by=ADMIN)
    assert (status, problem["type"]) == (404, "unknown-closure")
    assert (await catalog.get(ADDRESS))[1]["items"] == []
    done = (await catalog.send("GET", f"/v1/audit?object={made['id']}", by=ADMIN))[1]["items"]
    assert [entry["action"] for entry in done] == ["opened", "shut"]


async def test_a_closure_of_one_library_is_none_of_all(catalog: Catalog) -> None:
    _, made = await catalog.send("POST", ADDRESS, body())

    assert (await catalog.get(EVERYWHERE))[1]["items"] == []
    assert (await catalog.send("DELETE", f"{EVERYWHERE}/{made['id']}", by=ADMIN))[0] == 404


async def test_closures_of_all_that_cannot_be_are_refused(catalog: Catalog) -> None:
    for path in (EVERYWHERE, f"{EVERYWHERE}/preview"):
        for values, field in BAD_CLOSURES:
            status, problem = await catalog.send("POST", path, body(**values), by=ADMIN)
            assert (status, problem["type"]) == (422, "invalid"), values
            assert problem["field"].startswith(field), values
        for by, expected in ((KISTA, 403), (None, 401)):
            assert (await catalog.send("POST", path, body(), by=by))[0] == expected
    assert (await catalog.get(EVERYWHERE))[1]["items"] == []
