"""The week of a library on paper, and what search engines read, in a real browser."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.browser.conftest import OpenPage
from tests.browser.inspection import Noise
from tests.support.installation import Installation

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TWO_METRES_AWAY = 24
"""CSS pixels: 18 pt, whose capitals are 4.5 mm high, a four-hundredth of the distance and more."""


async def test_a_week_is_one_a4_that_is_read_from_two_metres(open_page: OpenPage, plats: Installation) -> None:
    """Fails when it takes two pages, is of another size, has small letters or shows what only a screen needs."""
    starts_at = datetime.now(STOCKHOLM).replace(microsecond=0) + timedelta(days=7)
    ends_at = starts_at + timedelta(hours=1)
    await plats.session(branch_id="sture", starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat())
    page = await open_page()
    await page.goto(f"/sv/branches/sture/week/{starts_at.date()}")
    assert await page.get_by_role("link", name="Veckan efter").is_visible()

    paper = (await page.pdf(prefer_css_page_size=True)).decode("latin-1")
    await page.emulate_media(media="print")
    sizes = "all => all.map(it => parseFloat(getComputedStyle(it).fontSize))"
    letters = await page.locator("h3, .at").evaluate_all(sizes)

    assert "/Count 1\n" in paper
    assert "/MediaBox [0 0 594.95996 841.91998]" in paper
    assert len(letters) >= 2
    assert min(letters) >= TWO_METRES_AWAY
    assert await page.get_by_role("link").count() == 0


async def test_the_data_for_search_engines_is_no_script_to_a_browser(open_page: OpenPage, plats: Installation) -> None:
    """Fails when the page's Content-Security-Policy takes it for one and complains."""
    made = await plats.session()
    page = await open_page(java_script_enabled=True)
    noise = Noise.of(page)

    await page.goto(f"/en/sessions/{made['id']}", wait_until="networkidle")

    told = json.loads(await page.locator('script[type="application/ld+json"]').text_content() or "")
    assert told["@type"] == "Event"
    assert noise.heard == []
