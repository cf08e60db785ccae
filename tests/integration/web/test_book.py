"""Booking on the pages, in front of a real catalog and a real booking service.

Events between the two are handed over when a test says so, as slowly as a queue may be.
"""

import asyncio
from collections.abc import Callable
from uuid import UUID

import aiohttp
import pytest
from pydantic import SecretStr

from services.web.app import create_app
from tests.integration.booking.conftest import KEY
from tests.integration.web.house import House
from tests.support.apps import serving
from tests.support.front import web_settings
from tests.support.pages import DRAFT, RECEIPT, Browser, Shown
from tests.support.servers import free_port

SARA = {"adults": "2", "children": "0", "name": "Sara", "by": "sms", "phone": "070-174 06 05"}


def book(session: str, step: str = "", language: str = "sv") -> str:
    return f"/{language}/sessions/{session}/book{step}"


async def test_a_family_answers_three_questions_and_has_a_code(house: House, browser: Browser) -> None:
    """Fails when a step does not lead to the next, or what is booked is not what was answered."""
    session = await house.session("story_time")
    first = await browser.get(book(session))
    assert "Steg 1 av 3" in first.text
    assert (first.value("adults"), first.value("children")) == ("1", "1")
    assert first.headers["Cache-Control"] == "no-store"
    for adults, children, told in (("2", "0", "Minst ett barn"), ("0", "2", "Minst en vuxen")):
        refused = await browser.post(book(session), {"adults": adults, "children": children})
        assert (refused.status, refused.text.count(f"{told} behöver komma")) == (422, 2)

    second = await browser.post(book(session), {"adults": "2", "children": "3"})
    assert (second.status, second.location) == (303, book(session, "/name"))
    second = await browser.get(second.location)
    assert "Steg 2 av 3" in second.text
    assert "2 vuxna, 3 barn Ändra antal" in second.text
    third = await browser.post(book(session, "/name"), {"name": " Sara "})
    assert (third.status, third.location) == (303, book(session, "/reach"))
    third = await browser.get(third.location)
    assert "Steg 3 av 3" in third.text
    assert third.title.startswith("Hur når vi dig? – Boka plats: ")

    done = await browser.post(book(session, "/reach"), {"by": "sms", "phone": "070-174 06 05", "email": ""})
    assert (done.status, done.location) == (303, "/sv/booked")
    receipt = await browser.follow(done)
    assert "Du är bokad!" in receipt.text
    assert "2 vuxna, 3 barn" in receipt.text
    assert await house.seats_taken(session) == 3


async def test_the_slip_says_so_where_the_programme_is_an_example(
    house: House, browser: Browser, http: aiohttp.ClientSession
) -> None:
    """Fails when only the footer does, which is not printed, or a library's own programme is called an example."""
    await browser.book(await house.session(), SARA)
    example = web_settings(
        key=SecretStr("0c" * 32),  # as every web in these tests: one key reads the cookies of another process
        catalog_url=house.catalog.url,
        booking_url=house.booking.url,
        key_booking=SecretStr(KEY),
        example=True,
    )
    async with serving(create_app(example)) as url:
        there = Browser(http, lambda: url)
        there.cookies |= browser.cookies
        shown = {path: (await there.get(path)).text for path in ("/sv/booked", "/sv/my-booking")}

    assert [path for path, text in shown.items() if "Det här är ett exempelprogram" not in text] == []
    assert "exempelprogram" not in (await browser.get("/sv/booked")).source


async def test_somebody_who_can_only_come_alone_is_not_asked_how_many_come(house: House, browser: Browser) -> None:
    """Fails when the party is asked for, or the steps count a page that is left out."""
    session = await house.session("digital_coaching")
    first = await browser.get(book(session))
    assert (first.status, first.location) == (303, book(session, "/answers/topic"))
    topic = await browser.get(first.location)
    assert "Steg 1 av 4" in topic.text
    assert "frågar aldrig efter dina koder" in topic.text
    await browser.post(book(session, "/answers/topic"), {"answer-topic": "bankid"})
    await browser.post(book(session, "/answers/help_language"), {"answer-help_language": ""})
    second = await browser.follow(await browser.post(book(session, "/name"), {"name": "Sara"}))
    assert "Steg 4 av 4" in second.text
    assert "frågar aldrig efter dina koder" not in second.text
    done = await browser.post(book(session, "/reach"), {"by": "none"})
    assert done.location == "/sv/booked"
    assert await house.seats_taken(session) == 1


