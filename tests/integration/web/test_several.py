"""Several times at once: the slots of a sitting on one card, and all dates of a series in one booking."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.catalog.conftest import ADMIN
from tests.integration.web.house import House
from tests.support.pages import Browser, Form, Shown

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SARA = {"adults": "1", "children": "0"}


def next_tuesday() -> date:
    """At least a week ahead, so that nothing begins meanwhile."""
    today = datetime.now(STOCKHOLM).date()
    return today + timedelta(days=7 + (1 - today.weekday()) % 7)


async def series(house: House, dates: int = 4, **values: object) -> list[str]:
    """Have a language café on so many Tuesdays at 17; gives the ids of its sessions."""
    activity = await house.catalog.activity()
    body = {
        "branch_id": "kista",
        "first": next_tuesday().isoformat(),
        "time": "17:00",
        "rule": f"FREQ=WEEKLY;BYDAY=TU;COUNT={dates}",
        "skip": {"closures": False, "red_days": False, "school_holidays": False},
        "capacity": 2,
    }
    status, made = await house.catalog.send("POST", f"/v1/activities/{activity}/series", body | values, by=ADMIN)
    assert status == 201, made
    await house.settle()
    return [session["id"] for session in made["sessions"]]


async def sitting(house: House, slots: int = 3) -> list[str]:
    """Have an afternoon of coaching in slots of 40 minutes; gives their ids."""
    starts_at = datetime.combine(next_tuesday(), datetime.min.time(), STOCKHOLM).replace(hour=14)
    body: dict[str, Any] = {
        "activity_id": await house.catalog.activity("digital_coaching"),
        "branch_id": "kista",
        "starts_at": starts_at.astimezone(UTC).isoformat(),
        "ends_at": (starts_at + timedelta(minutes=40 * slots)).astimezone(UTC).isoformat(),
        "slot_minutes": 40,
        "capacity": 1,
    }
    status, made = await house.catalog.send("POST", "/v1/sittings", body, by=ADMIN)
    assert status == 201, made
    await house.settle()
    return [session["id"] for session in made["sessions"]]


def told(shown: Shown) -> list[str]:
    """The slots of the first sitting, in words."""
    return [
        " ".join(re.sub(r"<[^>]+>", " ", slot).split())
        for slot in re.findall(r'<a class="slot.*?</a>', shown.source, re.DOTALL)
    ]


async def test_a_sitting_is_one_card_with_its_free_times(house: House, browser: Browser) -> None:
    """Fails when each slot is a card, or only a colour says which is free."""
    first, second, _ = await sitting(house)
    await house.fill(first, 1, answers={"topic": "swish"})
    await house.settle()

    programme = await browser.get("/sv/?kind=digital_coaching")
    assert programme.source.count('<li class="card') == 1
    assert "14.00 till 16.00" in programme.text
    assert "2 tider kvar Välj tid:" in programme.text
    assert told(programme) == ["14.00 fullt", "14.40 ledig", "15.20 ledig"]
    page = await browser.get(f"/sv/sessions/{second}")
    assert told(page) == ["14.00 fullt", "14.40 ledig", "15.20 ledig"]
    assert re.search(rf'href="/sv/sessions/{second}" aria-current="page"', page.source)


async def test_a_term_is_booked_in_one_go_with_the_full_dates_named(house: House, browser: Browser) -> None:
    """Fails when a full date stops the others, or is left out without a word."""
    dates = await series(house)
    await house.fill(dates[1], 2)
    await house.settle()
    session = await browser.get(f"/sv/sessions/{dates[0]}")
    assert "Boka alla tisdagar 3 gånger kvar" in session.text

    choose = await browser.get(session.links("Boka alla tisdagar")[0])
    assert "Steg 1 av 4" in choose.text
    assert choose.source.count('type="checkbox"') == choose.source.count(" checked") == 3
    full = next_tuesday() + timedelta(weeks=1)
    assert re.search(rf"Tisdag {full.day} \w+ Fullt", choose.text)
    await house.fill(dates[2], 2)  # catalog has not heard of that yet
    receipt = await book(browser, dates, dates[:1] + dates[2:])

    assert "Du har en plats på 2 datum." in receipt.text
    missed = next_tuesday() + timedelta(weeks=2)
    assert re.search(rf"1 datum gick inte att boka Tisdag {missed.day} \w+: fullt", receipt.text)
    assert [await house.seats_taken(date) for date in dates] == [1, 2, 2, 1]


async def book(browser: Browser, dates: list[str], wanted: list[str], **reach: str) -> Shown:
    """Book some dates of a series; gives the receipt."""
    way = f"/sv/sessions/{dates[0]}/series"
    ticked = {f"date-{date.replace('-', '')[-8:]}": "1" for date in wanted}
    steps: dict[str, Form] = {"/dates": ticked, "": SARA, "/name": {"name": "Sara"}, "/reach": {"by": "none"} | reach}
    locations = []
    for step, form in steps.items():
        shown = await browser.post(way + step, form)
        locations.append(shown.location)
    assert locations[-1] == "/sv/booked", locations
    return await browser.get("/sv/booked")


async def test_a_date_that_was_moved_is_listed_with_its_own_time(house: House, browser: Browser) -> None:
    """Fails when the time of the first date is shown for all."""
    dates = await series(house, 2)
    page = f"/sv/sessions/{dates[0]}/series/dates"
    assert (await browser.get(page)).text.count("17.00 till 18.30") == 1
    starts_at = datetime.combine(next_tuesday() + timedelta(weeks=1), time(16, 30), STOCKHOLM)
    change = {"starts_at": starts_at.isoformat()}
    status, changed = await house.catalog.send("PATCH", f"/v1/sessions/{dates[1]}", change, by=ADMIN)
    assert status == 200, changed
    await house.settle()

    listed = (await browser.get(page)).text

    assert re.search(r"Tisdag \d+ \w+ ?, 17\.00 till 18\.30 2 platser", listed)
    assert re.search(r"Tisdag \d+ \w+ ?, 16\.30 till 18\.00 2 platser", listed)
    assert listed.count("17.00 till 18.30") == 1


async def test_a_date_of_many_promises_no_message_of_its_own(house: House, browser: Browser) -> None:
    """Fails when the page tells somebody to wait for an SMS that never comes, or to answer it."""
    dates = await series(house, 2)
    receipt = await book(browser, dates, dates, by="sms", phone="070 174 06 97")
    assert "Ett sms är på väg" in receipt.text

    one = await browser.follow(await browser.post(f"/sv/my-booking/dates/{dates[1]}", {}))

    assert "Du har en plats." in one.text
    assert "sms" not in one.text.lower()


async def test_one_date_and_then_all_are_given_back_by_the_code_of_all(house: House, browser: Browser) -> None:
    """Fails when the code of all finds nothing, or one date takes the others with it."""
    dates = await series(house)
    receipt = await book(browser, dates, dates)
    code = receipt.source.split('class="code"><bdi dir="ltr">')[1].split("<")[0]
    browser.cookies.clear()
    await browser.post("/sv/my-booking", {"code": code, "proof": "sa"})
    mine = await browser.get("/sv/my-booking")
    assert mine.text.count("bokat") == 4

    asked = await browser.get(f"/sv/my-booking/dates/{dates[1]}/cancel")
    assert "Vill du avboka det här datumet?" in asked.text
    done = await browser.follow(await browser.post(f"/sv/my-booking/dates/{dates[1]}/cancel", {}))
    assert "Klart! Datumet är avbokat." in done.text
    assert [await house.seats_taken(date) for date in dates] == [1, 0, 1, 1]
    one = await browser.follow(await browser.post(f"/sv/my-booking/dates/{dates[2]}", {}))
    assert "Välkommen, Sara! Du har en plats." in one.text
    back = await browser.follow(await browser.post("/sv/my-booking/dates", {}))
    assert back.text.count("avbokat") == 1

    assert (await browser.get("/sv/my-booking/dates/cancel")).text.count("Tisdag") == 3
    gone = await browser.follow(await browser.post("/sv/my-booking/dates/cancel", {}))

    assert "Klart! Alla datum som var kvar är avbokade." in gone.text
    assert [await house.seats_taken(date) for date in dates] == [0] * 4


async def test_a_series_of_which_nothing_can_be_had_is_asked_for_again(house: House, browser: Browser) -> None:
    """Fails when the answers are lost, or the page says only that something went wrong."""
    dates = await series(house, 2)
    way = f"/sv/sessions/{dates[0]}/series"
    assert (await browser.post(f"{way}/dates", {})).status == 422
    for one in dates:
        await house.fill(one, 2)
    ticked = {f"date-{date.replace('-', '')[-8:]}": "1" for date in dates}
    for step, form in (("/dates", ticked), ("", SARA), ("/name", {"name": "Sara"})):
        assert (await browser.post(way + step, form)).status == 303

    shown = await browser.post(f"{way}/reach", {"by": "none"})

    assert shown.status == 409
    assert "Platserna tog slut på alla datum som du valde." in shown.text
    assert shown.source.count(" checked") == 2


async def test_two_taps_book_a_series_once(house: House, browser: Browser) -> None:
    """Fails when the key of the request changes between them."""
    dates = await series(house)
    await book(browser, dates, dates)

    late = await browser.post(f"/sv/sessions/{dates[0]}/series/reach", {"by": "none"})

    assert late.location == "/sv/booked"
    assert [await house.seats_taken(date) for date in dates] == [1] * 4


@pytest.mark.parametrize("path", ["dates", "dates/cancel", "dates/none/cancel"])
async def test_without_a_code_of_several_dates_one_is_sent_to_my_booking(
    house: House, browser: Browser, path: str
) -> None:
    """Fails when a page breaks that somebody has kept the address of."""
    dates = await series(house, 2)
    await browser.book(dates[0], {**SARA, "name": "Sara", "by": "none"})

    shown = await browser.post(f"/sv/my-booking/{path}", {})

    assert shown.location == "/sv/my-booking"


async def test_who_comes_before_booking_opens_is_told_when(house: House, browser: Browser) -> None:
    """On the card, on the page, and instead of the form. Fails when a button leads to a refusal."""
    opens = datetime.now(STOCKHOLM).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
    session = await house.session(opens_at=opens.astimezone(UTC).isoformat())

    page = await browser.get(f"/sv/sessions/{session}")

    told = re.compile(rf"Bokningen öppnar \w+ {opens.day} \w+ kl\. 09\.00")
    assert told.search(page.text)
    assert told.search((await browser.get("/sv/")).text)
    assert page.links("Boka plats") == []
    assert (await browser.get(f"/sv/sessions/{session}/book")).location == f"/sv/sessions/{session}"


async def test_who_types_while_booking_is_put_off_is_told_when_it_opens(house: House, browser: Browser) -> None:
    """Fails when the page says that the time can no longer be booked."""
    session = await house.session()
    await browser.answer(session, {**SARA, "name": "Sara"})
    opens = datetime.now(UTC) + timedelta(days=1)
    status, _ = await house.catalog.send("PATCH", f"/v1/sessions/{session}", {"opens_at": opens.isoformat()}, by=ADMIN)
    assert status == 200
    await house.settle()
    await house.let_holds_run_out(session)

    shown = await browser.post(f"/sv/sessions/{session}/book/reach", {"by": "none"})

    assert (shown.status, shown.title) == (409, "Bokningen har inte öppnat än – Plats")
    assert "Bokningen öppnar" in shown.text
