"""How a session went: what is asked, what is there to begin with, and two who answer at once."""

import pytest

from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Form, Shown

ANSWERS: Form = {
    "held": "yes",
    "adults": "9",
    "children": "2",
    "staff_involved": "yes",
    "organiser": "library",
    "place": "branch",
    "closed_group": "no",
}


class Closing:
    """The page of one session that has begun, before a colleague."""

    def __init__(self, house: StaffHouse, by: Colleague, session: str) -> None:
        self.house = house
        self.by = by
        self.session = session
        self.path = f"/sv/staff/sessions/{session}/close"

    async def see(self) -> Shown:
        return await self.by.get(self.path)

    async def say(self, page: Shown, **changes: str) -> Shown:
        return await self.by.fill(page, self.path, ANSWERS | changes)

    async def kept(self) -> tuple[int, int, int]:
        row = await self.house.booking.row("SELECT adults, children, revision FROM closing")
        return row["adults"], row["children"], row["revision"]


@pytest.fixture
async def closing(staff_house: StaffHouse, signed_in: SignIn) -> Closing:
    session = await staff_house.session()
    await staff_house.fill(session, 3)
    await staff_house.shift(session, minutes=-30)
    return Closing(staff_house, await signed_in("staff", "kista"), session)


async def test_before_it_begins_there_is_nothing_to_say(staff_house: StaffHouse, signed_in: SignIn) -> None:
    session = await staff_house.session()
    by = await signed_in("staff", "kista")
    path = f"/sv/staff/sessions/{session}/close"
    assert "Det har inte börjat än" in (await by.get(path)).text
    refused = await by.send(path, ANSWERS)
    assert (refused.status, "Det har inte börjat än" in refused.text) == (422, True)


async def test_who_was_ticked_off_and_counted_stands_there_to_begin_with(closing: Closing) -> None:
    shown = await closing.see()
    assert (shown.value("adults"), shown.value("children")) == ("0", "0")
    assert "1 bokning är inte avprickad" in shown.text
    headers = closing.house.catalog.issuer.headers("staff", "kista")
    row = await closing.house.booking.row("SELECT id FROM booking")
    for path, body in (
        ("attendance", {"booking_id": str(row["id"]), "attendance": "came"}),
        ("walk-ins", {"group": "young", "change": 2}),
    ):
        status, said = await closing.house.booking.post(f"/v1/sessions/{closing.session}/{path}", body, **headers)
        assert status == 200, said
    shown = await closing.see()
    assert (shown.value("adults"), shown.value("children")) == ("3", "2")
    assert "inte avprickad" not in shown.text


async def test_all_of_it_is_asked_for_and_nothing_is_lost(closing: Closing) -> None:
    shown = await closing.by.send(closing.path, {"adults": "many", "children": "2"})
    assert shown.status == 422
    for said in (
        "Svara på om det blev av",
        "Skriv antalet med siffror",
        "Svara på om någon från personalen var med",
        "Välj vem som ordnade det",
        "Välj var det var",
        "Svara på om det var en grupp",
    ):
        assert said in shown.text
    assert (shown.value("adults"), shown.value("children")) == ("many", "2")
    assert (await closing.by.send(closing.path, ANSWERS | {"children": "99999"})).status == 422


async def test_it_is_said_and_then_corrected(closing: Closing) -> None:
    done = await closing.say(await closing.see())
    assert (done.status, done.location) == (303, closing.path)
    shown = await closing.by.follow(done)
    assert "Sparat: 11 personer var med." in shown.text
    assert (await closing.say(shown, adults="10")).status == 303
    assert await closing.kept() == (10, 2, 2)
    shown = await closing.see()
    assert (await closing.say(shown, held="no", adults="", children="")).status == 303
    assert await closing.kept() == (0, 0, 3)


async def test_nobody_comes_to_what_is_not_held(closing: Closing) -> None:
    shown = await closing.say(await closing.see(), held="no")
    assert (shown.status, "Till det som inte blev av kom ingen" in shown.text) == (422, True)


async def test_the_second_of_two_who_answer_at_once_sees_the_difference(closing: Closing, signed_in: SignIn) -> None:
    omar = await signed_in("staff", "kista", subject="omar", name="Omar")
    first = await omar.get(closing.path)
    mine = await closing.see()
    assert (await omar.fill(first, closing.path, ANSWERS)).status == 303
    late = await closing.say(mine, adults="12")
    assert late.status == 409
    assert "Vuxna som var med 9 12" in late.text, "what stands there, and what was typed"
    assert late.value("adults") == "12"
    assert await closing.kept() == (9, 2, 1)
    assert (await closing.say(late, adults="12")).status == 303
    assert await closing.kept() == (12, 2, 2)


async def test_the_second_of_two_who_correct_at_once_sees_the_difference(closing: Closing) -> None:
    await closing.say(await closing.see())
    mine, theirs = await closing.see(), await closing.see()
    await closing.say(theirs, children="5")
    late = await closing.say(mine, adults="8")
    assert late.status == 409
    assert "Barn som var med (till och med 17 år) 5 2" in late.text
    assert await closing.kept() == (9, 5, 2)
