"""My booking on the pages, in front of a real catalog and a real booking service."""

import pytest
from icalendar import Calendar

from shared.events import BookingCancelled, BookingCodeRequested
from tests.integration.web.house import House
from tests.support.pages import RECEIPT, Browser, Shown
from tests.support.samples import numbers

MINE = "/sv/my-booking"
SARA = {"adults": "3", "children": "0", "name": "Sara", "by": "sms", "phone": "070-174 06 50"}
FAMILY = "story_time"
MEETING = {"link": "https://meet.example.org/cafe?a=1&b=2", "number": "612 345 6789"}


async def booked(house: House, browser: Browser, kind: str = "language_cafe", **session: object) -> str:
    """Book for three; gives the session."""
    made = await house.session(kind, **session)
    form = SARA | ({"adults": "1", "children": "2"} if kind == FAMILY else {})
    shown = await browser.book(made, form)
    assert shown.status == 303, shown.text
    return made


async def code_of(house: House) -> str:
    return str((await house.booking.row("SELECT code FROM contact ORDER BY ref LIMIT 1"))["code"])


async def call_off(house: House, session: str) -> None:
    status, _ = await house.catalog.cancel({"id": session})
    assert status == 200


async def test_the_booking_says_what_one_needs_and_what_one_can_do(house: House, browser: Browser) -> None:
    """In order of use. Fails when an action is missing, out of order, or leads elsewhere."""
    session = await booked(house, browser)
    page = await browser.get(MINE)
    code = await code_of(house)
    assert f"{code[:3]}-{code[3:]}" in page.text
    assert "Välkommen, Sara! Ni har plats allihop." in page.text
    assert "3 personer" in page.text
    assert "Ett sms är på väg till" in page.text
    actions = ["Lägg till i kalendern", "Färre personer", "Byt till en annan tid", "Avboka", "Dölj bokningen"]
    assert actions == sorted(actions, key=page.text.rindex)
    links = [f"{MINE}/calendar.ics", f"{MINE}/people", f"{MINE}/move", f"{MINE}/cancel"]
    assert links == [page.links(action)[0] for action in actions[:4]]
    assert "Du kan också svara NEJ på vårt sms" in page.text
    assert "my-booking/people" in (await browser.get("/en/my-booking")).source
    assert session not in page.text


# --- fewer people


async def test_fewer_people_come_and_the_rest_of_the_seats_are_free(house: House, browser: Browser) -> None:
    """Fails when the seats stay taken, or it is not said once they are given back."""
    session = await booked(house, browser)
    asked = await browser.get(f"{MINE}/people")
    assert asked.value("adults") == "3"
    assert asked.value("children") is None
    answer = await browser.post(f"{MINE}/people", {"adults": "2"})
    assert (answer.status, answer.location) == (303, f"{MINE}?fewer=1")
    done = await browser.follow(answer)
    assert "Klart! Nu är ni bokade så här: 2 personer." in done.text
    assert "Klart!" not in (await browser.get(MINE)).text
    assert await house.seats_taken(session) == 2


async def test_adults_and_children_are_asked_for_apart(house: House, browser: Browser) -> None:
    """Fails when a child given back is one more adult, or the seats are counted otherwise than the session does."""
    session = await booked(house, browser, FAMILY)
    asked = await browser.get(f"{MINE}/people")
    assert (asked.value("adults"), asked.value("children")) == ("1", "2")
    more = await browser.post(f"{MINE}/people", {"adults": "1", "children": "3"})
    assert (more.status, more.text.count("Vill ni bli fler?")) == (422, 2)
    assert 'id="children-fault"' in more.source
    none = await browser.post(f"{MINE}/people", {"adults": "1", "children": "0"})
    assert none.status == 422
    assert none.text.count("Minst ett barn behöver komma.") == 2, "in the summary and beside the field"
    assert none.value("children") == "0"
    alone = await browser.post(f"{MINE}/people", {"adults": "0", "children": "2"})
    assert (alone.status, alone.text.count("Minst en vuxen behöver komma med barnen.")) == (422, 2)
    assert 'id="adults-fault"' in alone.source
    done = await browser.follow(await browser.post(f"{MINE}/people", {"adults": "1", "children": "1"}))
    assert "1 vuxen, 1 barn" in done.text
    assert await house.seats_taken(session) == 1
    assert not done.links("Färre personer"), "nobody's place would be left"
    assert (await browser.get(f"{MINE}/people")).location == MINE


