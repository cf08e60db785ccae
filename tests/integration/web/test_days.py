"""A day as a whole, in front of a real catalog."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.integration.catalog.conftest import Catalog
from tests.integration.web.conftest import Front, Page
from tests.integration.web.test_programme import titled, today

STOCKHOLM = ZoneInfo("Europe/Stockholm")


async def at(catalog: Catalog, day: date, hour: int, title: str, kind: str = "language_cafe") -> None:
    """A session that begins on a local day, by the clock on the wall."""
    starts_at = datetime.combine(day, time(hour, 30), tzinfo=STOCKHOLM)
    await titled(catalog, title, kind, starts_at=starts_at.isoformat())


def clock_change() -> date:
    """The next day that does not have 24 hours."""
    day = today() + timedelta(days=2)
    while (
        datetime.combine(day, time(12), STOCKHOLM).utcoffset() == datetime.combine(day, time(), STOCKHOLM).utcoffset()
    ):
        day += timedelta(days=1)
    return day


def strip(page: Page) -> list[str]:
    """Where the row of days leads."""
    return re.findall(r'href="([^"]*)"', page.source.split('class="of-week"')[1].split("</ul>")[0])


async def test_all_of_a_day_stands_by_its_parts_in_order_of_time(catalog: Catalog, front: Front) -> None:
    """Fails when a part begins at the wrong hour, an hour is read in UTC, or another day's session is there."""
    day = today() + timedelta(days=9)
    for hour, title in ((17, "Kvällen"), (11, "Förmiddagen"), (16, "Sena dagen"), (12, "Middagen"), (0, "Natten")):
        await at(catalog, day, hour, title)
    await at(catalog, day + timedelta(days=1), 0, "Nästa dag")

    text = (await front.get(f"/sv/days/{day}")).text

    order = ["Förmiddag", "Natten", "Förmiddagen", "Eftermiddag", "Middagen", "Sena dagen", "Kväll", "Kvällen"]
    places = [text.index(f" {word} ") for word in order]
    assert places == sorted(places)
    assert "Nästa dag" not in text


async def test_a_day_on_which_clocks_change_is_whole(catalog: Catalog, front: Front) -> None:
    """Fails when it ends after 24 hours: one of both sessions would be on a neighbour's page."""
    day = clock_change()
    await at(catalog, day, 0, "Tidigt")
    await at(catalog, day, 23, "Sent")
    await at(catalog, day + timedelta(days=1), 12, "Dagen efter")

    shown = {ahead: (await front.get(f"/sv/days/{day + timedelta(days=ahead)}")).text for ahead in (-1, 0, 1)}

    assert {ahead: [word in text for word in ("Tidigt", "Sent")] for ahead, text in shown.items()} == {
        -1: [False, False],
        0: [True, True],
        1: [False, False],
    }
    assert "Det finns inget den här dagen" in shown[-1]


async def test_a_day_leads_to_its_neighbours_and_to_the_days_of_its_week(catalog: Catalog, front: Front) -> None:
    """Fails when a link leads to a day that cannot be shown, or a day's number is another's."""
    monday = today() + timedelta(days=14 - today().weekday())
    for ahead, hours in ((0, (9,)), (2, (9, 13)), (6, (9, 10, 11))):
        for hour in hours:
            await at(catalog, monday + timedelta(days=ahead), hour, f"Nummer {hour}")
    await at(catalog, monday, 14, "Klassbesök", "class_visit")

    page = await front.get(f"/en/days/{monday + timedelta(days=2)}")
    last = await front.get(f"/en/days/{monday + timedelta(days=6)}")
    first = await front.get(f"/en/days/{today()}")
    await catalog.database.pool.execute(
        "UPDATE session SET status = 'withdrawn' WHERE starts_at > $1", datetime.combine(monday, time(23), STOCKHOLM)
    )
    await at(catalog, monday + timedelta(days=1), 9, "Sist")
    alone = await front.get(f"/en/days/{monday}")

    assert f'<a href="/en/days/{monday + timedelta(days=2)}" aria-current="page">' in page.source
    assert page.links("The day before") == [f"/en/days/{monday + timedelta(days=1)}"]
    assert page.links("Today") == [f"/en/days/{today()}"]
    assert last.links("The day after") == first.links("The day before") == []
    week = [f"/en/days/{monday + timedelta(days=ahead)}" for ahead in range(7)]
    assert strip(last) == strip(page) == week
    assert strip(first) == [f"/en/days/{today() + timedelta(days=ahead)}" for ahead in range(7)]
    assert strip(alone) == week[:2]
    assert first.title.startswith("Today, ")
    assert "There is nothing more today" in first.text


async def test_more_sessions_than_catalog_tells_at_once_are_all_shown(catalog: Catalog, front: Front) -> None:
    """Fails when only the first hundred of a day are."""
    day = today() + timedelta(days=3)
    await at(catalog, day, 9, "Många")
    await catalog.database.pool.execute(
        """
        INSERT INTO session (
            id, revision, status, activity_id, branch_id, place, room, starts_at, ends_at,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, booked_by
        )
        SELECT gen_random_uuid(), revision, status, activity_id, branch_id, place, room, starts_at, ends_at,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, booked_by
        FROM session, generate_series(1, 100)
        """
    )

    page = await front.get(f"/sv/days/{day}")

    assert page.source.count('class="card ') == 101


NOT_SHOWN = {
    "2026-02-30": (404, "Den dagen finns inte"),
    "20261124": (404, "Den dagen finns inte"),
    "i-dag": (404, "Den dagen finns inte"),
    "9999-12-31": (404, "Den dagen finns inte"),
    "2020-02-29": (410, "Den dagen har varit"),
    "2190-01-01": (404, "Programmet är inte klart så långt fram"),
}


async def test_a_day_that_cannot_be_shown_says_why_and_where_to_go_on(front: Front) -> None:
    """Fails when an address that never can be right breaks the page, or a day that was looks like a mistake."""
    for day, (status, title) in NOT_SHOWN.items():
        page = await front.get(f"/sv/days/{day}")

        assert (day, page.status, page.title) == (day, status, f"{title} – Plats")
        assert page.links("Visa i dag") == [f"/sv/days/{today()}"]
        assert "/sv/" in page.links("Till programmet")


async def test_a_day_on_which_all_libraries_are_closed_says_why(catalog: Catalog, front: Front) -> None:
    """Fails when the day is only empty, or when one library's closure is taken for that of all."""
    far = today() + timedelta(days=20)
    await at(catalog, far + timedelta(days=9), 12, "Senare")
    closed = (
        "INSERT INTO closure (id, branch_id, first_day, last_day, reasons) VALUES (gen_random_uuid(), $1, $2, $2, $3)"
    )
    await catalog.database.pool.execute(closed, None, far, {"sv": "Inventering", "en": "Stocktaking"})
    await catalog.database.pool.execute(closed, "kista", far + timedelta(days=1), {"sv": "Målning"})

    shut, alone = [(await front.get(f"/en/days/{far + timedelta(days=ahead)}")).text for ahead in (0, 1)]

    assert "The libraries are closed Stocktaking." in shut
    assert "closed" not in alone
