"""Telling everybody of a session something: nothing leaves before one has seen who gets which words."""

from uuid import UUID

import pytest

from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Shown
from tests.support.samples import booking_body, numbers


class Announcing:
    """The page of one session, before a colleague."""

    def __init__(self, house: StaffHouse, by: Colleague, session: str) -> None:
        self.house = house
        self.by = by
        self.session = session
        self.path = f"/sv/staff/sessions/{session}/announce"

    async def visitor(self, **changes: object) -> None:
        status, made = await self.house.booking.post("/v1/bookings", booking_body(UUID(self.session), **changes))
        assert status == 201, made

    async def look(self, what: str) -> Shown:
        shown = await self.by.get(f"{self.path}?what={what}")
        assert shown.status == 200, shown.text
        return shown

    async def told(self) -> int:
        row = await self.house.booking.row("SELECT count(*) FROM outbox WHERE routing_key = 'booking.announced.v1'")
        return int(row["count"])


@pytest.fixture
async def announcing(staff_house: StaffHouse, signed_in: SignIn) -> Announcing:
    made = Announcing(staff_house, await signed_in("staff", "kista"), await staff_house.session())
    await staff_house.settle()
    return made


async def test_where_nobody_comes_nobody_is_told(announcing: Announcing) -> None:
    assert "Det finns ingen att meddela" in (await announcing.by.get(announcing.path)).text


async def test_who_gets_what_is_seen_before_and_then_told_once(announcing: Announcing) -> None:
    one, other = numbers()[:2]
    await announcing.visitor(reach={"by": "sms", "phone": one}, name="Sara")
    await announcing.visitor(reach={"by": "call", "phone": other}, name="Bosse", language="en")
    choice = await announcing.by.get(announcing.path)
    assert "Hissen är trasig. Ring 08-" in choice.text
    assert "{" not in choice.text
    shown = await announcing.look("bring_device")
    assert all(said in shown.text for said in ("Sms till 1", "1 att ringa", "Ta med mobil eller dator", "Kostar"))
    assert "Bring a phone or" in shown.text, "in the language of who is told"
    assert await announcing.told() == 0
    sent = [await announcing.by.fill(shown, announcing.path, {}) for _ in range(2)]
    assert [one.status for one in sent] == [303, 303]
    assert await announcing.told() == 2, "two people, once each"
    after = await announcing.by.follow(sent[0])
    assert "Sagt: 1 får ett meddelande." in after.text
    assert "1 står på ringlistan." in after.text


async def test_the_same_again_within_an_hour_is_told_only_on_purpose(announcing: Announcing) -> None:
    await announcing.visitor()
    await announcing.by.fill(await announcing.look("as_planned"), announcing.path, {})
    again = await announcing.by.fill(await announcing.look("as_planned"), announcing.path, {})
    assert (again.status, "redan sagts den senaste timmen" in again.text) == (409, True)
    assert await announcing.told() == 1
    assert (await announcing.by.fill(again, announcing.path, {})).status == 303
    assert await announcing.told() == 2


async def test_what_is_for_those_who_wait_is_for_nobody_else(announcing: Announcing) -> None:
    await announcing.visitor()
    assert "inte för någon som har bokat nu" in (await announcing.look("other_times")).text


async def test_what_there_is_not_to_tell_is_asked_for_again(announcing: Announcing) -> None:
    await announcing.visitor()
    shown = await announcing.by.get(f"{announcing.path}?what=free_text")
    assert (shown.status, "Välj vad alla ska få veta" in shown.text) == (422, True)
    assert (await announcing.by.send(announcing.path, {"what": "free_text"})).status == 422


async def test_what_is_over_is_not_told_any_more(announcing: Announcing) -> None:
    await announcing.visitor()
    shown = await announcing.look("as_planned")
    await announcing.house.shift(announcing.session, hours=-3)
    over = await announcing.by.fill(shown, announcing.path, {})
    assert (over.status, "Tillfället är över" in over.text) == (422, True)


async def test_another_library_s_people_are_told_nothing(announcing: Announcing, signed_in: SignIn) -> None:
    await announcing.visitor()
    other = await signed_in("staff", "tensta", subject="omar")
    assert (await other.get(announcing.path)).status == 403
    assert (await other.send(announcing.path, {"what": "as_planned"})).status == 403
    assert await announcing.told() == 0
