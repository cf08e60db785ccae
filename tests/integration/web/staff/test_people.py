"""The list of a session: who comes, what is hidden until it is opened, who came with one tap and back again."""

import re

import pytest

from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Shown
from tests.support.samples import E164, PHONE

BY_SMS = {"by": "sms", "phone": PHONE}
NATIONAL = "070-174 06 05"


class List:
    """The list of one session, before a colleague."""

    def __init__(self, house: StaffHouse, by: Colleague, session: str) -> None:
        self.house = house
        self.by = by
        self.session = session
        self.path = f"/sv/staff/sessions/{session}/people"

    async def book(self, name: str, adults: int = 1, **more: object) -> str:
        """Somebody books at the desk; gives the booking's id."""
        body = {
            "session_id": self.session,
            "party": {"adults": adults, "children": 0},
            "name": name,
            "reach": {"by": "none"},
        } | more
        status, made = await self.house.booking.post("/v1/desk/bookings", body, **self.headers)
        assert status == 201, made
        return str(made["id"])

    @property
    def headers(self) -> dict[str, str]:
        return self.house.catalog.issuer.headers("staff", "kista")

    async def see(self) -> Shown:
        shown = await self.by.get(self.path)
        assert shown.status == 200, shown.text
        return shown

    async def tap(self, booking: str, mark: str, **more: str) -> Shown:
        return await self.by.send(f"{self.path}/attendance", {"booking": booking, "mark": mark} | more)

    async def noted(self, action: str) -> int:
        row = await self.house.booking.row("SELECT count(*) FROM audit WHERE action = $1", action)
        return int(row["count"])


def row(shown: Shown, booking: str) -> str:
    """What stands in somebody's row, with its buttons."""
    found = re.search(rf'<tr id="b-{booking}".*?</tr>', shown.source, re.DOTALL)
    assert found, "they are not on the list"
    return Shown(200, f"<main {found[0]}</main>", shown.headers).text


@pytest.fixture
async def people(staff_house: StaffHouse, signed_in: SignIn) -> List:
    session = await staff_house.session(capacity={"seats": 2, "queue": 4})
    return List(staff_house, await signed_in("staff", "kista"), session)


async def test_an_empty_list_says_what_to_do(people: List) -> None:
    shown = await people.see()
    assert "Ingen har bokat än" in shown.text
    assert shown.links("Till disken") == [f"/sv/staff/desk/sessions/{people.session}"]


async def test_who_comes_is_listed_and_a_number_is_hidden_until_it_is_opened(people: List) -> None:
    sara = await people.book("Sara", reach=BY_SMS, language="so")
    shown = await people.see()
    assert "somaliska" in row(shown, sara)
    assert "070-… 05" in row(shown, sara)
    assert not any(number in shown.source for number in (PHONE, E164, NATIONAL))
    opened = await people.by.fill(shown, f"{people.path}/{sara}/reveal#b-{sara}", {})
    assert opened.status == 200
    assert NATIONAL in row(opened, sara)
    assert f"tel:{E164}" in opened.source
    assert await people.noted("revealed") == 1
    assert NATIONAL not in (await people.see()).source, "it is open once"


async def test_one_tap_says_who_came_and_one_takes_it_back(people: List) -> None:
    sara = await people.book("Sara")
    assert "Du kan pricka av från" in (await people.see()).text
    assert "Släpp" not in (await people.see()).text
    await people.house.shift(people.session, minutes=-15)
    begun = await people.see()
    assert all(word in row(begun, sara) for word in ("Här", "Kom inte", "Förhinder"))
    tapped = await people.tap(sara, "came")
    assert (tapped.status, tapped.location) == (303, f"{people.path}#b-{sara}")
    shown = await people.see()
    assert "Ångra" in row(shown, sara)
    assert "1 är här" in shown.text
    now = await people.by.get(f"{people.path}/tally")
    assert now.source.startswith("<ul")
    assert "1 är här" in now.source.replace("</strong>", "").replace('<strong class="number">', "")
    await people.by.fill(shown, f"{people.path}/attendance", {})
    assert "Kom inte" in row(await people.see(), sara), "nothing is said of them any more"


async def test_what_is_too_early_is_said_on_the_list(people: List) -> None:
    sara = await people.book("Sara")
    shown = await people.tap(sara, "came")
    assert (shown.status, "Det är för tidigt" in shown.text, "Sara" in shown.text) == (409, True, True)


