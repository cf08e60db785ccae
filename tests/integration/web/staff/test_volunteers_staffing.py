"""Who is on duty and who is missing: asked, put there, taken off; and visitors who lack a helper."""

import re
from uuid import UUID

import pytest

from tests.integration.catalog.conftest import soon
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Shown
from tests.support.samples import booking_body

STAFFING = "/sv/staff/volunteers/staffing"
AT_RISK = "/sv/staff/volunteers/at-risk"


class Helping:
    """A coaching session at Kista, those who could help there, and a colleague who looks after it."""

    def __init__(self, house: StaffHouse, sara: Colleague, session: str) -> None:
        self.house = house
        self.sara = sara
        self.session = session
        self.at = f"{STAFFING}/{session}"

    async def person(self, name: str, *languages: str, topic: str = "bankid", task: str = "coach") -> str:
        """Somebody active at Kista; gives their id."""
        spoken = [{"language": language, "level": "native"} for language in languages]
        made = await self.house.volunteers.volunteer(
            name=name, tasks=[task], topics=[topic], branches=["kista"], languages=spoken
        )
        return str(made["id"])

    async def do(self, name: str, do: str, *, page: Shown | None = None) -> Shown:
        """Tap on a person's button."""
        shown = page or await self.sara.get(self.at)
        for action, inside in re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', shown.source, re.DOTALL):
            fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside))
            if fields.get("do") == do and fields.get("name") == name:
                return await self.sara.follow(await self.sara.post(action, fields))
        raise AssertionError(f"no button {do} for {name}: {shown.text}")

    async def book(self, **answers: str) -> str:
        """A visitor books; gives the booking's id."""
        body = booking_body(UUID(self.session), answers={"topic": "bankid"} | answers)
        status, made = await self.house.booking.post("/v1/bookings", body)
        assert status == 201, made
        await self.house.settle_helping()
        return str(made["id"])

    async def begin(self) -> None:
        """Let the session have begun ten minutes ago."""
        await self.house.shift(self.session, minutes=-10)
        for move in (
            "UPDATE session SET starts_at = now() - interval '10 minutes', ends_at = now() + interval '50 minutes'",
            "UPDATE shift SET during = tstzrange(now() - interval '10 minutes', now() + interval '50 minutes')",
            "UPDATE assignment SET during = tstzrange(now() - interval '10 minutes', now() + interval '50 minutes')",
        ):
            await self.house.volunteers.database.pool.execute(move)


@pytest.fixture
async def helping(staff_house: StaffHouse, signed_in: SignIn) -> Helping:
    activity = await staff_house.catalog.activity("digital_coaching")
    made = await staff_house.catalog.session(activity_id=activity, capacity=3, starts_at=soon(3).isoformat())
    await staff_house.settle_helping()
    return Helping(staff_house, await signed_in("staff", "kista"), str(made["id"]))


async def test_a_gap_is_seen_and_filled_by_asking_or_putting_somebody(helping: Helping) -> None:
    """Fails when who could come is not there, or a gap is still said when it is filled."""
    await helping.person("Amina Warsame", "ar")
    await helping.person("Bo Ek")
    listed = await helping.sara.get(STAFFING)
    assert "saknas" in listed.text
    assert "ingen än" in listed.text
    (address,) = {link for link in listed.links("") if link == helping.at}
    shown = await helping.sara.get(address)
    assert "Amina Warsame arabiska" in shown.text

    asked = await helping.do("Amina Warsame", "ask")
    assert "Amina Warsame är tillfrågad, och svarar med sms eller mejl." in asked.text
    assert "Amina Warsame Tillfrågad Ta tillbaka frågan" in asked.text
    put = await helping.do("Bo Ek", "put")
    assert "Bo Ek står på passet." in put.text
    assert "Bo Ek Kommer Ta bort" in put.text
    assert "Amina Warsame (tillfrågad)" in (await helping.sara.get(f"{STAFFING}?all=1")).text

    gone = await helping.do("Bo Ek", "cancel")
    assert "Bo Ek står inte på passet längre" in gone.text
    assert "Bo Ek Kommer" not in gone.text


async def test_who_cannot_come_is_told_with_the_reason(helping: Helping) -> None:
    """Fails when a page asks somebody who is somewhere else, or a refusal is a page of its own."""
    busy = await helping.person("Amina Warsame")
    before = await helping.sara.get(helping.at)
    activity = await helping.house.catalog.activity("digital_coaching")
    elsewhere = await helping.house.catalog.session(activity_id=activity, capacity=1, starts_at=soon(3).isoformat())
    await helping.house.settle_helping()
    body = {"volunteer_id": busy, "ask": False, "whole_sitting": False}
    status, _ = await helping.house.volunteers.send("POST", f"/v1/sessions/{elsewhere['id']}/shifts", body)
    assert status == 201

    late = await helping.do("Amina Warsame", "put", page=before)
    assert (late.status, "Personen är någon annanstans då." in late.text) == (409, True)
    assert "1 som inte kan Amina Warsame : är upptagen då" in late.text


