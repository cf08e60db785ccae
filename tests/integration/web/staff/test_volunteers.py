"""Volunteers before staff: found, added, led to helping, reached only by whoever opens it, and erased."""

import re
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.integration.catalog.conftest import soon
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Shown

VOLUNTEERS = "/sv/staff/volunteers"
NEW = f"{VOLUNTEERS}/new"
AMINA = {
    "name": "Amina Warsame",
    "phone": "070-174 06 05",
    "email": "",
    "reach": "sms",
    "language": "sv",
    "tasks": "coach",
    "branches": "kista",
    "topics": "bankid",
    "language-0": "ar",
    "level-0": "native",
    "partner_id": "",
    "hours_a_year": "",
}
HIDDEN = "070-174 06 05"
"""The whole number, which stands on no page that nobody opened it on."""


def today() -> date:
    """The day it is by the clock on the wall."""
    return soon(0).astimezone(ZoneInfo("Europe/Stockholm")).date()


@pytest.fixture
async def sara(signed_in: SignIn) -> Colleague:
    """Staff at Kista."""
    return await signed_in("staff", "kista")


async def added(colleague: Colleague, **values: str) -> str:
    """Somebody who was added by hand; gives the address of their page."""
    shown = await colleague.fill(await colleague.get(NEW), NEW, {"csrf": colleague.csrf} | AMINA | values)
    assert shown.status == 303, shown.text
    return shown.location


async def stepped(colleague: Colleague, address: str, *states: str) -> Shown:
    """The same person after these steps, each by the button that is there."""
    shown = await colleague.get(address)
    for state in states:
        shown = await colleague.follow(await colleague.send(f"{address}/state", button(shown, state)))
        assert shown.status == 200, shown.text
    return shown


def button(shown: Shown, state: str) -> dict[str, str]:
    """What the button of a step sends."""
    forms = re.findall(r'<form method="post" action="[^"]*/state">(.*?)</form>', shown.source, re.DOTALL)
    fields = [dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside)) for inside in forms]
    return next(found for found in fields if found["state"] == state)


async def test_somebody_is_added_once_and_found_by_name_state_and_task(sara: Colleague) -> None:
    """Fails when a form sent twice adds two, or a name stands in an address."""
    assert "Ingen volontär än." in (await sara.get(VOLUNTEERS)).text
    page = await sara.get(NEW)
    forms = [await sara.fill(page, NEW, {"csrf": sara.csrf} | AMINA) for _ in range(2)]
    assert [shown.status for shown in forms] == [303, 303]
    assert forms[0].location == forms[1].location

    assert "Amina Warsame finns här nu." in (await sara.get(VOLUNTEERS)).text
    listed = await sara.get(VOLUNTEERS)
    assert listed.text.count("Amina Warsame") == 1
    assert "Amina Warsame Samtal Digital hjälp, en och en arabiska Kista bibliotek inte sett" in listed.text

    for form, found in (
        ({"q": "wars"}, True),
        ({"q": "Nobody"}, False),
        ({"state": "talk"}, True),
        ({"state": "active"}, False),
        ({"task": "coach"}, True),
        ({"task": "story"}, False),
    ):
        shown = await sara.send(VOLUNTEERS, form)
        assert (shown.status, "Amina Warsame" in shown.text) == (200, found), form
        assert not shown.location


WRONG = [
    ({"name": ""}, "name", "Skriv namnet med bokstäver"),
    ({"name": "https://example.org"}, "name", "Skriv namnet med bokstäver"),
    ({"phone": ""}, "phone", "Skriv ett svenskt telefonnummer"),
    ({"phone": "12"}, "phone", "Skriv ett svenskt telefonnummer"),
    ({"reach": "email"}, "email", "Skriv en e-postadress"),
    ({"reach": "pigeon"}, "reach", "Välj hur vi når personen"),
    ({"tasks": "opera"}, "tasks", "Välj minst en sak"),
    ({"hours_a_year": "många"}, "hours_a_year", "Skriv mellan 1 och 2000"),
    ({"hours_a_year": "2001"}, "hours_a_year", "Skriv mellan 1 och 2000"),
]


