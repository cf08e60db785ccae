"""Every page and state of those who help: WCAG 2.2 AA by axe, small screens, wide spacing, titles; and without scripts.

Each is visited twice, with a phone in the light and at a large screen in the dark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.helper_states import HelperWalk
from tests.browser.helpers import Helper
from tests.browser.inspection import SMALLEST, Noise, Seen, inspect
from tests.browser.test_accessibility import LOOKS
from tests.browser.world import World
from tests.support.installation import Installation

pytestmark = pytest.mark.timeout(600)  # the first test waits for the installation and walks through everything

Walks = Mapping[str, Mapping[str, Seen]]

PHONES = {360: "070-174 06 54", 1280: "070-174 06 55"}
HOME = "/sv/volunteer"


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
        walk = HelperWalk(page=page, there=there, language=look.language, phone=PHONES[look.width])
        seen[name] = {state: await inspect(page) async for state in walk.states()}
        noise += [one for one in heard.heard if "Clear-Site-Data" not in one]  # it says that it did as it was told
        await context.close()
    return seen


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_on_any_page_of_those_who_help(walks: Walks, look: str) -> None:
    """Fails when a field loses its label, a button its name or a mark its contrast."""
    assert {name: seen.violations for name, seen in walks[look].items() if seen.violations} == {}


async def test_all_fits_at_400_percent_and_with_wide_spacing(walks: Walks) -> None:
    """Fails when a card or a row is wider than 320 px, or does not hold its text with the spacing of WCAG 1.4.12."""
    assert {
        f"{look}: {name}": (seen.sideways, seen.sideways_spaced, seen.clipped)
        for look, states in walks.items()
        for name, seen in states.items()
        if max(seen.sideways, seen.sideways_spaced) > SMALLEST or seen.clipped
    } == {}


async def test_all_targets_are_big_enough_for_a_thumb(walks: Walks) -> None:
    assert {
        name: seen.small_targets for states in walks.values() for name, seen in states.items() if seen.small_targets
    } == {}


async def test_titles_tell_the_pages_apart_and_faults(walks: Walks) -> None:
    """Fails when two pages have the same title, or a fault is not in the title."""
    for look, states in walks.items():
        fault = "Fel: " if "Swedish" in look else "Error: "
        pages = defaultdict(set)
        for name, seen in states.items():
            pages[seen.title].add(name.partition(":")[0])
        assert [names for names in pages.values() if len(names) > 1] == [], look
        assert [name for name, seen in states.items() if seen.title.startswith(fault) != seen.faulty] == []


async def test_no_page_asks_another_host_or_complains_to_the_console(walks: Walks, noise: list[str]) -> None:
    """Fails when a page has a style that its security policy forbids, or asks for a file that is not there."""
    assert walks
    assert noise == []


async def test_on_an_old_phone_without_scripts_a_visitor_is_helped(there: World, phone: Page) -> None:
    """From the code in a message to the yes with its rules, and to saying how it went."""
    helper = await Helper.made(there, "Amina", "070-174 06 56")
    session = await there.of_kind("digital_coaching")
    await helper.on_duty(session)
    assignment = await helper.has_visitor(session)

    await helper.sign_in(phone, HOME)
    await phone.get_by_role("link", name="Läs och svara").click()
    await expect(phone.get_by_text("Titta bort när besökaren skriver sina koder.")).to_be_visible()
    await expect(phone.locator("main")).not_to_contain_text("Fatima")
    await phone.get_by_role("button", name="JA, jag hjälper till").click()
    await expect(phone.get_by_role("status")).to_contain_text("Nu räknar vi med dig")
    await expect(phone.locator("main")).to_contain_text("Fatima")
    await expect(phone.locator("main")).not_to_contain_text("Noor")
    await phone.get_by_role("button", name="Hitta en ersättare").click()
    await phone.get_by_role("button", name="Ångra").click()
    await expect(phone.get_by_role("status")).to_contain_text("vi letar inte längre")
    await phone.goto(f"{HOME}/assignments/{assignment}")
    await phone.get_by_role("button", name="Logga ut").click()
    await phone.goto(HOME)
    await expect(phone.get_by_role("heading", level=1)).to_have_text("Logga in som volontär")
