"""Finding in a real browser: on a phone without scripts, and on a wide screen."""

from playwright.async_api import expect

from tests.browser.conftest import OpenPage


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
