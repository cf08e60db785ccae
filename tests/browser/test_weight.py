"""What the pages weigh over the wire, and what scripts add to them."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.states import World
from tests.support.installation import Installation
from tests.support.servers import eventually

pytestmark = pytest.mark.timeout(300)  # the first test waits for the installation

FIRST_VISIT = 100_000
LATER = 25_000


class Scales:
    """Weighs what a page fetches: bytes as they come, with headers, compressed."""

    def __init__(self) -> None:
        self._bytes = 0

    @classmethod
    async def under(cls, page: Page) -> "Scales":
        """Put them under a page that has not been anywhere."""
        scales = cls()
        session = await page.context.new_cdp_session(page)
        session.on("Network.loadingFinished", lambda event: scales.add(int(event["encodedDataLength"])))
        await session.send("Network.enable")
        return scales

    def add(self, number: int) -> None:
        """Bytes that came."""
        self._bytes += number

    def read(self) -> int:
        """What came since the last reading."""
        found, self._bytes = self._bytes, 0
        return found


async def test_pages_are_light(open_page: OpenPage, there: World) -> None:
    """Fails when a font is not subset, compression is lost, or what was fetched is not kept. Prints with ``-s``."""
    page = await open_page(java_script_enabled=True)
    scales = await Scales.under(page)
    weights: dict[str, int] = {}
    for address in (
        "",
        "?kind=language_cafe",
        f"sessions/{there.open}",
        f"sessions/{there.full}",
        f"sessions/{there.open}/book",
        "branches",
        "branches/kista",
        "my-booking",
        "about/privacy",
        "",
    ):
        await page.goto(f"/sv/{address}", wait_until="networkidle")
        weights[address if weights else "first visit"] = scales.read()
    for address, weight in weights.items():
        print(f"  {weight / 1000:6.1f} kB  /sv/{address}")  # noqa: T201 - the table is asked for

    assert weights.pop("first visit") <= FIRST_VISIT
    assert {address: weight for address, weight in weights.items() if weight > LATER} == {}


async def test_free_places_stay_true_while_one_looks(plats: Installation, open_page: OpenPage, there: World) -> None:
    """Without loading again. Fails when the script does not find its place on the page, or asks for nothing."""
    page = await open_page(java_script_enabled=True)
    await page.clock.install()
    await page.goto(f"/sv/sessions/{there.open}")
    free = page.locator(".ticket [data-live]")
    before = (await plats.shown(there.open))["seats"]["left"]
    await expect(free).to_have_text(f"{before} platser kvar")
    await there.take_a_seat(there.open)

    async def told() -> bool:
        return bool((await plats.shown(there.open))["seats"]["left"] == before - 1)

    await eventually(told, within=30)
    await page.clock.fast_forward(30_000)

    await expect(free).to_have_text(f"{before - 1} platser kvar", timeout=30_000)