async def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(sara: Colleague) -> None:
    for values, field, words in WRONG:
        shown = await sara.send(NEW, AMINA | values)
        assert shown.status == 422, (values, shown.text)
        assert f'href="#{field}"' in shown.source, values
        assert f'id="{field}"' in shown.source, values
        assert words in shown.text, values
        assert shown.value("name") == (AMINA | values)["name"]
        assert re.search(r'value="coach"[^>]* checked', shown.source) or "tasks" in values
        assert re.search(r'<option value="ar" selected', shown.source)
    assert "Ingen volontär än." in (await sara.get(VOLUNTEERS)).text


async def test_a_number_is_seen_only_by_whoever_opens_it(sara: Colleague, signed_in: SignIn) -> None:
    address = await added(sara)
    shown = await sara.get(address)
    assert (shown.status, HIDDEN in shown.text) == (200, False)
    assert HIDDEN not in (await sara.get(VOLUNTEERS)).text

    opened = await sara.send(f"{address}/reveal", {})
    assert HIDDEN in opened.text

    admin = await signed_in("admin", subject="aino")
    audit = await admin.get("/sv/staff/audit?branch=")
    assert "visade hur en volontär nås" in audit.text
    assert "tog fram en volontär" in audit.text


async def test_the_way_to_helping_is_walked_step_by_step(sara: Colleague) -> None:
    """Fails when somebody helps whom nobody met, or a form that is old takes a step that is not next."""
    address = await added(sara)
    first = await sara.get(address)
    assert "Redo att hjälpa till" not in first.text
    skipped = await sara.send(f"{address}/state", button(first, "agreement") | {"state": "active"})
    assert (skipped.status, "Det steget går inte just nu." in skipped.text) == (409, True)

    there = await stepped(sara, address, "agreement", "introduction", "active")
    assert "Nu kan Amina Warsame frågas om uppdrag." in there.text
    paused = await stepped(sara, address, "paused")
    assert "Pausen är slut" in paused.text
    old = await sara.send(f"{address}/state", button(first, "agreement"))
    assert old.status == 409
    assert "Amina Warsame Gör paus" in (await sara.get(VOLUNTEERS)).text
    assert (await sara.send(f"{address}/state", {"state": "king", "revision": "1"})).status == 400


async def test_of_the_register_only_the_day_and_who_saw_it_are_kept(sara: Colleague) -> None:
    address = await added(sara)
    assert "inte sett" in (await sara.get(address)).text
    for wrong in ("", "i går", (today() + timedelta(days=1)).isoformat(), (today() - timedelta(days=400)).isoformat()):
        shown = await sara.send(f"{address}/register-note", {"do": "seen", "seen_on": wrong})
        assert (shown.status, 'href="#seen_on"' in shown.source) == (422, True), wrong

    seen = await sara.send(f"{address}/register-note", {"do": "seen", "seen_on": today().isoformat()})
    said = await sara.follow(seen)
    assert "Antecknat: du har sett utdraget." in said.text
    assert "gäller till" in said.text
    assert "av dig." in said.text
    back = await sara.follow(await sara.fill(said, f"{address}/register-note", {"csrf": sara.csrf}))
    assert "inte sett" in back.text
    assert (await sara.send(f"{address}/register-note", {"do": "copy"})).status == 400


async def test_the_day_an_extract_was_seen_before_comes_back_by_undoing(sara: Colleague) -> None:
    """Fails when a slip of the hand takes away the note that counted."""
    address = await added(sara)

    async def seen(day: date) -> Shown:
        sent = await sara.send(f"{address}/register-note", {"do": "seen", "seen_on": day.isoformat()})
        return await sara.follow(sent)

    def day_of(page: Shown) -> str:
        return page.text.split("Sett ")[1].split(" av ")[0]

    before = await seen(today() - timedelta(days=40))
    after = await seen(today())
    assert day_of(after) != day_of(before)
    back = await sara.follow(await sara.fill(after, f"{address}/register-note", {"csrf": sara.csrf}))
    assert day_of(back) == day_of(before)


