"""A stopwatch: somebody who never saw Plats books on a phone in less than a minute.

The time is that of a keystroke-level model (Card, Moran and Newell), with what was measured since for touch screens.
It does not depend on the machine that runs the test.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.support.installation import Installation

pytestmark = pytest.mark.timeout(300)  # the first test waits for the installation

STOCKHOLM = ZoneInfo("Europe/Stockholm")

KEY = 0.28
"""Seconds for a key of the phone's keyboard."""
TAP = 1.1
"""To point at something and touch it; a swipe is as long."""
THINK = 1.35
"""To make up one's mind on a page."""
READ = 60 / 200
"""For a word: 200 words a minute."""

_ABOVE = """
(it) => {
  const passed = [...document.querySelectorAll(".card")].filter((card) => !card.contains(it));
  const edge = it.getBoundingClientRect().bottom;
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const read = [];
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    const box = around.getBoundingClientRect();
    const text = texts.currentNode.data.trim();
    const seen = around.checkVisibility() && box.width > 1 && box.left < innerWidth && box.top < edge;
    const skipped = around.closest("option, nav, .back") || passed.some((card) => card.contains(around));
    if (text && seen && !skipped) read.push(text);
  }
  return read;
}
"""


class Newcomer:
    """Reads all that is new above what is to be done, ways elsewhere left out, does it, and is timed."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known: set[str] = set()
        self.pages: list[str] = []
        self.words = self.taps = self.keys = self.fields = 0

    @property
    def seconds(self) -> float:
        """How long it took."""
        return len(self.pages) * THINK + self.words * READ + self.taps * TAP + self.keys * KEY

    async def read(self, to: Locator) -> None:
        """Read what was not read before, down to where something is to be done."""
        if not self.pages or self.pages[-1] != self._page.url:
            self.pages.append(self._page.url)
        texts = {text.strip(" ,.·").casefold() for text in await to.evaluate(_ABOVE)} - self._known
        self._known |= texts
        self.words += sum(len(text.split()) for text in texts)

    async def tap(self, what: Locator) -> None:
        """Read down to it, bring it into view and touch it."""
        await self.read(what)
        box = await what.bounding_box()
        assert box
        height = (self._page.viewport_size or {"height": 0})["height"]
        self.taps += 1 + int((box["y"] + box["height"]) // height)
        await what.click()

    async def type(self, field: Locator, text: str) -> None:
        """Fill a field."""
        await self.tap(field)
        self.fields += 1
        self.keys += len(text)
        await self._page.keyboard.type(text)


async def test_who_never_saw_it_books_within_a_minute(plats: Installation, open_page: OpenPage) -> None:
    """From what there is at a library on a day, to the receipt.

    Fails when a page, a question or some sentences come between the list and the receipt. Prints with ``-s``.
    """
    page = await open_page()
    day = datetime.now(STOCKHOLM).date() + timedelta(days=4)
    begins, ends = (datetime.combine(day, at, STOCKHOLM).isoformat() for at in (time(17), time(18, 30)))
    session = await plats.session(branch_id="rinkeby", starts_at=begins, ends_at=ends)
    await page.goto(f"/sv/?kind=language_cafe&when=date&date={day}&where=rinkeby")
    person = Newcomer(page)
    await person.tap(page.locator(f".card a[href$='{session['id']}']"))
    await person.tap(page.get_by_role("link", name="Boka plats"))
    await person.tap(page.get_by_role("button", name="Fortsätt"))
    await person.type(page.locator("#name"), "Sara")
    await person.tap(page.get_by_role("button", name="Fortsätt"))
    await person.type(page.locator("#phone"), "0701740653")
    await person.tap(page.get_by_role("button", name="Boka plats"))
    await expect(page.get_by_role("heading", name="Du är bokad!")).to_be_visible()

    print(  # noqa: T201 - the figures are asked for
        f"\n  {person.seconds:.0f} s: {len(person.pages)} pages, {person.fields} fields, {person.taps} taps,"
        f" {person.keys} keys, {person.words} words"
    )
    after_the_session = len(person.pages) - 2
    assert after_the_session <= 5
    assert person.fields <= 4
    assert person.seconds < 60