async def test_what_cannot_be_is_told_beside_the_field(house: House, browser: Browser) -> None:
    """Fails when a check is left out, or what was typed is lost."""
    session = await booked(house, browser)
    digits = "Skriv antalet med siffror, till exempel 2."
    wrong = {
        "4": "Vill ni bli fler? Ring biblioteket eller boka en plats till.",
        "0": "Kommer ingen av er? Avboka i stället.",
        "-1": digits,
        "två": digits,
        "": digits,
        "9" * 5000: "Vill ni bli fler? Ring biblioteket eller boka en plats till.",
    }
    for typed, told in wrong.items():
        page = await browser.post(f"{MINE}/people", {"adults": typed})
        assert page.status == 422
        assert page.text.count(told) == 2, "in the summary and beside the field"
        assert page.title.startswith("Fel: ")
        assert page.value("adults") == typed[:7]
        assert page.links("Avboka i stället")[-1] == f"{MINE}/cancel"
    assert await house.seats_taken(session) == 3


async def test_a_form_left_open_in_another_tab_brings_no_seats_back(house: House, browser: Browser) -> None:
    """Fails when what was booked first is the measure."""
    session = await booked(house, browser)
    await browser.post(f"{MINE}/people", {"adults": "1"})
    page = await browser.post(f"{MINE}/people", {"adults": "2"})
    assert (page.status, "Vill ni bli fler?" in page.text) == (422, True)
    assert await house.seats_taken(session) == 1


async def test_what_has_begun_stays_as_it_is(house: House, browser: Browser) -> None:
    """Fails when the page still offers it, or the refusal is an error page."""
    session = await booked(house, browser)
    await house.shift(session, minutes=-5)
    page = await browser.get(MINE)
    assert "Det har börjat och håller på till" in page.text
    assert not page.links("Färre personer")
    assert not page.links("Avboka")
    for path, form in (("people", {"adults": "1"}), ("cancel", {})):
        assert (await browser.get(f"{MINE}/{path}")).location == MINE
        refused = await browser.post(f"{MINE}/{path}", form)
        assert (refused.status, "Det har redan börjat, så det går inte att" in refused.text) == (409, True)
        assert refused.title.startswith("Fel: ")
    assert await house.seats_taken(session) == 3


# --- cancelled, called off, over


async def test_cancelling_is_asked_about_and_then_thanked_for(house: House, browser: Browser) -> None:
    session, other = await booked(house, browser), await house.session()
    assert "Inget avbokas." in (await browser.get(MINE)).text
    question = await browser.get(f"{MINE}/cancel")
    assert "Du avbokar för: 3 personer. Då får andra era platser." in question.text
    done = await browser.follow(await browser.post(f"{MINE}/cancel", {}))
    assert done.title.startswith("Din bokning är avbokad")
    assert "Tack för att du sa till." in done.text
    assert done.links("Språkcafé") == [f"/sv/sessions/{other}"], "another time, should it fit better"
    assert "Dölj bokningen" in done.text
    assert "Inget avbokas." not in done.text
    assert not done.links("Lägg till i kalendern")
    assert await house.seats_taken(session) == 0
    again = await browser.post(f"{MINE}/cancel", {})
    assert (again.status, again.location) == (303, MINE), "a second tap changes nothing"
    late = await browser.post(f"{MINE}/people", {"adults": "1"})
    assert (late.status, "Din bokning är avbokad" in late.text) == (409, True)
    told = [event for event in await house.booking.told() if isinstance(event, BookingCancelled)]
    assert len(told) == 1


async def test_a_session_called_off_names_others_with_a_place(house: House, browser: Browser) -> None:
    """Both before booking knows and after. Fails when a visitor is left with 'Inställt' alone."""
    session = await booked(house, browser)
    other = await house.session()
    await call_off(house, session)
    for _ in range(2):
        page = await browser.get(MINE)
        assert page.title.startswith("Inställt")
        assert page.links("Språkcafé") == [f"/sv/sessions/{other}"]
        assert not page.links("Avboka")
        await house.settle()


