"""Around all staff pages: who gets in, which forms are believed, what is not lost."""

from tests.integration.web.staff.conftest import SignIn
from tests.support.pages import Browser


async def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(stranger: Browser) -> None:
    shown = await stranger.get("/sv/staff/today?branch=kista")
    assert shown.status == 303
    assert shown.location == "/sv/staff/sign-in?back=%2Fsv%2Fstaff%2Ftoday%3Fbranch%3Dkista"


async def test_who_has_no_role_is_told_so_clearly(signed_in: SignIn) -> None:
    lena = await signed_in(None, name="Lena Norén")
    shown = await lena.get("/sv/staff/today")
    assert shown.status == 403
    assert "har ingen roll i Plats" in shown.text
    assert "Lena Norén" in shown.source


async def test_a_form_without_what_only_our_pages_know_is_refused(signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    shown = await sara.post("/sv/staff/sign-out", {})
    assert shown.status == 403
    assert "Det här kom inte från en av våra sidor" in shown.text


async def test_an_address_that_only_takes_forms_leads_to_the_page_of_the_form(signed_in: SignIn) -> None:
    """Fails when who loads a refusal's address anew, or signs in on the way, lands among the visitors' pages."""
    sara = await signed_in("staff", "kista")
    at = "/sv/staff/sessions/0197f0a0-0000-7000-8000-000000000001"
    for sent_to, page in ((f"{at}/capacity", at), (f"{at}/people/1/reveal", f"{at}/people")):
        shown = await sara.get(sent_to)
        assert (shown.status, shown.location) == (303, page)


async def test_another_library_is_refused_at_the_page(signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    shown = await sara.get("/sv/staff/kept/nothing?branch=rinkeby")
    assert shown.status == 403
    assert "Det här hör inte till ditt bibliotek" in shown.text
