"""The libraries' pages, in front of a real catalog."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tests.integration.catalog.conftest import KISTA, Catalog, Json
from tests.integration.web.conftest import Front

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def today() -> date:
    """Asked for anew each time: the tests may have been read before midnight."""
    return datetime.now(STOCKHOLM).date()


def next_monday() -> date:
    return today() + timedelta(days=7 - today().weekday())


async def open_on(catalog: Catalog, weekday: int, opens: int, closes: int, *, staffed: bool = True) -> None:
    """Opening hours of Kista, by the clock on the wall."""
    await catalog.database.pool.execute(
        "INSERT INTO branch_hours (branch_id, weekday, opens, closes, staffed) VALUES ('kista', $1, $2, $3, $4)",
        weekday,
        time(opens),
        time(closes),
        staffed,
    )


async def close(catalog: Catalog, first: date, last: date, reason: str) -> None:
    await catalog.database.pool.execute(
        "INSERT INTO closure (id, branch_id, first_day, last_day, reasons) VALUES ($1, 'kista', $2, $3, $4)",
        uuid4(),
        first,
        last,
        {"sv": reason},
    )


async def offered(catalog: Catalog, day: date, title: str = "Språkcafé", hour: int = 17, **values: Any) -> Json:  # noqa: ANN401 - as catalog takes them
    """A session that begins on a local day."""
    kind = str(values.pop("kind", "language_cafe"))
    starts_at = datetime.combine(day, time(hour), tzinfo=STOCKHOLM).isoformat()
    activity = await catalog.activity(kind, titles={"sv": title})
    made = await catalog.session(activity_id=activity, starts_at=starts_at, **values)
    await catalog.hear(made["id"], left=3)
    return made


async def test_all_libraries_stand_by_part_of_the_city_in_swedish_order(front: Front) -> None:
    """Fails when one is left out, stands under another part, or Å and Ä are sorted as A."""
    page = await front.get("/sv/branches")

    parts = re.findall(r"<h2 [^>]*><bdi>(.*?)</bdi></h2>", page.source)
    sections = {part: page.source.split(f">{part}</bdi></h2>")[1].split("</section>")[0] for part in parts}
    under = {part: re.findall(r"<h3>.*?<bdi>(.*?)</bdi>", section) for part, section in sections.items()}
    assert parts[0] == "Bromma"
    assert parts[-3:] == ["Skarpnäck", "Skärholmen", "Södermalm"]
    assert under["Järva"] == ["Husby bibliotek", "Kista bibliotek", "Rinkeby bibliotek", "Spånga bibliotek",
                              "Tensta bibliotek"]  # fmt: skip
    assert sum(map(len, under.values())) == 39
    assert page.links("Kista bibliotek") == ["/sv/branches/kista"]
    assert len(page.links("08-465 004")) == 39


async def test_a_library_says_first_whether_it_is_open_today(catalog: Catalog, front: Front) -> None:
    """Fails when another weekday's hours are shown, or hours without staff look like those with."""
    await open_on(catalog, today().weekday(), 10, 19)
    await open_on(catalog, today().weekday(), 7, 10, staffed=False)
    await open_on(catalog, (today().weekday() + 1) % 7, 12, 16)

    page = await front.get("/sv/branches/kista")

    head, table = page.text.split("Öppettider")[0], page.text.split("Öppettider")[1]
    assert "I dag öppet 10.00–19.00 07.00–10.00 utan personal" in head
    assert "12.00" not in head
    assert "(i dag) 10.00–19.00 07.00–10.00 utan personal" in table
    assert table.count("Stängt") - table.count("Stängt de här dagarna") == 5
    assert "kallas meröppet" in table
    assert page.links("08-465 004 00") == ["tel:0846500400"]


@pytest.mark.parametrize("closed", [True, False])
async def test_a_library_that_is_closed_today_says_why_and_when_it_opens(
    catalog: Catalog,
    front: Front,
    closed: bool,  # noqa: FBT001 - a column
) -> None:
    """Fails when a closure is not minded today, or the next day is looked for as if there were none."""
    tomorrow, after = today() + timedelta(days=1), today() + timedelta(days=2)
    await open_on(catalog, after.weekday(), 11, 16)
    if closed:
        await open_on(catalog, today().weekday(), 10, 19)
        await open_on(catalog, tomorrow.weekday(), 9, 15)
        await close(catalog, today(), tomorrow, "Vi målar om")

    head = (await front.get("/sv/branches/kista")).text.split("Öppettider")[0]

    assert ("Stängt i dag : Vi målar om" in head) == closed
    assert "Stängt i dag" in head
    assert "kl. 11.00" in head


async def test_of_unknown_hours_nothing_is_made_up(front: Front) -> None:
    """Fails when a library of which no hours are known is said to be closed."""
    page = await front.get("/sv/branches/kista")

    assert "Ring biblioteket och fråga när det är öppet." in page.text
    assert "Stängt i dag" not in page.text


async def test_closures_to_come_stand_with_their_reasons(catalog: Catalog, front: Front) -> None:
    await open_on(catalog, 0, 10, 19)
    await close(catalog, next_monday(), next_monday() + timedelta(days=2), "Vi målar om")

    assert "Vi målar om" in (await front.get("/sv/branches/kista")).text.split("Stängt de här dagarna")[1]


