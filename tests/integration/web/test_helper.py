"""Whether somebody helps the visitor, and what they can do where nobody does, on the page of their booking."""

from uuid import UUID

import pytest

from tests.integration.booking.test_helping import accepted, staffing, uncovered
from tests.integration.catalog.conftest import soon
from tests.integration.web.house import House
from tests.support.pages import Browser

MINE = "/sv/my-booking"
SOUGHT = "Vi letar efter någon som kan hjälpa dig."
FOUND = "Det är klart vem som hjälper dig."
NOBODY = "Hej Sara! Tyvärr har vi ingen som kan hjälpa dig den här tiden."


async def booked(house: House, browser: Browser, activity: str, reach: dict[str, str]) -> dict[str, str]:
    """Sara has a slot of coaching; gives her booking, as events name it."""
    session = await house.session(activity_id=activity, capacity=3)
    page = f"/sv/sessions/{session}/book"
    await browser.post(f"{page}/answers/topic", {"answer-topic": "bankid"})
    await browser.post(f"{page}/answers/help_language", {"answer-help_language": "ar"})
    await browser.post(f"{page}/name", {"name": "Sara"})
    assert (await browser.post(f"{page}/reach", reach)).location == "/sv/booked"
    row = await house.booking.row("SELECT id FROM booking WHERE session_id = $1", UUID(session))
    return {"id": str(row["id"]), "session_id": session}


@pytest.mark.parametrize(
    ("reach", "when"),
    [
        ({"by": "sms", "phone": "070-174 06 58"}, "Du får ett meddelande när vi vet."),
        ({"by": "none"}, "Titta här igen om en stund."),
    ],
)
async def test_it_says_whether_somebody_is_sought_or_found_and_nobodys_name(
    house: House, browser: Browser, reach: dict[str, str], when: str
) -> None:
    """Fails when a visitor has to guess, or somebody is promised a message who gets none."""
    made = await booked(house, browser, await house.catalog.activity("digital_coaching"), reach)
    seeks = await browser.get(MINE)
    assert f"{SOUGHT} {when}" in seeks.text
    assert "Välkommen, Sara! Du har en plats." in seeks.text

    await house.booking.hear(accepted(made))
    found = await browser.get(MINE)
    assert FOUND in found.text
    assert SOUGHT not in found.text


async def test_where_nobody_can_the_next_times_stand_there_and_one_can_change_to_them(
    house: House, browser: Browser
) -> None:
    activity = await house.catalog.activity("digital_coaching")
    made = await booked(house, browser, activity, {"by": "none"})
    others = [
        await house.session(activity_id=activity, capacity=3, starts_at=soon(days).isoformat()) for days in (9, 7, 8, 6)
    ]
    for session, helpers in zip(others, (1, 1, 1, 0), strict=True):
        await house.booking.hear(staffing(UUID(session), helpers, 1))
    await house.booking.hear(uncovered(made))
    await house.settle()

    page = await browser.get(MINE)
    assert NOBODY in page.text
    assert "Du har en plats" not in page.text
    assert "Vill du komma en annan tid?" in page.text
    late, early, middle, _ = others
    offered = [f"{MINE}/move/{session}" for session in (early, middle, late)]
    found = [address for address in offered if address in page.source]
    assert found == offered
    assert f"{MINE}/move/{others[3]}" not in page.source, "nobody is on duty then"

    moved = await browser.post(f"{MINE}/move/{early}", {})
    assert moved.location == f"{MINE}?moved=1"
    assert SOUGHT in (await browser.get(MINE)).text


async def test_where_no_time_is_left_it_says_whom_to_ring(house: House, browser: Browser) -> None:
    made = await booked(house, browser, await house.catalog.activity("digital_coaching"), {"by": "none"})
    await house.booking.hear(uncovered(made))
    page = await browser.get(MINE)
    assert NOBODY in page.text
    assert "Just nu finns ingen annan tid" in page.text
    assert "Ring gärna biblioteket" in page.text
    assert 'href="tel:' in page.source


async def test_where_visitors_have_no_helper_of_their_own_nothing_is_said(house: House, browser: Browser) -> None:
    session = await house.session()
    sara = {"adults": "1", "children": "0", "name": "Sara", "by": "none"}
    assert (await browser.book(session, sara)).location == "/sv/booked"
    page = await browser.get(MINE)
    assert "hjälp" not in page.text.lower()


async def test_where_nobody_is_on_duty_yet_it_is_not_called_full(house: House, browser: Browser) -> None:
    """Fails when people believe that others have taken what never was."""
    session = await house.session("digital_coaching", capacity=3)
    await house.booking.hear(staffing(UUID(session), 0, 1))
    await house.settle()
    listed = await browser.get("/sv/?kind=digital_coaching")
    page = await browser.get(f"/sv/sessions/{session}")
    assert "Inga tider än" in listed.text
    assert "Inga tider än Det är inte klart vilka som kan hjälpa till" in page.text
    assert "Fullt" not in listed.text + page.text + page.title

    await house.booking.hear(staffing(UUID(session), 1, 2))
    await house.settle()
    assert "1 tid kvar" in (await browser.get("/sv/?kind=digital_coaching")).text
