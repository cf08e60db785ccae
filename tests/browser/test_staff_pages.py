"""Every staff page and state: WCAG 2.2 AA by axe, small screens, wide spacing, titles.

Each is visited twice, by an administrator with a phone in the light and at a large screen in the dark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pytest
from playwright.async_api import Browser

from tests.browser.inspection import SMALLEST, Noise, Seen, inspect
from tests.browser.staff import MARIA, sign_in
from tests.browser.staff_states import StaffWalk
from tests.browser.test_accessibility import LOOKS
from tests.browser.world import World
from tests.support.installation import Installation

pytestmark = pytest.mark.timeout(600)  # the first test waits for the installation and walks through everything

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
        await sign_in(page, MARIA, f"/{look.language}/staff/today")
        heard = Noise.of(page)
        walk = StaffWalk(page=page, there=there, language=look.language)
        seen[name] = {state: await inspect(page) async for state in walk.states()}
        # Whoever goes on to another page ends the line on which this one hears what changed.
        noise += [one for one in heard.heard if "/staff/live" not in one.rpartition(" ")[2]]
        await context.close()
    return seen


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_on_any_staff_page(walks: Walks, look: str) -> None:
    """Fails when a table loses its headers, a button its name or a mark its contrast."""
    assert {name: seen.violations for name, seen in walks[look].items() if seen.violations} == {}


async def test_no_staff_page_scrolls_sideways_at_400_percent(walks: Walks) -> None:
    """Fails when a table or a bar is wider than 320 px, or becomes so with the spacing of WCAG 1.4.12."""
    assert {
        f"{look}: {name}": (seen.sideways, seen.sideways_spaced)
        for look, states in walks.items()
        for name, seen in states.items()
        if max(seen.sideways, seen.sideways_spaced) > SMALLEST
    } == {}


async def test_titles_of_staff_pages_tell_them_apart_and_faults(walks: Walks) -> None:
    """Fails when two pages have the same title, or a fault is not in the title."""
    for look, states in walks.items():
        fault = "Fel: " if "Swedish" in look else "Error: "
        ending = " – Plats personal" if "Swedish" in look else " – Plats staff"
        pages = defaultdict(set)
        for name, seen in states.items():
            pages[seen.title].add(name.partition(":")[0])
        assert [names for names in pages.values() if len(names) > 1] == [], look
        assert [name for name, seen in states.items() if seen.title.startswith(fault) != seen.faulty] == []
        assert [name for name, seen in states.items() if not seen.title.endswith(ending)] == []


async def test_no_staff_page_asks_another_host_or_complains_to_the_console(walks: Walks, noise: list[str]) -> None:
    """Fails when a page has a style that its security policy forbids, or asks for a file that is not there."""
    assert walks
    assert noise == []
