"""Who changes the programme is kept with it: which session, series, closure or activity, and which fields."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from tests.integration.catalog.conftest import ADMIN, KISTA, RINKEBY, Catalog, Json, soon
from tests.integration.catalog.terms import series
from tests.integration.catalog.test_programme_table import DAY, send, table


async def entries(catalog: Catalog, query: str = "") -> list[Json]:
    """What the audit says, the newest first."""
    status, page = await catalog.send("GET", f"/v1/audit{query}", by=ADMIN)
    assert status == 200, page
    items: list[Json] = page["items"]
    return items


async def test_who_plans_changes_and_cancels_a_session_is_kept_with_the_fields_they_changed(catalog: Catalog) -> None:
    """Fails when a change is made without its entry, or an entry says more or less than what became different."""
    session = await catalog.session(by=KISTA)
    await catalog.patch(session, room="Hörsalen", capacity={"seats": 10})
    await catalog.patch(session, room="Hörsalen")
    await catalog.patch(session, status="withdrawn", by=ADMIN)
    await catalog.cancel(session)

    done = await entries(catalog, f"?object={session['id']}")

    assert [(entry["action"], entry["role"], entry["fields"]) for entry in reversed(done)] == [
        ("planned", "staff", []),
        ("changed", "staff", ["room", "capacity.seats"]),
        ("withdrawn", "admin", ["status"]),
        ("cancelled", "staff", ["status", "cancel_reason"]),
    ]
    assert {(entry["kind"], entry["branch_id"], entry["over"]) for entry in done} == {("session", "kista", None)}
    assert "Hörsalen" not in str(await catalog.database.pool.fetch("SELECT audit::text FROM audit"))


async def test_each_session_that_a_scope_reaches_has_its_entry(catalog: Catalog) -> None:
    planned_series = await series(catalog)
    first = planned_series["sessions"][0]
    await catalog.send("PATCH", f"/v1/sessions/{first['id']}", {"room": "Caféet", "scope": "all"})

    [planned] = await entries(catalog, "?action=planned")
    assert (planned["kind"], planned["object"]) == ("series", planned_series["id"])
    changed = await entries(catalog, "?action=changed")
    assert {entry["object"] for entry in changed} == {session["id"] for session in planned_series["sessions"]}


async def test_what_no_database_can_hold_is_the_askers_mistake(catalog: Catalog) -> None:
    for name in ("subject", "branch", "object"):
        status, problem = await catalog.send("GET", f"/v1/audit?{name}=a%00b", by=ADMIN)
        assert (status, problem["type"]) == (422, "invalid"), name
    status, problem = await catalog.send("POST", "/v1/dead/drop", {"ids": [str(uuid4())], "why": "a\x00b"}, by=ADMIN)
    assert status in {200, 422}, problem


async def test_what_was_refused_leaves_no_entry(catalog: Catalog) -> None:
    session = await catalog.session()
    before = await entries(catalog)
    assert (await catalog.patch(session, by=RINKEBY, room="Här"))[0] == 403
    assert (await catalog.send("PATCH", f"/v1/sessions/{session['id']}", {"room": "A", "revision": 9}))[0] == 409
    assert (await catalog.send("POST", "/v1/branches/kista/closures", {"first": "2020-01-01", "reasons": {}}))[0] == 422
    assert await entries(catalog) == before


async def test_closures_imports_and_activities_are_kept(catalog: Catalog) -> None:
    first = (soon(20)).date()
    shut = {"first": f"{first}", "last": f"{first + timedelta(days=1)}", "reasons": {"sv": "Inventering"}}
    _, closure = await catalog.send("POST", "/v1/branches/kista/closures", shut)
    await catalog.send("DELETE", f"/v1/branches/kista/closures/{closure['id']}")
    activity = await catalog.activity()
    file = table(f"Språkcafé;{DAY};17:00;18:30;12")
    await send(catalog, file, preview=True)
    assert (await send(catalog, file))[0] == 200
    await send(catalog, file)

    assert [
        (entry["action"], entry["kind"], entry["object"], entry["branch_id"]) for entry in await entries(catalog)
    ] == [
        ("imported", "branch", "kista", "kista"),
        ("created", "activity", activity, None),
        ("opened", "closure", closure["id"], "kista"),
        ("shut", "closure", closure["id"], "kista"),
    ]


@pytest.mark.parametrize("statement", ["UPDATE audit SET subject = 'nobody'", "DELETE FROM audit", "TRUNCATE audit"])
async def test_nobody_changes_what_was_noted(catalog: Catalog, statement: str) -> None:
    await catalog.session()
    with pytest.raises(asyncpg.CheckViolationError):
        await catalog.database.pool.execute(statement)


async def test_the_audit_is_for_administrators_who_look_for_somebody(catalog: Catalog) -> None:
    await catalog.session()
    assert (await catalog.send("GET", "/v1/audit", by=KISTA))[0] == 403
    assert (await catalog.send("GET", "/v1/audit", by=None))[0] == 401
    [entry, *_] = await entries(catalog)
    assert len(await entries(catalog, f"?subject={entry['subject']}")) == 2
    assert await entries(catalog, "?subject=nobody") == []
