"""Seats that are kept for a visitor while they answer, in front of a real catalog and a real booking service."""

import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from uuid import UUID

import aiohttp
import pytest
from pydantic import SecretStr

from services.web.app import create_app
from tests.integration.booking.conftest import KEY
from tests.integration.web.house import House
from tests.support.apps import serving
from tests.support.front import web_settings
from tests.support.pages import DRAFT, Browser
from tests.support.servers import free_port

SARA = {"adults": "2", "children": "0", "name": "Sara", "by": "sms", "phone": "070-174 06 55"}
PARTY = {"adults": "2", "children": "0"}
ALONE = "digital_coaching"
TEN_MINUTES_LATER = "UPDATE hold SET since = since - interval '10 min', until = until - interval '10 min'"
KEPT = re.compile(r"Vi håller (platsen åt dig|platserna åt er) till \d\d\.\d\d\.")


def book(session: str, step: str = "") -> str:
    return f"/sv/sessions/{session}/book{step}"


@pytest.fixture
async def away(house: House, http: aiohttp.ClientSession) -> AsyncIterator[Browser]:
    """A browser in front of a web that does not reach booking."""
    settings = web_settings(
        key=SecretStr("0c" * 32),  # as every web in these tests: one key reads the cookies of another process
        catalog_url=house.catalog.url,
        booking_url=f"http://127.0.0.1:{free_port()}",
        key_booking=SecretStr(KEY),
    )
    async with serving(create_app(settings)) as url:
        yield Browser(http, lambda: url)


async def test_from_the_first_answer_on_the_seats_are_kept_and_that_is_told(house: House, browser: Browser) -> None:
    """Fails when somebody faster gets them, or they are not let go with the booking."""
    session = await house.session(capacity=2)
    assert not KEPT.search((await browser.get(book(session))).text)

    sent = await browser.post(book(session), PARTY)

    assert await house.holds(session) == [2]
    assert KEPT.search((await browser.follow(sent)).text)
    await browser.post(book(session, "/name"), {"name": "Sara"})
    last = await browser.get(book(session, "/reach"))
    assert KEPT.search(last.text)
    assert "hold" in last.source.split("</main>")[1], "the script that keeps them while one types"
    done = await browser.post(book(session, "/reach"), {"by": "none"})
    assert done.location == "/sv/booked"
    assert (await house.holds(session), await house.seats_taken(session)) == ([], 2)


async def test_who_can_only_come_alone_has_a_seat_kept_on_arrival(house: House, browser: Browser) -> None:
    """Fails when the first seat is kept only once a name is typed, or one more at each look."""
    session = await house.session(ALONE, capacity=1)

    page = await browser.follow(await browser.get(book(session)))

    assert "Vi håller platsen åt dig till" in page.text
    await browser.get(book(session, "/name"))
    assert await house.holds(session) == [1]


async def test_a_browser_keeps_seats_once(house: House, browser: Browser) -> None:
    """Fails when changing one's mind about the party, or about the session, keeps seats from others."""
    first, second = await house.session(), await house.session()
    await browser.post(book(first), PARTY)
    await browser.post(book(first), PARTY | {"adults": "3"})
    assert await house.holds(first) == [3]

    await browser.post(book(second), PARTY)

    assert (await house.holds(first), await house.holds(second)) == ([], [2])


async def test_one_goes_on_with_another_time_and_the_seats_go_along(house: House, browser: Browser) -> None:
    """Fails when the answers are carried to the last question and the seats are not."""
    first, second = await house.session(), await house.session()
    await browser.answer(first, SARA)

    page = await browser.get(book(second, "/reach"))

    assert KEPT.search(page.text)
    assert (await house.holds(first), await house.holds(second)) == ([], [2])


async def test_each_answer_keeps_them_longer(house: House, browser: Browser) -> None:
    session = await house.session()
    await browser.post(book(session), PARTY)
    await house.booking.database.pool.execute(
        "UPDATE hold SET since = since - interval '10 min', until = until - interval '10 min'"
    )

    await browser.post(book(session, "/name"), {"name": "Sara"})

    left = (await house.booking.row("SELECT until - now() AS left FROM hold"))["left"]
    assert timedelta(minutes=14) < left < timedelta(minutes=15)


async def test_who_goes_back_to_the_session_is_not_told_that_it_is_full(
    house: House, browser: Browser, another: Callable[[], Browser]
) -> None:
    """Fails when one's own seat looks taken, or a page that says what is kept for somebody is given to others."""
    session = await house.session(capacity=2)
    await browser.post(book(session), PARTY)
    await house.settle()

    mine, others = await browser.get(f"/sv/sessions/{session}"), await another().get(f"/sv/sessions/{session}")

    assert KEPT.search(mine.text)
    assert mine.links("Fortsätt boka") == [book(session)]
    assert mine.headers["Cache-Control"] == "no-store"
    assert ("Fullt" in mine.text, "Fullt" in others.text, "Vi håller" in others.text) == (False, True, False)
    assert (await browser.get(book(session))).value("adults") == "2", "nor is the way closed"
    assert (await browser.get(f"/sv/sessions/{session}/queue")).status == 200


