"""Every page and state: WCAG 2.2 AA by axe, small screens, keyboard, big targets, paper."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.steps import Session, open_form, submit
from tests.support.installation import Installation
from tests.support.servers import ROOT

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = pytest.mark.parametrize(
    ("width", "scheme", "language", "number"),
    [(360, "light", "sv", "070-174 06 40"), (1280, "dark", "en", "070-174 06 41")],
)
LONGEST = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis"


@pytest.fixture
async def sessions(plats: Installation) -> dict[str, Session]:
    headers = await plats.token("--role", "admin")
    made = {name: await plats.session() for name in ("open", "called_off")}
    made["full"] = await plats.session(capacity=1)
    url = f"{plats.url('catalog')}/v1/sessions/{made['called_off']['id']}/cancel"
    async with plats.http.post(url, json={"reason": "illness"}, headers=headers) as answer:
        assert answer.ok
    return made


async def states(page: Page, sessions: dict[str, Session], language: str, number: str) -> AsyncIterator[str]:
    """Bring one state after the other in front; gives the name of each."""
    for path in ("", "nowhere", "sessions/none", "my-booking", *(f"sessions/{one['id']}" for one in sessions.values())):
        await page.goto(f"/{language}/{path}")
        yield path or "programme"
    await page.locator("summary").click()
    yield "choice of language"
    await open_form(page, sessions["open"], language)
    yield "form"
    await submit(page)
    yield "form with faults"
    await page.check("#by-email")
    yield "form asking for e-mail"
    await page.check("#by-none")
    yield "form asking for nothing"
    await page.fill("#name", LONGEST)
    await page.check("#by")
    await page.fill("#phone", number)
    await submit(page)
    yield "receipt"
    await page.goto(f"/{language}/my-booking")
    yield "booking"
    await page.goto(f"/{language}/my-booking/cancel")
    yield "question before cancelling"
    await submit(page)
    yield "cancelled"
    await submit(page)
    await submit(page)
    yield "lookup with faults"


async def violations(page: Page) -> list[str]:
    await page.evaluate(AXE)
    found: dict[str, Any] = await page.evaluate("tags => axe.run(document, {runOnly: tags})", _RULES)
    return [f"{one['id']}: {one['help']} {[node['html'] for node in one['nodes']]}" for one in found["violations"]]


@LOOKS
async def test_axe_finds_nothing_on_any_page(
    open_page: OpenPage, sessions: dict[str, Session], width: int, scheme: str, language: str, number: str
) -> None:
    page = await open_page(width=width, color_scheme=scheme, java_script_enabled=True, bypass_csp=True)

    found = {name: await violations(page) async for name in states(page, sessions, language, number)}

    assert len(found) == 17
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def test_nothing_scrolls_sideways_on_the_smallest_screen(
    open_page: OpenPage, sessions: dict[str, Session]
) -> None:
    page = await open_page(width=320)

    widths = {
        name: await page.evaluate("document.documentElement.scrollWidth")
        async for name in states(page, sessions, "sv", "070-174 06 42")
    }

    assert {name: width for name, width in widths.items() if width > 320} == {}


async def test_what_one_taps_is_big_enough(open_page: OpenPage, sessions: dict[str, Session]) -> None:
    page = await open_page()
    small: dict[str, list[str]] = {}

    async for name in states(page, sessions, "sv", "070-174 06 43"):
        for target in await page.locator("a:visible, button:visible, summary:visible, .choice:visible").all():
            box = await target.bounding_box()
            inside_card = await target.locator("xpath=ancestor::*[contains(@class, 'card')]").count()
            if box and box["height"] < 47.5 and not inside_card and await target.get_attribute("class") != "skip":
                small.setdefault(name, []).append(await target.inner_text())

    assert small == {}


async def test_the_keyboard_goes_through_the_form_from_top_to_bottom(
    open_page: OpenPage, sessions: dict[str, Session]
) -> None:
    page = await open_page(width=1280)
    await open_form(page, sessions["open"])
    await page.locator("#name").focus()
    order = []

    for _ in range(6):
        order.append(await page.evaluate("document.activeElement.id || document.activeElement.className"))
        await page.keyboard.press("Tab")

    assert order == ["name", "by", "phone", "adults", "children", "button"]


async def test_the_first_stop_of_the_keyboard_skips_to_the_content(page_at_home: Page) -> None:
    await page_at_home.keyboard.press("Tab")
    assert await page_at_home.evaluate("document.activeElement.className") == "skip"

    await page_at_home.keyboard.press("Enter")

    assert await page_at_home.evaluate("document.activeElement.id") == "content"


@pytest.fixture
async def page_at_home(open_page: OpenPage) -> Page:
    page = await open_page()
    await page.goto("/sv/")
    return page


async def test_the_receipt_prints_on_one_slip(
    open_page: OpenPage, sessions: dict[str, Session], tmp_path: Path
) -> None:
    page = await open_page()
    await open_form(page, sessions["open"])
    await page.fill("#name", LONGEST)
    await page.fill("#phone", "070-174 06 44")
    await submit(page)
    await page.locator(".receipt").wait_for()

    paper = (await page.pdf(path=tmp_path / "slip.pdf", prefer_css_page_size=True)).decode("latin-1")

    assert "/Count 1" in paper
    assert "/MediaBox [0 0 298" in paper