async def test_who_was_missed_and_is_there_gets_in_on_purpose_where_the_seat_is_gone(people: List) -> None:
    late, _ = [await people.book(name) for name in ("Sara", "Ada")]
    await people.house.queue(people.session)
    await people.house.shift(people.session, minutes=-15)
    await people.tap(late, "no_show")
    shown = await people.see()
    assert "Väntar vid dörren" in shown.text
    [waits] = re.findall(r'people/standby">.*?name="booking" value="([^"]+)"', shown.source, re.DOTALL)
    assert (await people.by.send(f"{people.path}/standby", {"booking": waits})).status == 303
    refused = await people.tap(late, "came")
    assert (refused.status, "Platsen har gått till någon annan" in refused.text) == (409, True)
    assert "Släpp in ändå" in row(refused, late)
    assert (await people.tap(late, "came", override="1")).status == 303
    assert await people.noted("override") == 1


async def test_nobody_gets_a_seat_at_the_door_that_is_not_free(people: List) -> None:
    sara, _ = [await people.book(name) for name in ("Sara", "Ada")]
    await people.house.queue(people.session)
    await people.house.shift(people.session, minutes=-5)
    await people.tap(sara, "came")  # with which the queue closes, if it has not yet
    shown = await people.see()
    [waits] = re.findall(r'people/standby">.*?name="booking" value="([^"]+)"', shown.source, re.DOTALL)
    refused = await people.by.send(f"{people.path}/standby", {"booking": waits})
    assert (refused.status, "Det finns ingen ledig plats" in refused.text) == (409, True)


async def test_another_library_s_list_is_refused_at_the_page(people: List, signed_in: SignIn) -> None:
    sara = await people.book("Sara", reach=BY_SMS)
    other = await signed_in("staff", "tensta", subject="omar", name="Omar")
    for shown in (
        await other.get(people.path),
        await other.send(f"{people.path}/{sara}/reveal", {}),
        await other.send(f"{people.path}/attendance", {"booking": sara, "mark": "came"}),
    ):
        assert (shown.status, "Sara" in shown.text) == (403, False)
    assert await people.noted("revealed") == 0


async def test_a_tap_that_is_none_is_not_understood(people: List) -> None:
    sara = await people.book("Sara")
    assert (await people.tap(sara, "dancing")).status == 400
    assert (await people.tap("nobody", "came")).status == 400
    assert (await people.by.get("/sv/staff/sessions/nothing/people")).status == 404


async def test_a_number_is_corrected_and_what_is_wrong_is_said_beside_it(people: List) -> None:
    sara = await people.book("Sara", reach=BY_SMS)
    path = f"{people.path}/{sara}/reach"
    asked = await people.by.get(path)
    assert "070-… 05" in asked.text
    for form, said in (
        ({"by": "sms", "phone": ""}, "Skriv ett svenskt mobilnummer"),
        ({"by": "sms", "phone": "08-465 004 01"}, "Skriv ett svenskt mobilnummer"),
        ({"by": "email", "email": "sara"}, "Skriv en e-postadress"),
        ({"by": "pigeon"}, "Välj hur personen ska nås"),
    ):
        wrong = await people.by.send(path, form)
        assert (wrong.status, said in wrong.text) == (422, True), form
        assert all(wrong.value(name) == value for name, value in form.items() if name != "by"), "nothing is lost"
    done = await people.by.send(path, {"by": "call", "phone": "08-465 004 01", "email": "left over"})
    assert done.location == f"{people.path}#b-{sara}"
    shown = await people.by.follow(done)
    assert "Sparat" in shown.text
    assert "Rings upp" in row(shown, sara)


async def test_who_waits_must_stay_reachable(people: List) -> None:
    for name in ("Sara", "Ada"):
        await people.book(name)
    waits = await people.book("Bo", if_full="queue", reach=BY_SMS)
    shown = await people.by.send(f"{people.path}/{waits}/reach", {"by": "none"})
    assert (shown.status, "måste gå att nå" in shown.text) == (422, True)


async def test_a_seat_is_taken_back_after_one_has_seen_who_is_told(people: List) -> None:
    sara, bosse = await people.book("Sara", reach=BY_SMS), await people.book("Bosse")
    await people.house.queue(people.session)
    assert "Ingen skickar besked" in (await people.by.get(f"{people.path}/{bosse}/revoke")).text
    path = f"{people.path}/{sara}/revoke"
    shown = await people.by.get(path)
    assert "Sms 070-… 05" in shown.text
    done = await people.by.follow(await people.by.fill(shown, path, {}))
    assert "Platsen är tillbaka" in done.text
    assert "Biblioteket tog tillbaka platsen" in done.text
    assert "Erbjuden" in done.text, "whoever waits has it now"
    late = await people.by.fill(shown, path, {})
    assert (late.status, "har ingen plats längre" in late.text) == (409, True)


async def test_the_list_in_english(people: List) -> None:
    await people.book("Sara", reach=BY_SMS)
    shown = await people.by.get(people.path.replace("/sv/", "/en/"))
    assert all(words in shown.text for words in ("Have a place", "Reached by", "Print the list"))
