"""Figures in a real browser: a chart that needs no script, on a phone and at the desk."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.browser.inspection import Noise, inspect
from tests.browser.staff import SARA, Colleague, colleague
from tests.support.installation import Installation

__all__ = ["colleague"]

FIGURES = "/sv/staff/figures"
_MOVED = "UPDATE session SET starts_at = starts_at - $2::interval, ends_at = ends_at - $2::interval WHERE id = $1"


async def over(plats: Installation, weeks: int, adults: int | None) -> str:
    """A session at Kista that was some weeks ago; closed, unless it is not said how many came."""
    session = str((await plats.session())["id"])
    await _move(plats, session, weeks + 1)
    if adults is None:
        return session
    said: dict[str, object] = {
        "held": True,
        "adults": adults,
        "children": 0,
        "staff_involved": True,
        "closed_group": False,
    }
    said |= {"organiser": "library", "place": "branch"}
    headers = await plats.token("--role", "staff", "--branch", "kista")
    url = f"{plats.url('booking')}/v1/sessions/{session}/close"
    async with plats.http.post(url, json=said, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
    return session


async def _move(plats: Installation, session: str, weeks: int) -> None:
    """As booking sees it, a session was so many weeks earlier."""
    async with plats.database("booking") as conn:
        await conn.execute(_MOVED, session, timedelta(weeks=weeks))


@pytest.fixture
async def figures(plats: Installation) -> AsyncIterator[str]:
    """Where the figures of the last weeks are: some that can be told of, some that cannot, one not closed yet."""
    adults = {1: None, 2: 17, 3: 3, 4: 12, 5: 9}
    made = {weeks: await over(plats, weeks, some) for weeks, some in adults.items()}
    today = datetime.now(UTC).date()
    yield f"{FIGURES}?first={today - timedelta(weeks=8)}&last={today}"
    for weeks, session in made.items():
        await _move(plats, session, -weeks - 1)  # and again when they were said to be, for the doctor


async def test_every_state_of_the_figures_is_well_made(colleague: Colleague, figures: str) -> None:
    """On a phone and at the desk: axe finds nothing, nothing is wider than the screen, thumbs find what they tap."""
    for width in (360, 1280):
        page = await colleague(SARA, FIGURES, width=width)
        await page.wait_for_load_state("networkidle")  # or what it still loads is given up as one goes on
        noise = Noise.of(page)
        found = {state: await inspect(page) async for state in _states(page, figures)}
        assert {state: seen.violations for state, seen in found.items() if seen.violations} == {}
        assert {state: seen.small_targets for state, seen in found.items() if seen.small_targets} == {}
        assert {state: seen.sideways for state, seen in found.items() if seen.sideways > 320} == {}
        assert {state: seen.clipped for state, seen in found.items() if seen.clipped} == {}
        assert noise.heard == []


async def _states(page: Page, figures: str) -> AsyncIterator[str]:
    """Go from state to state of the figures."""
    await page.goto(f"{FIGURES}?first=2001-01-01&last=2001-02-01")
    yield "empty"
    await page.goto(f"{FIGURES}?first=2026-02-01&last=2026-01-01")
    yield "faults"
    await page.goto(figures)
    await expect(page.locator(".columns")).to_be_visible()
    yield "months"
    await page.get_by_role("link", name="Veckor").click()
    yield "weeks"
    await page.get_by_role("link", name="Tillfällen", exact=True).click()
    await expect(page.get_by_role("link", name="Avsluta").first).to_be_visible()
    yield "sessions"


async def test_columns_are_as_high_as_what_they_stand_for(colleague: Colleague, figures: str) -> None:
    """Fails when the drawing does not fill its room, or a column is of another height than its number."""
    page = await colleague(SARA, f"{figures}&by=session", java_script_enabled=False)
    room = await page.locator(".columns").bounding_box()
    assert room
    scales = []
    for column in await page.locator(".columns g:has(rect)").all():
        bar = await column.locator("rect").bounding_box()
        assert bar
        assert room["x"] <= bar["x"] <= bar["x"] + bar["width"] <= room["x"] + room["width"]
        number = (await column.locator("title").text_content() or "").rpartition(" ")[2]
        scales.append(bar["height"] / int(number))
    assert len(scales) > 1
    assert max(scales) == pytest.approx(min(scales), rel=0.05)
