"""A visitor books on a phone without scripts: what they see, type and get."""

import contextlib
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.steps import (
    Session,
    answer,
    book,
    faults,
    find,
    open_form,
    reach_by,
    shown_code,
    submit,
    text,
)
from tests.browser.world import World
from tests.support.installation import Installation
from tests.support.servers import eventually

NOT_FOUND = "Vi hittar ingen bokning med den koden och de siffrorna eller bokstäverna. Titta efter och försök igen."


@pytest.fixture
async def session(plats: Installation) -> Session:
    return await plats.session()


async def left(plats: Installation, session: Session, wanted: int) -> None:
    async def right() -> bool:
        return bool((await plats.shown(session["id"]))["seats"]["left"] == wanted)

    await eventually(right)


async def settled(phone: Page) -> str | None:
    """What the page holds once it has arrived; None while the browser is on its way to it."""
    with contextlib.suppress(PlaywrightError):
        await phone.wait_for_load_state()
        return await phone.content()
    return None


async def call_off(plats: Installation, session: Session) -> None:
    """Cancel a session as staff do, and wait until booking has heard of it."""
    headers = await plats.token("--role", "admin")
    url = f"{plats.url('catalog')}/v1/sessions/{session['id']}/cancel"
    async with plats.http.post(url, json={"reason": "illness"}, headers=headers) as answer:
        assert answer.ok, await answer.text()

    async def heard() -> bool:
        async with plats.database("booking") as conn:
            status = await conn.fetchval("SELECT status FROM session WHERE id = $1::uuid", session["id"])
        return bool(status == "cancelled")

    await eventually(heard)


async def test_from_the_programme_to_the_code_on_the_page_and_in_the_sms(
    plats: Installation, phone: Page, session: Session
) -> None:
    day = datetime.fromisoformat(session["starts_at"]).astimezone(ZoneInfo("Europe/Stockholm")).date()
    await phone.goto(f"/sv/?when=date&date={day}&where=kista")
    card = phone.locator(f'a[href="/sv/sessions/{session["id"]}"]')
    while not await card.count():
        await phone.get_by_role("link", name="Nästa sida").click()
    await card.click()
    await expect(phone.locator("main")).to_contain_text("15 platser kvar")
    await phone.get_by_role("link", name="Boka plats").click()
    await phone.get_by_label("Vuxna").fill("2")
    await phone.get_by_role("button", name="Fortsätt").click()
    await phone.get_by_label("Vad heter du?").fill("Sara")
    await phone.get_by_role("button", name="Fortsätt").click()
    await phone.get_by_label("Ditt mobilnummer").fill("070-174 06 20")
    await phone.get_by_role("button", name="Boka plats").click()

    await expect(phone.get_by_role("heading", name="Du är bokad!")).to_be_visible()
    code = await shown_code(phone)
    assert code.replace("-", "").lower() not in phone.url.replace("-", "").lower()
    assert re.search(r"Ett sms är på väg till 070-… 20|Vi har skickat ett sms till 070-… 20", await text(phone))
    assert (await plats.message("+46701740620", containing=code))["kind"] == "sms"
    await left(plats, session, 13)
    (cookie,) = await phone.context.cookies()
    assert (cookie.get("name"), cookie.get("httpOnly"), cookie.get("sameSite")) == ("plats_receipt", True, "Lax")
    assert code not in cookie.get("value", "")


async def test_the_programme_has_a_card_for_each_session_with_what_one_needs_to_choose(
    plats: Installation, phone: Page
) -> None:
    async with plats.http.get(f"{plats.url('catalog')}/v1/sessions") as answer:
        first = (await answer.json())["items"][0]
    await phone.goto("/sv/")

    cards = await phone.locator(".card").all_inner_texts()

    assert first["titles"]["sv"] in cards[0]
    assert all(re.match(r"\d\d\.\d\d till \d\d\.\d\d", card) for card in cards)
    assert [card for card in cards if re.search(r",\s*(·|$)", card, re.MULTILINE)] == []
    assert any("Kom som du är, ingen bokning" in card for card in cards)
    assert any(re.search(r"\d+ platser kvar\s+Boka plats", card) for card in cards)