async def test_what_no_page_sends_is_refused(helping: Helping, signed_in: SignIn) -> None:
    for form in ({"do": "dance"}, {"do": "ask", "volunteer": "amina"}):
        assert (await helping.sara.send(f"{helping.at}/shifts", form)).status == 400
    assert (await helping.sara.send(f"{helping.at}/shifts/nonsense", {"do": "cancel"})).status == 400
    other = await signed_in("staff", "rinkeby", subject="amir")
    amina = await helping.person("Amina Warsame")
    assert (await other.send(f"{helping.at}/shifts", {"do": "put", "volunteer": amina})).status == 403
    assert "Amina" not in (await other.get(f"{STAFFING}?all=1")).text
    assert (await helping.sara.get(f"{STAFFING}/0197f0a0-0000-7000-8000-000000000001")).status == 404


async def test_a_visitor_without_a_helper_is_seen_and_somebody_is_put_by_hand(helping: Helping) -> None:
    """Fails when it is not said who was asked and why, or the one who was put there is not."""
    await helping.person("Amina Warsame", "ar")
    bo = await helping.person("Bo Ek", topic="swish")
    await helping.do("Amina Warsame", "put")
    await helping.house.settle_helping()
    booking = await helping.book(help_language="ar")

    listed = await helping.sara.get(AT_RISK)
    assert "På gång" in listed.text
    assert "BankID" in listed.text
    assert "arabiska En är tillfrågad" in listed.text
    shown = await helping.sara.get(f"{AT_RISK}/{booking}")
    assert "Amina Warsame är tillfrågad" in shown.text
    assert "Talar arabiska (modersmål)." in shown.text
    assert "Hjälper till med BankID." in shown.text
    assert "Var den enda som kunde." in shown.text

    put = await helping.sara.fill(shown, f"{AT_RISK}/{booking}", {"csrf": helping.sara.csrf, "volunteer": bo})
    after = await helping.sara.follow(put)
    assert "Bo Ek hjälper besökaren, och båda har fått veta det." in after.text
    assert "Sattes dit av personalen." in after.text
    assert "Har en hjälpare" in after.text
    assert "Alla har en hjälpare" in (await helping.sara.get(AT_RISK)).text

    back = {"csrf": helping.sara.csrf}
    released = await helping.sara.follow(await helping.sara.fill(after, f"{AT_RISK}/{booking}/release", back))
    assert "Bo Ek hjälper inte besökaren längre. Nu frågas nästa." in released.text
    assert "Behöver dig" in (await helping.sara.get(AT_RISK)).text


async def test_what_somebody_has_before_them_is_handed_over(helping: Helping) -> None:
    amina = await helping.person("Amina Warsame")
    bo = await helping.person("Bo Ek")
    await helping.do("Amina Warsame", "put")
    address = f"/sv/staff/volunteers/hand-over/{amina}"
    person = await helping.sara.get(f"/sv/staff/volunteers/people/{amina}")
    assert "har sagt ja" in person.text
    (found,) = person.links("Lämna över till någon annan")
    assert found == address
    page = await helping.sara.get(address)
    (chosen,) = re.findall(r'name="chosen" value="([^"]+)" checked', page.source)

    for form, field in (({"to": bo}, "chosen"), ({"chosen": chosen}, "to")):
        wrong = await helping.sara.send(address, form)
        assert (wrong.status, f'href="#{field}"' in wrong.source) == (422, True), form

    done = await helping.sara.follow(await helping.sara.send(address, {"chosen": chosen, "to": bo}))
    assert "Amina Warsame har lämnat över." in done.text
    assert "Bo Ek Kommer" in (await helping.sara.get(helping.at)).text
    assert "Det finns inget att lämna över." in (await helping.sara.get(address)).text


