"""Lists and certificates on paper: what is on them, and that numbers are only there on purpose."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.samples import E164, PHONE

NATIONAL = "070-174 06 05"


class Office:
    """A printer, and a colleague at it."""

    def __init__(self, house: StaffHouse, by: Colleague) -> None:
        self.house = house
        self.by = by

    async def session(self, *names: str, kind: str = "language_cafe", **values: object) -> str:
        session = await self.house.session(kind, **values)
        for name in names:
            await self.book(session, name)
        return session

    async def book(self, session: str, name: str, **more: object) -> None:
        reach = {"by": "sms", "phone": PHONE}
        body = {"session_id": session, "party": {"adults": 1, "children": 0}, "name": name, "reach": reach} | more
        headers = self.house.catalog.issuer.headers("staff", "kista")
        status, made = await self.house.booking.post("/v1/desk/bookings", body, **headers)
        assert status == 201, made

    async def noted(self) -> list[str]:
        rows = await self.house.booking.database.pool.fetch("SELECT kind FROM audit WHERE action = 'revealed'")
        return [row["kind"] for row in rows]


@pytest.fixture
async def office(staff_house: StaffHouse, signed_in: SignIn) -> Office:
    return Office(staff_house, await signed_in("staff", "kista"))


async def test_a_list_on_paper_hides_numbers_until_they_are_asked_for(office: Office) -> None:
    session = await office.session("Sara", "Ada")
    path = f"/sv/staff/print/sessions/{session}"
    shown = await office.by.get(path)
    assert "Sara" in shown.text
    assert "070-… 05" in shown.text
    assert not any(number in shown.source for number in (E164, NATIONAL))
    assert await office.noted() == []
    full = await office.by.fill(shown, path, {})
    assert (full.status, full.text.count(NATIONAL)) == (200, 2)
    assert await office.noted() == ["session"]


async def test_a_library_s_day_is_on_paper_without_what_is_cancelled(office: Office) -> None:
    await office.session("Sara")
    await office.session(capacity={"seats": 3})
    gone = await office.house.catalog.session()
    await office.house.settle()
    await office.house.catalog.cancel(gone)
    await office.house.settle()
    row = await office.house.booking.row("SELECT starts_at FROM session LIMIT 1")
    local: datetime = row["starts_at"].astimezone(ZoneInfo("Europe/Stockholm"))
    path = f"/sv/staff/print/day?day={local.date()}"
    shown = await office.by.get(path)
    assert shown.status == 200
    assert shown.source.count('<article class="paper-list">') == 2
    assert "Sara" in shown.text
    full = await office.by.fill(shown, path, {})
    assert NATIONAL in full.text
    assert await office.noted() == ["session"], "where nobody is, nothing is opened"


async def test_a_day_without_anything_says_so_and_what_is_no_day_is_not_understood(office: Office) -> None:
    assert "Inget den här dagen" in (await office.by.get("/sv/staff/print/day?day=2031-01-01")).text
    assert (await office.by.get("/sv/staff/print/day?day=2026-02-31")).status == 422


async def test_who_works_at_several_libraries_chooses_whose_day(office: Office, signed_in: SignIn) -> None:
    amir = await signed_in("staff", "rinkeby", "tensta", subject="amir")
    assert "Vilket bibliotek gäller det?" in (await amir.get("/sv/staff/print/day?branch=")).text
    assert (await amir.get("/sv/staff/print/day?branch=kista")).status == 403
    session = await office.session("Sara")
    assert (await amir.get(f"/sv/staff/print/sessions/{session}")).status == 403


async def test_certificates_are_for_who_was_there(office: Office) -> None:
    session = await office.session(kind="staff_training")
    await office.book(session, "Sara Ek", answers={"municipality": "other"})
    path = f"/sv/staff/sessions/{session}/certificates"
    assert "Inga intyg än" in (await office.by.get(path)).text
    await office.house.shift(session, minutes=-30)
    row = await office.house.booking.row("SELECT id FROM booking")
    people = f"/sv/staff/sessions/{session}/people"
    await office.by.send(f"{people}/attendance", {"booking": str(row["id"]), "mark": "came"})
    await office.house.shift(session, hours=-2)
    shown = await office.by.get(path)
    assert "Sara Ek har deltagit i" in shown.text
    assert "En annan kommun" in shown.text
    assert "1 intyg." in shown.text
    plain = await office.session()
    assert "Här ges inga intyg" in (await office.by.get(f"/sv/staff/sessions/{plain}/certificates")).text