async def test_what_a_library_offers_stands_by_day_and_the_rest_is_one_link_away(
    catalog: Catalog, front: Front
) -> None:
    """Fails when another library's sessions are among them, or the link leads elsewhere."""
    for day in range(1, 8):
        for hour in (9, 11, 13):
            await offered(catalog, today() + timedelta(days=day), hour=hour)
    await offered(catalog, today() + timedelta(days=1), "På annat håll", branch_id="husby", by=("admin",))

    page = await front.get("/sv/branches/kista")

    assert (page.source.count('<li class="card'), page.source.count('<h3 id="day-')) == (20, 7)
    assert page.links("Visa alla 21 tider") == ["/sv/?where=kista"]
    assert "På annat håll" not in page.text
    assert page.links("Programmet i din kalender") == ["/sv/branches/kista/calendar.ics"]
    monday = today() - timedelta(days=today().weekday())
    assert page.links("Veckan att skriva ut") == [f"/sv/branches/kista/week/{monday}"]


async def test_a_library_with_nothing_to_come_to_leads_on(front: Front) -> None:
    page = await front.get("/en/branches/kista")

    assert "Right now nothing is planned here." in page.text
    assert page.links("See what is on at other libraries") == ["/en/"]


@pytest.mark.parametrize("path", ["nowhere", "nowhere/week/2026-11-23", "Kista", "a%2Fb", "%00", "%ff", "'"])
async def test_a_library_that_does_not_exist_leads_to_all_of_them(front: Front, path: str) -> None:
    page = await front.get(f"/sv/branches/{path}")

    assert page.status == 404
    assert "/sv/branches" in page.links("Alla bibliotek")


async def test_a_week_on_paper_holds_what_one_may_come_to_and_how_to_book(catalog: Catalog, front: Front) -> None:
    """Fails when another day, library or audience is on the board, or what is cancelled seems not to be."""
    await offered(catalog, next_monday(), "Måndagscafé", room="Hörsalen")
    await offered(catalog, next_monday() + timedelta(days=6), "Söndagssaga", kind="story_time")
    await offered(catalog, next_monday() + timedelta(days=1), "Datorhjälp", kind="it_host")
    await offered(catalog, next_monday() + timedelta(days=7), "Nästa vecka")
    await offered(catalog, next_monday(), "På annat håll", branch_id="husby", by=("admin",))
    await offered(catalog, next_monday(), "Klassen", kind="class_visit")
    await catalog.cancel(await offered(catalog, next_monday(), "Kvällscafé", hour=19, by=KISTA))
    await open_on(catalog, 2, 10, 19)
    await close(catalog, next_monday() + timedelta(days=2), next_monday() + timedelta(days=2), "Vi målar om")

    page = await front.get(f"/sv/branches/kista/week/{next_monday()}")

    words = [
        *(
            "Välkommen till Kista bibliotek",
            "Måndag",
            "17.00–18.30",
            "Måndagscafé",
            "Hörsalen · Boka plats",
            "Kvällscafé",
            "Inställt",
            "Tisdag",
        ),
        *("Datorhjälp", "Kom som du är", "Onsdag", "Biblioteket är stängt: Vi målar om", "Söndag", "Söndagssaga"),
        *("Det är gratis.", "fråga oss i disken eller ring 08-465 004 00"),
    ]
    places = [page.text.index(text, page.text.index("Välkommen")) for text in words]
    assert page.status == 200
    assert places[:8] == sorted(places[:8])
    assert places[12:] == sorted(places[12:])
    assert [text for text in ("Nästa vecka", "På annat håll", "Klassen") if text in page.text] == []


async def test_the_leaves_are_turned_from_this_week_to_the_last_of_the_programme(
    catalog: Catalog, front: Front
) -> None:
    """Fails when a robot that follows every link never comes to an end, or the past has a link."""
    monday = today() - timedelta(days=today().weekday())
    await offered(catalog, monday + timedelta(weeks=3, days=2))
    first, other, far = [
        await front.get(f"/sv/branches/kista/week/{monday + timedelta(weeks=weeks)}") for weeks in (0, 1, 3)
    ]
    beyond = await front.get(f"/sv/branches/kista/week/{monday + timedelta(weeks=4)}")

    assert (first.links("Veckan före"), len(first.links("Veckan efter"))) == ([], 1)
    assert other.links("Veckan före") == [f"/sv/branches/kista/week/{monday}"]
    assert (far.status, far.links("Veckan efter")) == (200, [])
    assert "Just nu finns inga tider den här veckan." in other.text
    assert (beyond.status, "Programmet är inte klart så långt fram" in beyond.text) == (404, True)


async def test_any_day_leads_to_its_monday(catalog: Catalog, front: Front) -> None:
    await offered(catalog, next_monday() + timedelta(days=6))
    page = await front.get(f"/en/branches/kista/week/{next_monday() + timedelta(days=6)}", follow=False)

    assert (page.status, page.headers["Location"]) == (301, f"/en/branches/kista/week/{next_monday()}")


@pytest.mark.parametrize(
    ("day", "status", "heading"),
    [
        ("2026-02-30", 404, "Den veckan finns inte"),
        ("nu", 404, "Den veckan finns inte"),
        ("20260223", 404, "Den veckan finns inte"),
        ("9999-12-27", 404, "Den veckan finns inte"),
        ("2020-01-06", 410, "Den veckan har varit"),
        ("2020-01-08", 410, "Den veckan har varit"),
    ],
)
async def test_a_week_that_cannot_be_shown_leads_to_this_one(front: Front, day: str, status: int, heading: str) -> None:
    page = await front.get(f"/sv/branches/kista/week/{day}")

    monday = today() - timedelta(days=today().weekday())
    assert (page.status, heading in page.text) == (status, True)
    assert page.links("Den här veckan") == [f"/sv/branches/kista/week/{monday}"]
    assert page.links("Till Kista bibliotek") == ["/sv/branches/kista"]