async def test_wrong_input_keeps_what_was_typed_and_names_the_field(phone: Page, session: Session) -> None:
    await open_form(phone, session)
    await answer(phone, name="سارة", adults=2)
    await phone.fill("#phone", "070-174 abc")
    await submit(phone)

    told = "Skriv ett svenskt mobilnummer, till exempel 070-174 06 05."
    assert await faults(phone) == [told]
    assert (await phone.locator("#phone-fault").inner_text()).strip() == told
    assert (await phone.title()).startswith("Fel: Hur når vi dig? – Boka plats: ")
    await expect(phone.locator(".faults")).to_be_focused()
    await expect(phone.locator("#phone")).to_have_attribute("aria-invalid", "true")
    assert await phone.input_value("#phone") == "070-174 abc"
    assert "سارة" in await text(phone)
    await phone.get_by_role("link", name=told).click()
    await expect(phone.locator("#phone")).to_be_focused()
    await phone.fill("#phone", "0046 70 174 06 21")
    await submit(phone)
    await shown_code(phone)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("-1", "Skriv hur många ni är."),
        ("många", "Skriv antalet med siffror, till exempel 2."),
        ("400", "Ni kan vara högst"),
    ],
)
async def test_a_wrong_number_is_told_beside_its_field(phone: Page, session: Session, typed: str, told: str) -> None:
    await open_form(phone, session)
    await phone.fill("#adults", typed)
    await submit(phone)

    assert told in (await faults(phone))[0]
    assert told in await phone.locator("#adults-fault").inner_text()
    assert await phone.input_value("#adults") == typed


async def test_without_phone_and_mail_the_name_finds_the_booking(phone: Page, session: Session) -> None:
    code = await book(phone, session, name="Åsa " + "Lång" * 14, phone=None)
    assert "Skriv av koden eller skriv ut den här sidan." in await text(phone)

    await phone.context.clear_cookies()
    await find(phone, code, "ÅS")

    assert await shown_code(phone) == code


async def test_an_e_mail_address_is_enough(plats: Installation, phone: Page, session: Session) -> None:
    await open_form(phone, session, "en")
    await answer(phone)
    await phone.check("#by-email")
    await phone.fill("#email", "sara@")
    await submit(phone)
    assert await faults(phone) == ["Write an e-mail address, for example name@example.com."]
    await phone.fill("#email", "sara.browser@example.org")
    await submit(phone)

    code = await shown_code(phone)
    assert (await plats.message("sara.browser@example.org", containing=code))["kind"] == "email"


async def test_a_code_in_lower_case_without_hyphen_finds_the_booking(
    open_page: OpenPage, phone: Page, session: Session
) -> None:
    code = await book(phone, session, phone="070-174 06 23", adults=3)
    other = await open_page()

    await find(other, f" {code.lower().replace('-', '')} ", "0623")

    assert await shown_code(other) == code
    assert "Välkommen, Sara!" in await text(other)
    assert code not in other.url


async def test_a_wrong_code_and_a_wrong_proof_read_the_same(open_page: OpenPage, phone: Page, session: Session) -> None:
    code = await book(phone, session, phone="070-174 06 24")
    other = await open_page()

    await find(other, code, "9999")
    wrong_proof = await faults(other)
    assert await other.input_value("#code") == code
    await find(other, "K7F-4MQ" if code != "K7F-4MQ" else "222-222", "0624")

    assert await faults(other) == wrong_proof == [NOT_FOUND]


async def test_cancelling_asks_first_then_says_so_and_gives_the_seats_back(
    plats: Installation, phone: Page, session: Session
) -> None:
    await book(phone, session, phone="070-174 06 25", adults=2)
    await left(plats, session, 13)
    await phone.goto("/sv/my-booking")
    await phone.get_by_role("link", name="Avboka").click()
    await expect(phone.get_by_role("heading", name="Vill du avboka?")).to_be_visible()
    await phone.get_by_role("button", name="Ja, avboka").click()

    await expect(phone.get_by_role("heading", name="Din bokning är avbokad")).to_be_visible()
    assert await phone.get_by_role("link", name="Avboka").count() == 0
    await left(plats, session, 15)


async def test_a_receipt_read_again_after_cancelling_says_that_it_is_cancelled(phone: Page, session: Session) -> None:
    await book(phone, session, phone="070-174 06 32")
    await phone.get_by_role("link", name="Min bokning").first.click()
    await phone.get_by_role("link", name="Avboka").click()
    await phone.get_by_role("button", name="Ja, avboka").click()
    await expect(phone.get_by_role("heading", name="Din bokning är avbokad")).to_be_visible()
    assert "Tack för att du sa till." in await text(phone)

    await phone.goto("/sv/booked")

    await expect(phone.get_by_role("heading", name="Din bokning är avbokad")).to_be_visible()