async def test_a_class_is_booked_in_its_teachers_name(house: House, browser: Browser) -> None:
    session = await house.session("class_visit", capacity=1)
    assert (await browser.get(book(session))).value("children") == "", "no class is likelier than another"

    shown = await browser.follow(await browser.post(book(session), {"adults": "2", "children": "24"}))
    assert "Vilken klass kommer?" in shown.text
    for step, form in (
        ("school", {"answer-school": "Bergaskolan", "answer-class": "4B"}),
        ("grade", {"answer-grade": "4"}),
        ("needs", {"answer-needs-step_free": "1"}),
    ):
        shown = await browser.follow(await browser.post(book(session, f"/answers/{step}"), form))

    assert "Vad heter läraren?" in shown.text
    await browser.post(book(session), {"adults": "0", "children": "24"})
    assert "24 barn Ändra antal" in (await browser.get(book(session, "/name"))).text
    assert "0 vuxna" not in (await browser.get(book(session, "/name"))).text
    assert "frågar aldrig efter dina koder" not in (await browser.get(book(session))).text


async def test_what_is_wrong_is_told_on_its_page_and_what_was_typed_stays(house: House, browser: Browser) -> None:
    """In the other language too. Fails when a wrong answer is not kept, or its page is passed."""
    session = await house.session()
    await browser.answer(session, SARA)
    for step, form, field, told in (
        ("/name", {"name": "123"}, "name", "Skriv ditt namn med bokstäver, högst 60 tecken."),
        ("", {"adults": "två", "children": "0"}, "adults", "Skriv antalet med siffror, till exempel 2."),
        ("", {"adults": "1", "children": "4"}, "children", "Ni kan vara högst 4 i en bokning."),
    ):
        shown = await browser.post(book(session, step), form)
        assert (shown.status, shown.title.startswith("Fel: "), told in shown.text) == (422, True, True)
        assert shown.value(field) == form[field]
        assert (await browser.get(book(session, step, "en"))).value(field) == form[field]
    await browser.answer(session, SARA)
    for form, field, told in (
        ({"by": "sms", "phone": "08-465 004 00"}, "phone", "Skriv ett svenskt mobilnummer"),
        ({"by": "email", "email": "sara@"}, "email", "Skriv en e-postadress"),
        ({"by": "email", "email": "åsa@exempel.se"}, "email", "Före @ kan vi bara använda bokstäverna a–z"),
        ({"by": "owl", "phone": "070"}, "phone", "Välj hur vi når dig."),
    ):
        shown = await browser.post(book(session, "/reach"), form)
        assert (shown.status, shown.title.startswith("Fel: "), told in shown.text) == (422, True, True)
        assert shown.value(field) == form[field]
        assert (await browser.get(book(session, "/reach", "en"))).value(field) == form[field]


async def test_a_wrong_name_is_asked_for_again_by_its_own_page(house: House, browser: Browser) -> None:
    """Fails when the last page tells of a field that it does not have, or a stranger can be sent a link."""
    session = await house.session()
    await browser.answer(session, SARA | {"name": "Vinn på http://evil.example"})

    shown = await browser.post(book(session, "/reach"), {"by": "sms", "phone": "070-174 06 05"})

    assert (shown.status, "Vad heter du?" in shown.text) == (422, True)
    assert f'action="{book(session, "/name")}"' in shown.source
    assert (await browser.post(book(session, "/name"), {"name": "Sara"})).location == book(session, "/reach")
    assert (await browser.get(book(session, "/reach"))).value("phone") == "070-174 06 05"


