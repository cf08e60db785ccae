"""Every page and state: WCAG 2.2 AA by axe, small screens, wide spacing, big targets, titles; keyboard and contrast.

Each state is visited twice, on a phone in the light and on a large screen in the dark, and all is looked at then.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.inspection import SMALLEST, Noise, Seen, inspect, violations
from tests.browser.states import LONGEST, Walk
from tests.browser.steps import submit
from tests.browser.world import World
from tests.support.installation import Installation

pytestmark = pytest.mark.timeout(600)  # the first test waits for the installation and walks through everything


class Look(NamedTuple):
    """How a page is shown, and by whom it is booked."""

    width: int
    scheme: Literal["light", "dark"]
    language: str
    phone: str


LOOKS = {
    "phone, light, Swedish": Look(width=360, scheme="light", language="sv", phone="070-174 06 40"),
    "large, dark, English": Look(width=1280, scheme="dark", language="en", phone="070-174 06 41"),
}
STATES = 99

Walks = Mapping[str, Mapping[str, Seen]]


@pytest.fixture(scope="module")
async def noise() -> list[str]:
    """What was heard on the walks."""
    return []


@pytest.fixture(scope="module")
async def walks(plats: Installation, chromium: Browser, there: World, noise: list[str]) -> Walks:
    """Every state in every look, inspected."""
    seen: dict[str, dict[str, Seen]] = {}
    for name, look in LOOKS.items():
        context = await chromium.new_context(
            base_url=plats.url("web"), viewport={"width": look.width, "height": 760}, color_scheme=look.scheme
        )
        context.set_default_timeout(20_000)
        page = await context.new_page()
        heard = Noise.of(page)
        walk = Walk(page=page, there=there, language=look.language, phone=look.phone)
        seen[name] = {state: await inspect(page) async for state in walk.states()}
        noise += heard.heard
        await context.close()
    return seen


def found(walks: Walks, what: str) -> dict[str, object]:
    """What was found, and in which states."""
    return {
        f"{look}: {name}": getattr(seen, what)
        for look, states in walks.items()
        for name, seen in states.items()
        if getattr(seen, what)
    }


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_on_any_page(walks: Walks, look: str) -> None:
    """Fails when a field loses its label, a link its contrast or a page its heading. Prints the table with ``-s``."""
    print(f"\n{look}: violations of WCAG 2.2 AA and of good practice")  # noqa: T201 - the table is asked for
    for name, seen in walks[look].items():
        print(f"  {len(seen.violations):3}  {name}")  # noqa: T201 - as above

    assert len(walks[look]) == STATES
    assert {name: seen.violations for name, seen in walks[look].items() if seen.violations} == {}


async def test_nothing_scrolls_sideways_at_400_percent(walks: Walks) -> None:
    """Fails when something is wider than 320 px, or becomes so with the spacing of WCAG 1.4.12."""
    assert {
        f"{look}: {name}": (seen.sideways, seen.sideways_spaced)
        for look, states in walks.items()
        for name, seen in states.items()
        if max(seen.sideways, seen.sideways_spaced) > SMALLEST
    } == {}


async def test_wide_spacing_cuts_off_no_text(walks: Walks) -> None:
    """Fails when a button, card or ticket has a fixed height, or a line that may not break."""
    assert found(walks, "clipped") == {}


async def test_what_one_taps_is_48_pixels_high(walks: Walks) -> None:
    """WCAG asks for 24. Fails when a link that stands alone is only as high as its text."""
    assert found(walks, "small_targets") == {}


async def test_titles_say_where_one_is_and_whether_something_is_wrong(walks: Walks) -> None:
    """Fails when two pages have the same title, or a fault is not in the title."""
    for look, states in walks.items():
        fault = "Fel: " if "Swedish" in look else "Error: "
        pages = defaultdict(set)
        for name, seen in states.items():
            pages[seen.title].add(name.partition(":")[0])
        assert [names for names in pages.values() if len(names) > 1] == [], look
        assert [name for name, seen in states.items() if seen.title.startswith(fault) != seen.faulty] == []
        assert all(seen.title.endswith(" – Plats") for seen in states.values())


async def test_no_page_asks_another_host_or_complains_to_the_console(walks: Walks, noise: list[str]) -> None:
    """Fails when a page loads a font from elsewhere, misses a file, or has a style its security policy forbids."""
    assert walks
    assert noise == []


_FOCUS = """
() => {
  const it = document.activeElement;
  const shown = [getComputedStyle(it), getComputedStyle(it, "::after"), getComputedStyle(it.closest(".choice") ?? it)];
  const box = it.getBoundingClientRect();
  return {
    what: it.id || it.textContent.trim().replace(/\\s+/g, " "),
    inside: it.closest("header, main, footer")?.tagName ?? "",
    outlined: shown.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}
"""


async def stops(page: Page) -> AsyncIterator[tuple[str, str]]:
    """Tab through the page to its end: where the focus is, each time seen with an outline."""
    while True:
        await page.keyboard.press("Tab")
        stop = await page.evaluate(_FOCUS)
        if not stop["inside"] and stop["what"] != await page.locator(".skip").text_content():
            return
        assert stop["outlined"], stop
        assert stop["seen"], stop
        yield stop["inside"], stop["what"]


async def test_the_keyboard_goes_through_the_list_from_top_to_bottom(open_page: OpenPage) -> None:
    """Fails when an outline is taken away, or the order on screen is not that of the page."""
    page = await open_page()
    await page.goto("/sv/?kind=language_cafe&where=kista")

    order = [stop async for stop in stops(page)]

    places = [place for place, _ in order]
    assert places == sorted(places, key=["", "HEADER", "MAIN", "FOOTER"].index)
    assert [what for _, what in order][:5] == [
        "Hoppa till innehållet",
        "Plats",
        "Min bokning",
        "Språk Language",
        "Sök och filtrera (1)",
    ]
    cards = await page.locator(".card a").count()
    assert sum(what.startswith("s-") for place, what in order if place == "MAIN") == cards > 0


async def test_everything_is_booked_with_the_keyboard_alone(open_page: OpenPage, there: World) -> None:
    """Fails when a question cannot be reached, answered or sent by keys."""
    page = await open_page(width=1280)
    await page.goto(f"/sv/sessions/{there.open}")
    for stop, answer in (("Boka plats", ""), ("adults", ""), ("name", "Sara")):
        await _type(page, stop, answer)
    await _tab_to(page, "by")
    await page.keyboard.press("ArrowUp")
    assert await page.evaluate("document.activeElement.id") == "by-none"
    await _enter(page)

    assert page.url.endswith("/sv/booked")


async def test_one_queues_is_offered_a_seat_and_takes_it_with_the_keyboard_alone(
    open_page: OpenPage, there: World
) -> None:
    """Fails when a button of the queue, or the answer to an offer, cannot be reached or pressed by keys."""
    page = await open_page()
    session = await there.session()
    guest = await there.take_a_seat(session)
    await page.goto(f"/sv/sessions/{session}")
    for stop, answer in (("Ställ dig i kö", ""), ("adults", ""), ("name", "Sara"), ("phone", "070-174 06 47")):
        await _type(page, stop, answer)
    await expect(page.get_by_role("heading", name="Du står i kö!")).to_be_visible()
    await there.answers(guest, "cancel")
    await page.goto("/sv/my-booking")

    await _type(page, "Ja tack", "")

    await expect(page.get_by_role("status")).to_have_text("Tack! Nu har du en plats.")


async def _type(page: Page, stop: str, answer: str) -> None:
    """Go to a field or button by keys, type what there is to type, and press Enter."""
    await _tab_to(page, stop)
    await page.keyboard.type(answer)
    await _enter(page)


async def _enter(page: Page) -> None:
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def _tab_to(page: Page, wanted: str) -> None:
    async for _, what in stops(page):
        if what == wanted:
            return
    raise AssertionError(f"the keyboard never comes to {wanted}")


async def test_the_first_stop_of_the_keyboard_skips_to_the_content(open_page: OpenPage) -> None:
    page = await open_page()
    await page.goto("/sv/")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.matches('.skip')")

    await page.keyboard.press("Enter")

    assert await page.evaluate("document.activeElement.id") == "content"


async def test_what_is_folded_opens_by_enter(open_page: OpenPage) -> None:
    """Without scripts. Fails when a disclosure is no native one."""
    page = await open_page()
    await page.goto("/sv/")
    for disclosure, inside in ((".languages", ".languages a"), (".opener.on-phones", "#where")):
        await page.locator(f"{disclosure} summary").focus()
        assert not await page.locator(inside).first.is_visible()
        await page.keyboard.press("Enter")
        assert await page.locator(inside).first.is_visible()


async def test_high_contrast_keeps_what_one_presses_and_chooses(open_page: OpenPage, there: World) -> None:
    """Colours of the system only. Fails when a button or card is made of its background alone."""
    page = await open_page(java_script_enabled=True, forced_colors="active", reduced_motion="reduce")
    for address in ("", f"sessions/{there.open}", f"sessions/{there.open}/book", "branches/kista"):
        await page.goto(f"/sv/{address}")
        bare = await page.locator(".ds-button:visible, .chip:visible, .card:visible, .ds-input:visible").evaluate_all(
            "found => found.filter((it) => parseFloat(getComputedStyle(it).borderTopWidth) < 1)"
            ".map((it) => it.outerHTML.slice(0, 80))"
        )
        assert (address, bare, await violations(page)) == (address, [], [])


async def test_nothing_moves_for_whoever_asked_for_that(open_page: OpenPage) -> None:
    """Fails when what scripts change on a page fades in all the same."""
    page = await open_page(java_script_enabled=True, reduced_motion="reduce")
    await page.goto("/sv/")
    live = page.locator("[data-live]").first

    await live.evaluate("it => it.classList.add('changed')")

    assert await live.evaluate("it => it.getAnimations({subtree: true}).length") == 0


async def test_without_styles_the_page_is_read_in_order(open_page: OpenPage, there: World) -> None:
    """Fails when only the style sheet puts things in their order, or hides what is meant for nobody."""
    page = await open_page()
    await page.route("**/*.css", lambda route: route.abort())
    await page.goto(f"/sv/sessions/{there.open}")

    text = await page.locator("main").inner_text()

    wanted = [
        "Till programmet",
        "Språkcafé",
        "Kista bibliotek",
        "platser kvar",
        "Boka plats",
        "För vem",
        "08-465 004 00",
    ]
    assert [text.index(one) for one in wanted] == sorted(text.index(one) for one in wanted)


async def test_the_receipt_prints_on_one_slip(open_page: OpenPage, there: World, tmp_path: Path) -> None:
    """Of A6. Fails when the longest name, or anything else, makes it two."""
    page = await open_page()
    await page.goto(f"/sv/sessions/{there.open}/book")
    await submit(page)
    await page.fill("#name", LONGEST)
    await submit(page)
    await page.fill("#phone", "070-174 06 44")
    await submit(page)
    await page.locator(".slip").wait_for()

    paper = (await page.pdf(path=tmp_path / "slip.pdf", prefer_css_page_size=True)).decode("latin-1")

    assert "/Count 1" in paper
    assert "/MediaBox [0 0 298" in paper
