"""Two people and one chair: on two phones without scripts, from a full session to a seat."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.steps import answer, book, open_form, reach_by, shown_code, submit, text
from tests.support.installation import Installation
from tests.support.servers import eventually

pytestmark = pytest.mark.timeout(300)  # the first test waits for the installation


async def _looks_until(page: Page, words: str) -> None:
    """Look at My booking again until it says what it is to say."""

    async def said() -> bool:
        await page.goto("/sv/my-booking")
        return words in await text(page)

    await eventually(said, within=30)


async def _full(plats: Installation, session: str) -> None:
    async def full() -> bool:
        return bool((await plats.shown(session))["seats"]["left"] == 0)

    await eventually(full, within=30)


async def test_who_waits_gets_the_chair_that_another_gives_back(
    plats: Installation, open_page: OpenPage, phone: Page
) -> None:
    """Fails when the way from "full" to a seat has a gap, or a message does not say what the page says."""
    session = await plats.session(capacity=1)
    first = await open_page()
    await book(first, session, name="Omar", phone="070-174 06 48")
    await _full(plats, session["id"])

    await phone.goto(f"/sv/sessions/{session['id']}")
    await expect(phone.get_by_role("heading", name="Fullt")).to_be_visible()
    await phone.get_by_role("link", name="Ställ dig i kö").click()
    await answer(phone)
    await reach_by(phone, "070-174 06 49")
    await expect(phone.get_by_role("heading", name="Du står i kö!")).to_be_visible()
    assert "Din plats i kön\n\n1" in await text(phone)
    code = await shown_code(phone)
    await plats.message("+46701740649", containing=code)

    await first.goto("/sv/my-booking")
    await first.get_by_role("link", name="Avboka").click()
    await first.get_by_role("button", name="Ja, avboka").click()
    await expect(first.get_by_role("heading", name="Din bokning är avbokad")).to_be_visible()

    await plats.message("+46701740649", containing="JA")
    await _looks_until(phone, "Svara senast")
    await expect(phone.get_by_role("heading", name="Du kan få en plats!")).to_be_visible()
    assert re.search(r"Svara senast .* klockan \d\d\.\d\d\.", await text(phone))
    await phone.get_by_role("button", name="Ja tack").click()
    await expect(phone.get_by_role("status")).to_have_text("Tack! Nu har du en plats.")
    assert await shown_code(phone) == code
    assert "Välkommen, Sara! Du har en plats." in await text(phone)


async def test_the_last_seat_goes_while_one_types_and_one_button_leads_into_the_queue(
    plats: Installation, open_page: OpenPage, phone: Page
) -> None:
    """Fails when seats are not kept for whoever types, or what was typed is asked for again."""
    session = await plats.session(capacity=1)
    first = await open_page()
    await open_form(first, session)
    await open_form(phone, session)
    await answer(phone)
    await expect(phone.locator(".how-far")).to_contain_text("Vi håller platsen åt dig till")
    await submit(first)

    await expect(first.get_by_role("heading", name="Platserna tog slut")).to_be_visible()
    await first.get_by_role("link", name="Ställ dig i kö").click()
    await first.fill("#name", "Omar")
    await submit(first)
    await first.check("#by-email")
    await first.fill("#email", "omar.queue@example.org")
    await submit(first)
    await expect(first.get_by_role("heading", name="Du står i kö!")).to_be_visible()
    await reach_by(phone, "070-174 06 51")
    await expect(phone.get_by_role("heading", name="Du är bokad!")).to_be_visible()


async def test_another_time_suits_better(plats: Installation, phone: Page) -> None:
    """Fails when the old time stays, the code changes, or the message tells of something else."""
    headers = await plats.token("--role", "admin")
    activity = {"kind": "language_cafe", "titles": {"sv": "Språkcafé", "en": "Language café"}}
    async with plats.http.post(f"{plats.url('catalog')}/v1/activities", json=activity, headers=headers) as made:
        activity_id = (await made.json())["id"]
    session = await plats.session(activity_id=activity_id, capacity=1)
    other = await plats.session(activity_id=activity_id, capacity=1, room="Hörsalen")
    code = await book(phone, session, phone="070-174 06 52")
    await phone.goto("/sv/my-booking")
    await phone.get_by_role("link", name="Byt till en annan tid").click()
    await phone.locator(f'.card a[href$="{other["id"]}"]').click()
    await expect(phone.get_by_role("heading", name="Vill du byta till den här tiden?")).to_be_visible()
    await phone.get_by_role("button", name="Ja, byt tid").click()

    await expect(phone.get_by_role("status")).to_have_text("Klart! Du har bytt tid. Koden är densamma.")
    assert await shown_code(phone) == code
    assert "Hörsalen" in await text(phone)
    await _full(plats, other["id"])
    assert (await plats.shown(session["id"]))["seats"]["left"] == 1