async def test_a_session_that_is_over_says_so(house: House, browser: Browser) -> None:
    session = await booked(house, browser)
    await house.shift(session, hours=-2)
    page = await browser.get(MINE)
    assert page.title.startswith("Det här har varit")
    assert not page.links("Avboka")
    assert not page.links("Färre personer")


# --- online


async def test_the_way_into_the_meeting_is_for_who_has_a_seat(house: House, browser: Browser) -> None:
    """Fails when the link is not the session's, tells the meeting where one came from, or outlives the seat."""
    await booked(house, browser, place="online", meeting=MEETING)
    page = await browser.get(MINE)
    [link] = [part for part in page.source.split("<a ") if "Gå till mötet" in part]
    assert 'href="https://meet.example.org/cafe?a=1&amp;b=2"' in link
    assert 'rel="noopener noreferrer"' in link
    assert "target" not in link
    assert "612 345 6789" in page.text
    assert "Det börjar" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    await browser.post(f"{MINE}/cancel", {})
    gone = await browser.get(MINE)
    assert "meet.example.org" not in gone.source
    assert "612 345" not in gone.source


async def test_who_goes_in_late_still_finds_the_door(house: House, browser: Browser) -> None:
    session = await booked(house, browser, place="online", meeting=MEETING)
    await house.shift(session, minutes=-5)
    page = await browser.get(MINE)
    assert "Det har börjat. Gå in nu." in page.text
    assert page.links("Gå till mötet")


# --- the own calendar


def entry(shown: Shown) -> dict[str, str]:
    """The properties of a file's one event, and those that only its alarm has, as written but for the folds."""
    calendar = Calendar.from_ical(shown.source)
    assert len(calendar.events) == 1
    assert "METHOD:PUBLISH" in shown.source
    event = shown.source.replace("\r\n ", "").split("BEGIN:VEVENT")[1].split("END:VEVENT")[0]
    lines = [line.partition(":") for line in reversed(event.strip().splitlines())]
    return {name.partition(";")[0]: value for name, _, value in lines}


async def test_the_calendar_file_is_the_one_of_the_mail(house: House, browser: Browser) -> None:
    """Fails when name or number differ from the mail's: the visitor's calendar would show the booking twice."""
    session = await booked(house, browser)
    shown = await browser.get(f"{MINE}/calendar.ics")
    row = await house.booking.row("SELECT id, revision FROM booking")
    event, code = entry(shown), await code_of(house)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (str(row["id"]), str(row["revision"]), "CONFIRMED")
    assert event["SUMMARY"] == "Språkcafé"
    assert event["LOCATION"].startswith("Kista bibliotek")
    assert event["DESCRIPTION"].startswith(f"Din kod: {code[:3]}-{code[3:]}\\n")
    assert "DTSTART;TZID=Europe/Stockholm:" in shown.source
    assert (event["ACTION"], event["TRIGGER"]) == ("DISPLAY", "-PT2H")
    day = f"{event['DTSTART'][:4]}-{event['DTSTART'][4:6]}-{event['DTSTART'][6:8]}"
    assert shown.headers["Content-Disposition"] == f'attachment; filename="plats-{day}.ics"'
    assert shown.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert shown.headers["Cache-Control"] == "no-store"
    assert session not in shown.source
    await browser.post(f"{MINE}/people", {"adults": "1"})
    assert entry(await browser.get(f"{MINE}/calendar.ics"))["SEQUENCE"] == str(row["revision"] + 1)


async def test_the_calendar_file_speaks_the_language_of_the_page(house: House, browser: Browser) -> None:
    await booked(house, browser, place="online", meeting=MEETING)
    swedish = entry(await browser.get("/sv/my-booking/calendar.ics"))
    english = entry(await browser.get("/en/my-booking/calendar.ics"))
    assert (swedish["SUMMARY"], english["SUMMARY"]) == ("Språkcafé", "Language café")
    assert english["LOCATION"] == english["URL"] == MEETING["link"]
    assert f"How to get in: {MEETING['link']}\\nMeeting number: 612 345 6789" in english["DESCRIPTION"]


