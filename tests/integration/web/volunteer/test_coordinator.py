"""A partner's coordinator: their own people and hours, and nothing of anybody else's or of visitors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tests.integration.catalog.conftest import soon
from tests.integration.web.volunteer.house import HOME, Helper, VolunteerHouse

if TYPE_CHECKING:
    from tests.support.pages import Fields, Shown

LENA = "070-174 06 09"
PEOPLE, REPORT, HAND_OVER = f"{HOME}/people", f"{HOME}/report", f"{HOME}/hand-over"


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
    for path in (PEOPLE, REPORT, f"{REPORT}.csv", HAND_OVER):
        assert (await stranger.get(path)).status == 303, path
        assert (await amina.get(path)).status == 403, path


async def test_the_librarys_own_coordinator_is_told_where_their_work_is(helping: VolunteerHouse) -> None:
    """Fails when whoever is alarmed signs in to a page that says they may not be there."""
    lena = await coordinator(helping, None)
    shown: Shown = await lena.get(PEOPLE)
    assert "Du får larm från biblioteket" in shown.text
    assert (await lena.get(REPORT)).status == 403
    assert (await lena.get(HAND_OVER)).status == 403


async def _person(helping: VolunteerHouse, bank: str | None, name: str, number: int) -> Helper:
    """Somebody who helps at Kista, a partner's or not."""
    phone = f"070-174 06 {number}"
    person = await helping.volunteers.volunteer(
        name=name, phone=phone, partner_id=bank, tasks=["coach", "host"], topics=["bankid"], branches=["kista"]
    )
    return helping.at_a_browser(person, phone)


def _boxes(shown: Shown) -> list[str]:
    return re.findall(r'name="chosen" value="([^"]+)"', shown.source)


def _filled(page: Shown, *chosen: str, to: str) -> Fields:
    """The form of a page with these boxes ticked."""
    hidden = re.findall(r'<input type="hidden" name="(csrf|from)" value="([^"]+)"', page.source)
    return [*dict(hidden).items(), *(("chosen", one) for one in chosen), ("to", to)]


async def _visitor_of(helping: VolunteerHouse, helper: Helper, session: str) -> str:
    """A visitor who wants help in Arabic from somebody on duty, who says JA; gives the assignment's id."""
    await helping.duty(session, helper)
    made = await helping.assignment(await helping.visitor(session, help_language="ar"))
    browser = Helper(helping.stranger().http, helping, helper.person, helper.phone)
    await browser.sign_in()
    at = f"{HOME}/assignments/{made}"
    await browser.fill(await browser.get(at), f"{at}/accept")
    await helping.settle()
    return made


async def test_what_one_of_ones_people_said_yes_to_goes_to_another_of_them(helping: VolunteerHouse, bank: str) -> None:
    """Fails when who the visitor is or what they want is on a page, or what was not ticked goes too."""
    amina = await _person(helping, bank, "Amina Warsame", 15)
    bo = await _person(helping, bank, "Bo Ek", 16)
    await _person(helping, None, "Cecilia Ström", 17)
    await _visitor_of(helping, amina, await helping.coaching(soon(3)))
    stays = await helping.coaching(soon(5))
    await helping.duty(stays, amina)
    lena = await coordinator(helping, bank)
    (link,) = [one for one in (await lena.get(PEOPLE)).links("Lämna över uppdrag") if str(amina.id) in one]

    page = await lena.get(link)
    visitor, shift, later = _boxes(page)
    assert (shift.partition(":")[0], visitor.partition(":")[0]) == ("shift", "visitor")
    assert "en besökare, arabiska" in page.text
    for hidden in ("Fatima", "Cecilia", "BankID", "egister"):
        assert hidden not in page.text, hidden
    for form, field in (({"to": str(bo.id)}, "chosen"), ({"chosen": shift}, "to")):
        wrong = await lena.fill(page, HAND_OVER, form)
        assert (wrong.status, f'href="#{field}"' in wrong.source) == (422, True), form

    done = await lena.post(HAND_OVER, _filled(page, shift, visitor, to=str(bo.id)))
    assert (done.status, "Bo Ek har tagit över" in done.text) == (200, True)
    assert "har kvar" not in done.text
    assert _boxes(await lena.get(link)) == [later]
    assert len(_boxes(await lena.get(f"{HAND_OVER}?from={bo.id}"))) == 2
    told = [one for one in await helping.volunteers.told() if getattr(one.data, "notice", "") == "handed_over"]
    assert len(told) == 2

    again = await lena.post(HAND_OVER, _filled(page, shift, to=str(bo.id)))
    assert (again.status, "har redan ändrats" in again.text) == (422, True)


async def test_of_each_it_is_said_what_became_of_it(helping: VolunteerHouse, bank: str) -> None:
    """Fails when somebody who is busy is said to have taken over, or to the queue is not possible."""
    amina = await _person(helping, bank, "Amina Warsame", 15)
    bo = await _person(helping, bank, "Bo Ek", 16)
    first, second = await helping.coaching(soon(3)), await helping.coaching(soon(5))
    await helping.duty(first, amina)
    await helping.duty(second, amina)
    await helping.duty(await helping.coaching(soon(3)), bo)
    lena = await coordinator(helping, bank)
    page = await lena.get(f"{HAND_OVER}?from={amina.id}")

    done = await lena.post(HAND_OVER, _filled(page, *_boxes(page), to=str(bo.id)))
    taken, _, kept = done.text.partition("Amina Warsame har kvar")
    assert "Bo Ek har tagit över" in taken
    assert kept.count("Personen har redan något annat då.") == 1

    rest = await lena.get(f"{HAND_OVER}?from={amina.id}")
    queue = await lena.fill(rest, HAND_OVER, {"chosen": _boxes(rest)[0], "to": "next"})
    assert "Nu frågas den som står på tur" in queue.text
    assert "Det finns inget att lämna över." in (await lena.get(f"{HAND_OVER}?from={amina.id}")).text


async def test_only_ones_own_people_are_handed_over_from_and_to(helping: VolunteerHouse, bank: str) -> None:
    lena = await coordinator(helping, bank)
    assert "Ingen från er hjälper till än." in (await lena.get(HAND_OVER)).text
    amina = await _person(helping, bank, "Amina Warsame", 15)
    stranger = await _person(helping, None, "Cecilia Ström", 17)
    await helping.duty(await helping.coaching(soon(3)), amina)
    chooses = await lena.get(HAND_OVER)
    assert ("Amina Warsame" in chooses.text, "Cecilia" in chooses.text) == (True, False)
    page = await lena.get(f"{HAND_OVER}?from={amina.id}")
    (box,) = _boxes(page)

    for form in ({"from": str(stranger.id), "to": "next"}, {"to": str(stranger.id)}):
        assert (await lena.fill(page, HAND_OVER, {"chosen": box} | form)).status == 404, form
    assert (await lena.get(f"{HAND_OVER}?from={stranger.id}")).status == 404
    assert (await lena.get(f"{HAND_OVER}?from=amina")).status == 400
    assert _boxes(await lena.get(f"{HAND_OVER}?from={amina.id}")) == [box]


async def test_in_english_handing_over_is_in_english(helping: VolunteerHouse, bank: str) -> None:
    amina = await _person(helping, bank, "Amina Warsame", 15)
    lena = await coordinator(helping, bank)
    shown = await lena.get(f"/en/volunteer/hand-over?from={amina.id}")
    assert "There is nothing to hand over." in shown.text
    assert "Hand over assignments" in (await lena.get("/en/volunteer/people")).text