async def test_back_and_forth_keeps_every_answer_and_changing_one_leads_back_to_the_last_page(
    house: House, browser: Browser
) -> None:
    """Fails when a page one comes back to is empty, or when changing the party asks for the name again."""
    session = await house.session()
    await browser.answer(session, SARA)
    last = await browser.get(book(session, "/reach"))
    assert (last.links("Ändra antal"), last.links("Ändra namn")) == ([book(session)], [book(session, "/name")])
    assert last.links("Tillbaka") == [book(session, "/name")]

    assert (await browser.get(book(session))).value("adults") == "2"
    assert (await browser.get(book(session, "/name"))).value("name") == "Sara"
    changed = await browser.post(book(session), {"adults": "3", "children": "1"})

    assert changed.location == book(session, "/reach")
    last = await browser.follow(changed)
    assert "3 vuxna, 1 barn" in last.text
    assert (await browser.get(book(session))).links("Tillbaka") == [f"/sv/sessions/{session}"]


async def test_two_taps_at_once_are_one_booking(house: House, browser: Browser) -> None:
    """Fails when each post makes its own key."""
    session = await house.session()
    await browser.answer(session, SARA)
    copies = [Browser(browser.http, lambda: house.url) for _ in range(2)]
    for copy in copies:
        copy.cookies |= browser.cookies
    reach = {"by": "sms", "phone": "070-174 06 05"}

    taps = await asyncio.gather(*(copy.post(book(session, "/reach"), reach) for copy in copies))

    assert [tap.location for tap in taps] == ["/sv/booked", "/sv/booked"]
    codes = {(await copy.get("/sv/booked")).source.split('class="code">')[1].split("</bdi>")[0] for copy in copies}
    assert len(codes) == 1
    assert await house.seats_taken(session) == 2


async def test_a_tap_after_the_answer_and_the_back_button_lead_to_the_receipt(house: House, browser: Browser) -> None:
    """Fails when somebody who is booked is told that their answers are lost; booking once more stays possible."""
    session = await house.session()
    await browser.book(session, SARA)
    assert DRAFT not in browser.cookies

    late = await browser.post(book(session, "/reach"), {"by": "sms", "phone": "070-174 06 05"})
    back = await browser.get(book(session, "/reach"))
    further_back = await browser.get(book(session, "/name"))

    assert [shown.location for shown in (late, back, further_back)] == ["/sv/booked"] * 3
    assert await house.seats_taken(session) == 2
    assert (await browser.get(book(session))).status == 200
    assert (await browser.book(session, SARA | {"name": "Omar", "by": "none"})).location == "/sv/booked"


async def test_answers_that_are_gone_are_asked_for_again_and_that_is_explained(house: House, browser: Browser) -> None:
    """Fails when a browser without cookies goes in circles without a word, or the last thing typed is lost."""
    session = await house.session()
    await browser.answer(session, SARA)
    browser.cookies.clear()

    opened = await browser.get(book(session, "/reach"))
    sent = await browser.post(book(session, "/reach"), {"by": "sms", "phone": "070-174 06 05"})

    assert opened.location == sent.location == book(session, "?again=1")
    explained = await browser.follow(sent)
    assert "Vi har inte kvar det du skrev" in explained.text
    assert "08-465 004 17" in explained.text or explained.links("08-")
    await browser.answer(session, SARA)
    assert (await browser.get(book(session, "/reach"))).value("phone") == "070-174 06 05"


async def test_a_browser_that_keeps_no_cookies_is_told_so_at_the_second_question(
    house: House, browser: Browser
) -> None:
    for kind, first in (("language_cafe", ""), ("digital_coaching", "/name")):
        session = await house.session(kind)
        answers = {"adults": "1", "children": "0", "name": "Sara"}

        sent = await browser.post(book(session, first), answers)
        browser.cookies.clear()

        shown = await browser.follow(sent)
        assert "sparar din webbläsare inga kakor" in shown.text
        assert "Steg 1 av" in shown.text


async def test_the_language_can_be_switched_anywhere(house: House, browser: Browser) -> None:
    """Fails when the answers belong to a language, or the switch leaves the step."""
    session = await house.session()
    await browser.answer(session, SARA)
    await browser.post(book(session, "/reach"), {"by": "email", "email": "sara@"})
    swedish = await browser.get(book(session, "/reach"))
    assert swedish.links("English") == [book(session, "/reach", "en")]

    english = await browser.get(book(session, "/reach", "en"))

    assert "Step 3 of 3" in english.text
    assert "2 people Change how many" in english.text
    assert "Sara Change name" in english.text
    assert english.value("email") == "sara@"
    done = await browser.post(book(session, "/reach", "en"), {"by": "email", "email": "sara@example.org"})
    assert "You are booked!" in (await browser.follow(done)).text


