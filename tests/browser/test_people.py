"""The list of a session in a real browser: ticked off with a thumb, kept true, hidden until opened, and on paper."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.inspection import inspect
from tests.browser.staff import SARA, Colleague, colleague
from tests.support.installation import Installation

__all__ = ["colleague"]

Session = dict[str, Any]

WIDTHS = (360, 1280)
REACH = {"by": "sms", "phone": "070-174 06 05"}
NATIONAL = "070-174 06 05"


async def book(plats: Installation, session: Session, name: str, **more: object) -> None:
    """Somebody is booked at another desk."""
    headers = await plats.token("--role", "staff", "--branch", "kista")
    body = {"session_id": session["id"], "name": name, "reach": {"by": "none"}, "party": {"adults": 1}} | more
    async with plats.http.post(f"{plats.url('booking')}/v1/desk/bookings", json=body, headers=headers) as answer:
        assert answer.status == 201, await answer.text()


@pytest.fixture
async def session(plats: Installation) -> Session:
    """What begins at Kista soon, with two who come."""
    starts = datetime.now(UTC) + timedelta(minutes=20)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(minutes=60)).isoformat()}
    made = await plats.session(capacity={"seats": 4, "queue": 2}, **times)
    await book(plats, made, "Sara", reach=REACH, language="so")
    await book(plats, made, "Amir Haddad-Lindström", party={"adults": 1, "children": 1})
    return made


async def tap(page: Page, who: str, what: str) -> None:
    """Tap on a button in somebody's row."""
    await page.get_by_role("row", name=who).get_by_role("button", name=what).first.click()
    await page.wait_for_load_state()


async def test_one_tap_and_one_back_and_who_watches_sees_it_within_a_second(
    colleague: Colleague, session: Session
) -> None:
    path = f"/sv/staff/sessions/{session['id']}/people"
    thumb, watching = await colleague(SARA, path, width=360), await colleague(SARA, path)
    tally = watching.locator(".tally")
    await expect(tally).to_contain_text("0 är här")
    await watching.wait_for_timeout(1500)  # until the page listens
    await tap(thumb, "Sara", "Här")
    await expect(tally).to_contain_text("1 är här", timeout=1000)
    await expect(thumb.get_by_role("row", name="Sara")).to_contain_text("Ångra")
    await tap(thumb, "Sara", "Ångra")
    await expect(tally).to_contain_text("0 är här", timeout=1000)


async def test_a_number_is_on_the_screen_only_after_somebody_opened_it(colleague: Colleague, session: Session) -> None:
    page = await colleague(SARA, f"/sv/staff/sessions/{session['id']}/people", java_script_enabled=False)
    assert NATIONAL not in await page.content()
    await tap(page, "Sara", "Visa")
    await expect(page.get_by_role("link", name=NATIONAL)).to_be_visible()


async def test_the_list_prints_on_one_page_of_a4(colleague: Colleague, session: Session, tmp_path: Path) -> None:
    page = await colleague(SARA, f"/sv/staff/print/sessions/{session['id']}")
    await page.get_by_role("button", name="Ta med nummer och adresser").click()
    await expect(page.locator(".paper-list")).to_contain_text(NATIONAL)
    paper = await page.pdf(path=tmp_path / "list.pdf", prefer_css_page_size=True)
    assert b"/Count 1" in paper
    assert b"/MediaBox [0 0 594" in paper
    await page.emulate_media(media="print")
    assert not await page.locator(".staff-top, .paper-tools button").first.is_visible()


async def test_every_state_of_the_list_is_well_made(colleague: Colleague, session: Session) -> None:
    """On a phone and at the desk: axe finds nothing, nothing is wider than the screen, thumbs find what they tap."""
    for width in WIDTHS:
        page = await colleague(SARA, f"/sv/staff/sessions/{session['id']}/people", width=width)
        found = {state: await inspect(page) async for state in _states(page, session)}
        assert {state: seen.violations for state, seen in found.items() if seen.violations} == {}
        assert {state: seen.small_targets for state, seen in found.items() if seen.small_targets} == {}
        assert {state: seen.sideways for state, seen in found.items() if seen.sideways > 320} == {}
        assert {state: seen.clipped for state, seen in found.items() if seen.clipped} == {}


async def _states(page: Page, session: Session) -> AsyncIterator[str]:
    """Go from page to page of the session, and from state to state."""
    of_session = f"/sv/staff/sessions/{session['id']}"
    yield "list"
    await tap(page, "Sara", "Visa")
    yield "opened"
    await page.goto(f"{of_session}/people")
    await tap(page, "Sara", "Här")
    yield "marked"
    await tap(page, "Sara", "Ångra")
    await page.get_by_role("row", name="Sara").get_by_role("link", name="Rätta").click()
    await page.locator("#phone").fill("08-1")
    await page.get_by_role("button", name="Spara").click()
    await page.locator(".faults").wait_for()
    yield "reach"
    for path in ("close", "announce", "announce?what=lift_broken", "certificates"):
        await page.goto(f"{of_session}/{path}")
        yield path
    for path in (f"print/sessions/{session['id']}", "print/day", "calls?branch=kista"):
        await page.goto(f"/sv/staff/{path}")
        yield path
