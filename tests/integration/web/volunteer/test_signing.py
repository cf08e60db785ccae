"""Signing in with a code, and what those see who have not."""

from __future__ import annotations

import pytest

from tests.integration.web.volunteer.house import HOME, VolunteerHouse

CODE = f"{HOME}/sign-in/code"


async def test_who_helps_signs_in_with_the_code_from_their_phone(helping: VolunteerHouse) -> None:
    amina = await helping.helper()

    page = await amina.get(HOME)

    assert page.status == 200
    assert "Hej, Amina!" in page.text
    assert page.headers["Cache-Control"] == "no-store"


async def test_one_comes_to_where_one_wanted_to_go(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    amina.cookies.clear()

    asked = await amina.get(f"{HOME}/hours?year=2026")

    assert asked.location == f"{HOME}/sign-in?back=%2Fsv%2Fvolunteer%2Fhours%3Fyear%3D2026"
    form = await amina.get(asked.location)
    sent = await amina.fill(form, f"{HOME}/sign-in", {"reach": amina.phone})
    assert (await amina.post(sent.location, {"code": await helping.code()})).location == f"{HOME}/hours?year=2026"


@pytest.mark.parametrize("back", ["https://evil.example/sv/volunteer", "//evil.example", "/sv/staff/today", "\\\\evil"])
async def test_nobody_is_led_to_another_server(helping: VolunteerHouse, back: str) -> None:
    """Fails when a link to signing in can lead elsewhere afterwards."""
    amina = await helping.helper()

    assert (await amina.sign_in(back)).location == HOME


async def test_a_wrong_code_says_so_at_its_field_and_signs_nobody_in(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    amina.cookies.clear()
    await amina.post(f"{HOME}/sign-in", {"reach": amina.phone})
    wrong = "1" * 6 if await helping.code() != "1" * 6 else "2" * 6

    page = await amina.post(CODE, {"code": wrong})

    assert page.status in {403, 422}
    assert page.title.startswith("Fel: Skriv koden")
    assert 'href="#code"' in page.source
    assert "Koden stämmer inte" in page.text
    assert (await amina.get(HOME)).location == f"{HOME}/sign-in"


async def test_a_stranger_gets_the_same_answer_and_no_code(helping: VolunteerHouse) -> None:
    """Fails when a page tells who helps here."""
    amina = await helping.helper()
    stranger = helping.stranger()

    theirs = await stranger.follow(await stranger.post(f"{HOME}/sign-in", {"reach": "070-174 06 99"}))
    known = await amina.follow(await amina.post(f"{HOME}/sign-in", {"reach": amina.phone}))

    assert theirs.text.replace("070-174 06 99", amina.phone) == known.text


async def test_what_is_no_number_and_no_address_is_said_beside_the_field(helping: VolunteerHouse) -> None:
    for reach in ("", "Amina", "x" * 300):
        page = await helping.stranger().post(f"{HOME}/sign-in", {"reach": reach})

        assert page.status == 422
        assert 'href="#reach"' in page.source
        assert page.value("reach") == reach[:255]


async def test_the_token_is_in_no_script_and_no_page(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    answer = await amina.sign_in()
    cookies = answer.headers.getall("Set-Cookie")

    [session] = [one for one in cookies if one.startswith("__Host-plats_helper")]
    assert all(word in session for word in ("HttpOnly", "Secure", "Path=/", "SameSite=Lax"))
    assert "Domain" not in session


async def test_signed_out_the_token_counts_no_more_anywhere(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    kept = dict(amina.cookies)

    out = await amina.follow(await amina.fill(await amina.get(HOME), f"{HOME}/sign-out"))

    assert "Du är utloggad" in out.text
    amina.cookies = kept
    assert (await amina.get(HOME)).location == f"{HOME}/sign-in"


async def test_a_form_of_another_page_does_nothing(helping: VolunteerHouse) -> None:
    """Fails when another site can have somebody who is signed in say yes or no."""
    amina = await helping.helper()

    for form in ({}, {"csrf": "0" * 64}, {"csrf": "ÿ"}):
        page = await amina.post(f"{HOME}/ill", form)

        assert page.status == 403
        assert "ingenting sparats" in page.text


async def test_a_forged_cookie_is_none(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    amina.cookies = dict.fromkeys(amina.cookies, "gAAAAABforged")

    assert (await amina.get(HOME)).location == f"{HOME}/sign-in"


async def test_the_pages_speak_english(helping: VolunteerHouse) -> None:
    amina = await helping.helper()

    assert "Hello, Amina!" in (await amina.get("/en/volunteer")).text
    assert "Sign in as a volunteer" in (await helping.stranger().get("/en/volunteer/sign-in")).text
