"""A partner's coordinator: their own people and hours, and nothing of anybody else's or of visitors."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tests.integration.web.volunteer.house import HOME, Helper, VolunteerHouse

if TYPE_CHECKING:
    from tests.support.pages import Shown

LENA = "070-174 06 09"
PEOPLE, REPORT = f"{HOME}/people", f"{HOME}/report"


async def coordinator(helping: VolunteerHouse, partner: str | None) -> Helper:
    """Somebody who coordinates, and has signed in just now."""
    person = {"name": "Lena Norén", "reach": "sms", "phone": LENA, "partner_id": partner}
    status, made = await helping.volunteers.send("POST", "/v1/coordinators", person)
    assert status == 201, made
    lena = Helper(helping.stranger().http, helping, made, LENA)
    await lena.sign_in()
    return lena


@pytest.fixture
async def bank(helping: VolunteerHouse) -> str:
    """A partner's id."""
    return str((await helping.volunteers.partner())["id"])


async def test_own_people_are_seen_with_what_is_left_of_their_hours(helping: VolunteerHouse, bank: str) -> None:
    """Fails when somebody of another partner, a number or a note of the register is on the page."""
    theirs = await helping.volunteers.volunteer(name="Amina Warsame", partner_id=bank, tasks=["host"])
    await helping.volunteers.volunteer(name="Bo Ek", phone="070-174 06 06", tasks=["host"])
    await helping.volunteers.send("PUT", f"/v1/volunteers/{theirs['id']}/register-note", {"seen_on": "2026-11-01"})
    lena = await coordinator(helping, bank)

    shown = await lena.follow(await lena.get(HOME))

    assert "1 person från er." in shown.text
    assert "Amina Warsame Hjälper till" in shown.text
    assert "0 timmar gjorda, 0 lovade, av 16." in shown.text
    for hidden in ("Bo Ek", "174 06", "egister", "2026-11-01"):
        assert hidden not in shown.text, hidden


async def test_hours_that_were_given_are_told_without_visitors_and_as_a_table(
    helping: VolunteerHouse, bank: str
) -> None:
    lena = await coordinator(helping, bank)
    assert "Inga timmar är räknade mellan de dagarna." in (await lena.get(REPORT)).text
    amina = await helping.volunteers.volunteer(name="Amina Warsame", partner_id=bank, tasks=["host"])
    cafe = await helping.session("language_cafe")
    body = {"volunteer_id": amina["id"], "ask": False, "whole_sitting": False}
    status, made = await helping.volunteers.send("POST", f"/v1/sessions/{cafe}/shifts", body)
    assert status == 201, made
    counted = "UPDATE shift SET state = 'done', minutes = 90, given_through = $1"
    await helping.volunteers.database.pool.execute(counted, UUID(bank))

    shown = await lena.get(f"{REPORT}?first=2026-01-01&last=2190-12-31")
    assert "Amina Warsame" in shown.text
    assert "Tillsammans: 1,5 timmar." in shown.text
    table = await lena.get(f"{REPORT}.csv?first=2026-01-01&last=2190-12-31")
    assert (table.status, table.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert "Amina Warsame" in table.source
    assert "1,50" in table.source

    wrong = await lena.get(f"{REPORT}?first=i-fjol")
    assert (wrong.status, 'href="#first"' in wrong.source) == (422, True)
    assert (await lena.get(f"{REPORT}.csv?first=i-fjol")).status == 400


async def test_nobody_else_sees_these_pages(helping: VolunteerHouse) -> None:
    stranger, amina = helping.stranger(), await helping.helper()
    for path in (PEOPLE, REPORT, f"{REPORT}.csv"):
        assert (await stranger.get(path)).status == 303, path
        assert (await amina.get(path)).status == 403, path


async def test_the_librarys_own_coordinator_is_told_where_their_work_is(helping: VolunteerHouse) -> None:
    """Fails when whoever is alarmed signs in to a page that says they may not be there."""
    lena = await coordinator(helping, None)
    shown: Shown = await lena.get(PEOPLE)
    assert "Du får larm från biblioteket" in shown.text
    assert (await lena.get(REPORT)).status == 403
