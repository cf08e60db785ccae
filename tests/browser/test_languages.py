"""Languages: the switch, and what becomes of the pages in one with long words and in one from right to left."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.inspection import SMALLEST
from tests.browser.states import Walk
from tests.browser.world import World
from tests.support import pseudo
from tests.support.installation import Installation
from tests.support.replica import environment_of, start_replica

pytestmark = pytest.mark.timeout(600)  # the first test waits for the installation and walks through everything

LARGE = 1280

_UNMARKED = """
() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    const elsewhere = around.closest("[lang]") !== document.documentElement;
    const marked = elsewhere || around.closest("bdi, script, option, optgroup");
    if (!marked && /[a-zåäö]{2}/i.test(texts.currentNode.data)) found.push(texts.currentNode.data.trim());
  }
  return found;
}
"""
_OUTSIDE = """
() => [...document.querySelectorAll("body *")].filter((it) => {
  const box = it.getBoundingClientRect();
  const rolls = it.closest(".chips, .ds-sr-only, .skip, svg");
  return it.checkVisibility() && !rolls && box.width > 0 && (box.left < -1 || box.right > innerWidth + 1);
}).map((it) => `${it.tagName}.${it.className} ${it.innerText?.slice(0, 40)}`)
"""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A state of a page in a made-up language."""

    lang: str
    direction: str
    widths: tuple[int, int]
    """How wide the page is on the smallest and on a large screen."""
    outside: list[str]
    """What hangs over an edge of them."""
    unmarked: list[str]
    """Texts in our letters that are not marked as of another language."""


@pytest.fixture(scope="module")
async def front(plats: Installation, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """One more process of the pages, with the made-up languages."""
    locales = tmp_path_factory.mktemp("languages") / "locales"
    pseudo.write(locales)
    environment = environment_of(plats, "web") | {"PLATS_LOCALES": str(locales)}
    made = await start_replica("web", environment, plats.data / "logs")
    try:
        await made.ready()
        yield made.url
    finally:
        await made.kill()


async def show(page: Page) -> Shown:
    widths, outside = [], []
    for width in (SMALLEST, LARGE):
        await page.set_viewport_size({"width": width, "height": 760})
        widths.append(await page.evaluate("document.documentElement.scrollWidth"))
        outside += await page.evaluate(_OUTSIDE)
    return Shown(
        lang=await page.evaluate("document.documentElement.lang"),
        direction=await page.evaluate("getComputedStyle(document.body).direction"),
        widths=(widths[0], widths[1]),
        outside=outside,
        unmarked=await page.evaluate(_UNMARKED),
    )


@pytest.mark.parametrize(
    ("tag", "direction", "phone"),
    [(pseudo.LONG, "ltr", "070-174 06 45"), (pseudo.MIRRORED, "rtl", "070-174 06 46")],
)
async def test_every_page_has_room_for_any_language(
    there: World, chromium: Browser, front: str, tag: str, direction: str, phone: str
) -> None:
    """Fails when long words widen a page, or something is placed by left and right."""
    context = await chromium.new_context(base_url=front, viewport={"width": SMALLEST, "height": 760})
    context.set_default_timeout(20_000)
    page = await context.new_page()
    walk = Walk(page=page, there=there, language=tag, phone=phone)

    shown = {name: await show(page) async for name in walk.states()}

    await context.close()
    assert {name: it for name, it in shown.items() if (it.lang, it.direction) != (tag, direction)} == {}
    assert {name: it.widths for name, it in shown.items() if it.widths > (SMALLEST, LARGE)} == {}
    assert {name: it.outside for name, it in shown.items() if it.outside} == {}
    if tag == pseudo.MIRRORED:
        brand = {"Plats"}
        assert {name: it.unmarked for name, it in shown.items() if set(it.unmarked) - brand} == {}


_MIDDLE = "it => { const box = it.getBoundingClientRect(); return (box.left + box.right) / 2 }"


async def test_from_right_to_left_everything_begins_on_the_right(open_page: OpenPage, front: str) -> None:
    """Fails when an arrow points where one came from, or the colour of a kind stays on the left."""
    page = await open_page(base_url=front)
    await page.goto(f"/{pseudo.MIRRORED}/")

    async def middle(selector: str) -> float:
        return float(await page.locator(selector).first.evaluate(_MIDDLE))

    assert await middle(".home") > await middle(".languages")
    assert await middle(".chips li:first-child") > 180
    assert await middle(".card .mark") > await middle(".card .what")
    onward = "it => getComputedStyle(it, '::after').content"
    assert await page.locator(".card .action").first.evaluate(onward) == '" ←" / ""'
    await page.locator(".opener.on-phones summary").click()
    arrow = await page.locator("select").first.evaluate("it => getComputedStyle(it).backgroundPosition")
    assert arrow.split()[0] in {"0%", "left"} or float(arrow.split()[0].removesuffix("px")) < 30, arrow
    await page.locator(".card a").first.click()
    assert await page.locator(".back a").evaluate("it => getComputedStyle(it, '::before').content") == '"→" / ""'


async def test_numbers_codes_and_times_keep_their_order(open_page: OpenPage, front: str, there: World) -> None:
    """Fails when a phone number is read from its end."""
    page = await open_page(base_url=front)
    await page.goto(f"/{pseudo.MIRRORED}/sessions/{there.open}")
    ltr = "found => found.every((it) => getComputedStyle(it).direction === 'ltr')"

    for selector in (".time bdi", ".till bdi", ".phone bdi"):
        assert await page.locator(selector).evaluate_all(ltr), selector
        assert await page.locator(selector).count() > 0, selector


async def test_the_switch_keeps_page_and_wishes_and_names_each_language_in_itself(open_page: OpenPage) -> None:
    """Fails when whoever changes language has to search again, or "Svenska" is read out as English."""
    page = await open_page()
    await page.goto("/en/?kind=language_cafe&where=kista")
    await page.locator(".languages summary").click()
    links = page.locator(".languages a")
    assert await links.evaluate_all("found => found.map((it) => [it.textContent, it.lang, it.hreflang, it.dir])") == [
        ["Svenska", "sv", "sv", "ltr"],
        ["English", "en", "en", "ltr"],
    ]

    await page.get_by_role("link", name="Svenska").click()

    assert page.url.endswith("/sv/?kind=language_cafe&where=kista")
    await expect(page.locator("html")).to_have_attribute("lang", "sv")
    await expect(page.locator("h1")).to_have_text("Språkcafé på Kista bibliotek")
