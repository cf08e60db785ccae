"""Figures: a form without riddles, a chart with its table, what is not told said so, and the table for Excel."""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Shown

FIGURES = "/sv/staff/figures"
STOCKHOLM = ZoneInfo("Europe/Stockholm")


class Past:
    """Sessions of one library that are over, before a colleague who wants to know how many came."""

    def __init__(self, house: StaffHouse, by: Colleague) -> None:
        self.house = house
        self.by = by

    async def over(self, days: int, adults: int | None = None, children: int = 0, kind: str = "language_cafe") -> str:
        """A session that was so many days ago; closed, unless it is not said how many came."""
        session = await self.house.session(kind)
        await self.house.shift(session, days=-days)
        if adults is not None:
            said: dict[str, object] = {"held": True, "adults": adults, "children": children, "staff_involved": True}
            said |= {"organiser": "library", "place": "branch", "closed_group": False}
            headers = self.house.catalog.issuer.headers("staff", "kista")
            status, problem = await self.house.booking.post(f"/v1/sessions/{session}/close", said, **headers)
            assert status == 200, problem
        return session

    async def see(self, path: str = FIGURES, **asked: str) -> Shown:
        return await self.by.get(f"{path}?{urlencode(self.days() | asked)}")

    @staticmethod
    def days() -> dict[str, str]:
        today = datetime.now(STOCKHOLM).date()
        return {"first": f"{today - timedelta(days=60)}", "last": f"{today}"}


@pytest.fixture
async def past(staff_house: StaffHouse, signed_in: SignIn) -> Past:
    return Past(staff_house, await signed_in("staff", "kista"))


async def test_an_empty_page_says_when_there_will_be_figures(past: Past) -> None:
    shown = await past.by.get(FIGURES)
    assert shown.status == 200
    assert "Inget att räkna här" in shown.text
    assert shown.links("Till dagens tillfällen") == ["/sv/staff/today"]


async def test_who_came_is_seen_in_large_in_a_chart_and_in_a_table(past: Past) -> None:
    await past.over(20, 12, 8)
    await past.over(13, 14, 6)
    shown = await past.see(by="session")
    assert shown.status == 200
    assert "Besökare 40 Vuxna: 26 Barn: 14" in shown.text
    assert shown.source.count('<rect class="whole"') == 2
    assert 'role="img" aria-label="Antal besökare.' in shown.source
    assert "Språkcafé 20 12 8 133 %" in shown.text
    assert "Summa 40 26 14" in shown.text
    assert 'aria-current="page">Siffror' in shown.source


async def test_few_are_not_told_of_and_the_page_says_so(past: Past) -> None:
    today = datetime.now(STOCKHOLM).date()
    small = 3 if today.day > 3 else 40
    await past.over(small, 3)
    await past.over(small + 70, 12)
    shown = await past.see(by="session")
    assert "För få för att visas för sig" in shown.text
    assert "visas inte" in shown.text
    assert ">3<" not in shown.source


async def test_what_is_not_closed_is_said_and_leads_to_where_one_does_it(past: Past) -> None:
    session = await past.over(5)
    shown = await past.see()
    assert "1 tillfälle är över men inte avslutat" in shown.text
    [link] = shown.links("Visa vilka")
    listed = await past.by.get(link.partition("#")[0].replace("&amp;", "&"))
    assert listed.links("Avsluta") == [f"/sv/staff/sessions/{session}/close"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"first": "igår"}, "Skriv den första dagen så här"),
        ({"last": "2026-02-30"}, "Skriv den sista dagen så här"),
        ({"first": "2026-03-01", "last": "2026-02-01"}, "Den sista dagen är före den första."),
        ({"first": "2020-01-01"}, "Välj högst två år."),
    ],
)
async def test_days_that_cannot_be_are_said_and_kept(past: Past, asked: dict[str, str], says: str) -> None:
    shown = await past.see(**asked)
    assert (shown.status, says in shown.text) == (422, True)
    assert shown.title.startswith("Fel: ")
    assert all(shown.value(field) == typed for field, typed in asked.items())


async def test_one_kind_by_month_in_english(past: Past) -> None:
    await past.over(13, 14)
    await past.over(13, 16, kind="story_time")
    asked = past.days() | {"kind": "story_time"}
    shown = await past.by.get(f"/en/staff/figures?{urlencode(asked)}")
    assert "Visitors 16" in shown.text
    assert '<option value="story_time" selected>' in shown.source


async def test_the_table_for_excel_is_booking_s(past: Past) -> None:
    await past.over(13, 14)
    shown = await past.see(f"{FIGURES}.csv")
    assert (shown.status, shown.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert "attachment" in shown.headers["Content-Disposition"]
    assert ";besökare;" in shown.source
    wrong = await past.see(f"{FIGURES}.csv", last="igår")
    assert (wrong.status, wrong.location.partition("?")[0]) == (303, FIGURES)


async def test_only_one_s_own_libraries(past: Past, signed_in: SignIn) -> None:
    await past.over(13, 14)
    other = await signed_in("staff", "tensta", subject="omar", name="Omar")
    shown = await other.get(f"{FIGURES}?{urlencode(past.days())}")
    assert (shown.status, "Inget att räkna här" in shown.text) == (200, True)
    refused = await other.get(f"{FIGURES}?branch=kista")
    assert (refused.status, "14" in refused.text) == (403, False)
    everywhere = await signed_in("admin", subject="maria", name="Maria")
    shown = await everywhere.get(f"{FIGURES}?by=branch&{urlencode(past.days())}")
    assert "Kista bibliotek 1 14 14 0" in shown.text
