"""The queue on the pages, in front of a real catalog and a real booking service."""

from collections.abc import Callable

import aiohttp
import pytest
from pydantic import SecretStr

from services.web.app import create_app
from tests.integration.web.house import House
from tests.support.apps import serving
from tests.support.front import web_settings
from tests.support.pages import Browser, Shown
from tests.support.servers import free_port

MINE = "/sv/my-booking"
SARA = {"adults": "1", "children": "0", "name": "Sara", "by": "email", "email": "sara@example.org"}
REACH = {"by": "email", "email": "sara@example.org"}
DOOR = "Kom gärna ändå: ibland blir en plats ledig vid dörren."


def queue(session: str, step: str = "") -> str:
    return f"/sv/sessions/{session}/queue{step}"


async def full(house: House, seats: int = 1, queue: int = 8, **values: object) -> str:
    """A session whose seats are taken, as catalog knows."""
    session = await house.session("language_cafe", capacity={"seats": seats, "queue": queue}, **values)
    await house.fill(session, seats)
    await house.settle()
    return session


async def join(house: House, browser: Browser, session: str, **answers: str) -> Shown:
    """Answer every question in the queue's own pages; gives the receipt."""
    told = SARA | answers
    await browser.post(queue(session), {"adults": told["adults"], "children": "0"})
    await browser.post(queue(session, "/name"), {"name": told["name"]})
    sent = await browser.post(queue(session, "/reach"), REACH)
    assert sent.location == "/sv/booked", sent.text
    await house.settle()
    return await browser.follow(sent)


# --- on the way


async def test_a_full_session_offers_the_queue_beside_the_other_times(house: House, browser: Browser) -> None:
    """Fails when it is not said how many wait and what that means, or booking is offered as well."""
    activity = await house.catalog.activity()
    session = await full(house, activity_id=activity)
    other = await house.session(activity_id=activity)
    page = await browser.get(f"/sv/sessions/{session}")
    assert "Ingen står i kö än." in page.text
    for _ in range(2):
        await house.queue(session)
    await house.settle()

    page = await browser.get(f"/sv/sessions/{session}")

    assert page.title.startswith("Fullt: ")
    for words in (
        *("2 står i kö nu.", "skickar vi ett meddelande till den som står först", "svarar du ja eller nej"),
        *("du kan lämna kön när du vill", "Här är andra tider med lediga platser."),
    ):
        assert words in page.text
    assert page.links("Ställ dig i kö") == [queue(session)]
    assert page.links("15 platser kvar") == page.links("Boka plats") == []
    assert f"/sv/sessions/{other}" in page.source
    listed = (await browser.get("/sv/?kind=language_cafe")).text
    assert "Fullt – 2 i kö Ställ dig i kö" in listed


async def test_three_questions_lead_into_the_queue(house: House, browser: Browser) -> None:
    """Fails when a page or button says that one books, or somebody queues who cannot be told."""
    session = await full(house, seats=2)

    first = await browser.get(queue(session))
    assert first.title.startswith("Hur många kommer? – Ställ dig i kö: ")
    assert ("Du ställer dig i kö. Ingen står i kö än." in first.text, "Just nu:" in first.text) == (True, False)
    second = await browser.post(queue(session), {"adults": "2", "children": "0"})
    assert second.location == queue(session, "/name")
    third = await browser.post(second.location, {"name": "Sara"})
    last = await browser.follow(third)
    assert last.text.count("Ställ dig i kö") == 1, "the button"
    assert "Boka plats" not in last.text
    assert 'value="none"' not in last.source
    refused = await browser.post(queue(session, "/reach"), {"by": "none"})
    assert (refused.status, refused.text.count("I kön behöver vi kunna nå dig")) == (422, 2)
    done = await browser.post(queue(session, "/reach"), REACH)

    receipt = await browser.follow(done)
    assert receipt.title == "Du står i kö – Plats"
    for words in (
        "Din plats i kön 1",
        "2 personer",
        "Ett mejl är på väg till",
        "Svara ja under Min bokning",
        "Din kod",
    ):
        assert words in receipt.text
    assert "QR-kod" not in receipt.source, "it is no ticket"
    assert (await house.state(session), await house.holds(session)) == ("queued", [])


