"""Whoever books much is told kindly, and whom to ring."""

from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.inspection import violations
from tests.browser.steps import answer, faults, open_form, submit, text
from tests.support.installation import Installation
from tests.support.samples import booking_body


@pytest.mark.parametrize("width", [360, 1280])
async def test_too_many_bookings_keep_what_was_typed_and_say_whom_to_ring(
    plats: Installation, open_page: OpenPage, width: int
) -> None:
    """Fails when booking's 429 is shown as any other mistake."""
    session = await plats.session()
    reach = {"by": "email", "email": f"{uuid4().hex[:12]}@example.org"}
    for name in ("Sara", "Amir", "Lina"):
        body = booking_body(session["id"], name=name, reach=reach)
        async with plats.http.post(f"{plats.url('booking')}/v1/bookings", json=body) as booked:
            assert booked.status == 201
    page = await open_page(width=width, java_script_enabled=True, bypass_csp=True)
    await open_form(page, session)
    await answer(page, name="Omar")
    await page.check("#by-email")
    await page.fill("#email", reach["email"])
    await submit(page)

    [told] = await faults(page)
    assert told.endswith("Ring biblioteket, så hjälper vi dig, eller försök igen om 24 timmar.")
    await expect(page.locator(".faults")).to_be_focused()
    await expect(page.locator(".note a.phone")).to_have_text("08-465 004 00")
    assert await page.input_value("#email") == reach["email"]
    assert "Omar" in await text(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await violations(page) == []
