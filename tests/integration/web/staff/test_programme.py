"""Planning a term as a colleague does it: with forms, previews, and a way back."""

import html
import re
from datetime import date, timedelta
from uuid import uuid4

from services.catalog.red_days import red_days
from tests.integration.catalog.conftest import ADMIN, Json
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Form, Shown

TODAY = date.today()  # noqa: DTZ011 - any zone
ASCENSION = min(
    day
    for day, names in red_days(TODAY + timedelta(days=20), TODAY + timedelta(days=400)).items()
    if names["sv"] == "Kristi himmelsfärdsdag"
)
"""A Thursday that is red, and never in the days after another one."""
FIRST, LAST = ASCENSION - timedelta(weeks=1), ASCENSION + timedelta(weeks=1)
HALF = f"{ASCENSION.year}-spring"
NEW = "/sv/staff/programme/series/new"


def series(activity: str, **typed: str) -> Form:
    """What somebody types for three Thursdays, the second of them red."""
    return {
        "branch": "kista",
        "activity": activity,
        "weekdays": "TH",
        "every": "1",
        "starts": "17.00",
        "ends": "18.30",
        "first": FIRST.isoformat(),
        "last": LAST.isoformat(),
        "place": "branch",
        "room": "Hörsalen",
        "host": "Amina",
        "red": "1",
        "closures": "1",
        "status": "published",
        "key": str(uuid4()),
        "do": "preview",
        **typed,
    }


async def sessions(house: StaffHouse, activity: str) -> list[Json]:
    path = f"/v1/planning/sessions?from={TODAY}&to={TODAY + timedelta(days=800)}&activity={activity}"
    _, found = await house.catalog.send("GET", path, by=ADMIN)
    return list(found["items"])


async def plan(house: StaffHouse, sara: Colleague, **typed: str) -> tuple[str, Shown]:
    """Plan a series; gives its activity, and the page that says so."""
    activity = await house.catalog.activity()
    shown = await sara.follow(await sara.send(NEW, series(activity, do="save", **typed)))
    assert shown.status == 200
    return activity, shown


async def test_a_series_is_looked_at_before_it_is_saved(staff_house: StaffHouse, signed_in: SignIn) -> None:
    """Fails when a red day is held, falls away without its name, or the look at it keeps anything."""
    sara = await signed_in("staff", "kista")
    activity = await staff_house.catalog.activity()
    form = series(activity, helpers_needed="3")
    assert "Språkcafé" in (await sara.get(NEW)).text
    assert "Brukar vara 90 minuter" in (await sara.get(f"{NEW}?activity={activity}")).text

    shown = await sara.send(NEW, form)

    assert shown.status == 200
    assert "Språkcafé: 2 tillfällen" in shown.text
    assert "1 dag faller bort" in shown.text
    assert "Kristi himmelsfärdsdag (Röd dag)" in shown.text
    assert await sessions(staff_house, activity) == []

    saved = await sara.follow(await sara.fill(shown, NEW, {"do": "save"}))
    again = await sara.follow(await sara.send(NEW, form | {"do": "save"}))

    assert "Serien är planerad och ligger på programmet." in saved.text
    assert "Torsdagar 17.00–18.30" in again.text
    made = await sessions(staff_house, activity)
    assert [(one["room"], one["host"], one["status"]) for one in made] == [("Hörsalen", "Amina", "published")] * 2
    assert {one["helpers_needed"] for one in made} == {3}


async def test_what_cannot_be_is_said_beside_the_field_and_nothing_typed_is_lost(
    staff_house: StaffHouse, signed_in: SignIn
) -> None:
    sara = await signed_in("staff", "kista")
    activity = await staff_house.catalog.activity()
    wrong = {
        "starts": ("", "Skriv när det börjar"),
        "last": ("2020-01-01", "Välj den sista dagen"),
        "seats": ("många", "Skriv antalet med siffror"),
        "helpers_needed": ("två", "Skriv antalet med siffror"),
        "opens": ("snart", "Skriv antalet med siffror"),
        "slot": ("7", "jämnt upp i delar"),
        "rule": ("varje torsdag", "Det blir inga datum av det"),
        "host": ("x" * 41, "högst 40 tecken"),
    }

    for field, (typed, said) in wrong.items():
        shown = await sara.send(NEW, series(activity, **{field: typed}))
        assert (shown.status, said in shown.text) == (422, True), field
        assert f'href="#{field}"' in shown.source, field
        if typed and field != "host":
            assert shown.value(field) == typed, field
        assert shown.value("room") == "Hörsalen"
    edited = await sara.send(NEW, series(activity, do="edit", host="Leyla"))
    assert (edited.status, edited.value("host")) == (200, "Leyla")
    assert 'value="TH" checked' in edited.source