async def test_what_somebody_does_is_changed_and_who_saves_second_sees_the_first(sara: Colleague) -> None:
    address = await added(sara)
    first, second = await sara.get(f"{address}/work"), await sara.get(f"{address}/work")
    work = {"csrf": sara.csrf, "tasks": "story", "branches": "kista", "language-0": "so", "level-0": "some"}
    assert (await sara.fill(first, f"{address}/work", work)).status == 303
    shown = await sara.get(address)
    assert "Sagostund" in shown.text
    assert "Somaliska (talar lite)" in shown.text

    late = await sara.fill(second, f"{address}/work", work | {"tasks": "friend"})
    assert (late.status, "Någon annan ändrade under tiden." in late.text) == (422, True)
    assert re.search(r'value="friend" checked', late.source)
    assert (await sara.fill(late, f"{address}/work", work | {"tasks": "friend"})).status == 303
    assert "Biblioteksvän" in (await sara.get(address)).text


async def test_libraries_of_others_stay_as_they_are(sara: Colleague, signed_in: SignIn) -> None:
    """Fails when saving at Kista takes somebody away from Rinkeby, where Sara does not work."""
    admin = await signed_in("admin", subject="aino")
    address = await added(admin, branches="rinkeby")
    work = await admin.get(f"{address}/work")
    both = {"csrf": admin.csrf, "tasks": "coach", "branches": "kista"}
    assert (await sara.get(address)).status == 403
    assert (await admin.fill(work, f"{address}/work", both)).status == 303
    form = {"csrf": sara.csrf, "tasks": "coach", "branches": "kista"}
    assert (await sara.fill(await sara.get(f"{address}/work"), f"{address}/work", form)).status == 303
    assert (await sara.get(address)).status == 200


async def test_who_helps_anywhere_is_everybodys(sara: Colleague) -> None:
    """Fails when somebody who named no library is found by nobody, or found and not opened."""
    address = await added(sara, branches="")
    shown = await sara.get(address)
    assert (shown.status, "Bibliotek alla" in shown.text) == (200, True)
    assert "Amina Warsame" in (await sara.get(VOLUNTEERS)).text


async def test_how_somebody_is_reached_is_changed(sara: Colleague) -> None:
    address = await added(sara)
    page = await sara.get(f"{address}/reach")
    assert page.value("phone") is not None
    form = {"csrf": sara.csrf, "name": "Amina W", "phone": "", "email": "amina@example.org", "language": "en"}
    wrong = await sara.fill(page, f"{address}/reach", form | {"reach": "sms"})
    assert (wrong.status, 'href="#phone"' in wrong.source) == (422, True)
    assert (await sara.fill(page, f"{address}/reach", form | {"reach": "email"})).status == 303
    opened = await sara.send(f"{address}/reveal", {})
    assert "amina@example.org" in opened.text
    assert "Mejl, engelska" in opened.text