async def test_somebody_who_was_too_late_goes_on_with_another_time_in_one_tap(house: House, browser: Browser) -> None:
    """Fails when anything is asked again, or when the other session gets the key of the first."""
    activity = await house.catalog.activity()
    wanted = str((await house.catalog.session(activity_id=activity, capacity=2))["id"])
    other = str((await house.catalog.session(activity_id=activity))["id"])
    await house.settle()
    await browser.answer(wanted, SARA)
    await house.let_holds_run_out(wanted)
    await house.fill(wanted, 2)

    refused = await browser.book(wanted, SARA)

    assert (refused.status, refused.title) == (409, "Det finns inte plats för er alla – Plats")
    await house.settle()
    refused = await browser.book(wanted, SARA)
    assert (refused.status, refused.title) == (409, "Platserna tog slut – Plats")
    assert "Det du har skrivit finns kvar." in refused.text
    assert refused.links("Språkcafé") == [book(other, "/reach")]
    onward = await browser.get(book(other, "/reach"))
    assert "2 personer" in onward.text
    assert "Sara Ändra namn" in onward.text
    assert onward.value("phone") == "070-174 06 05"
    done = await browser.post(book(other, "/reach"), {"by": "sms", "phone": "070-174 06 05"})
    assert done.location == "/sv/booked"
    assert (await house.seats_taken(wanted), await house.seats_taken(other)) == (2, 2)


async def test_when_some_seats_are_left_a_smaller_party_is_offered_them(house: House, browser: Browser) -> None:
    """Fails when a party is turned away that could leave one at home, or is not told how many can come."""
    session = await house.session(capacity=4)
    await browser.answer(session, SARA | {"adults": "3"})
    await house.let_holds_run_out(session)
    await house.fill(session, 3)
    await house.settle()

    refused = await browser.book(session, SARA | {"adults": "3"})

    assert refused.status == 409
    assert "Det finns 1 plats kvar." in refused.text
    assert refused.links("Ändra hur många ni är") == [book(session)]
    party = await browser.get(book(session))
    assert party.value("adults") == "3"
    assert "Så många platser finns inte kvar. Nu är det 1 kvar." in party.text
    fewer = await browser.post(book(session), {"adults": "1", "children": "0"})
    assert fewer.location == book(session, "/reach")
    done = await browser.post(fewer.location, {"by": "sms", "phone": "070-174 06 05"})
    assert done.location == "/sv/booked"


@pytest.mark.parametrize("heard", [False, True])
async def test_a_session_called_off_while_typing_is_told_kindly(house: House, browser: Browser, *, heard: bool) -> None:
    """Fails when the last page shows a fault that nothing typed can put right.

    As long as booking has not heard of it, it is booked, and cancelled with all the others.
    """
    session = await house.session()
    other = await house.session()
    await browser.answer(session, SARA)
    await house.catalog.cancel({"id": session})
    if heard:
        await house.settle()

    sent = await browser.book(session, SARA)

    if not heard:
        assert sent.location == "/sv/booked"
        return
    assert (sent.status, sent.title) == (409, "Den här tiden är inställd – Plats")
    assert "Det du har skrivit finns kvar." in sent.text
    assert sent.links("Språkcafé") == [book(other, "/reach")]
    assert (await browser.get(book(session))).location == f"/sv/sessions/{session}"


async def test_what_began_or_became_drop_in_while_typing_is_told_as_what_it_is(house: House, browser: Browser) -> None:
    begun, drop_in = await house.session(), await house.session()
    for session in (begun, drop_in):
        await browser.answer(session, SARA)
    await house.catalog.begin({"id": begun})
    await house.booking.database.pool.execute("UPDATE session SET starts_at = now() WHERE id = $1", UUID(begun))
    await house.catalog.patch({"id": drop_in}, mode="drop_in")
    await house.settle()

    told = [await browser.book(session, SARA) for session in (begun, drop_in)]

    assert [shown.status for shown in told] == [409, 409]
    assert [shown.title for shown in told] == ["Det har redan börjat – Plats", "Hit behöver du inte boka – Plats"]


