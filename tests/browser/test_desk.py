"""The desk in a real browser: booked by keyboard alone with its slip as PDF, counted with a thumb, kept true."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.inspection import Noise, inspect
from tests.browser.staff import SARA, Colleague, colleague
from tests.support.installation import Installation

__all__ = ["colleague"]

Session = dict[str, Any]

DESK = "/sv/staff/desk"
WIDTHS = (360, 1280)
_PRINTED = "window.printed = 0; window.print = () => { window.printed += 1; }"


async def soon(plats: Installation, minutes: int, **values: object) -> Session:
    """A session that begins in some minutes."""
    starts = datetime.now(UTC) + timedelta(minutes=minutes)
    ends = starts + timedelta(minutes=60)
    return await plats.session(starts_at=starts.isoformat(), ends_at=ends.isoformat(), **values)


@pytest.fixture
async def session(plats: Installation) -> Session:
    """What is next at Kista."""
    return await soon(plats, 20)


async def typed(page: Page, *keys: str) -> None:
    """Press keys and type words, as hands do that never leave the keyboard."""
    for key in keys:
        if key.startswith("<"):
            await page.keyboard.press(key.strip("<>"))
        else:
            await page.keyboard.type(key)


async def onto(page: Page, link: Locator) -> None:
    """Go there from field to field. What is a key of its own in a window (Alt+1) no headless browser knows."""
    for _ in range(60):
        if await link.evaluate("it => it === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


async def test_somebody_is_booked_by_keyboard_alone_and_gets_a_slip_of_a6(
    colleague: Colleague, session: Session, tmp_path: Path
) -> None:
    """Fails when a mouse is needed, it takes more than half a minute, or the slip is not one page of A6."""
    page = await colleague(SARA, DESK)
    await page.add_init_script(_PRINTED)
    await expect(page.locator("#name")).to_be_focused()
    began = time.monotonic()
    if not page.url.endswith(session["id"]):
        await onto(page, page.locator(f'.desk-time a[href$="{session["id"]}"]'))
        await typed(page, "<Enter>")
        await page.wait_for_url(f"**/{session['id']}")
    await expect(page.locator("#name")).to_be_focused()
    await typed(page, "Zahra", "<Tab>", "<Tab>", "eng", "<Tab>", "<Enter>")
    await page.wait_for_url("**/slips/**")
    await expect(page.get_by_role("button", name="Skriv ut lappen")).to_be_focused()
    await typed(page, "<Enter>")
    assert await page.evaluate("window.printed") == 1
    assert time.monotonic() - began < 30
    slip = page.locator(".slip")
    await expect(slip).to_contain_text("Your code")
    paper = await page.pdf(path=tmp_path / "slip.pdf", prefer_css_page_size=True)
    assert b"/Count 1" in paper
    assert b"/MediaBox [0 0 298" in paper
    await typed(page, "<Tab>", "<Enter>")
    await page.wait_for_url(f"**/desk/sessions/{session['id']}")
    await expect(page.locator("#name")).to_be_focused()


async def test_quick_taps_are_all_counted_and_what_was_typed_stays(colleague: Colleague, session: Session) -> None:
    """Fails when a tap is lost, or brings a new page in the middle of somebody's name."""
    page = await colleague(SARA, f"{DESK}/sessions/{session['id']}", width=360)
    await page.fill("#name", "Zah")
    more = page.locator(f"#more-adult-{session['id']}")
    for _ in range(4):
        await more.click()
    await expect(more).to_contain_text("4")
    await expect(page.locator("#name")).to_have_value("Zah")
    await page.locator(f"#less-adult-{session['id']}").click()
    await expect(more).to_contain_text("3")


async def test_a_desk_that_stands_open_hears_of_a_seat_taken_elsewhere(
    plats: Installation, colleague: Colleague, session: Session
) -> None:
    page = await colleague(SARA, f"{DESK}/sessions/{session['id']}")
    seats = page.locator(".desk-chosen .desk-seats")
    before = await seats.inner_text()
    await page.wait_for_timeout(1500)  # until the page listens
    headers = await plats.token("--role", "staff", "--branch", "kista")
    body = {"session_id": session["id"], "name": "Bo", "reach": {"by": "none"}, "party": {"adults": 1}}
    async with plats.http.post(f"{plats.url('booking')}/v1/desk/bookings", json=body, headers=headers) as answer:
        assert answer.status == 201
    await expect(seats).not_to_have_text(before, timeout=1000)


async def test_every_state_of_the_desk_is_well_made(
    plats: Installation, colleague: Colleague, session: Session
) -> None:
    """On a phone and at the desk: axe finds nothing, nothing is wider than the screen, thumbs find what they tap."""
    full = await soon(plats, 30, capacity={"seats": 1, "queue": 2})
    for width in WIDTHS:
        page = await colleague(SARA, f"{DESK}/sessions/{session['id']}", width=width)
        noise = Noise.of(page)
        found = {state: await inspect(page) async for state in _states(page, full)}
        assert {state: seen.violations for state, seen in found.items() if seen.violations} == {}
        assert {state: seen.small_targets for state, seen in found.items() if seen.small_targets} == {}
        assert {state: seen.sideways for state, seen in found.items() if seen.sideways > 320} == {}
        assert noise.heard == []


async def _states(page: Page, full: Session) -> AsyncIterator[str]:
    """Go from state to state of the desk."""
    yield "desk"
    await page.get_by_text("Nås på annat sätt").click()
    await page.fill("#name", "7")
    await page.press("#name", "Enter")
    await page.locator(".faults").wait_for()
    yield "faults"
    await page.goto(f"{DESK}/sessions/{full['id']}")
    await page.fill("#name", "Zahra")
    await page.press("#name", "Enter")
    await page.wait_for_url("**/slips/**")
    yield "slip"
    mine = page.url.replace("/slips/", "/bookings/").partition("?")[0]
    await page.get_by_role("link", name="Nästa person").click()
    await page.fill("#name", "Amir")
    await page.press("#name", "Enter")
    await page.get_by_role("heading", name="Det är fullt").wait_for()
    yield "full"
    await page.goto(mine)
    await page.get_by_role("button", name="Är här").click()
    await page.locator(".notice").wait_for()
    yield "here"
    await page.get_by_role("button", name="Ångra").click()
    await page.get_by_role("link", name="Byt tid").click()
    yield "another time"
    await page.goto(f"{mine}/cancel")
    yield "before it is cancelled"
    await page.get_by_role("button", name="Ja, avboka").click()
    yield "cancelled"
    await page.goto(f"{DESK}/search")
    await page.fill("#q", "zahra")
    await page.press("#q", "Enter")
    yield "found"
    await page.goto(f"{DESK}/tickets")
    for button in ("Ny nummerlapp", "Ropa upp nästa", "Klar"):
        await page.get_by_role("button", name=button).first.click()
        await page.wait_for_timeout(300)
    await page.get_by_role("button", name="Ny nummerlapp").click()
    await page.locator(".desk-drawn").wait_for()
    yield "numbers"
