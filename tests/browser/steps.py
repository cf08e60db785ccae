"""What a visitor does on the pages, in words."""

import re
from typing import Any

from playwright.async_api import Page

CODE = re.compile(r"[2-9A-HJ-NP-TV-Z]{3}-[2-9A-HJ-NP-TV-Z]{3}")

Session = dict[str, Any]


async def text(page: Page) -> str:
    """What stands on the page, without header and footer."""
    return await page.locator("main").inner_text()


async def open_form(page: Page, session: Session, language: str = "sv") -> None:
    """Go from a session's page to the first question of a booking: how many come."""
    await page.goto(f"/{language}/sessions/{session['id']}")
    await page.locator(f'a[href$="/{session["id"]}/book"]').first.click()


async def submit(page: Page) -> None:
    """Press the first button of the form in front."""
    await page.locator("main form button").first.click()


async def answer(page: Page, *, name: str = "Sara", adults: int = 1) -> None:
    """Answer the first two questions; the last one, how to be reached, is then in front."""
    await page.fill("#adults", str(adults))
    await submit(page)
    await page.fill("#name", name)
    await submit(page)


async def reach_by(page: Page, phone: str | None) -> None:
    """Answer the last question, by SMS or by nothing, and book."""
    if phone is None:
        await page.check("#by-none")
    else:
        await page.fill("#phone", phone)
    await submit(page)


async def book(page: Page, session: Session, *, name: str = "Sara", phone: str | None, adults: int = 1) -> str:
    """Book by SMS, or without any contact; gives the code shown."""
    await open_form(page, session)
    await answer(page, name=name, adults=adults)
    await reach_by(page, phone)
    return await shown_code(page)


async def shown_code(page: Page) -> str:
    """The code in front."""
    code = (await page.locator(".code").inner_text()).strip()
    assert CODE.fullmatch(code), code
    return code


async def find(page: Page, code: str, proof: str) -> None:
    """Look a booking up."""
    await page.goto("/sv/my-booking")
    await page.fill("#code", code)
    await page.fill("#proof", proof)
    await submit(page)


async def faults(page: Page) -> list[str]:
    """What the summary on top says."""
    return [fault.strip() for fault in await page.locator(".faults li").all_inner_texts()]
