"""Whose turn it is at a library, on a screen that everybody sees."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from pydantic import SecretStr

from services.web.app import create_app
from tests.integration.catalog.conftest import ADMIN
from tests.integration.web.conftest import Front
from tests.integration.web.house import House
from tests.support.apps import serving
from tests.support.front import web_settings
from tests.support.pages import Browser
from tests.support.servers import free_port

QUEUE = "/sv/branches/kista/queue"


@pytest.fixture
async def away(house: House, http: aiohttp.ClientSession) -> AsyncIterator[Front]:
    """The pages while booking does not answer."""
    settings = web_settings(
        key=SecretStr("0c" * 32),
        catalog_url=house.catalog.url,
        booking_url=f"http://127.0.0.1:{free_port()}",
        key_booking=SecretStr("0c" * 32),
    )
    async with serving(create_app(settings)) as url:
        yield Front(url, http)


async def draw(house: House, numbers: int) -> None:
    """So many people take a number."""
    for _ in range(numbers):
        status, drawn = await house.booking.post(
            "/v1/tickets", {"branch_id": "kista"}, **house.catalog.issuer.headers("admin")
        )
        assert status == 201, drawn


async def call(house: House, place: int) -> None:
    """The next number is called to a desk."""
    staff = house.catalog.issuer.headers("admin")
    status, called = await house.booking.post("/v1/tickets/next", {"branch_id": "kista", "place": place}, **staff)
    assert status == 200, called


async def test_the_screen_tells_the_numbers_that_are_called_and_how_many_wait(house: House, browser: Browser) -> None:
    """Fails when the page does not come again by itself, or the title does not say what a screen reader hears."""
    empty = await browser.get(QUEUE)
    assert "Just nu är det ingen kö." in empty.text
    await draw(house, 5)
    assert "Ingen är uppropad just nu." in (await browser.get(QUEUE)).text
    await call(house, 1)
    await call(house, 2)

    shown = await browser.get(QUEUE)

    assert shown.title == "Nu: 2, 1 – Kö till IT-värden, Kista bibliotek – Plats"
    assert "Nu är det din tur 2 Disk 2 1 Disk 1 3 väntar. Senaste nummerlappen: 5" in shown.text
    assert shown.headers["Refresh"] == "10"
    assert (await browser.get("/en/branches/kista/queue")).title.startswith("Now: 2, 1 – Queue for the IT host")


async def test_who_reads_slowly_can_stop_it_and_start_it_again(browser: Browser) -> None:
    """WCAG 2.2.1 and 2.2.2. Fails when the page is taken away from somebody who asked it to stay."""
    running = await browser.get(QUEUE)
    assert running.links("Sluta uppdatera") == [f"{QUEUE}?still=1"]

    still = await browser.get(f"{QUEUE}?still=1")

    assert "Refresh" not in still.headers
    assert still.links("Uppdatera av sig själv") == [QUEUE]


async def test_a_screen_on_a_wall_comes_back_after_a_while_without_an_answer(away: Front) -> None:
    """Fails when an error page stays there until somebody fetches a ladder."""
    shown = await away.get(QUEUE)

    assert (shown.status, shown.headers["Refresh"]) == (503, "10")
    assert "Fråga personalen." in shown.text


async def test_a_library_that_has_numbers_links_to_them(house: House, browser: Browser) -> None:
    assert (await browser.get("/sv/branches/kista")).links("vilket nummer") == []
    await house.catalog.session(by=ADMIN, activity_id=await house.catalog.activity("it_host"))

    assert (await browser.get("/sv/branches/kista")).links("vilket nummer") == [QUEUE]
    assert (await browser.get("/sv/branches/none/queue")).status == 404