async def test_a_series_goes_off_the_programme_and_back_again(staff_house: StaffHouse, signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    activity, _ = await plan(staff_house, sara, status="draft")
    programme = f"/sv/staff/programme?half={HALF}"
    shown = await sara.get(programme)
    assert "2 utkast" in shown.text
    (address,) = set(re.findall(r'action="([^"]+/status)"', shown.source))

    shown = await sara.follow(await sara.fill(shown, address, {}))
    assert "Nu är det på programmet." in shown.text
    assert "2 på programmet" in shown.text

    shown = await sara.follow(await sara.fill(shown, address, {"status": "withdrawn"}))
    assert "2 dolda" in shown.text
    shown = await sara.follow(await sara.fill(shown, address, {}))
    assert {one["status"] for one in await sessions(staff_house, activity)} == {"published"}


async def test_who_holds_a_series_is_set_and_taken_back(staff_house: StaffHouse, signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    activity, shown = await plan(staff_house, sara)
    (address,) = shown.links("Språkcafé")

    page = await sara.get(html.unescape(address))
    assert "Kristi himmelsfärdsdag" in page.text
    host = html.unescape(re.findall(r'action="([^"]+/host)"', page.source)[0])
    shown = await sara.follow(await sara.fill(page, host, {"host": "Leyla"}))
    assert {one["host"] for one in await sessions(staff_house, activity)} == {"Leyla"}

    await sara.fill(shown, host, {"host": "Amina"})
    assert {one["host"] for one in await sessions(staff_house, activity)} == {"Amina"}


async def test_a_single_session_that_clashes_is_warned_of_and_saved_all_the_same(
    staff_house: StaffHouse, signed_in: SignIn
) -> None:
    """Fails when a clash stops a colleague who means it, or is not told."""
    sara = await signed_in("staff", "kista")
    await plan(staff_house, sara)
    activity = await staff_house.catalog.activity(titles={"sv": "Sagostund"})
    new = "/sv/staff/programme/sessions/new"
    typed = {
        "branch": "kista",
        "activity": activity,
        "day": FIRST.isoformat(),
        "starts": "18.00",
        "ends": "19.00",
        "room": "hörsalen",
        "theme": "Skogen",
        "key": str(uuid4()),
    }

    shown = await sara.send(new, typed)
    assert (shown.status, "Samma rum: Språkcafé 17.00–18.30" in shown.text) == (200, True)
    assert shown.value("theme") == "Skogen"
    assert await sessions(staff_house, activity) == []

    faulty = await sara.send(new, typed | {"day": "2020-01-01"})
    assert (faulty.status, "Tiden ska vara framåt" in faulty.text) == (422, True)

    saved = await sara.follow(await sara.send(new, typed | {"known": "1"}))
    assert "Tillfället är planerat" in saved.text
    (made,) = await sessions(staff_house, activity)
    assert made["theme"] == {"sv": "Skogen"}


async def test_a_half_year_goes_on_as_the_one_before(staff_house: StaffHouse, signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    activity, _ = await plan(staff_house, sara)
    copy = "/sv/staff/programme/copy"
    first, last = ASCENSION + timedelta(weeks=17), ASCENSION + timedelta(weeks=20)
    typed = {
        "branch": "kista",
        "source": HALF,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "status": "draft",
        "key": str(uuid4()),
    }
    assert "Gör som" in (await sara.get(copy)).text

    shown = await sara.send(copy, typed | {"do": "preview"})
    assert "Torsdagar 17.00–18.30, Hörsalen, Amina" in shown.text
    assert "4 tillfällen" in shown.text
    assert len(await sessions(staff_house, activity)) == 2
    (source,) = re.findall(r'name="series" value="([^"]+)" checked', shown.source)

    none = await sara.fill(shown, copy, {"do": "save"})
    assert (none.status, "Kryssa i minst en serie." in none.text) == (422, True)
    saved = await sara.follow(await sara.fill(shown, copy, {"do": "save", "series": source}))
    assert "Klart: 4 tillfällen är planerade." in saved.text
    assert [one["status"] for one in await sessions(staff_house, activity)] == ["published"] * 2 + ["draft"] * 4
    there = await sara.send(copy, typed | {"do": "preview", "key": str(uuid4())})
    assert "Finns redan i det nya programmet" in there.text
    wrong = await sara.send(copy, typed | {"last": "2020-01-01", "do": "preview"})
    assert (wrong.status, "Den sista dagen ska vara efter den första" in wrong.text) == (422, True)


async def test_another_library_s_programme_is_refused(staff_house: StaffHouse, signed_in: SignIn) -> None:
    """Fails when a form that says another library is believed."""
    sara = await signed_in("staff", "kista")
    activity = await staff_house.catalog.activity()
    for path, form in (
        (NEW, series(activity, branch="rinkeby", do="save")),
        ("/sv/staff/programme/sessions/new", {"branch": "rinkeby", "activity": activity}),
        ("/sv/staff/programme/copy", {"branch": "rinkeby"}),
        ("/sv/staff/programme/closures", {"branch": "rinkeby"}),
        ("/sv/staff/programme/import/save", {"branch": "rinkeby"}),
    ):
        shown = await sara.send(path, form)
        assert (shown.status, "Det här hör inte till ditt bibliotek" in shown.text) == (403, True), path
    assert (await sara.get("/sv/staff/programme?branch=rinkeby")).status == 403
    assert await sessions(staff_house, activity) == []


async def test_who_works_at_several_libraries_chooses_one_and_an_empty_half_year_says_what_to_do(
    signed_in: SignIn,
) -> None:
    maria = await signed_in("admin")
    shown = await maria.get("/sv/staff/programme")
    assert "Vilket bibliotek gäller det?" in shown.text
    (address,) = [link for link in shown.links("Rinkeby bibliotek") if "?branch=" in link]
    shown = await maria.get(address)
    assert "Inget är planerat" in shown.text
    assert shown.links("Gör som förra halvåret")
    english = await maria.get("/en/staff/programme")
    assert "Nothing is planned" in english.text
    table = await maria.get(f"/sv/staff/programme/table.csv?half={HALF}")
    assert (table.status, table.source.lstrip("\ufeff")[:9]) == (200, "aktivitet")