async def test_when_the_last_seats_go_first_that_is_told_before_more_is_typed(house: House, browser: Browser) -> None:
    """Fails when a name is asked for all the same, or the party is lost."""
    session = await house.session(capacity=3)
    await browser.get(book(session))
    await house.fill(session, 3)

    told = await browser.post(book(session), PARTY)

    assert (told.status, told.title) == (409, "Det finns inte plats för er alla – Plats"), "catalog has not heard of it"
    await house.settle()
    told = await browser.post(book(session), PARTY)
    assert (told.status, told.title) == (409, "Platserna tog slut – Plats")
    assert told.links("Ställ dig i kö") == [f"/sv/sessions/{session}/queue/name"]
    assert "2 personer" in (await browser.get(f"/sv/sessions/{session}/queue/name")).text


async def test_who_arrives_a_moment_too_late_is_told_so(house: House, browser: Browser) -> None:
    session = await house.session(ALONE, capacity=1)
    await house.fill(session, 1, answers={"topic": "bankid"})

    told = await browser.get(book(session, "/answers/topic"))

    assert (told.status, told.title) == (409, "Platserna tog slut – Plats")


async def test_without_seats_kept_one_goes_on_all_the_same(house: House, browser: Browser, away: Browser) -> None:
    """Booking does not answer, or has too many such questions. Fails when a page falls that only wanted to be kind."""
    session = await house.session(capacity=2)

    sent = await away.post(book(session), PARTY)
    assert (sent.status, sent.location) == (303, book(session, "/name"))
    assert not KEPT.search((await away.follow(sent)).text)
    await away.post(book(session, "/name"), {"name": "Sara"})

    browser.cookies |= away.cookies
    assert (await browser.post(book(session, "/reach"), {"by": "none"})).location == "/sv/booked"


async def test_without_seats_kept_catalog_says_whether_there_are_enough(house: House, away: Browser) -> None:
    """Fails when a party types on to the end for which there never were seats."""
    session = await house.session(capacity=3)
    await house.fill(session, 2)
    await house.settle()

    told = await away.post(book(session), PARTY)

    assert (told.status, told.title) == (409, "Det finns inte plats för er alla – Plats")
    assert "Det finns 1 plats kvar." in told.text


async def test_seats_that_ran_out_are_no_drama(house: House, browser: Browser) -> None:
    """Fails when whoever was interrupted has to begin again although there are seats."""
    session = await house.session(capacity=2)
    await browser.answer(session, SARA)
    await house.let_holds_run_out(session)

    assert (await browser.book(session, SARA)).location == "/sv/booked"
    assert await house.seats_taken(session) == 2


async def test_while_it_is_unknown_whether_it_was_booked_no_more_seats_are_kept(
    house: House, browser: Browser, away: Browser
) -> None:
    """Fails when trying again sends another hold under the same key, or keeps two seats more than are wanted."""
    session = await house.session(capacity=4)
    await browser.answer(session, SARA)
    sent = {"by": "sms", "phone": SARA["phone"]}
    away.cookies |= browser.cookies
    assert (await away.post(book(session, "/reach"), sent)).status == 503
    assert (await browser.post(book(session, "/reach"), sent)).location == "/sv/booked", "the answer of which was lost"
    browser.cookies.clear()
    browser.cookies |= away.cookies

    page = await browser.get(book(session, "/reach"))

    assert not KEPT.search(page.text)
    assert await house.holds(session) == []
    assert (await browser.post(book(session, "/reach"), sent)).location == "/sv/booked"
    assert await house.seats_taken(session) == 2


@pytest.mark.parametrize("forget", ["book", "mine"])
async def test_what_was_typed_goes_and_with_it_the_seats(house: House, browser: Browser, forget: str) -> None:
    """Fails when others wait a quarter of an hour for what somebody gave up."""
    session = await house.session()
    await browser.answer(session, SARA)

    await browser.post(book(session, "/forget") if forget == "book" else "/sv/my-booking/forget", {})

    assert (await house.holds(session), browser.cookies) == ([], {})


# --- as hold.js asks


async def test_while_one_types_they_are_kept_longer_and_no_cookie_comes_back(house: House, browser: Browser) -> None:
    """Fails when an answer that is late brings back what the booking took away: names on a computer that others use."""
    session = await house.session()
    await browser.post(book(session), PARTY)
    await house.booking.database.pool.execute(
        "UPDATE hold SET since = since - interval '10 min', until = until - interval '10 min'"
    )

    renewed = await browser.post(book(session, "/hold"), {})

    assert renewed.status == 200
    assert KEPT.fullmatch(json.loads(renewed.source)["text"])
    assert "Set-Cookie" not in renewed.headers
    left = (await house.booking.row("SELECT until - now() AS left FROM hold"))["left"]
    assert timedelta(minutes=14) < left < timedelta(minutes=15)


async def test_nothing_is_kept_for_who_had_nothing(house: House, browser: Browser) -> None:
    """Fails when the script of an old page takes seats for somebody who gave them up."""
    session, other = await house.session(), await house.session()
    assert (await browser.post(book(session, "/hold"), {})).status == 204
    await browser.post(book(session), PARTY)
    assert (await browser.post(book(other, "/hold"), {})).status == 204
    hold = (await house.booking.row("SELECT id FROM hold WHERE session_id = $1", UUID(session)))["id"]
    async with house.booking.http.delete(f"{house.booking.url}/v1/holds/{hold}") as answer:
        assert answer.status == 204

    assert (await browser.post(book(session, "/hold"), {})).status == 204

    assert (await house.holds(session), await house.holds(other)) == ([], [])
    assert DRAFT in browser.cookies