async def test_when_somebody_can_is_typed_as_one_writes_it(sara: Colleague) -> None:
    address = await added(sara)
    path = f"{address}/availability"
    days = {f"day-{day}": "" for day in range(7)}
    for wrong, field in (
        ({"day-0": "tio till tolv"}, "day-0"),
        ({"day-1": "12-10"}, "day-1"),
        ({"day-2": "9-12, 11-13"}, "day-2"),
        ({"first_day": "i jul"}, "first_day"),
        ({"first_day": "2026-12-24", "last_day": "2026-12-23"}, "last_day"),
    ):
        shown = await sara.send(path, days | wrong)
        assert (shown.status, f'href="#{field}"' in shown.source) == (422, True), wrong
        assert all(f'value="{value}"' in shown.source for value in wrong.values())

    away = {"first_day": "2026-12-24", "last_day": "2026-12-27", "available": "0"}
    assert (await sara.send(path, days | {"day-0": "9.30-12, 13-17"} | away)).status == 303
    shown = await sara.get(path)
    assert shown.value("day-0") == "9.30–12, 13–17"
    assert "Måndag 09.30–12.00" in (await sara.get(address)).text
    (kept,) = re.findall(r'name="exception" value="([^"]+)"', shown.source)
    assert (await sara.send(path, days | {"exception": kept, "gone": kept})).status == 303
    assert "2026-12-24" not in (await sara.get(path)).source
    assert "har inte sagt något" in (await sara.get(address)).text


async def test_a_certificate_is_a_paper_of_what_was_counted(sara: Colleague, staff_house: StaffHouse) -> None:
    """Fails when the last day is left out, or somebody without hours gets an empty paper."""
    address = await added(sara)
    path = f"{address}/certificate?lang=sv&signer=Sara&from=&to={today().isoformat()}"
    none = await sara.get(path)
    assert (none.status, "Inga timmar är räknade mellan de dagarna." in none.text) == (422, True)
    assert (await sara.get(path.replace("lang=sv", "lang=xx"))).status == 400
    assert (await sara.get(path.replace("from=", "from=i-fjol"))).status == 422

    cafe = await staff_house.catalog.session(starts_at=soon(1).isoformat())
    await staff_house.settle_helping()
    await staff_house.volunteers.database.pool.execute(
        """
        INSERT INTO shift (id, session_id, volunteer_id, during, state, minutes)
        SELECT id, id, $2, tstzrange(now() - interval '1 minute', now()), 'done', 90 FROM session WHERE id = $1
        """,
        UUID(cafe["id"]),
        UUID(address.rpartition("/")[2]),
    )
    async with sara.http.get(
        f"{staff_house.url}{path}",
        headers={"Cookie": "; ".join(f"{name}={value}" for name, value in sara.cookies.items())},
    ) as paper:
        assert (paper.status, paper.content_type) == (200, "application/pdf")
        assert (await paper.read()).startswith(b"%PDF")


async def test_who_is_erased_is_nobody_here(sara: Colleague) -> None:
    address = await added(sara)
    asked = await sara.get(f"{address}/erase")
    assert "Det går inte att ångra." in asked.text
    gone = await sara.follow(await sara.fill(asked, f"{address}/erase", {"csrf": sara.csrf}))
    assert "Amina Warsame är raderad." in gone.text
    assert "Ingen volontär än." in gone.text
    assert (await sara.get(address)).status == 404


async def test_nobody_sees_volunteers_of_other_libraries(sara: Colleague, signed_in: SignIn) -> None:
    address = await added(sara)
    other = await signed_in("staff", "rinkeby", subject="amir")
    assert "Amina Warsame" not in (await other.get(VOLUNTEERS)).text
    for path in ("", "/reach", "/work", "/availability", "/erase"):
        assert (await other.get(f"{address}{path}")).status == 403, path
    assert (await other.send(f"{address}/reveal", {})).status == 403
    for nobody in (f"{VOLUNTEERS}/people/amina", f"{VOLUNTEERS}/people/0197f0a0-0000-7000-8000-000000000001"):
        assert (await sara.get(nobody)).status == 404


async def test_in_english_all_of_it_is_in_english(sara: Colleague) -> None:
    address = (await added(sara)).replace("/sv/", "/en/")
    for path, words in (
        ("/en/staff/volunteers", "Add a volunteer"),
        (address, "The way here"),
        (f"{address}/work", "Languages the person speaks"),
        (f"{address}/availability", "An ordinary week"),
    ):
        shown = await sara.get(path)
        assert (shown.status, words in shown.text) == (200, True), path