@pytest.mark.parametrize("by", ["visitor", "library"])
async def test_a_calendar_strikes_out_what_does_not_happen(house: House, browser: Browser, by: str) -> None:
    """Fails when the file of a cancelled booking confirms it, holds the meeting, or rings."""
    session = await booked(house, browser, place="online", meeting=MEETING)
    if by == "visitor":
        await browser.post(f"{MINE}/cancel", {})
    else:
        await call_off(house, session)
        await house.settle()
    shown = await browser.get(f"{MINE}/calendar.ics")
    assert entry(shown)["STATUS"] == "CANCELLED"
    assert "meet.example.org" not in shown.source
    assert "VALARM" not in shown.source


async def test_without_a_receipt_there_is_no_calendar_file(house: House, browser: Browser) -> None:
    answer = await browser.get(f"{MINE}/calendar.ics")
    assert (answer.status, answer.location) == (303, MINE)
    await booked(house, browser)
    await house.booking.database.pool.execute("DELETE FROM contact")
    assert (await browser.get(f"{MINE}/calendar.ics")).location == MINE


# --- two bookings, nobody's booking


async def test_another_booking_takes_the_place_of_the_first_in_this_browser(house: House, browser: Browser) -> None:
    """Fails when the receipt of the first stays, or the form for the second cannot be reached."""
    first, second = await house.session(), await house.session()
    await browser.book(first, SARA)
    code = await code_of(house)
    await browser.book(second, SARA | {"name": "Amir", "phone": "070-174 06 51"})
    assert "Välkommen, Amir!" in (await browser.get(MINE)).text
    [form] = (await browser.get(MINE)).links("Visa en annan bokning")
    assert (await browser.get(form)).value("code") == ""
    wrong = await browser.post(MINE, {"code": code, "proof": "9999"})
    unknown = await browser.post(MINE, {"code": "K7F-4MQ", "proof": "0650"})
    assert (wrong.status, unknown.status) == (403, 403)
    assert wrong.source.replace(code, "K7F-4MQ") == unknown.source.replace("0650", "9999")
    assert "Välkommen, Amir!" in (await browser.get(MINE)).text
    found = await browser.follow(await browser.post(MINE, {"code": code, "proof": "0650"}))
    assert "Välkommen, Sara!" in found.text


async def test_closing_leaves_nothing_behind(house: House, browser: Browser) -> None:
    """Neither the booking nor what was typed for the next one. Fails when either cookie stays."""
    await booked(house, browser)
    await browser.answer(await house.session(), SARA)
    assert len(browser.cookies) == 2
    await browser.post(f"{MINE}/forget", {})
    assert browser.cookies == {}


async def test_catalog_away_leaves_the_code_and_the_way_to_cancel(house: House, browser: Browser) -> None:
    """Fails when My booking waits for what is only nice to know."""
    session = await booked(house, browser)
    await house.catalog.database.pool.execute("ALTER TABLE session RENAME TO away")
    page = await browser.get(MINE)
    code = await code_of(house)
    assert page.status == 200
    assert f"{code[:3]}-{code[3:]}" in page.text
    assert "Just nu kan vi inte visa tid och plats. 3 personer." in page.text
    assert (await browser.get(f"{MINE}/calendar.ics")).status == 503
    assert (await browser.get(f"{MINE}/people")).value("adults") == "3"
    assert (await browser.post(f"{MINE}/people", {"adults": "2"})).status == 303
    assert await house.seats_taken(session) == 2


# --- a lost code


async def codes_sent(house: House) -> int:
    return len([event for event in await house.booking.told() if isinstance(event, BookingCodeRequested)])


