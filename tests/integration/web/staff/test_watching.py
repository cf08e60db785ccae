"""Today, the week and the wall: how full sessions are, of one library or of all, and the parts that are kept true."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.integration.catalog.conftest import ADMIN
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import StaffHouse

STOCKHOLM = ZoneInfo("Europe/Stockholm")


async def soon(house: StaffHouse, branch: str = "kista") -> str:
    """A session that is on now, so that it is of today at any hour."""
    session = await house.session(branch_id=branch)
    now = datetime.now(STOCKHOLM)
    start = max(now - timedelta(minutes=5), now.replace(hour=0, minute=0, second=1))
    move = "UPDATE session SET starts_at = $2, ends_at = $2::timestamptz + interval '1 hour' WHERE id = $1"
    for service in (house.catalog, house.booking):
        await service.database.pool.execute(move, session, start.astimezone(UTC))
    return session


def ids(source: str) -> list[str]:
    """The sessions that a page shows and keeps true."""
    return re.findall(r'data-live-session="([^"]+)"', source)


async def test_today_shows_a_librarys_sessions_with_their_seats(staff_house: StaffHouse, signed_in: SignIn) -> None:
    session = await staff_house.session(capacity={"seats": 5, "queue": 4})
    await staff_house.fill(session, 3)
    session = await _today(staff_house, session)
    other = await soon(staff_house, "rinkeby")
    sara = await signed_in("staff", "kista")
    shown = await sara.get("/sv/staff/today")
    assert shown.status == 200
    assert ids(shown.source) == [session]
    assert "3 av 5 platser" in shown.text
    assert "Pågår nu" in shown.text
    assert other not in shown.source


async def _today(house: StaffHouse, session: str) -> str:
    move = "UPDATE session SET starts_at = $2, ends_at = $2::timestamptz + interval '1 hour' WHERE id = $1"
    for service in (house.catalog, house.booking):
        await service.database.pool.execute(move, session, datetime.now(UTC))
    return session


@pytest.mark.parametrize("page", ["today", "week", "today?wall=1"])
async def test_all_libraries_of_whoever_asks_and_no_others(
    staff_house: StaffHouse, signed_in: SignIn, page: str
) -> None:
    here, there, elsewhere = [await soon(staff_house, branch) for branch in ("kista", "rinkeby", "tensta")]
    both = await signed_in("staff", "kista", "rinkeby")
    path = f"/sv/staff/{page}"
    joint = "&" if "?" in path else "?"
    shown = await both.get(f"{path}{joint}branch=")
    assert sorted(ids(shown.source)) == sorted([here, there])
    assert ids((await both.get(f"{path}{joint}branch=rinkeby")).source) == [there]
    assert (await both.get(f"{path}{joint}branch=tensta")).status == 403
    maria = await signed_in("admin", subject="maria")
    assert sorted(ids((await maria.get(f"{path}{joint}branch=")).source)) == sorted([here, there, elsewhere])


async def test_an_empty_day_says_what_to_do(signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    shown = await sara.get("/sv/staff/today")
    assert "Inget är planerat i dag." in shown.text
    assert shown.links("Se hela veckan") == ["/sv/staff/week"]
    assert "Nothing is planned this week." in (await sara.get("/en/staff/week")).text


async def test_a_wall_comes_again_by_itself_unless_it_shall_stand_still(
    staff_house: StaffHouse, signed_in: SignIn
) -> None:
    session = await soon(staff_house)
    sara = await signed_in("staff", "kista")
    wall = await sara.get("/sv/staff/today?wall=1")
    assert (wall.headers.get("Refresh"), ids(wall.source)) == ("60", [session])
    assert 'class="step"' not in wall.source, "it is read, and never touched"
    assert "Refresh" not in (await sara.get("/sv/staff/today?wall=1&still=1")).headers


async def test_a_week_is_seven_days_from_its_monday(signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    shown = await sara.get("/sv/staff/week?from=2027-03-04")
    assert "Vecka 9 måndag 1 mars till söndag 7 mars" in shown.text
    assert shown.links("Veckan efter") == ["/sv/staff/week?from=2027-03-08"]
    assert (await sara.get("/sv/staff/week?from=no-day")).status == 200
    day = await sara.get("/sv/staff/today?date=2027-03-04")
    assert "Torsdag 4 mars" in day.text
    assert "Inget är planerat den dagen." in day.text


@pytest.mark.parametrize("view", ["today", "today-all", "chip", "wall", "wall-all", "board"])
async def test_each_part_of_a_page_is_fetched_again_as_it_stands_there(
    staff_house: StaffHouse, signed_in: SignIn, view: str
) -> None:
    """Fails when what is put in a part's place has another address, or is more than one element."""
    session = await staff_house.session(capacity=5)
    await staff_house.fill(session, 2)
    sara = await signed_in("staff", "kista")
    part = (await sara.get(f"/sv/staff/sessions/{session}/seats?as={view}")).source
    assert re.findall(r'data-live-session="([^"]+)" data-live-src="([^"]+)"', part) == [
        (session, f"/sv/staff/sessions/{session}/seats?as={view}")
    ]
    [tag] = re.findall(r"^\s*<(\w+)", part)[:1]
    assert part.strip().endswith(f"</{tag}>")
    assert part.count(f"<{tag}") == 1


async def test_no_part_of_another_librarys_session_is_told(staff_house: StaffHouse, signed_in: SignIn) -> None:
    session = await staff_house.session(branch_id="rinkeby")
    sara = await signed_in("staff", "kista")
    assert (await sara.get(f"/sv/staff/sessions/{session}/seats?as=today")).status == 403
    assert (await sara.get(f"/sv/staff/sessions/{session}")).status == 403
    assert (await sara.get(f"/sv/staff/sessions/{session}/seats?as=nothing")).status == 400
    assert (await sara.get("/sv/staff/sessions/no-id")).status == 404


async def test_what_asks_for_somebody_to_act_is_said(staff_house: StaffHouse, signed_in: SignIn) -> None:
    session = await staff_house.session(capacity={"seats": 4, "queue": 4})
    await staff_house.fill(session, 4)
    await staff_house.queue(session, 2)
    made = await staff_house.catalog.patch({"id": session}, by=ADMIN, capacity=3)
    assert made[0] == 200
    await staff_house.settle()
    sara = await signed_in("staff", "kista")
    shown = await sara.get(f"/sv/staff/sessions/{session}")
    assert "1 fler än platserna" in shown.text
    assert "1 i kö (2 platser)" in shown.text
    draft = await staff_house.session(status="draft")
    shown = await sara.get(f"/sv/staff/sessions/{draft}")
    assert (shown.status, "Utkast, syns inte än" in shown.text) == (200, True)
