"""Colleagues at a browser: signed in at the local identity provider, as everybody is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser.conftest import OpenPage

SARA, AMIR, MARIA, LENA = "Sara Lindqvist", "Amir Haddad", "Maria Ek", "Lena Norén"

Colleague = Callable[..., Awaitable[Page]]


async def sign_in(page: Page, who: str, to: str) -> None:
    """Ask for a page, say who one is, and be there."""
    await page.goto(to)
    await page.get_by_role("button", name=who).click()
    await page.wait_for_url(f"**{to}")


@pytest.fixture
async def colleague(open_page: OpenPage) -> Colleague:
    """Somebody at the desk's computer, or with a phone, at one of staff's pages."""

    async def at(who: str, to: str, *, width: int = 1280, **options: Any) -> Page:  # noqa: ANN401 - playwright's own
        page = await open_page(width=width, **({"java_script_enabled": True} | options))
        await sign_in(page, who, to)
        return page

    return at