async def test_only_somebody_reached_by_sms_is_told_to_answer_by_sms(house: House, browser: Browser) -> None:
    session = await full(house)
    await browser.post(queue(session), {"adults": "1", "children": "0"})
    await browser.post(queue(session, "/name"), {"name": "Sara"})

    done = await browser.post(queue(session, "/reach"), {"by": "sms", "phone": "070-174 06 56"})

    receipt = await browser.follow(done)
    assert "När det är din tur får du ett sms. Svara JA, så är platsen din." in receipt.text
    assert "Svara NEJ på vårt sms, eller lämna kön" in receipt.text


async def test_when_the_last_seats_go_meanwhile_one_button_leads_into_the_queue(house: House, browser: Browser) -> None:
    """Fails when anything is asked again."""
    session = await house.session(capacity=1)
    await browser.answer(session, SARA)
    await house.let_holds_run_out(session)
    await house.fill(session, 1)

    told = await browser.book(session, SARA)

    assert (told.status, told.title) == (409, "Platserna tog slut – Plats")
    assert f'method="post" action="{queue(session, "/reach")}"' in told.source
    joined = await browser.post(queue(session, "/reach"), {})
    assert joined.location == "/sv/booked"
    assert "Du står i kö!" in (await browser.follow(joined)).text


async def test_who_chose_to_be_told_nothing_is_asked_for_a_way_first(house: House, browser: Browser) -> None:
    """Fails when the one button sends what the queue cannot take."""
    session = await house.session(capacity=1)
    await browser.answer(session, SARA)
    await house.let_holds_run_out(session)
    await house.fill(session, 1)

    told = await browser.book(session, SARA | {"by": "none"})

    assert told.links("Ställ dig i kö") == [queue(session, "/reach")]
    assert "Hur når vi dig?" in (await browser.get(queue(session, "/reach"))).text


async def test_a_party_larger_than_what_is_left_may_be_fewer_go_elsewhere_or_queue(
    house: House, browser: Browser
) -> None:
    """Fails when one of the three is missing, or the queue takes only as many as there are seats."""
    activity = await house.catalog.activity()
    session = await house.session(activity_id=activity, capacity=3)
    other = await house.session(activity_id=activity)
    await house.fill(session, 1)
    await house.settle()

    told = await browser.post(f"/sv/sessions/{session}/book", {"adults": "3", "children": "0"})

    assert (told.status, told.title) == (409, "Det finns inte plats för er alla – Plats")
    assert "Det finns 2 platser kvar." in told.text
    assert told.links("Ändra hur många ni är") == [f"/sv/sessions/{session}/book"]
    assert told.links("Språkcafé") == [f"/sv/sessions/{other}/book/reach"]
    assert told.links("Ställ er alla i kö") == [queue(session, "/name")]
    again = await browser.get(f"/sv/sessions/{session}/book")
    assert "Nu är det 2 kvar." in again.text
    assert again.links("Ställ er alla i kö") == [queue(session)]
    await browser.post(queue(session, "/name"), {"name": "Sara"})
    await browser.post(queue(session, "/reach"), REACH)
    assert (await house.state(session), await house.seats_taken(session)) == ("queued", 1)


async def test_who_comes_from_another_session_is_told_of_too_few_seats_as_well(house: House, browser: Browser) -> None:
    """Fails when a party that was typed elsewhere goes on to a name where there is no room for it."""
    elsewhere, session = await house.session(), await house.session(capacity=3)
    await browser.post(f"/sv/sessions/{elsewhere}/book", {"adults": "2", "children": "0"})
    await house.fill(session, 1)
    await house.settle()

    told = await browser.post(f"/sv/sessions/{session}/book", {"adults": "3", "children": "0"})

    assert (told.status, told.title) == (409, "Det finns inte plats för er alla – Plats")


