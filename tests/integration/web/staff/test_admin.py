"""The pages of libraries, kinds and common closures: what a change means comes first, and nothing typed is lost."""

import html
import re
from zoneinfo import ZoneInfo

import pytest

from tests.integration.catalog.conftest import ADMIN, soon
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse

BRANCHES = "/sv/staff/admin/branches"
KISTA = f"{BRANCHES}/kista"
CAFE = "/sv/staff/admin/kinds/language_cafe"
CLOSURES = "/sv/staff/admin/closures"
PARTNERS = "/sv/staff/admin/partners"
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def day() -> str:
    """A day some weeks ahead, by the clock on the wall."""
    return soon(20).astimezone(STOCKHOLM).date().isoformat()


@pytest.fixture
async def admin(signed_in: SignIn) -> Colleague:
    return await signed_in("admin", name="Aino Berg")


def fields(source: str) -> dict[str, str]:
    """What stands in the fields of a page's form, as its browser would send it."""
    source = re.findall(r'<form class="staff-form.*?</form>', source, re.DOTALL)[0]
    found = {}
    for tag in re.findall(r'<input[^>]*? name="[^"]+" value="[^"]*"[^>]*>', source):
        name, value = re.findall(r' name="([^"]+)" value="([^"]*)"', tag)[0]
        if 'type="checkbox"' not in tag or " checked" in tag:
            found[name] = html.unescape(value)
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', source, re.DOTALL):
        (found[name],) = re.findall(r'<option value="([^"]*)" selected', options) or [""]
    return found


async def typed(admin: Colleague, path: str, **values: str) -> dict[str, str]:
    """A page's form with some of its fields typed anew."""
    shown = await admin.get(path)
    assert shown.status == 200, shown.text
    return fields(shown.source) | values


ROOMS = ("branches", "branches/new", "branches/kista", "kinds", "kinds/language_cafe", "closures", "partners")


