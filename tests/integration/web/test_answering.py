"""A seat that is offered to somebody who waited, in front of a real catalog and a real booking service."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.events import BookingConfirmed, BookingDeclined
from tests.integration.web.house import Guest, House
from tests.support.pages import Browser, Shown

MINE = "/sv/my-booking"
SARA = {"by": "sms", "phone": "070-174 06 57"}


async def offered(house: House, browser: Browser, adults: int = 1) -> str:
    """Sara waits for seats, which then come free; gives the session."""
    session = await house.session(capacity=2)
    guest = await house.fill(session, 2)
    await house.settle()
    page = f"/sv/sessions/{session}/queue"
    await browser.post(page, {"adults": str(adults), "children": "0"})
    await browser.post(f"{page}/name", {"name": "Sara"})
    assert (await browser.post(f"{page}/reach", SARA)).location == "/sv/booked"
    await house.change(guest, "cancel")
    assert await house.state(session) == "offered"
    return session


async def own(house: House) -> Guest:
    """What Sara has, for what she does on another device."""
    code = (await house.booking.row("SELECT code FROM contact WHERE name = 'Sara'"))["code"]
    return Guest(code, SARA["phone"][-5:].replace(" ", ""))


async def events(house: House, kind: type[Any]) -> int:
    return len([event for event in await house.booking.told() if isinstance(event, kind)])


async def test_before_the_message_has_left_one_may_answer_and_no_time_is_told(house: House, browser: Browser) -> None:
    """Fails when a time is made up, or one has to wait for the message."""
    session = await offered(house, browser)

    page = await browser.get(MINE)

    assert page.title.startswith("Du kan få en plats!")
    assert "Hej Sara! Det är din tur i kön." in page.text
    assert "men du kan svara redan nu" in page.text
    assert "Svara senast" not in page.text
    assert "på vårt sms" not in page.text, "which has not come"
    assert (await browser.get("/sv/booked")).location == MINE
    assert (await browser.get(f"{MINE}/calendar.ics")).location == MINE
    assert await house.state(session) == "offered"


@pytest.mark.parametrize(("hours", "day"), [(0.01, "i dag"), (24, "i morgon"), (24 * 4, None)])
async def test_until_when_one_may_answer_is_said_as_people_say_it(
    house: House, browser: Browser, hours: float, day: str | None
) -> None:
    session = await offered(house, browser)
    await house.tell(session, hours=hours)
    until: datetime = (await house.booking.row("SELECT answer_by FROM booking WHERE state = 'offered'"))["answer_by"]
    if hours > 1:
        until -= timedelta(minutes=until.minute % 5)  # as the message says it
    clock = until.astimezone(ZoneInfo("Europe/Stockholm")).strftime("%H.%M")

    page = await browser.get(MINE)

    [told] = re.findall(r"Svara senast (.*?) klockan (\d\d\.\d\d) \. Sedan går platsen vidare\.", page.text)
    assert told[1] == clock
    assert told[0] == day if day else re.fullmatch(r"\w+dag \d+ \w+", told[0])
    assert "Du kan också svara JA eller NEJ på vårt sms." in page.text


@pytest.mark.parametrize("answer", ["accept", "decline", "cancel", "people", "move"])
async def test_looking_answers_nothing(house: House, browser: Browser, answer: str) -> None:
    """Fails when a link that a mail program opens takes the seat, or gives it away."""
    session = await offered(house, browser)

    await browser.follow(await browser.get(f"{MINE}/{answer}"))

    assert await house.state(session) == "offered"


async def test_yes_makes_it_a_booking_like_any_other(house: House, browser: Browser) -> None:
    """Once, however often one taps. Fails when it is not said, or the second tap is a mistake."""
    session = await offered(house, browser)
    page = await browser.get(MINE)
    assert page.source.count(f'method="post" action="{MINE}/accept"') == 1

    sent = await browser.post(f"{MINE}/accept", {})

    assert sent.location == f"{MINE}?accepted=1"
    done = await browser.follow(sent)
    assert "Tack! Nu har du en plats." in done.text
    assert "Välkommen, Sara! Du har en plats." in done.text
    assert "QR-kod" in done.source
    assert "Tack! Nu" not in (await browser.get(MINE)).text
    assert (await browser.post(f"{MINE}/accept", {})).location == f"{MINE}?accepted=1"
    assert (await house.seats_taken(session), await events(house, BookingConfirmed)) == (1, 2), "with the first guest's"
    assert "Du är bokad!" in (await browser.get("/sv/booked")).text


async def test_no_gives_it_to_the_next_and_is_thanked_for(house: House, browser: Browser) -> None:
    """Fails when nobody else gets it, or the page blames whoever is honest."""
    session = await offered(house, browser, adults=2)
    await house.queue(session)
    other = await house.session()

    done = await browser.follow(await browser.post(f"{MINE}/decline", {}))

    assert done.title.startswith("Du har tackat nej")
    assert "Tack för att du sa till." in done.text
    assert done.links("Språkcafé") == [f"/sv/sessions/{other}"]
    assert (await house.state(session), await house.state(session, "Amir")) == ("declined", "offered")
    assert (await browser.post(f"{MINE}/decline", {})).location == MINE, "a second tap"
    assert await events(house, BookingDeclined) == 1


async def test_fewer_of_them_take_fewer_seats(house: House, browser: Browser) -> None:
    session = await offered(house, browser, adults=2)
    assert "Ni kan få plats!" in (await browser.get(MINE)).text

    done = await browser.follow(await browser.post(f"{MINE}/people", {"adults": "1"}))

    assert "Klart! Nu gäller platsen för: 1 person." in done.text
    assert done.title.startswith("Du kan få en plats!")
    await browser.post(f"{MINE}/accept", {})
    assert await house.seats_taken(session) == 1


async def accepted(house: House) -> None:
    await house.change(await own(house), "accept")


async def declined(house: House) -> None:
    await house.change(await own(house), "decline")


async def ran_out(house: House) -> None:
    await house.booking.database.pool.execute(
        "UPDATE booking SET told_at = now() - interval '1 hour', answer_by = now() - interval '1 second' "
        "WHERE state = 'offered'"
    )


@pytest.mark.parametrize(
    ("meanwhile", "answer", "title", "told"),
    [
        (accepted, "decline", "Fel: Min bokning", "Du har redan tackat ja, så platsen är din."),
        (declined, "accept", "Du har tackat nej", "Nu kan någon annan få platsen."),
        (ran_out, "accept", "Tiden att svara är över", "Du har inte gjort något fel."),
        (ran_out, "decline", "Tiden att svara är över", "Du har inte gjort något fel."),
    ],
)
async def test_an_offer_that_is_gone_says_what_became_of_it(
    house: House, browser: Browser, meanwhile: Callable[[House], Awaitable[None]], answer: str, title: str, told: str
) -> None:
    """Answered by SMS, or on another phone, or too late. Fails when it is an error page."""
    await offered(house, browser)
    await meanwhile(house)

    shown: Shown = await browser.post(f"{MINE}/{answer}", {})

    assert shown.status == 409
    assert shown.title.startswith(title)
    assert told in shown.text


async def test_cancelling_an_offer_in_an_old_tab_declines_it(house: House, browser: Browser) -> None:
    """Fails when somebody who wanted to leave the queue keeps a seat from others."""
    session = await offered(house, browser)

    done = await browser.follow(await browser.post(f"{MINE}/cancel", {}))

    assert (await house.state(session), done.title.startswith("Du har tackat nej")) == ("declined", True)


async def test_who_has_nothing_offered_cannot_answer(house: House, browser: Browser) -> None:
    """In the queue, and without any booking. Fails when it is a mistake that cannot be put right."""
    for answer in ("accept", "decline"):
        assert (await browser.post(f"{MINE}/{answer}", {})).location == MINE
    session = await house.session(capacity=1)
    await house.fill(session, 1)
    await house.settle()
    page = f"/sv/sessions/{session}/queue"
    await browser.post(page, {"adults": "1", "children": "0"})
    await browser.post(f"{page}/name", {"name": "Sara"})
    await browser.post(f"{page}/reach", SARA)

    shown = await browser.post(f"{MINE}/accept", {})

    assert (shown.status, "Du står kvar i kön." in shown.text) == (409, True)
