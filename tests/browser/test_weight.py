"""What the pages weigh over the wire, and what scripts add to them."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.world import World
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


async def test_what_one_can_do_stays_true_while_one_looks(
    plats: Installation, open_page: OpenPage, there: World
) -> None:
    """Fails when a button says that one can book what is full, or leads to where one cannot."""
    session = await there.session()
    page = await open_page(java_script_enabled=True)
    await page.clock.install()
    await page.goto(f"/sv/sessions/{session}")
    await there.take_a_seat(session)

    async def told() -> bool:
        return bool((await plats.shown(session))["seats"]["left"] == 0)

    await eventually(told, within=30)
    await page.clock.fast_forward(30_000)

    await expect(page.locator(".ticket [data-live]")).to_have_text("Fullt – kö", timeout=30_000)
    await page.locator(".ticket .ds-button").click()
    assert page.url.endswith(f"/{session}/queue")
    await expect(page.locator(".how-far")).to_contain_text("Du ställer dig i kö.")


async def test_seats_stay_kept_while_one_types_and_only_then(open_page: OpenPage, there: World) -> None:
    """Fails when the script asks without a sign of life, at every key, or does not say what it was told."""
    session = await there.session(capacity=2)
    page = await open_page(java_script_enabled=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/hold") else None)
    await page.clock.install()
    await page.goto(f"/sv/sessions/{session}/book")
    await page.locator("main form button").first.click()
    kept = page.locator("[data-hold]")
    await expect(kept).to_contain_text("Vi håller platsen åt dig till")
    await page.keyboard.type("Sa")
    await page.clock.fast_forward(240_000)
    assert asked == []
    await kept.evaluate("it => { it.textContent = '' }")

    await page.locator("#name").press_sequentially("ra")

    await expect(kept).to_contain_text("Vi håller platsen åt dig till")
    assert len(asked) == 1
