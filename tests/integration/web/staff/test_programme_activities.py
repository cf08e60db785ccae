"""Activities, closed days and tables from Excel, as a colleague looks after them."""

import re
from datetime import date, timedelta
from uuid import uuid4

import aiohttp

from tests.integration.catalog.conftest import ADMIN, Json, soon
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Form, words

ALL = "/sv/staff/programme/activities"
SHUT = "/sv/staff/programme/closures"
IMPORT = "/sv/staff/programme/import"
DAY = date.today() + timedelta(days=40)  # noqa: DTZ011 - any zone

TYPED: Form = {
    "kind": "language_cafe",
    "titles-sv": "Fikakafé",
    "titles-en": "Coffee café",
    "sms_titles-sv": "Fika",
    "summaries-sv": "Kom och fika.\nVi bjuder.",
    "mode": "mixed",
    "minutes": "60",
    "seats": "20",
    "walk_in": "5",
    "queue": "3",
    "party_max": "4",
    "children": "1",
    "languages": "sv",
    "late_cancel_hours": "24",
    "reminder_hours": "24",
    "helpers_needed": "2",
    "register_note": "1",
}


async def activity(house: StaffHouse, id_: str) -> Json:
    status, shown = await house.catalog.get(f"/v1/activities/{id_}")
    assert status == 200
    return shown


async def add(sara: Colleague, **typed: str) -> str:
    """Add an activity with the form; gives its id."""
    made = await sara.send(f"{ALL}/new", TYPED | {"key": str(uuid4())} | typed)
    assert made.status == 303, made.text
    return made.location.rpartition("/")[2]


