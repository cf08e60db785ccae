"""Saying that one would like to help."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp

from tests.integration.web.volunteer.house import HOME, VolunteerHouse

if TYPE_CHECKING:
    from tests.support.pages import Form

INTEREST = f"{HOME}/interest"
FORM: Form = {"name": "Omar", "by": "sms", "phone": "070-174 06 05", "tasks": "coach", "languages": "ar"}


async def test_the_library_hears_of_who_would_like_to_help(
    helping: VolunteerHouse, http: aiohttp.ClientSession
) -> None:
    many = [*FORM.items(), ("tasks", "host"), ("languages", "sv"), ("branches", "kista")]
    async with http.post(f"{helping.url}{INTEREST}", data=many, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, f"{INTEREST}/thanks")

    known = await helping.volunteers.row("SELECT v.*, c.name FROM volunteer v JOIN contact c ON c.ref = v.contact_ref")
    assert (known["name"], known["state"], known["branches"]) == ("Omar", "interest", ["kista"])
    assert sorted(known["tasks"]) == ["coach", "host"]
    spoken = await helping.volunteers.database.pool.fetch("SELECT language FROM volunteer_language ORDER BY language")
    assert [row["language"] for row in spoken] == ["ar", "sv"]
    thanks = await helping.stranger().get(f"{INTEREST}/thanks")
    assert "Vad händer nu?" in thanks.text


async def test_what_is_missing_is_said_beside_each_field_and_nothing_is_lost(helping: VolunteerHouse) -> None:
    page = await helping.stranger().post(INTEREST, {"name": "", "by": "email", "email": "omar", "languages": "ar"})

    assert page.status == 422
    assert page.title.startswith("Fel: ")
    for field in ("name", "tasks"):
        assert f'href="#{field}"' in page.source
        assert f'id="{field}"' in page.source
    assert page.value("email") == "omar"
    assert 'value="ar" checked' in page.source


async def test_what_volunteers_finds_wrong_is_said_beside_its_field(helping: VolunteerHouse) -> None:
    page = await helping.stranger().post(INTEREST, FORM | {"phone": "12"})

    assert page.status == 422
    assert 'href="#phone"' in page.source


async def test_an_old_link_of_a_partner_keeps_nobody_from_helping(helping: VolunteerHouse) -> None:
    stranger = helping.stranger()
    page = await stranger.get(f"{INTEREST}?partner=0197f0a0-0000-7000-8000-000000000001")
    assert 'name="partner" value="0197f0a0' in page.source

    sent = await stranger.post(INTEREST, FORM | {"partner": "0197f0a0-0000-7000-8000-000000000001"})

    assert sent.location == f"{INTEREST}/thanks"


async def test_too_many_from_one_place_are_told_when_to_try_again(helping: VolunteerHouse) -> None:
    stranger = helping.stranger()
    names = [f"Omar {chr(97 + number)}" for number in range(4)]
    *taken, page = [await stranger.post(INTEREST, FORM | {"name": name}) for name in names]

    assert [one.status for one in taken] == [303, 303, 303]
    assert page.status == 429
    assert "Försök igen om" in page.text
    assert page.value("phone") == "070-174 06 05"


async def test_every_page_leads_there(helping: VolunteerHouse) -> None:
    page = await helping.stranger().get("/sv/my-booking")

    assert page.links("Bli volontär") == [INTEREST]
