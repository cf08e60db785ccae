"""Finding in a real browser: on a phone without scripts, on a wide screen, and for whoever cannot see it."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.inspection import violations

STATES = (
    "?kind=language_cafe&near=slussen",
    "?near=Xanadu",
    "?when=date&date=2020-02-29&language=ti&free=1",
    "?page=9999",
    "days/{today}",
)


async def test_on_a_phone_the_kinds_are_seen_and_the_rest_opens_without_scripts(open_page: OpenPage) -> None:
    """Fails when the list is pushed down by questions, or the form needs a script."""
    page = await open_page()
    await page.goto("/sv/")
    await expect(page.get_by_role("link", name="Språkcafé", exact=True)).to_be_visible()
    await expect(page.locator("#where")).to_be_hidden()

    await page.get_by_text("Sök och filtrera").click()
    await page.select_option("#where", label="Kista bibliotek")
    await page.check("#free")
    await page.locator("form .more button").click()

    assert page.url.endswith("/sv/?where=kista&free=1")
    await expect(page.locator("h1")).to_have_text("Allt på Kista bibliotek, lediga platser")
    await expect(page.locator("#where")).to_be_hidden()
    await page.get_by_role("link", name="Ta bort: Lediga platser").click()
    assert page.url.endswith("/sv/?where=kista")


async def test_a_wide_screen_asks_what_where_and_when_at_once(open_page: OpenPage) -> None:
    """Fails when a disclosure hides them there too, or does not open the others."""
    page = await open_page(width=1280)
    await page.goto("/en/")
    await expect(page.locator("#near")).to_be_hidden()

    await page.get_by_text("More choices").click()
    await page.fill("#near", "slussen")
    await page.select_option("#kind", label="Language café")
    await page.locator("form .first button").click()

    assert page.url.endswith("/en/?kind=language_cafe&near=slussen")
    await expect(page.locator("h1")).to_have_text("Language café near Slussen")


@pytest.mark.parametrize(("width", "scheme", "language"), [(320, "light", "sv"), (1280, "dark", "en")])
async def test_axe_finds_nothing_however_one_searches(
    open_page: OpenPage, width: int, scheme: str, language: str
) -> None:
    """Also nothing scrolls sideways. Fails when a link on the kind's colour has too little contrast."""
    page = await open_page(width=width, color_scheme=scheme, java_script_enabled=True, bypass_csp=True)
    found: dict[str, list[str]] = {}

    for state in STATES:
        await page.goto(
            f"/{language}/{state}".replace("{today}", await page.evaluate("new Date().toLocaleDateString('sv')"))
        )
        if "near=slussen" in state:
            await page.locator(".opener:visible summary").first.click()
        found[state] = await violations(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, state

    assert {state: wrong for state, wrong in found.items() if wrong} == {}