async def test_only_administrators_come_in(signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    for path in ("admin", *(f"admin/{room}" for room in ROOMS)):
        shown = await sara.get(f"/sv/staff/{path}")
        assert (shown.status, "Det här är för administratörer" in shown.text) == (403, True), path


async def test_from_one_page_administrators_come_to_all_of_it(admin: Colleague) -> None:
    shown = await admin.get("/sv/staff/admin")
    for name in ("Biblioteken", "Olika sorters aktiviteter", "När alla har stängt", "Våra partner"):
        (address,) = shown.links(name)
        assert (await admin.get(address)).status == 200


async def test_a_rename_is_seen_with_its_sms_before_it_is_made_and_taken_back_after(
    admin: Colleague, staff_house: StaffHouse
) -> None:
    """Fails when something is changed by looking, or the preview leaves out whom it reaches or how it reads."""
    await staff_house.catalog.session()
    await staff_house.settle()
    form = await typed(admin, KISTA, name="Kista bibliotek och mötesplats", sms_name="Kista möteplats")

    looked = await admin.send(KISTA, form | {"step": "look"})

    assert looked.status == 200, looked.text
    assert "1 kommande tillfälle visar det nya direkt." in looked.text
    assert "Ingen får ett meddelande" in looked.text
    assert re.search(r"Kista möteplats.*Allt får plats", looked.text)
    assert (await staff_house.catalog.get("/v1/branches/kista"))[1]["name"] == "Kista bibliotek"

    again = await admin.fill(looked, KISTA, {"step": "back"})
    assert again.value("name") == "Kista bibliotek och mötesplats"

    saved = await admin.fill(looked, KISTA, {"step": "save"})
    assert (saved.status, saved.location) == (303, BRANCHES)
    said = await admin.follow(saved)
    assert "Kista bibliotek och mötesplats är ändrat. 1 kommande tillfälle visar det nya." in said.text

    await admin.follow(await admin.fill(said, KISTA, {}))
    kept = (await staff_house.catalog.get("/v1/branches/kista"))[1]
    assert (kept["name"], kept["sms_name"], kept["revision"]) == ("Kista bibliotek", "Kista bibliotek", 3)


async def test_hours_are_typed_as_one_writes_them(admin: Colleague, staff_house: StaffHouse) -> None:
    form = await typed(admin, KISTA)
    hours = {"staffed-0": "10-18", "staffed-2": "9.30–12, 13-17", "unstaffed-0": "7-10,18-21"}
    hours |= {f"{who}-{day}": "" for who in ("staffed", "unstaffed") for day in range(7) if f"{who}-{day}" not in hours}
    looked = await admin.send(KISTA, form | hours | {"step": "look"})
    assert "Öppet med personal, onsdag" in looked.text
    await admin.fill(looked, KISTA, {"step": "save"})

    kept = (await staff_house.catalog.get("/v1/branches/kista"))[1]["hours"]
    assert [(span["weekday"], span["opens"], span["closes"], span["staffed"]) for span in kept] == [
        (0, "07:00", "10:00", False),
        (0, "10:00", "18:00", True),
        (0, "18:00", "21:00", False),
        (2, "09:30", "12:00", True),
        (2, "13:00", "17:00", True),
    ]
    shown = await admin.get(KISTA)
    assert (shown.value("staffed-0"), shown.value("staffed-2")) == ("10–18", "9.30–12, 13–17")


WRONG = [
    ({"name": ""}, "name", "Skriv vad biblioteket heter"),
    ({"sms_name": "Kista bibliotek och"}, "sms_name", "Det du skrev är 19."),
    ({"sms_name": "Kista 📚"}, "sms_name", "enkla tecken"),
    ({"sms_name": "Rinkeby"}, "sms_name", "heter redan så"),
    ({"phone": "ring"}, "phone", "Skriv telefonnumret med siffror"),
    ({"place": "Kista"}, "place", "Skriv läget som två tal"),
    ({"place": "99.1, 17.9"}, "place", "Skriv läget som två tal"),
    ({"stop_kind": "", "stop_name": "Kista"}, "stop_name", "lämna båda tomma"),
    ({"staffed-3": "tio till sex"}, "staffed-3", "Skriv tiden med siffror"),
    ({"staffed-3": "10-25"}, "staffed-3", "Skriv tiden med siffror"),
    ({"staffed-3": "10-18, 17-20"}, "staffed-0", "går in i varandra"),
]


async def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    admin: Colleague, staff_house: StaffHouse
) -> None:
    form = await typed(admin, KISTA)
    for values, field, words in WRONG:
        for step in ("look", "save"):
            shown = await admin.send(KISTA, form | {"name": "Kista nya bibliotek"} | values | {"step": step})
            taken = step == "look" and values.get("sms_name") == "Rinkeby"
            if taken:
                continue
            assert shown.status == 422, (values, shown.text)
            assert f'href="#{field}"' in shown.source, values
            assert words in shown.text, values
            assert all(f'value="{value}"' in shown.source for value in values.values() if value and value != ""), values
    assert (await staff_house.catalog.get("/v1/branches/kista"))[1]["revision"] == 1


async def test_who_saves_second_sees_both_side_by_side_and_loses_nothing(
    admin: Colleague, staff_house: StaffHouse
) -> None:
    """Fails when the first one's change is written over unseen, or what the second typed is gone."""
    hours = [{"weekday": 0, "opens": "10:00", "closes": "18:00", "staffed": True}]
    await staff_house.catalog.send("PATCH", "/v1/branches/kista", {"hours": hours}, by=ADMIN)
    form = await typed(admin, KISTA, name="Kista nya bibliotek", phone="08-465 004 97")
    theirs = {"phone": "08-465 004 98", "address": "Kista torg 7", "hours": []}
    await staff_house.catalog.send("PATCH", "/v1/branches/kista", theirs, by=ADMIN)

    shown = await admin.send(KISTA, form | {"step": "save"})

    assert shown.status == 409
    assert "Någon annan har ändrat under tiden" in shown.text
    assert "Telefon 08-465 004 00 08-465 004 98 08-465 004 97" in shown.text
    assert shown.value("name") == "Kista nya bibliotek"
    again = await admin.send(KISTA, fields(shown.source) | {"step": "save"})
    assert again.status == 303
    kept = (await staff_house.catalog.get("/v1/branches/kista"))[1]
    assert (kept["name"], kept["phone"]) == ("Kista nya bibliotek", "08-465 004 97")
    assert (kept["address"], kept["hours"]) == ("Kista torg 7", [])


