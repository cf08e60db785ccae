"""Around all staff pages: who gets in, which forms are believed, what is not lost."""

from yarl import URL

from services.web.staff.boundary import SIGNED_IN
from services.web.staff.provider import Tokens
from shared.keys import DATABASE
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import StaffHouse
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


async def test_an_administrator_is_led_to_no_library_that_there_is_not(signed_in: SignIn) -> None:
    """Fails when an address with any word in it is remembered as the library they work with, or breaks the page."""
    admin = await signed_in("admin")
    for word in ("nowhere", "%00"):
        shown = await admin.get(f"/sv/staff/today?branch={word}")
        assert shown.status == 404, word
        assert "Det finns inte" in shown.text
    assert (await admin.get("/sv/staff/today")).status == 200


async def test_what_was_typed_while_the_provider_is_away_is_kept(staff_house: StaffHouse, signed_in: SignIn) -> None:
    """Fails when a form is lost because nobody could renew who sent it."""
    sara = await signed_in("staff", "kista")
    app = staff_house.app
    worn = Tokens(access=staff_house.catalog.issuer.token("staff", "kista", sub="sara"), refresh="any", good_for=0)
    sealed = app[SIGNED_IN].seal(worn.model_dump_json())
    await app[DATABASE].pool.execute(
        "UPDATE staff_session SET tokens = $1, access_until = clock_timestamp() - interval '1 second'", sealed
    )
    assert (await sara.get("/sv/staff/today")).status == 503, "the provider of these tests renews nothing"

    sent = await sara.send("/sv/staff/desk", {"name": "Åsa"})

    there = sent.headers["Refresh"].removeprefix("0; url=")
    assert URL(there).path.startswith("/sv/staff/kept/")
    assert (await sara.get(there)).status == 503
    await app[DATABASE].pool.execute("UPDATE staff_session SET access_until = clock_timestamp() + interval '1 hour'")
    assert 'name="name" value="Åsa"' in (await sara.get(there)).source


async def test_back_after_a_form_shows_what_answered_it_and_nothing_else_is_kept(signed_in: SignIn) -> None:
    """Fails when Back from a saved series says that the page has to be sent again."""
    sara = await signed_in("staff", "kista")
    page = await sara.get("/sv/staff/desk?branch=kista")
    assert page.headers["Cache-Control"] == "no-store"
    answered = await sara.send("/sv/staff/desk/search", {"library": "kista", "q": "x"})
    assert answered.headers["Cache-Control"] == "private, no-cache"
