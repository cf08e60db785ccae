"""The room of the audit: what staff did in all services, newest first, looked through by who, what, where and when."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.catalog.conftest import Catalog
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import StaffHouse

AUDIT = "/sv/staff/audit"


async def note(catalog: Catalog, number: int, **columns: object) -> None:
    """Have somebody have done something so many times, each a second before the one before."""
    values = {"subject": "anna", "action": "changed", "kind": "session", "object": "x", "branch_id": "kista"} | columns
    await catalog.database.pool.execute(
        """
        INSERT INTO audit (at, subject, role, action, kind, object, branch_id)
        SELECT now() - make_interval(secs => $1 - n), $2, 'staff', $3, $4, $5, $6 FROM generate_series(1, $1) AS n
        """,
        number,
        *(values[name] for name in ("subject", "action", "kind", "object", "branch_id")),
    )


async def test_what_was_done_in_all_services_is_one_list(staff_house: StaffHouse, signed_in: SignIn) -> None:
    """Fails when one of the services is left out, or an entry has no words."""
    session = await staff_house.session()
    staff = staff_house.catalog.issuer.headers("staff", "kista", sub="anna")
    await staff_house.booking.get(f"/v1/sessions/{session}/bookings", **staff)
    await staff_house.catalog.patch({"id": session}, room="Hörsalen")
    admin = await signed_in("admin", subject="chef")
    shown = await admin.get(AUDIT)
    assert shown.status == 200
    for words in ("ändrade ett tillfälle", "läste listan över vilka som kommer", "planerade ett tillfälle", "rum"):
        assert words in shown.text
    assert shown.text.index("ändrade ett tillfälle") < shown.text.index("läste listan") < shown.text.index("planerade")
    assert f"/sv/staff/sessions/{session}" in shown.links("Tillfälle")
    assert "Hörsalen" not in shown.source

    about = await admin.get(f"{AUDIT}?object={session}")
    assert f"Allt om {session}" in about.text
    only = await admin.get(f"{AUDIT}?who=anna")
    assert "läste listan" in only.text
    assert "planerade ett tillfälle</td>" not in only.source
    read = await admin.get(f"{AUDIT}?what=list-read%3Asession")
    assert read.source.count('data-label="När"') == 1


async def test_pages_follow_each_other_without_losing_or_repeating_one(
    staff_house: StaffHouse, signed_in: SignIn
) -> None:
    await note(staff_house.catalog, 130)
    admin = await signed_in("admin")
    first = await admin.get(f"{AUDIT}?who=anna")
    [older] = first.links("Visa äldre")
    second = await admin.get(older.replace("&amp;", "&"))
    assert (first.source.count('data-label="När"'), second.source.count('data-label="När"')) == (100, 30)
    assert second.links("Visa äldre") == []
    assert 'value="anna"' in second.source, "what was looked for stays"


async def test_days_and_libraries(staff_house: StaffHouse, signed_in: SignIn) -> None:
    await note(staff_house.catalog, 1, branch_id="rinkeby")
    admin = await signed_in("admin")
    today = datetime.now(UTC).date()
    for query, found in (
        (f"first={today - timedelta(days=1)}&last={today + timedelta(days=1)}", 1),
        (f"first={today + timedelta(days=2)}", 0),
        (f"last={today - timedelta(days=2)}", 0),
        ("branch=rinkeby", 1),
        ("branch=kista", 0),
    ):
        shown = await admin.get(f"{AUDIT}?{query}")
        assert (shown.status, shown.source.count('data-label="När"')) == (200, found), query
    assert "Ingen har gjort något sådant" in (await admin.get(f"{AUDIT}?who=nobody")).text


@pytest.mark.parametrize("day", ["i går", "2026-02-31", "9999-12-31"])
async def test_a_day_that_is_none_is_named_and_kept(signed_in: SignIn, day: str) -> None:
    admin = await signed_in("admin")
    shown = await admin.get(f"{AUDIT}?first={day}&who=anna")
    assert (shown.status, shown.value("first"), shown.value("who")) == (422, day, "anna")
    assert "Skriv dagen som" in shown.text


async def test_what_nobody_can_have_meant_is_left_out(signed_in: SignIn) -> None:
    admin = await signed_in("admin")
    shown = await admin.get(f"{AUDIT}?what=Nothing&before-catalog=x&object={'a' * 500}&who={'b' * 500}")
    assert shown.status == 200


async def test_an_action_without_words_is_shown_as_it_was_noted(staff_house: StaffHouse, signed_in: SignIn) -> None:
    await note(staff_house.catalog, 1, action="danced", kind="table")
    shown = await (await signed_in("admin")).get(AUDIT)
    assert "danced" in shown.text
    assert "table" in shown.text


@pytest.mark.parametrize("address", ["audit", "dead", "dead?dropped=1"])
async def test_it_is_for_administrators(signed_in: SignIn, address: str) -> None:
    sara = await signed_in("staff", "kista")
    shown = await sara.get(f"/sv/staff/{address}")
    assert shown.status == 403