@pytest.mark.parametrize("path", ["/sv/my-booking", "/sv/booked"])
async def test_a_session_called_off_is_said_to_be_so_to_those_who_booked(
    plats: Installation, phone: Page, session: Session, path: str
) -> None:
    await book(phone, session, phone="070-174 06 33")
    await call_off(plats, session)

    await phone.goto(path)

    await expect(phone.get_by_role("heading", name="Inställt")).to_be_visible()
    assert "Biblioteket har ställt in den här tiden. Vi är ledsna." in await text(phone)
    assert "Tack för att du sa till" not in await text(phone)
    assert await phone.get_by_role("link", name="Avboka").count() == 0
    await phone.locator("main").get_by_role("link", name="Till programmet").click()
    assert phone.url.endswith("/sv/")


@pytest.mark.parametrize("path", ["/sv/my-booking", "/sv/booked"])
async def test_a_booking_that_is_erased_is_said_not_to_be_shown(
    plats: Installation, phone: Page, session: Session, path: str
) -> None:
    code = await book(phone, session, phone="070-174 06 34")
    async with plats.database("booking") as conn:
        await conn.execute("DELETE FROM contact WHERE code = $1", code.replace("-", ""))

    await phone.goto(path)

    told = "Din bokning går inte att visa längre. Fråga på biblioteket om du undrar över den."
    await expect(phone.get_by_role("alert")).to_have_text(told)
    assert code not in await phone.content()


@pytest.mark.parametrize(
    ("name", "number", "proof"),
    [
        ("A Ahmed", None, "A Ah"),
        ("İbrahim", None, "İB"),
        ("O'Brien", None, "O'Brien"),
        ("Åsa", None, "Åsa"),
        ("Sara", "0701740635#12", "070-174 06 35"),
    ],
)
async def test_whatever_proves_the_booking_the_receipt_is_whole(
    open_page: OpenPage, phone: Page, session: Session, name: str, number: str | None, proof: str
) -> None:
    code = await book(phone, session, name=name, phone=number)
    assert "Kista bibliotek" in await text(phone)

    other = await open_page()
    await find(other, code, proof)

    assert await shown_code(other) == code
    await other.reload()
    assert await shown_code(other) == code


async def test_back_shows_each_question_with_its_answer_and_from_the_receipt_only_that(
    phone: Page, session: Session
) -> None:
    """Fails when a page is kept that has become untrue, or a redirect takes away the way back."""
    await open_form(phone, session)
    await answer(phone, adults=3)
    await phone.go_back()
    assert await phone.input_value("#name") == "Sara"
    await phone.go_back()
    assert await phone.input_value("#adults") == "3"
    await phone.go_forward()
    await phone.go_forward()
    await reach_by(phone, "070-174 06 36")
    code = await shown_code(phone)

    await phone.go_back()

    await expect(phone.get_by_role("heading", name="Du är bokad!")).to_be_visible()
    assert await shown_code(phone) == code


async def test_back_shows_the_next_person_nothing_once_the_booking_is_closed(phone: Page, session: Session) -> None:
    await open_form(phone, session)
    await answer(phone)
    await reach_by(phone, "070-174 abc")
    await reach_by(phone, "070-174 06 37")
    await phone.get_by_role("link", name="Min bokning").first.click()
    await phone.get_by_role("button", name="Dölj bokningen").click()

    for _ in range(4):
        with contextlib.suppress(PlaywrightError):
            await phone.go_back()
        shown = await eventually(lambda: settled(phone))
        assert "Sara" not in shown
        assert "070-174" not in shown


async def test_an_online_session_tells_the_way_in_to_those_who_booked(plats: Installation, phone: Page) -> None:
    """Fails when the link is shown before, or not after."""
    meeting = {"link": "https://moten.example.org/j/123456789", "number": "123 456 789"}
    session = await plats.session(place="online", meeting=meeting)
    await phone.goto(f"/sv/sessions/{session['id']}")
    assert meeting["link"] not in await phone.content()

    await book(phone, session, phone="070-174 06 38")

    await expect(phone.get_by_role("link", name=meeting["link"])).to_have_attribute("href", meeting["link"])
    assert meeting["number"] in await text(phone)


async def test_the_slip_with_the_longest_names_is_one_page_of_a6(plats: Installation, phone: Page) -> None:
    """Fails when a line more than the picture of the slip has room for goes to a second page."""
    headers = await plats.token("--role", "admin")
    title = "Language café for young people aged sixteen to twenty: jobs, future, love, life"
    body = {"kind": "language_cafe", "titles": {"sv": title, "en": title}}
    async with plats.http.post(f"{plats.url('catalog')}/v1/activities", json=body, headers=headers) as answered:
        activity = (await answered.json())["id"]
    room = "Stora programlokalen på plan tre, mittemot hissarna till hög"
    session = await plats.session(activity_id=activity, branch_id="kungsholmen", room=room)
    await open_form(phone, session, "en")
    await answer(phone)
    await reach_by(phone, None)
    await shown_code(phone)

    paper = (await phone.pdf(prefer_css_page_size=True)).decode("latin-1")

    assert "/Count 1" in paper
    assert "/MediaBox [0 0 298" in paper