async def test_who_has_a_seat_already_is_told_where_to_see_it(
    house: House, browser: Browser, another: Callable[[], Browser]
) -> None:
    session = await house.session()
    await another().book(session, SARA)

    again = await browser.book(session, SARA)

    assert (again.status, again.title) == (409, "Du finns redan med här – Plats")
    assert "/sv/my-booking" in again.links("Min bokning")


async def test_old_links_lead_to_the_page_that_explains(house: House, browser: Browser) -> None:
    """Fails when somebody types answers for what cannot be booked any more."""
    full, cancelled, drop_in, begun = [await house.session(capacity=1) for _ in range(4)]
    await house.fill(full, 1)
    await house.settle()
    await house.catalog.cancel({"id": cancelled})
    await house.catalog.patch({"id": drop_in}, mode="drop_in")
    await house.catalog.begin({"id": begun})

    for session in (full, cancelled, drop_in, begun):
        for step in ("", "/name", "/reach"):
            shown = await browser.get(book(session, step))
            while "/book" in shown.location:
                shown = await browser.get(shown.location)
            assert (shown.status, shown.location) == (303, f"/sv/sessions/{session}")
        sent = await browser.post(book(session), {"adults": "1", "children": "0"})
        if session == full:
            assert (sent.status, sent.title) == (409, "Platserna tog slut – Plats"), "who has typed goes on from there"
        else:
            assert sent.location == f"/sv/sessions/{session}"


async def test_a_session_that_does_not_exist_is_a_page_that_says_so(browser: Browser) -> None:
    for session in ("0197f0a0-0000-7000-8000-000000000000", "none"):
        for step in ("", "/name", "/reach"):
            shown = await browser.get(book(session, step))
            assert (shown.status, "Den här tiden finns inte" in shown.text) == (404, True)


async def test_while_booking_is_away_the_same_answers_wait_under_the_same_key(
    house: House, browser: Browser, http: aiohttp.ClientSession
) -> None:
    """Fails when trying again is another booking. The first try was booked, and its answer was lost."""
    session = await house.session(capacity=2)
    await browser.answer(session, SARA)
    copy = Browser(http, lambda: house.url)
    copy.cookies |= browser.cookies
    reach = {"by": "sms", "phone": "070-174 06 05"}
    away = web_settings(
        key=SecretStr("0c" * 32),  # as every web in these tests: one key reads the cookies of another process
        catalog_url=house.catalog.url,
        booking_url=f"http://127.0.0.1:{free_port()}",
        key_booking=SecretStr(KEY),
    )
    async with serving(create_app(away)) as replica:
        there = Browser(http, lambda: replica)
        there.cookies |= browser.cookies
        failed = await there.post(book(session, "/reach"), reach)
        browser.cookies |= there.cookies
    assert (failed.status, "Det du har skrivit finns kvar." in failed.text) == (503, True)
    assert (await copy.post(book(session, "/reach"), reach)).location == "/sv/booked"
    await house.settle()

    page = await browser.get(book(session, "/reach"))
    again = await browser.post(book(session, "/reach"), reach)

    assert page.status == 200, "and not that it is full"
    assert again.location == "/sv/booked"
    assert await house.seats_taken(session) == 2


async def test_closing_the_booking_forgets_the_answers_too(house: House, browser: Browser) -> None:
    """Fails when the next person at this computer reads a name or number."""
    done, begun = await house.session(), await house.session()
    await browser.book(done, SARA)
    await browser.answer(begun, SARA)
    assert {DRAFT, RECEIPT} <= browser.cookies.keys()

    await browser.post("/sv/my-booking/forget", {"x": ""})

    assert browser.cookies == {}
    assert (await browser.get(book(begun, "/reach"))).location == book(begun, "?again=1")


