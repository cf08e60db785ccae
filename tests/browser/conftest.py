"""A real browser on the pages of a running Plats."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.world import World, world
from tests.support.installation import Installation

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The Chromium that ``./plats test`` set up, or the system's."""
    found = os.environ.get("PLATS_TEST_CHROMIUM") or shutil.which("chromium")
    assert found, "the browser tests need the package chromium: ./plats test brings it"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found)
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(chromium: Browser, plats: Installation) -> AsyncIterator[OpenPage]:
    """Opens a page as a new visitor: on a phone 360 px wide with scripts off, unless the options say otherwise."""
    contexts: list[BrowserContext] = []

    async def opened(*, width: int = 360, **options: Any) -> Page:  # noqa: ANN401 - playwright's own options
        usual: dict[str, Any] = {
            "base_url": plats.url("web"),
            "viewport": {"width": width, "height": 760},
            "locale": "sv-SE",
            "java_script_enabled": False,
        }
        context = await chromium.new_context(**(usual | options))
        context.set_default_timeout(10_000)
        contexts.append(context)
        return await context.new_page()

    yield opened
    for context in contexts:
        await context.close()


@pytest.fixture
async def phone(open_page: OpenPage) -> Page:
    """A visitor's phone."""
    return await open_page()


@pytest.fixture(scope="module")
async def there(plats: Installation) -> AsyncIterator[World]:
    """A session for each thing that can be said of one."""
    async with world(plats) as made:
        yield made