async def test_the_hours_without_staff_are_planned_ahead(helping: Helping) -> None:
    """Fails when somebody is asked by looking, or the ones who are asked are not those who were shown."""
    rota = "/sv/staff/volunteers/rota?branch=kista"
    assert "Inga pass för biblioteksvänner" in (await helping.sara.get(rota)).text
    activity = await helping.house.catalog.activity("library_friend")
    await helping.house.catalog.session(activity_id=activity, starts_at=soon(10).isoformat())
    await helping.house.settle_helping()
    for name in ("Amina Warsame", "Bo Ek"):
        await helping.person(name, task="friend")
    page = await helping.sara.get(rota)
    assert "2 saknas" in page.text
    post = rota.partition("?")[0]
    looked = await helping.sara.send(post, {"library": "kista", "do": "look"})
    assert "Ingen är tillfrågad än." in looked.text
    assert "Amina Warsame (på förslag)" in looked.text
    assert "på förslag" not in (await helping.sara.get(rota)).text
    asked = await helping.sara.follow(await helping.sara.send(post, {"library": "kista", "do": "ask"}))
    assert "Frågor skickade: 2." in asked.text
    assert "Amina Warsame (tillfrågad)" in asked.text
    assert (await helping.sara.send(post, {"library": "rinkeby", "do": "ask"})).status == 400


async def test_who_came_is_said_once_it_has_begun_and_put_right(helping: Helping, signed_in: SignIn) -> None:
    """Fails when it can be said before, or what was said by mistake stays."""
    await helping.person("Amina Warsame")
    put = await helping.do("Amina Warsame", "put")
    assert "Var där" not in put.text
    row = await helping.house.volunteers.row("SELECT id FROM shift")
    path = f"{helping.at}/shifts/{row['id']}/done"
    early = await helping.sara.send(path, {"came": "1"})
    assert (early.status, "Det går inte som läget är nu." in early.text) == (409, True)
    await helping.begin()

    begun = await helping.sara.get(helping.at)
    assert "Amina Warsame Kommer Var där : Amina Warsame Kom inte : Amina Warsame" in begun.text
    came = await helping.sara.follow(await helping.sara.fill(begun, path, {"csrf": helping.sara.csrf}))
    assert "Antecknat: Amina Warsame var där. Ångra" not in came.text
    assert "Antecknat: Amina Warsame var där." in came.text
    assert "Amina Warsame Var där Kom inte : Amina Warsame" in came.text
    missed = await helping.sara.follow(await helping.sara.fill(came, path, {"csrf": helping.sara.csrf}))
    assert "Antecknat: Amina Warsame kom inte." in missed.text
    assert (await helping.house.volunteers.row("SELECT state FROM shift"))["state"] == "missed"
    undone = await helping.sara.follow(await helping.sara.fill(missed, path, {"csrf": helping.sara.csrf}))
    assert "Antecknat: Amina Warsame var där." in undone.text
    assert (await helping.house.volunteers.row("SELECT state FROM shift"))["state"] == "done"

    assert (await helping.sara.send(path, {"came": "perhaps"})).status == 400
    other = await signed_in("staff", "rinkeby", subject="amir")
    assert (await other.send(path, {"came": "0"})).status == 403


async def test_how_helping_a_visitor_went_is_said_by_staff_and_put_right(helping: Helping, signed_in: SignIn) -> None:
    """Fails when nothing chosen is kept, or somebody elsewhere says it."""
    amina = await helping.person("Amina Warsame")
    await helping.do("Amina Warsame", "put")
    await helping.house.settle_helping()
    await helping.book()
    made = await helping.house.volunteers.row("SELECT id FROM assignment")
    accept = f"/v1/assignments/{made['id']}/accept"
    status, _ = await helping.house.volunteers.send("POST", accept, {"pledge": 1})
    assert status == 200
    address = f"/sv/staff/volunteers/people/{amina}"
    path = f"{address}/assignments/{made['id']}/outcome"
    assert path not in (await helping.sara.get(address)).source
    await helping.begin()

    page = await helping.sara.get(address)
    wrong = await helping.sara.fill(page, path, {"csrf": helping.sara.csrf, "outcome": ""})
    assert (wrong.status, f'href="#outcome-{made["id"]}"' in wrong.source) == (422, True)
    assert f'id="outcome-{made["id"]}"' in wrong.source
    form = {"csrf": helping.sara.csrf, "outcome": "referred"}
    told = await helping.sara.follow(await helping.sara.fill(page, path, form))
    assert "Antecknat hur det gick." in told.text
    assert '<option value="referred" selected' in told.source
    changed = await helping.sara.follow(await helping.sara.fill(told, path, form | {"outcome": "visitor_absent"}))
    assert '<option value="visitor_absent" selected' in changed.source
    undone = await helping.sara.follow(await helping.sara.fill(changed, path, {"csrf": helping.sara.csrf}))
    assert '<option value="referred" selected' in undone.source
    kept = await helping.house.volunteers.row("SELECT outcome, minutes FROM assignment")
    assert (kept["outcome"], kept["minutes"]) == ("referred", 60)

    nobody = path.replace(str(made["id"]), amina)
    assert (await helping.sara.send(nobody, {"outcome": "managed"})).status == 404
    other = await signed_in("staff", "rinkeby", subject="amir")
    assert (await other.send(path, {"outcome": "managed"})).status == 403
