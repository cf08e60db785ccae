"""One tap each: people who walk in, and numbers in the line."""

import re

import pytest

from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Shown

DESK = "/sv/staff/desk"
TICKETS = f"{DESK}/tickets"


@pytest.fixture
async def sara(signed_in: SignIn) -> Colleague:
    return await signed_in("staff", "kista")


async def counts(house: StaffHouse) -> dict[str, int]:
    rows = await house.booking.database.pool.fetch("SELECT age_group, people FROM walk_in WHERE people > 0")
    return {row["age_group"]: row["people"] for row in rows}


async def test_who_walks_in_is_counted_and_taken_back_with_one_tap(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session()
    assert "Utan bokning" not in (await sara.get(DESK)).text, "nobody can have come yet"
    await staff_house.shift(session, minutes=30)
    page = await sara.get(DESK)
    assert "Utan bokning" in page.text
    tap = f"{DESK}/sessions/{session}/walk-ins"
    for group in ("child", "adult", "adult"):
        answer = await sara.send(tap, {"group": group, "at": session})
        assert answer.location.startswith(f"{DESK}/sessions/{session}#")
    assert await counts(staff_house) == {"child": 1, "adult": 2}
    await sara.send(tap, {"group": "adult", "less": "1"})
    assert await counts(staff_house) == {"child": 1, "adult": 1}
    assert (await sara.send(tap, {"group": "dog"})).status == 400


async def test_too_early_is_said(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session()
    answer = await sara.send(f"{DESK}/sessions/{session}/walk-ins", {"group": "child"})
    assert "en timme innan" in (await sara.follow(answer)).text


async def press(sara: Colleague, page: Shown, action: str, **more: str) -> Shown:
    return await sara.follow(await sara.fill(page, f"{TICKETS}/{action}", more))


def of(page: Shown, tap: str) -> str:
    """Where the first button goes that says so."""
    found = re.search(rf'action="{TICKETS}/([^"/]+/{tap})"', page.source)
    assert found, tap
    return found[1]


async def test_a_morning_at_the_it_hosts(staff_house: StaffHouse, sara: Colleague) -> None:
    """Fails when a number is given twice, called twice, or cannot be taken back."""
    page = await sara.get(TICKETS)
    assert "Ingen väntar" in page.text
    for _ in range(3):
        page = await press(sara, page, "draw")
    assert "Ditt nummer 3" in page.text
    page = await press(sara, page, "next", place="2")
    assert "Nummer 1 är uppropat" in page.text
    assert "Disk 2" in page.text
    assert 'value="2" selected' in page.source, "the desk is remembered"
    page = await press(sara, page, of(page, "served"))
    assert "Nummer 1 har fått hjälp" in page.text
    page = await press(sara, page, of(page, "undo"))
    assert "Det senaste för nummer 1 är ångrat" in page.text
    page = await press(sara, page, of(page, "again"))
    page = await press(sara, page, of(page, "gave-up"))
    rows = await staff_house.booking.database.pool.fetch("SELECT number, state FROM ticket ORDER BY number")
    assert [tuple(row) for row in rows] == [(1, "gave-up"), (2, "waiting"), (3, "waiting")]


async def test_the_same_form_twice_draws_one_number(staff_house: StaffHouse, sara: Colleague) -> None:
    page = await sara.get(TICKETS)
    for _ in range(2):
        await sara.fill(page, f"{TICKETS}/draw", {})
    assert (await staff_house.booking.row("SELECT count(*) AS drawn FROM ticket"))["drawn"] == 1


async def test_nobody_to_call_is_said(sara: Colleague) -> None:
    page = await sara.get(TICKETS)
    assert "Ingen väntar just nu" in (await press(sara, page, "next")).text


async def test_another_librarys_line_is_left_alone(staff_house: StaffHouse, sara: Colleague) -> None:
    assert (await sara.send(f"{TICKETS}/draw", {"branch": "husby"})).status == 400
    assert (await sara.get(f"{TICKETS}?branch=husby")).status == 403
    assert (await staff_house.booking.row("SELECT count(*) AS drawn FROM ticket"))["drawn"] == 0