async def test_a_library_is_added_once_however_often_the_form_is_sent(
    admin: Colleague, staff_house: StaffHouse
) -> None:
    values = {"name": "Hjulsta bibliotek", "sms_name": "Hjulsta", "phone": "08-465 004 39", "place": "59,395 17,885"}
    form = await typed(admin, f"{BRANCHES}/new", **values)
    looked = await admin.send(f"{BRANCHES}/new", form)
    assert "ingen aktivitet att visa det med än" in looked.text

    saved = [await admin.fill(looked, f"{BRANCHES}/new", {"step": "save"}) for _ in range(2)]

    assert [(one.status, one.location) for one in saved] == [(303, f"{BRANCHES}/hjulsta-bibliotek")] * 2
    assert "Hjulsta bibliotek finns nu bland biblioteken." in (await admin.follow(saved[0])).text
    kept = (await staff_house.catalog.get("/v1/branches/hjulsta-bibliotek"))[1]
    assert (kept["latitude"], kept["longitude"]) == (59.395, 17.885)


async def test_what_a_kind_starts_from_is_set_seen_as_our_own_and_taken_back(
    admin: Colleague, staff_house: StaffHouse
) -> None:
    await staff_house.catalog.activity()
    page = await admin.get(CAFE)
    assert "1 aktivitet av den här sorten finns. Den behåller det den har." in page.text
    form = await typed(admin, CAFE, seats="12", reconfirm="", helpers_needed="4", register_note="1")

    said = await admin.follow(await admin.send(CAFE, form))

    assert "Nya aktiviteter av sorten Språkcafé börjar med det du satte." in said.text
    assert "Ändrad hos er" in said.text
    assert "Plats föreslår: 15" in (await admin.get(CAFE)).text
    kind = (await staff_house.catalog.get("/v1/kinds/language_cafe"))[1]
    assert (kind["terms"]["capacity"]["seats"], kind["terms"]["reconfirm"]) == (12, False)
    assert (kind["terms"]["helpers_needed"], kind["terms"]["register_note"]) == (4, True)
    await admin.fill(said, CAFE, {})
    kind = (await staff_house.catalog.get("/v1/kinds/language_cafe"))[1]
    assert kind["terms"] == kind["suggested"]


async def test_terms_that_contradict_each_other_are_said_beside_the_field(admin: Colleague) -> None:
    for values, field, words in (
        ({"seats": "många"}, "seats", "Skriv antalet platser med siffror."),
        ({"walk_in": "3"}, "walk_in", "De som bara kommer har egna platser"),
        ({"reminder_hours": "0", "reconfirm": "1"}, "reconfirm", "Frågan ställs i påminnelsen."),
        ({"party_max": "0"}, "party_max", "mellan 1 och 100"),
        ({"helpers_needed": "51"}, "helpers_needed", "mellan 0 och 50"),
    ):
        shown = await admin.send(CAFE, await typed(admin, CAFE, **values))
        assert shown.status == 422
        assert f'href="#{field}"' in shown.source
        assert words in shown.text


async def test_who_sets_a_kind_second_sees_the_difference(admin: Colleague, staff_house: StaffHouse) -> None:
    form = await typed(admin, CAFE, party_max="2")
    theirs = {"party_max": 3, "minutes": 60, "reconfirm": False}
    await staff_house.catalog.send("PATCH", "/v1/kinds/language_cafe", theirs, by=ADMIN)

    shown = await admin.send(CAFE, form)

    assert (shown.status, "Personer i en bokning, högst 4 3 2" in shown.text) == (409, True)
    assert (await admin.send(CAFE, fields(shown.source))).status == 303
    terms = (await staff_house.catalog.get("/v1/kinds/language_cafe"))[1]["terms"]
    assert (terms["party_max"], terms["minutes"], terms["reconfirm"]) == (2, 60, False)


