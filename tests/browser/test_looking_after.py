"""What is looked after, in a real browser: what was told, what is stuck and who did what, well made in every state."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page

from shared.events import encode
from tests.browser.inspection import Noise, inspect
from tests.browser.staff import MARIA, Colleague, colleague
from tests.support.backbone import availability
from tests.support.installation import Installation

__all__ = ["colleague"]

STAFF = "/sv/staff"
WIDTHS = (360, 1280)
_BURY = """
    INSERT INTO inbox_failure (id, event_id, type, body, state, attempts, error)
    VALUES (gen_random_uuid(), $1, $2, $3, 'dead', 7, 'CheckViolationError')
"""


@asynccontextmanager
async def buried(plats: Installation, number: int) -> AsyncIterator[None]:
    """Have some events stuck at booking while the block lasts: the doctor would find those that are left."""
    events = [availability() for _ in range(number)]
    async with plats.database("booking") as conn:
        for event in events:
            await conn.execute(_BURY, event.id, event.type, encode(event))
        yield
        await conn.execute("DELETE FROM inbox_failure WHERE event_id = ANY($1)", [event.id for event in events])


async def test_what_looks_after_things_is_well_made(plats: Installation, colleague: Colleague) -> None:
    """On a phone and at a desk: axe finds nothing, nothing is wider than the screen, thumbs find what they tap."""
    session = await plats.session()
    for name in ("Sigrid Ek", "Sigrid Lund"):
        body = {"session_id": session["id"], "name": name, "party": {"adults": 1}, "reach": {"by": "none"}}
        async with plats.http.post(f"{plats.url('booking')}/v1/bookings", json=body) as answer:
            assert answer.status == 201
    for width in WIDTHS:
        async with buried(plats, 2):
            page = await colleague(MARIA, f"{STAFF}/dead", width=width)
            noise = Noise.of(page)
            found = {state: await inspect(page) async for state in _states(page)}
        assert {state: seen.violations for state, seen in found.items() if seen.violations} == {}
        assert {state: seen.small_targets for state, seen in found.items() if seen.small_targets} == {}
        assert {state: seen.sideways for state, seen in found.items() if seen.sideways > 320} == {}
        assert {state: seen.clipped for state, seen in found.items() if seen.clipped} == {}
        assert noise.heard == []


async def _states(page: Page) -> AsyncIterator[str]:
    """Go from room to room, and from state to state of each."""
    yield "stuck"
    await page.get_by_role("button", name="Lägg undan").click()
    await page.locator(".faults").wait_for()
    yield "nothing chosen"
    await page.get_by_role("checkbox").first.check()
    await page.fill("#why", "Felet är rättat.")
    await page.get_by_role("button", name="Lägg undan").click()
    await page.locator(".notice").wait_for()
    yield "put aside"
    await page.get_by_role("link", name="Visa undanlagda").click()
    yield "what was put aside"
    await page.locator("tbody th a").first.click()
    await page.locator(".inside").wait_for()
    yield "one of them"
    await page.goto(f"{STAFF}/audit")
    yield "audit"
    await page.goto(f"{STAFF}/audit?first=1999-12-31&who=maria")
    yield "no such year"
    await page.goto(f"{STAFF}/audit?who=nobody")
    yield "nobody did"
    await page.goto(f"{STAFF}/messages?branch=kista")
    yield "messages"
    await page.fill("#q", "sigrid")
    await page.press("#q", "Enter")
    await page.locator(".found").wait_for()
    yield "which booking"
    await page.locator(".found a").first.click()
    await page.get_by_role("link", name="Sök en annan bokning").wait_for()
    yield "what was told"