async def test_a_lost_code_is_sent_and_nobody_learns_whether_there_is_one(house: House, browser: Browser) -> None:
    """Fails when the answer differs, holds the number, or a reload sends again."""
    await booked(house, browser)
    browser.cookies.clear()
    [lost] = (await browser.get(MINE)).links("Har du tappat bort koden?")
    assert lost == f"{MINE}/code"
    answers = []
    for number in (SARA["phone"], numbers()[-1]):
        answer = await browser.post(lost, {"by": "sms", "phone": number, "email": ""})
        assert (answer.status, answer.location) == (303, f"{MINE}/code/sent")
        answers.append((await browser.follow(answer)).source)
    assert answers[0] == answers[1]
    assert "Om det finns en bokning med det numret eller den adressen skickar vi koden dit nu." in answers[0]
    assert await codes_sent(house) == 1
    await browser.get(f"{MINE}/code/sent")
    assert await codes_sent(house) == 1
    assert RECEIPT not in browser.cookies


async def test_an_address_that_is_none_is_told_beside_the_field(house: House, browser: Browser) -> None:
    """Fails when a check is left out, or what was typed is lost."""
    phone, email = "Skriv ett svenskt mobilnummer", "Skriv en e-postadress"
    wrong: list[tuple[dict[str, str], str, str]] = [
        ({"by": "sms", "phone": ""}, "phone", phone),
        ({"by": "sms", "phone": "08-465 004 00"}, "phone", phone),
        ({"by": "email", "email": "sara"}, "email", email),
        ({"by": "none"}, "by", "Välj hur vi når dig."),
        ({"by": "owl"}, "by", "Välj hur vi når dig."),
    ]
    for sent, field, told in wrong:
        page = await browser.post(f"{MINE}/code", sent)
        assert page.status == 422
        assert page.text.count(told) == 2, "in the summary and beside the field"
        assert f'id="{field}-fault"' in page.source
        assert field == "by" or page.value(field) == sent[field]
    assert await codes_sent(house) == 0


async def test_who_asks_too_often_is_told_when_to_ask_again(browser: Browser) -> None:
    """For a number without a booking as well: that it is told says nothing."""
    for _ in range(3):
        assert (await browser.post(f"{MINE}/code", {"by": "sms", "phone": SARA["phone"]})).status == 303
    page = await browser.post(f"{MINE}/code", {"by": "sms", "phone": SARA["phone"]})
    assert page.status == 429
    assert "Vi har fått många frågor om koder för det här numret." in page.text
    assert "försök igen om 60 minuter" in page.text
    assert 3500 < int(page.headers["Retry-After"]) <= 3600
    assert page.value("phone") == SARA["phone"]


async def test_booking_away_loses_nothing_of_what_was_typed(house: House, browser: Browser) -> None:
    await house.booking.database.pool.execute("ALTER TABLE contact RENAME TO away")
    page = await browser.post(f"{MINE}/code", {"by": "email", "email": "sara@example.org"})
    assert (page.status, page.value("email")) == (503, "sara@example.org")
    assert "Vi kan inte skicka koder just nu." in page.text


async def test_who_was_there_has_it_in_writing(house: House, browser: Browser) -> None:
    """Where it is given. Fails when somebody who never came gets the paper, or it is offered before the end."""
    course = await house.session("staff_training")
    for step, form in (
        ("", {"adults": "1"}),
        ("/answers/municipality", {"answer-municipality": "0184"}),
        ("/name", {"name": "Karin"}),
        ("/reach", {"by": "none"}),
    ):
        assert (await browser.post(f"/sv/sessions/{course}/book{step}", form)).status == 303, step
    certificate = "/sv/my-booking/certificate"
    assert (await browser.get(certificate)).location == "/sv/my-booking"
    await house.shift(course, hours=-2)
    assert (await browser.get("/sv/my-booking")).links("Intyg") == []
    await house.booking.database.pool.execute("UPDATE booking SET attendance = 'came'")

    assert (await browser.get("/sv/my-booking")).links("Intyg") == [certificate]
    paper = await browser.get(certificate)

    assert paper.title.startswith("Intyg: Språkcafé")
    assert "Karin har deltagit i Språkcafé" in paper.text
    assert "Hur länge 1 timme Kommun Solna Anordnat av Kista bibliotek" in paper.text

    await house.booking.database.pool.execute("UPDATE session SET ends_at = starts_at + interval '20 minutes'")
    assert "Hur länge 20 minuter Kommun" in (await browser.get(certificate)).text