async def test_two_quick_taps_on_the_button_are_one_booking(plats: Installation, phone: Page, session: Session) -> None:
    """Fails when the second tap books again, or is told that its answers are gone."""
    await open_form(phone, session)
    await answer(phone)
    await phone.fill("#phone", "070-174 06 26")

    await phone.locator("main form button").first.dblclick()

    await shown_code(phone)
    await left(plats, session, 14)


async def test_the_same_person_is_told_of_the_seat_they_have(phone: Page, session: Session) -> None:
    await book(phone, session, phone="070-174 06 27")

    await open_form(phone, session)
    await answer(phone)
    await reach_by(phone, "+46701740627")

    await expect(phone.get_by_role("heading", name="Du finns redan med här")).to_be_visible()
    await phone.locator("main").get_by_role("link", name="Min bokning").click()
    await shown_code(phone)


async def test_the_last_seat_goes_to_one_and_the_other_books_another_time_in_two_taps(
    plats: Installation, open_page: OpenPage, phone: Page, there: World
) -> None:
    session = await plats.session(capacity=1)
    slow = await open_page()
    await open_form(slow, session)
    await answer(slow, name="Amina")
    await there.let_holds_go(session["id"])
    await book(phone, session, phone="070-174 06 28")

    await reach_by(slow, "070-174 06 29")

    await expect(slow.get_by_role("heading", name="Platserna tog slut")).to_be_visible()
    await left(plats, session, 0)
    await slow.locator(".card a").first.click()
    assert "Amina" in await text(slow)
    assert await slow.input_value("#phone") == "070-174 06 29"
    await submit(slow)
    await shown_code(slow)
    await slow.goto(f"/sv/sessions/{session['id']}/book")
    assert slow.url.endswith(session["id"])
    await expect(slow.get_by_role("heading", name="Fullt")).to_be_visible()


async def test_a_drop_in_invites_and_asks_nothing(plats: Installation, phone: Page) -> None:
    headers = await plats.token("--role", "admin")
    session = await plats.session()
    url = f"{plats.url('catalog')}/v1/sessions/{session['id']}"
    async with plats.http.patch(url, json={"mode": "drop_in"}, headers=headers) as answer:
        assert answer.ok, await answer.text()

    await phone.goto(f"/sv/sessions/{session['id']}")

    await expect(phone.locator("main")).to_contain_text("Kom som du är")
    assert await phone.get_by_role("link", name="Boka plats").count() == 0


async def test_a_session_called_off_says_so_also_to_a_late_form(
    plats: Installation, phone: Page, session: Session
) -> None:
    await open_form(phone, session)
    await answer(phone)
    await call_off(plats, session)
    await reach_by(phone, "070-174 06 30")
    await expect(phone.get_by_role("heading", name="Den här tiden är inställd")).to_be_visible()
    await phone.goto(f"/sv/sessions/{session['id']}")
    await expect(phone.get_by_role("heading", name="Inställt")).to_be_visible()


async def test_the_language_switch_stays_on_the_page(phone: Page, session: Session) -> None:
    await open_form(phone, session)
    await phone.fill("#adults", "3")
    await submit(phone)
    await phone.locator("summary").click()
    await phone.get_by_role("link", name="English").click()

    await expect(phone.get_by_role("heading", name="What is your name?")).to_be_visible()
    assert "3 people" in await text(phone)
    assert phone.url.endswith(f"/en/sessions/{session['id']}/book/name")
    assert await phone.locator("html").get_attribute("lang") == "en"


async def test_a_closed_booking_is_not_there_for_the_next_person(phone: Page, session: Session) -> None:
    code = await book(phone, session, phone="070-174 06 31")
    await phone.goto("/sv/my-booking")
    assert code in await text(phone)

    await phone.get_by_role("button", name="Dölj bokningen").click()

    assert code not in await text(phone)
    assert await phone.context.cookies() == []
    await phone.goto("/sv/booked")
    assert phone.url.endswith("/sv/my-booking")


async def test_a_session_that_does_not_exist_is_a_page_that_says_so(phone: Page) -> None:
    answer = await phone.goto("/en/sessions/0197f0a0-0000-7000-8000-000000000000")

    assert answer is not None
    assert answer.status == 404
    await expect(phone.get_by_role("heading", name="This session does not exist")).to_be_visible()