async def test_all_libraries_are_shut_after_one_has_seen_what_is_planned_then(
    admin: Colleague, staff_house: StaffHouse
) -> None:
    await staff_house.catalog.session(starts_at=soon(20).isoformat())
    empty = await admin.get(CLOSURES)
    assert "Inga dagar än." in empty.text
    form = {"first": day(), "last": "", "reason": "Utbildning för alla", "key": fields(empty.source)["key"]}

    looked = await admin.send(CLOSURES, form)
    assert "1 tillfälle är planerat de dagarna." in looked.text
    assert (await staff_house.catalog.get("/v1/closures"))[1]["items"] == []

    said = await admin.follow(await admin.fill(looked, CLOSURES, {"step": "save"}))
    (made,) = (await staff_house.catalog.get("/v1/closures"))[1]["items"]
    assert (made["first"], made["last"], made["reasons"]) == (day(), day(), {"sv": "Utbildning för alla"})
    assert "Alla bibliotek är stängda de dagarna." in said.text

    opened = await admin.follow(await admin.fill(said, f"{CLOSURES}/{made['id']}/open", {}))
    assert (await staff_house.catalog.get("/v1/closures"))[1]["items"] == []
    await admin.fill(opened, CLOSURES, {})
    (again,) = (await staff_house.catalog.get("/v1/closures"))[1]["items"]
    assert (again["first"], again["reasons"]) == (day(), made["reasons"])


async def test_days_that_cannot_be_are_said_beside_their_field(admin: Colleague) -> None:
    for values, field in (
        ({"first": "i morgon"}, "first"),
        ({"last": "2020-01-01"}, "last"),
        ({"reason": ""}, "reason"),
        ({"reason_en": "x" * 201}, "reason_en"),
    ):
        shown = await admin.send(CLOSURES, {"first": day(), "last": "", "reason": "Jul", "reason_en": ""} | values)
        assert shown.status == 422, values
        assert f'href="#{field}"' in shown.source, values


async def test_a_partner_is_added_once_changed_and_taken_back(admin: Colleague) -> None:
    """Fails when a form sent twice adds two, or undo does not bring back what was."""
    empty = await admin.get(PARTNERS)
    assert "Ingen partner än." in empty.text
    form = fields(empty.source) | {"name": "Banken"}
    assert [(await admin.send(PARTNERS, form)).status for _ in range(2)] == [303, 303]
    shown = await admin.get(PARTNERS)
    (address,) = shown.links("Banken")
    assert "Banken Timmar" not in shown.text
    assert "Banken 16" in shown.text

    taken = await admin.send(PARTNERS, form | {"key": ""})
    assert (taken.status, "En annan partner heter redan så." in taken.text) == (422, True)
    first, second = await typed(admin, address, hours_a_year="24", active=""), await typed(admin, address)
    said = await admin.follow(await admin.send(address, first))
    assert "Banken är ändrat." in said.text
    assert "Banken 24 tomt Vilar" in said.text
    late = await admin.send(address, second | {"hours_a_year": "32"})
    assert (late.status, "Timmar per person och år 16 24 32" in late.text) == (409, True)
    back = await admin.follow(await admin.fill(said, address, {}))
    assert "Banken 16 tomt" in back.text


async def test_what_no_partner_may_be_is_said_beside_the_field(admin: Colleague) -> None:
    for values, field in (({"name": ""}, "name"), ({"hours_a_year": "0"}, "hours_a_year"), ({"phone": "x"}, "phone")):
        shown = await admin.send(PARTNERS, {"name": "Banken", "hours_a_year": "16", "phone": ""} | values)
        assert shown.status == 422, values
        assert f'href="#{field}"' in shown.source, values


async def test_there_is_no_such_library_kind_or_closure(admin: Colleague) -> None:
    for path in (f"{BRANCHES}/nowhere", f"{BRANCHES}/%2e%2e", "/sv/staff/admin/kinds/opera", f"{PARTNERS}/banken"):
        assert (await admin.get(path)).status == 404
    assert (await admin.send(f"{CLOSURES}/nonsense/open", {})).status == 404