async def test_nobody_queues_for_what_is_free(house: House, browser: Browser) -> None:
    """Fails when somebody waits in front of empty chairs."""
    session, alone = await house.session(), await house.session("digital_coaching")

    sent = await browser.post(queue(session), {"adults": "2", "children": "0"})

    assert sent.location == f"/sv/sessions/{session}/book/name"
    assert (await browser.get(queue(alone))).location == f"/sv/sessions/{alone}/book/answers/topic"
    assert await house.holds(session) == [2]


async def test_a_seat_that_comes_free_while_one_answers_is_had_at_once(house: House, browser: Browser) -> None:
    session = await house.session(capacity=1)
    guest = await house.fill(session, 1)
    await house.settle()
    await browser.post(queue(session), {"adults": "1", "children": "0"})
    await browser.post(queue(session, "/name"), {"name": "Sara"})
    await house.change(guest, "cancel")

    done = await browser.post(queue(session, "/reach"), REACH)

    assert "Du är bokad!" in (await browser.follow(done)).text


async def test_a_queue_that_is_full_or_not_there_is_not_offered(house: House, browser: Browser) -> None:
    """Fails when the page leads into nothing, or who was too late is told something else."""
    session, none = await full(house, queue=1), await full(house, queue=0)
    await browser.post(queue(session), {"adults": "1", "children": "0"})
    await browser.post(queue(session, "/name"), {"name": "Sara"})
    await house.queue(session)

    told = await browser.post(queue(session, "/reach"), REACH)

    assert (told.status, told.title) == (409, "Kön är full – Plats")
    await house.settle()
    for one, text in ((session, "Alla platser är bokade, och kön är full."), (none, "Alla platser är bokade.")):
        page = await browser.get(f"/sv/sessions/{one}")
        assert (text in page.text, page.links("Ställ dig i kö")) == (True, [])
        assert (await browser.get(queue(one))).location == f"/sv/sessions/{one}"


async def test_shortly_before_the_start_one_is_sent_to_the_door(house: House, browser: Browser) -> None:
    """Fails when somebody queues who can be offered nothing, or is told to come to a door on the net."""
    session, online = await full(house), await full(house, place="online")
    await browser.post(queue(session), {"adults": "1", "children": "0"})
    await browser.post(queue(session, "/name"), {"name": "Sara"})
    for one in (session, online):
        await house.shift(one, minutes=29)

    told = await browser.post(queue(session, "/reach"), REACH)

    assert (told.status, told.title) == (409, "Kön har stängt – Plats")
    assert DOOR in told.text
    page, net = await browser.get(f"/sv/sessions/{session}"), await browser.get(f"/sv/sessions/{online}")
    assert (DOOR in page.text, DOOR in net.text) == (True, False)
    assert page.links("Ställ dig i kö") == net.links("Ställ dig i kö") == []


async def test_who_is_in_the_queue_already_is_told_so(
    house: House, browser: Browser, another: Callable[[], Browser]
) -> None:
    session = await full(house)
    await join(house, another(), session)
    await browser.post(queue(session), {"adults": "1", "children": "0"})
    await browser.post(queue(session, "/name"), {"name": "Sara"})

    told = await browser.post(queue(session, "/reach"), REACH)

    assert (told.status, told.title) == (409, "Du finns redan med här – Plats")


async def test_the_last_form_sent_again_shows_the_same_receipt(house: House, browser: Browser) -> None:
    session = await full(house)
    await join(house, browser, session)

    again = await browser.post(queue(session, "/reach"), REACH)

    assert again.location == "/sv/booked"


# --- in the queue