async def test_answers_that_cannot_be_are_asked_for_again_before_more_is_asked(house: House, browser: Browser) -> None:
    """Fails when any text counts as an answer, or what was typed is said to be lost."""
    family = await house.session("story_time")
    await browser.post(book(family), {"adults": "abc", "children": "1"})

    for step in ("/name", "/reach"):
        assert (await browser.get(book(family, step))).location == book(family)
    assert "Skriv antalet med siffror" in (await browser.get(book(family))).text
    await browser.answer(family, {"adults": "1", "children": "1", "name": "Sara"})
    await browser.post(book(family, "/name"), {"name": "123"})
    assert (await browser.get(book(family, "/reach"))).location == book(family, "/name")
    await browser.post(book(family), {"adults": "abc", "children": "1"})
    assert (await browser.post(book(family, "/name"), {"name": "Sara"})).location == book(family), "an old tab"
    assert (await browser.get(book(family, "/reach"))).location == book(family)


async def test_a_session_that_asks_for_children_meanwhile_is_not_booked_without_an_answer(
    house: House, browser: Browser
) -> None:
    """Fails when what is asked is read from the answers, or the last page shows a fault it has no field for."""
    session = await house.session()
    await house.catalog.database.pool.execute("UPDATE session SET children = false")
    await browser.answer(session, SARA)
    await house.catalog.database.pool.execute("UPDATE session SET children = true")

    shown = await browser.post(book(session, "/reach"), {"by": "sms", "phone": "070-174 06 58"})

    assert (shown.status, shown.value("adults"), shown.value("children")) == (422, "2", "")
    assert "Skriv antalet med siffror" in shown.text
    assert await house.seats_taken(session) == 0


async def test_while_catalog_is_away_the_number_of_children_alone_is_no_party(
    house: House, http: aiohttp.ClientSession
) -> None:
    """Fails when the page is sought among steps that were made without it: that was a breakdown."""
    session = await house.session("story_time")
    alone = web_settings(
        key=SecretStr("0c" * 32),
        catalog_url=f"http://127.0.0.1:{free_port()}",
        booking_url=house.booking.url,
        key_booking=SecretStr(KEY),
    )
    async with serving(create_app(alone)) as url:
        there = Browser(http, lambda: url)
        shown = await there.post(book(session), {"children": "x"})

        assert (shown.status, shown.value("adults"), shown.value("children")) == (422, "", "x")


async def test_a_booking_that_began_elsewhere_leaves_no_answers(house: House, browser: Browser) -> None:
    """Fails when the answers about the session that was full stay: the next person here would read them."""
    full, booked, later = [await house.session(capacity=2) for _ in range(3)]
    await browser.answer(full, SARA)
    await house.let_holds_run_out(full)
    await house.fill(full, 2)
    assert (await browser.book(full, SARA)).status == 409
    await browser.get(book(booked, "/reach"))

    done = await browser.post(book(booked, "/reach"), {"by": "sms", "phone": "070-174 06 05"})

    assert (done.location, DRAFT in browser.cookies) == ("/sv/booked", False)
    assert "Dölj bokningen" in (await browser.follow(done)).text
    assert (await browser.get(book(later, "/reach"))).location == book(later, "?again=1")
    assert (await browser.get(book(later))).value("adults") == "1"


async def test_what_was_typed_can_be_cleared_on_the_way(house: House, browser: Browser) -> None:
    """Fails when somebody who gives up has to leave a name and number behind, or is asked before typing anything."""
    session = await house.session(capacity=2)
    clear = f'action="{book(session, "/forget")}"'
    assert clear not in (await browser.get(book(session))).source
    assert clear in (await browser.post(book(session), {"adults": "x"})).source
    await browser.answer(session, SARA)
    assert clear in (await browser.get(book(session, "/reach"))).source
    await house.let_holds_run_out(session)
    await house.fill(session, 2)
    assert clear in (await browser.book(session, SARA)).source

    cleared = await browser.post(book(session, "/forget"), {})

    assert (cleared.location, browser.cookies) == (f"/sv/sessions/{session}", {})
    assert cleared.headers["Clear-Site-Data"] == '"cache"'


async def test_no_address_holds_an_answer(house: House, browser: Browser) -> None:
    session = await house.session()

    sent: list[Shown] = [
        await browser.post(book(session), {"adults": "2", "children": "0"}),
        await browser.post(book(session, "/name"), {"name": "Zebedeus"}),
        await browser.post(book(session, "/reach"), {"by": "sms", "phone": "070-174 06 05"}),
    ]

    assert all("Zebedeus" not in shown.location and "174" not in shown.location.replace(session, "") for shown in sent)
