"""What is around the pages of those who help: who sees what, and where one is led."""

from __future__ import annotations

import pytest

from tests.integration.web.volunteer.house import HOME, VolunteerHouse


@pytest.mark.parametrize("path", [f"{HOME}/", "/SV/Volunteer"])
async def test_an_address_that_is_mistyped_leads_to_the_real_one(helping: VolunteerHouse, path: str) -> None:
    assert (await helping.stranger().get(path)).location == HOME


@pytest.mark.parametrize("path", [HOME, f"{HOME}/open", f"{HOME}/profile/week", f"{HOME}/people", f"{HOME}/report"])
async def test_who_is_not_signed_in_is_asked_to(helping: VolunteerHouse, path: str) -> None:
    page = await helping.stranger().get(path)

    assert page.location.startswith(f"{HOME}/sign-in")
    assert page.headers["Cache-Control"] == "no-store"


async def test_who_only_helps_does_not_see_what_is_for_coordinators(helping: VolunteerHouse) -> None:
    amina = await helping.helper()

    for room in ("people", "report"):
        page = await amina.get(f"{HOME}/{room}")
        assert (page.status, "Det här är inte för dig" in page.text) == (403, True)
    assert "Mina personer" not in (await amina.get(HOME)).text


async def test_who_only_coordinates_begins_with_their_people(helping: VolunteerHouse) -> None:
    partner = await helping.volunteers.partner(name="Banken")
    body = {"name": "Carl", "reach": "sms", "phone": "070-174 06 20", "partner_id": partner["id"]}
    status, made = await helping.volunteers.send("POST", "/v1/coordinators", body)
    assert status == 201, made
    carl = helping.at_a_browser(made, "070-174 06 20")
    await carl.sign_in()

    assert (await carl.get(HOME)).location == f"{HOME}/people"
    for room in ("open", "hours", "profile", "ill", "calendar"):
        assert (await carl.get(f"{HOME}/{room}")).status == 403, room
    assert "Lediga pass" not in (await carl.get(f"{HOME}/people")).text


async def test_while_volunteers_is_away_it_says_so_and_signs_nobody_out(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    await helping.volunteers.database.pool.execute("ALTER TABLE helper_session RENAME TO away")

    page = await amina.get(HOME)

    assert page.status == 503
    assert "Retry-After" in page.headers
    await helping.volunteers.database.pool.execute("ALTER TABLE away RENAME TO helper_session")
    assert (await amina.get(HOME)).status == 200


async def test_being_on_duty_is_not_said_twice_where_there_is_a_visitor(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    session = await helping.coaching()
    shift = await helping.duty(session, amina)
    assert "Ingen besökare än" in (await amina.get(HOME)).text
    visit = f"{HOME}/assignments/{await helping.assignment(await helping.visitor(session))}"
    await amina.press(visit, f"{visit}/accept")

    page = await amina.get(HOME)

    assert visit in page.source
    assert shift not in page.source


async def test_friends_swap_and_take_it_back(helping: VolunteerHouse) -> None:
    amina = await helping.helper(tasks=["friend"])
    bo = await helping.helper("Bo", "070-174 06 06", tasks=["friend"])
    shift = await helping.duty(await helping.friends(days=5), amina)
    theirs = await helping.duty(await helping.friends(days=12), bo)
    at = f"{HOME}/assignments/{shift}"

    choice = await amina.get(f"{at}/swap")
    assert "Fråga Bo" in choice.text
    assert theirs in choice.source
    asked = await amina.follow(await amina.fill(choice, f"{at}/swap"))
    assert "Passet är ditt tills någon har sagt JA." in asked.text
    question = await bo.get(HOME)
    assert "Det är ett byte: du slipper ditt eget pass" in question.text

    undone = await amina.follow(await amina.fill(asked, f"{at}/swap/stop"))
    assert "Passet är ditt." in undone.text
    assert "Det är ett byte" not in (await bo.get(HOME)).text