async def test_my_booking_says_where_one_stands(house: House, browser: Browser) -> None:
    """Fails when the number stays what it was, or a seat is promised."""
    session = await full(house, seats=2)
    first = await house.queue(session)
    await join(house, browser, session, adults="2")
    assert "Hej Sara! Du är nummer 2 i kön." in (await browser.get(MINE)).text
    await house.change(first, "cancel")

    page = await browser.get(MINE)

    assert "Hej Sara! Du står först i kön." in page.text
    assert "Din plats i kön 1" in page.text
    assert "har en plats" not in page.text
    assert page.links("Lämna kön") == [f"{MINE}/cancel"]
    assert page.links("Byt till en annan tid") == [f"{MINE}/move"]
    assert page.links("Färre personer") == [f"{MINE}/people"]
    assert page.links("Lägg till i kalendern") == []
    assert (await browser.get(f"{MINE}/calendar.ics")).location == MINE, "nothing to put into a calendar yet"


async def test_fewer_people_wait(house: House, browser: Browser) -> None:
    session = await full(house, seats=2)
    await join(house, browser, session, adults="2")
    assert "Ni står i kö: 2 personer." in (await browser.get(f"{MINE}/people")).text

    done = await browser.follow(await browser.post(f"{MINE}/people", {"adults": "1"}))

    assert "Klart! Nu står ni i kö så här: 1 person." in done.text
    assert await house.state(session) == "queued"


async def test_leaving_the_queue_is_asked_about_and_said(house: House, browser: Browser) -> None:
    """Fails when a place in the queue is called a seat, or a second tap is a mistake."""
    session = await full(house)
    await join(house, browser, session)
    question = await browser.get(f"{MINE}/cancel")
    assert "Vill du lämna kön?" in question.text
    assert "avboka" not in question.text.lower()

    done = await browser.follow(await browser.post(f"{MINE}/cancel", {}))

    assert done.title.startswith("Du har lämnat kön")
    assert await house.state(session) == "cancelled"
    assert (await browser.post(f"{MINE}/cancel", {})).location == MINE


async def test_when_it_begins_whoever_waited_is_sent_to_the_door_with_the_code(house: House, browser: Browser) -> None:
    """Before booking has closed the queue too. Fails when a page still says that one waits."""
    session = await full(house)
    await join(house, browser, session)
    code = (await house.booking.row("SELECT code FROM contact WHERE name = 'Sara'"))["code"]
    await house.shift(session, minutes=20)
    assert "då delar vi inte ut fler platser" in (await browser.get(MINE)).text

    await house.shift(session, minutes=-5)

    page = await browser.get(MINE)
    assert page.title.startswith("Kön har stängt")
    assert DOOR in page.text
    assert f"{code[:3]}-{code[3:]}" in page.text
    assert page.links("Lämna kön") == []
    await house.shift(session, minutes=-90)
    over = await browser.get(MINE)
    assert (over.title.startswith("Det här har varit"), DOOR in over.text) == (True, False)


async def test_what_is_called_off_is_called_off_for_whoever_waits(house: House, browser: Browser) -> None:
    session = await full(house)
    await join(house, browser, session)
    await house.catalog.cancel({"id": session})
    for _ in range(2):
        for path in (MINE, "/sv/booked"):
            page = await browser.follow(await browser.get(path))
            assert page.title.startswith("Inställt")
        await house.settle()


@pytest.mark.parametrize("queued", [True, False])
async def test_while_booking_is_away_the_receipt_says_no_more_than_was_told(
    house: House, browser: Browser, http: aiohttp.ClientSession, *, queued: bool
) -> None:
    """Fails when whoever waits reads that they are booked."""
    session = await full(house) if queued else await house.session()
    if queued:
        await join(house, browser, session)
    else:
        await browser.book(session, SARA)
    away = f"http://127.0.0.1:{free_port()}"
    key = SecretStr("0c" * 32)
    settings = web_settings(key=key, catalog_url=house.catalog.url, booking_url=away, key_booking=key)
    async with serving(create_app(settings)) as url:
        there = Browser(http, lambda: url)
        there.cookies |= browser.cookies
        shown = await there.get("/sv/booked")

    assert ("Du står i kö!" in shown.text, "Du är bokad!" in shown.text) == (queued, not queued)