async def test_an_activity_is_added_with_texts_side_by_side(staff_house: StaffHouse, signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    assert "Vilket slags aktivitet är det?" in (await sara.get(f"{ALL}/new")).text
    form = await sara.get(f"{ALL}/new?kind=language_cafe")
    assert (form.value("minutes"), form.value("seats")) == ("90", "15"), "as the kind starts from"
    assert form.value("helpers_needed") == "1"

    wider = await sara.send(f"{ALL}/new", TYPED | {"more": "ar", "add": "1"})
    assert (wider.status, wider.value("titles-sv")) == (200, "Fikakafé")
    assert 'name="titles-ar"' in wider.source
    id_ = await add(sara, **{"tags": "ar", "titles-ar": "مقهى"})

    made = await activity(staff_house, id_)
    assert made["titles"] == {"sv": "Fikakafé", "en": "Coffee café", "ar": "مقهى"}
    assert made["summaries"] == {"sv": "Kom och fika.\nVi bjuder."}
    assert (made["mode"], made["capacity"]) == ("mixed", {"seats": 20, "walk_in": 5, "queue": 3})
    assert (made["helpers_needed"], made["register_note"]) == (2, True)
    assert "Fikakafé" in (await sara.get(ALL)).text


async def test_what_is_wrong_with_an_activity_is_said_and_nothing_is_lost(signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    wrong = {
        "titles-sv": ("", "Skriv vad aktiviteten heter på svenska."),
        "sms_titles-sv": ("Alldeles för långt", "högst 14 tecken"),
        "walk_in": ("21", "högst så många som platserna"),
        "minutes": ("en stund", "Skriv antalet med siffror"),
        "helpers_needed": ("51", "högst 50"),
        "level": ("nybörjare", "Skriv nivån som A1"),
    }
    for field, (typed, said) in wrong.items():
        shown = await sara.send(f"{ALL}/new", TYPED | {field: typed})
        assert (shown.status, said in shown.text) == (422, True), field
        assert f'href="#{field}"' in shown.source, field
        assert shown.value("titles-en") == "Coffee café"


async def test_the_second_of_two_sees_what_the_first_one_changed(staff_house: StaffHouse, signed_in: SignIn) -> None:
    """Fails when the second overwrites unseen, or loses what they typed."""
    sara, amir = await signed_in("staff", "kista"), await signed_in("admin", subject="maria")
    id_ = await add(sara)
    page = f"{ALL}/{id_}"
    first = await amir.send(page, TYPED | {"revision": "1", "titles-sv": "Samtalskafé", "minutes": "75"})
    assert first.status == 303

    second = await sara.send(page, TYPED | {"revision": "1", "titles-sv": "Pratkafé"})

    assert (second.status, "Någon annan hann före" in second.text) == (409, True)
    table = words(second.source.split("<tbody>")[1].split("</tbody>")[0])
    assert "Namnet" in table
    assert "Fikakafé" in table
    assert "Samtalskafé" in table
    assert "60 75" in table
    assert second.value("titles-sv") == "Pratkafé"
    assert second.value("minutes") == "75", "what only the first one changed is not taken back"
    assert (await activity(staff_house, id_))["titles"]["sv"] == "Samtalskafé"
    again = await sara.fill(second, page, TYPED | {"titles-sv": "Pratkafé", "minutes": "75"})
    assert again.status == 303
    kept = await activity(staff_house, id_)
    assert (kept["titles"]["sv"], kept["minutes"]) == ("Pratkafé", 75)


async def test_what_other_libraries_hold_is_not_ours_to_rename(staff_house: StaffHouse, signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    id_ = await add(sara)
    await staff_house.catalog.session(activity_id=id_, branch_id="rinkeby", by=ADMIN)

    refused = await sara.send(f"{ALL}/{id_}", TYPED | {"revision": "1", "titles-sv": "Pratkafé"})

    assert refused.status == 403
    assert (await activity(staff_house, id_))["titles"]["sv"] == "Fikakafé"


async def test_an_activity_is_put_away_and_taken_up_again(staff_house: StaffHouse, signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    id_ = await add(sara)

    shown = await sara.follow(await sara.send(f"{ALL}/{id_}/archived", {"archived": "1"}))

    assert "Aktiviteten är undanlagd." in shown.text
    assert "Fikakafé" not in shown.text.partition("Texter på")[2]
    assert "Fikakafé" in (await sara.get(f"{ALL}?away=1")).text
    assert "Fikakafé" not in (await sara.get("/sv/staff/programme/series/new")).text
    await sara.fill(shown, f"{ALL}/{id_}/archived", {})
    assert not (await activity(staff_house, id_))["archived"]


async def test_closed_days_are_set_with_what_is_planned_then_and_taken_back(
    staff_house: StaffHouse, signed_in: SignIn
) -> None:
    sara = await signed_in("staff", "kista")
    typed = {"branch": "kista", "first": DAY.isoformat(), "why": "Inventering", "why_en": "Stocktaking"}
    assert "Inga stängda dagar framöver" in (await sara.get(SHUT)).text

    shown = await sara.follow(await sara.send(SHUT, typed | {"key": str(uuid4())}))
    assert "Stängningen är sparad." in shown.text
    (address,) = set(re.findall(r'action="([^"]+/open)"', shown.source))
    shown = await sara.follow(await sara.fill(shown, address, {}))
    assert "Inga stängda dagar framöver" in shown.text

    planned = await staff_house.catalog.session(starts_at=soon(41).isoformat())
    spell = {"first": (DAY - timedelta(days=1)).isoformat(), "last": (DAY + timedelta(days=3)).isoformat()}
    shown = await sara.send(SHUT, typed | spell | {"key": str(uuid4())})
    assert (shown.status, "det här är redan planerat då" in shown.text) == (200, True)
    assert f"/sessions/{planned['id']}" in shown.source
    for form, said in (
        ({"first": ""}, "Välj den första dagen."),
        ({"why": ""}, "Skriv varför ni har stängt."),
        ({"last": "2020-01-01"}, "Den sista dagen ska vara efter den första"),
    ):
        faulty = await sara.send(SHUT, typed | form)
        assert (faulty.status, said in faulty.text) == (422, True), form


async def upload(sara: Colleague, house: StaffHouse, file: bytes, branch: str = "kista") -> tuple[int, str]:
    """Send a file as the page's form does."""
    data = aiohttp.FormData()
    data.add_field("file", file, filename="programme.csv", content_type="text/csv")
    cookies = "; ".join(f"{name}={value}" for name, value in sara.cookies.items())
    address = f"{house.url}{IMPORT}?branch={branch}&csrf={sara.csrf}"
    async with sara.http.post(address, data=data, headers={"Cookie": cookies}, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def test_a_table_is_looked_at_and_then_read_in(staff_house: StaffHouse, signed_in: SignIn) -> None:
    """Fails when the look adds something, a wrong line is not named, or the second time adds twice."""
    sara = await signed_in("staff", "kista")
    await add(sara)
    head = "aktivitet;datum;börjar"
    good = f"{head}\r\nFikakafé;{DAY};17:00\r\nFikakafé;{DAY + timedelta(days=7)};17:00\r\n".encode("utf-8-sig")
    bad = f"{head}\r\nFikakafé;{DAY};17:00\r\nDansafton;{DAY};18:00\r\n".encode("utf-8-sig")
    assert "Läs in från Excel" in (await sara.get(IMPORT)).text

    status, wrong = await upload(sara, staff_house, bad)
    assert status == 200
    assert "Rätta de här raderna först" in wrong
    status, looked = await upload(sara, staff_house, good)
    assert (status, "Lägg till 2 tillfällen" in looked) == (200, True)
    assert await staff_house.catalog.listed() == []

    (file,) = re.findall(r'name="file" value="([^"]+)"', looked)
    saved = await sara.follow(await sara.send(f"{IMPORT}/save", {"branch": "kista", "file": file}))
    assert "2 nya tillfällen är inlästa." in saved.text
    _, again = await upload(sara, staff_house, good)
    assert "Allt i filen finns redan i programmet." in again
    assert len(await staff_house.catalog.listed()) == 2


async def test_a_file_that_is_none_says_what_fits(staff_house: StaffHouse, signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")

    for file, said in (
        (b"", "Välj en fil först."),
        (b"x" * 50_000, "Filen är för stor."),
        (b"\xff\xfe\x00\x01", "Filen går inte att läsa."),
        (b"namn;tid\r\nCaf\xc3\xa9;17\r\n", "Första raden ska säga"),
    ):
        status, shown = await upload(sara, staff_house, file)
        assert (status, said in shown) == (422, True), said
    assert (await upload(sara, staff_house, b"x", branch="rinkeby"))[0] == 403
    assert (await sara.send(f"{IMPORT}/save", {"branch": "kista", "file": "§"})).status == 422
