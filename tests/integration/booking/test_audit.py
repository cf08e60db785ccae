"""What staff do and read is kept: who, when, what, and the names of fields; and nobody can change what was kept."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from shared import audit
from tests.integration.booking.conftest import Timed
from tests.support.samples import E164, PHONE, booking_body, session_state

Json = dict[str, Any]


async def entries(timed: Timed, query: str = "") -> list[Json]:
    status, found = await timed.booking.get(f"/v1/audit{query}", **timed.issuer.headers("admin"))
    assert status == 200, found
    items: list[Json] = found["items"]
    return items


async def test_who_read_a_list_and_what_was_done_about_whom_is_kept(timed: Timed) -> None:
    session = await timed.booking.offer(session_state())
    _, made = await timed.booking.post("/v1/bookings", booking_body(session))
    staff = timed.issuer.headers("staff", "kista", sub="anna")
    await timed.booking.get(f"/v1/sessions/{session}/bookings", **staff)
    status, _ = await timed.booking.post(f"/v1/sessions/{session}/bookings/{made['id']}/cancel", {}, **staff)
    assert status == 200
    done, read = await entries(timed)
    assert (done["action"], done["kind"], done["object"]) == ("cancelled", "booking", made["id"])
    assert (read["action"], read["kind"], read["object"]) == ("list-read", "session", str(session))
    for entry in (done, read):
        assert (entry["subject"], entry["role"], entry["branch_id"], entry["fields"]) == ("anna", "staff", "kista", [])


async def test_what_was_refused_is_not_noted(timed: Timed) -> None:
    session = await timed.booking.offer(session_state())
    _, made = await timed.booking.post("/v1/bookings", booking_body(session))
    staff = timed.issuer.headers("staff", "kista")
    status, _ = await timed.booking.post(f"/v1/sessions/{session}/bookings/{made['id']}/accept", {}, **staff)
    assert status == 200, "a seat one has is kept"
    status, _ = await timed.booking.post(f"/v1/sessions/{session}/bookings/{made['id']}/told", {}, **staff)
    assert status == 409
    status, _ = await timed.booking.get(
        f"/v1/sessions/{session}/bookings", **timed.issuer.headers("staff", "hallonbergen")
    )
    assert status == 403
    assert [entry["action"] for entry in await entries(timed)] == ["accepted"]


async def test_the_audit_holds_nothing_of_the_people_it_is_about(timed: Timed) -> None:
    session = await timed.booking.offer(session_state())
    _, made = await timed.booking.post("/v1/bookings", booking_body(session, name="Solveig"))
    staff = timed.issuer.headers("staff", "kista")
    await timed.booking.get(f"/v1/sessions/{session}/bookings", **staff)
    await timed.booking.post(f"/v1/sessions/{session}/bookings/{made['id']}/cancel", {}, **staff)
    kept = str(await timed.booking.database.pool.fetch("SELECT audit::text FROM audit"))
    assert not any(word in kept for word in ("Solveig", E164, PHONE, made["code"], made["code"].replace("-", "")))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?action=list-read", 1),
        ("?action=cancelled", 0),
        ("?branch=kista", 1),
        ("?branch=husby", 0),
        ("?object={session}", 1),
        ("?from=2026-01-01T00:00:00Z&to=2099-01-01T00:00:00Z", 1),
        ("?to=2026-01-01T00:00:00Z", 0),
        ("?cursor=1", 0),
    ],
)
async def test_the_audit_is_looked_through(timed: Timed, query: str, found: int) -> None:
    session = await timed.booking.offer(session_state())
    await timed.booking.get(f"/v1/sessions/{session}/bookings", **timed.issuer.headers("staff", "kista"))
    assert len(await entries(timed, query.format(session=session))) == found


async def test_pages_follow_each_other(timed: Timed) -> None:
    session = await timed.booking.offer(session_state())
    staff = timed.issuer.headers("staff", "kista")
    for _ in range(103):
        await timed.booking.get(f"/v1/sessions/{session}/bookings", **staff)
    _, first = await timed.booking.get("/v1/audit", **timed.issuer.headers("admin"))
    _, second = await timed.booking.get(f"/v1/audit?cursor={first['next']}", **timed.issuer.headers("admin"))
    ids = [entry["id"] for entry in first["items"] + second["items"]]
    assert (len(first["items"]), len(ids), second["next"]) == (100, 103, None)
    assert ids == sorted(set(ids), reverse=True)


@pytest.mark.parametrize("query", ["?action=Danced", "?from=yesterday", "?cursor=0", "?who=anna", "?kind=9"])
async def test_what_cannot_be_looked_for_is_named(timed: Timed, query: str) -> None:
    status, problem = await timed.booking.get(f"/v1/audit{query}", **timed.issuer.headers("admin"))
    assert (status, problem["field"]) == (422, query[1:].partition("=")[0])


@pytest.mark.parametrize("role", ["staff", "coordinator"])
async def test_the_audit_is_for_administrators(timed: Timed, role: str) -> None:
    status, _ = await timed.booking.get("/v1/audit", **timed.issuer.headers(role, "kista"))
    assert status == 403


@pytest.mark.parametrize("statement", ["UPDATE audit SET subject = 'nobody'", "DELETE FROM audit", "TRUNCATE audit"])
async def test_nobody_changes_what_was_noted(timed: Timed, statement: str) -> None:
    session = await timed.booking.offer(session_state())
    await timed.booking.get(f"/v1/sessions/{session}/bookings", **timed.issuer.headers("staff", "kista"))
    with pytest.raises(asyncpg.CheckViolationError):
        await timed.booking.database.pool.execute(statement)


async def test_after_a_year_it_is_forgotten(timed: Timed) -> None:
    session = await timed.booking.offer(session_state())
    staff = timed.issuer.headers("staff", "kista")
    await timed.booking.get(f"/v1/sessions/{session}/bookings", **staff)
    await timed.clock.advance(timedelta(days=364))
    await timed.booking.database.transact(audit.forget)
    assert len(await entries(timed)) == 1
    await timed.clock.advance(timedelta(days=3))
    await timed.booking.get(f"/v1/sessions/{session}/bookings", **staff)
    await timed.booking.database.transact(audit.forget)
    assert len(await entries(timed)) == 1, "what is newer stays"


@pytest.mark.parametrize(
    "change",
    [
        "overbooked = 1",
        "ceiling = 16",
        "ceiling = 17, overbooked = 2",
        "ceiling = 16, taken = 15, overbooked = 1",
    ],
)
async def test_nothing_but_an_override_in_the_audit_raises_the_ceiling(timed: Timed, change: str) -> None:
    session = await timed.booking.offer(session_state())
    with pytest.raises(asyncpg.CheckViolationError, match="more seats than staff set"):
        await timed.booking.database.pool.execute(f"UPDATE session SET {change} WHERE id = $1", session)  # noqa: S608
    await timed.booking.database.pool.execute(
        """
        INSERT INTO audit (at, subject, role, action, kind, object, over)
        VALUES (now(), 'anna', 'staff', 'override', 'session', $1, 1)
        """,
        str(session),
    )
    row = await timed.booking.row("SELECT ceiling, overbooked FROM session WHERE id = $1", session)
    assert tuple(row) == (16, 1)
    await timed.booking.database.pool.execute("UPDATE session SET ceiling = 15 WHERE id = $1", session)
    row = await timed.booking.row("SELECT ceiling, overbooked FROM session WHERE id = $1", session)
    assert tuple(row) == (15, 0), "as a version before this one would take a seat back"
