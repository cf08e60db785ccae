"""The desk: whoever stands there is booked with four fields, also where it is full, and gets a slip."""

import re

import pytest

from tests.integration.catalog.conftest import soon
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Shown
from tests.support.samples import PHONE

DESK = "/sv/staff/desk"
ZAHRA = {"name": "Zahra", "phone": "", "language": "sv", "adults": "1", "children": "0"}


@pytest.fixture
async def sara(signed_in: SignIn) -> Colleague:
    return await signed_in("staff", "kista")


def at(session: str) -> str:
    return f"{DESK}/sessions/{session}"


async def book(sara: Colleague, session: str, **typed: str) -> Shown:
    """Fill in the form at the desk, as it lies there, and send it."""
    return await sara.fill(await sara.get(at(session)), at(session), ZAHRA | typed)


async def people(house: StaffHouse, session: str) -> list[tuple[str, str, str]]:
    rows = await house.booking.database.pool.fetch(
        """
        SELECT c.name, c.reach, b.state FROM booking b JOIN contact c ON c.ref = b.contact_ref
        WHERE b.session_id = $1::uuid ORDER BY b.id
        """,
        session,
    )
    return [(row["name"], row["reach"], row["state"]) for row in rows]


# What is there already.


async def test_the_next_time_is_there_already_with_the_form_for_it(staff_house: StaffHouse, sara: Colleague) -> None:
    """Fails when one has to look for it first, or what is full or over hides it."""
    later = await staff_house.session(starts_at=soon(3).isoformat())
    first = await staff_house.session(starts_at=soon(1).isoformat(), capacity=7)
    page = await sara.get(DESK)
    assert page.status == 200
    assert f'action="{at(first)}"' in page.source
    assert "7 lediga platser" in page.text
    assert at(later) in page.links("Språkcafé")


async def test_what_has_gone_on_for_long_gives_way_to_the_next(staff_house: StaffHouse, sara: Colleague) -> None:
    begun = await staff_house.session()
    following = await staff_house.session()
    await staff_house.shift(begun, minutes=-45)
    await staff_house.shift(following, minutes=20)
    page = await sara.get(DESK)
    assert f'action="{at(following)}"' in page.source
    assert at(begun) in page.links("Nu")


async def test_a_desk_without_a_programme_says_what_to_do(sara: Colleague) -> None:
    page = await sara.get(DESK)
    assert page.links("Lägg upp något i programmet") == ["/sv/staff/programme"]


async def test_who_works_at_several_libraries_says_at_which_desk(signed_in: SignIn) -> None:
    anna = await signed_in("staff", "husby", "kista", subject="anna")
    await anna.get(f"{DESK}?branch=")
    page = await anna.get(DESK)
    assert page.links("Kista") == [f"{DESK}?branch=kista"]
    assert (await anna.get(f"{DESK}?branch=kista")).status == 200
    assert (await anna.get(f"{DESK}?branch=rinkeby")).status == 403


async def test_another_librarys_session_is_refused(staff_house: StaffHouse, signed_in: SignIn) -> None:
    session = await staff_house.session()
    anna = await signed_in("staff", "husby", subject="anna")
    assert (await anna.get(at(session))).status == 403
    assert (await anna.send(at(session), ZAHRA | {"key": "a"})).status == 403
    assert await people(staff_house, session) == []


# Booking.


async def test_somebody_without_a_phone_is_booked_and_gets_a_slip(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session()
    answer = await book(sara, session)
    assert (answer.status, await people(staff_house, session)) == (303, [("Zahra", "none", "confirmed")])
    slip = await sara.follow(answer)
    code = (await staff_house.booking.row("SELECT code FROM contact"))["code"]
    assert slip.title.startswith("Zahra har plats")
    assert f"{code[:3]}-{code[3:]}" in slip.text
    assert "Ge personen lappen" in slip.text
    assert 'class="qr"' in slip.source


async def test_the_slip_is_in_the_language_of_whoever_it_is_for(staff_house: StaffHouse, sara: Colleague) -> None:
    """Fails when a slip that somebody takes home is in the words of whoever printed it."""
    session = await staff_house.session()
    slip = await sara.follow(await book(sara, session, language="en"))
    paper = slip.source.split("desk-paper", 1)[1]
    assert 'lang="en"' in paper.split(">", 1)[0]
    assert "Your code" in paper
    assert "Skriv ut lappen" in slip.text


async def test_a_number_is_enough_to_get_a_message(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session()
    slip = await sara.follow(await book(sara, session, phone="070-174 06 05"))
    assert await people(staff_house, session) == [("Zahra", "sms", "confirmed")]
    assert "Ett meddelande med koden är på väg" in slip.text
    assert PHONE[-6:] not in slip.source, "of a number only its end is shown"


WAYS = (
    ("call", {"by": "call", "phone": "08-465 004 00"}),
    ("email", {"by": "email", "email": "zahra@example.org"}),
    ("proxy", {"by": "proxy", "phone": "070-174 06 05", "behalf_of": "relative"}),
    ("proxy", {"by": "proxy", "email": "larare@example.org", "behalf_of": "teacher"}),
)


async def test_they_are_reached_as_they_want(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session()
    for _, typed in WAYS:
        assert (await book(sara, session, **typed)).status == 303
    assert [by for _, by, _ in await people(staff_house, session)] == [by for by, _ in WAYS]


async def test_the_same_form_twice_books_once(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session()
    form = await sara.get(at(session))
    answers = [await sara.fill(form, at(session), ZAHRA) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert len(await people(staff_house, session)) == 1


WRONG = (
    ({"name": ""}, "name", "Skriv ett namn med bokstäver"),
    ({"name": "http://x.se"}, "name", "Skriv ett namn med bokstäver"),
    ({"phone": "12"}, "phone", "Det är inget svenskt mobilnummer"),
    ({"phone": "08-465 004 00"}, "phone", "Det är inget svenskt mobilnummer"),
    ({"by": "call"}, "phone", "Skriv numret som vi ska ringa"),
    ({"by": "call", "phone": "1"}, "phone", "Det är inget svenskt telefonnummer"),
    ({"by": "email"}, "email", "Skriv en e-postadress"),
    ({"by": "email", "email": "zahra"}, "email", "Skriv en e-postadress"),
    ({"by": "proxy"}, "phone", "Skriv hjälparens"),
    ({"adults": "två"}, "adults", "Skriv antalet med siffror"),
    ({"adults": "0"}, "adults", "Skriv antalet med siffror"),
    ({"adults": "-1"}, "adults", "Skriv antalet med siffror"),
    ({"adults": "99"}, "adults", "Så många får inte vara i en bokning. Högst"),
    ({"adults": "9999999"}, "adults", "Så många får inte vara i en bokning"),
)


async def test_what_is_wrong_is_named_and_nothing_typed_is_lost(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session()
    for typed, field, says in WRONG:
        page = await book(sara, session, **(ZAHRA | {"language": "ar"} | typed))
        assert (page.status, page.title[:4]) == (422, "Fel:"), typed
        assert says in page.text
        assert f'href="#{field}"' in page.source
        assert 'value="ar" selected' in page.source
    assert await people(staff_house, session) == []
    corrected = await sara.fill(await book(sara, session, name=""), at(session), ZAHRA)
    assert corrected.status == 303, "what was put right goes through"


async def test_who_has_a_seat_already_is_told_of(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session()
    await book(sara, session, phone="070-174 06 05")
    page = await book(sara, session, phone="070-174 06 05")
    assert page.status == 409
    assert "har redan en plats" in page.text


async def test_what_a_session_asks_is_asked_on_the_same_page(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session("digital_coaching")
    page = await book(sara, session)
    assert page.status == 422
    assert "Välj ett svar" in page.text
    answer = await sara.fill(page, at(session), ZAHRA | {"answer-topic": "bankid"})
    assert answer.status == 303
    row = await staff_house.booking.row("SELECT answers FROM booking")
    assert "bankid" in str(row["answers"])


async def test_booking_away_loses_nothing(staff_house: StaffHouse, sara: Colleague) -> None:
    """Fails when somebody has to type it all again because a service was restarted."""
    session = await staff_house.session()
    form = await sara.get(at(session))
    await staff_house.booking.database.pool.execute("ALTER TABLE idempotency RENAME TO gone")
    page = await sara.fill(form, at(session), ZAHRA)
    assert page.status == 503
    await staff_house.booking.database.pool.execute("ALTER TABLE gone RENAME TO idempotency")
    answer = await sara.fill(page, at(session), {})
    assert (answer.status, await people(staff_house, session)) == (303, [("Zahra", "none", "confirmed")])


# Full.


async def test_full_asks_what_to_do_and_says_why(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session(capacity={"seats": 2, "queue": 4})
    await staff_house.fill(session, 2)
    page = await book(sara, session, phone="070-174 06 05")
    assert page.status == 409
    assert "Det är fullt" in page.title
    assert "2 av 2 platser är tagna" in page.text
    answer = await sara.fill(page, at(session), {"instead": "queue"})
    slip = await sara.follow(answer)
    assert slip.title.startswith("Zahra står i kö")
    assert "Nummer 1 i kön" in slip.text


async def test_one_more_button_lets_somebody_in_on_purpose(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session(capacity=1)
    await staff_house.fill(session, 1)
    page = await book(sara, session)
    assert "Utan nummer eller e-post går det inte att stå i kö" in page.text
    answer = await sara.fill(page, at(session), {"instead": "override"})
    assert answer.status == 303
    assert await staff_house.seats_taken(session) == 2
    row = await staff_house.booking.row("SELECT subject, over FROM audit WHERE action = 'override'")
    assert (row["subject"], row["over"]) == ("sara", 1)


async def test_back_from_full_keeps_what_was_typed(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session(capacity=1)
    await staff_house.fill(session, 1)
    page = await sara.fill(await book(sara, session, language="so"), at(session), {"instead": "back"})
    assert (page.status, page.value("name")) == (200, "Zahra")
    assert 'value="so" selected' in page.source


async def test_another_time_with_a_seat_is_one_button_away(staff_house: StaffHouse, sara: Colleague) -> None:
    activity = await staff_house.catalog.activity()
    session = await staff_house.session(activity_id=activity, capacity=1)
    other = await staff_house.session(activity_id=activity, starts_at=soon(7).isoformat())
    await staff_house.fill(session, 1)
    page = await book(sara, session)
    assert f'name="other" value="{other}"' in page.source
    answer = await sara.fill(page, at(session), {"other": other})
    assert (answer.status, await staff_house.seats_taken(other)) == (303, 1)


# Taken back.


async def test_a_booking_of_just_now_is_taken_back(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session()
    slip = await sara.follow(await book(sara, session))
    [action] = re.findall(r'action="([^"]*/cancel)"', slip.source)
    answer = await sara.fill(slip, action, {})
    page = await sara.follow(answer)
    assert "Bokningen för Zahra är avbokad" in page.text
    assert await staff_house.seats_taken(session) == 0


async def test_also_of_who_came_too_late_and_was_there(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session()
    await staff_house.shift(session, minutes=-5)
    slip = await sara.follow(await book(sara, session))
    assert "Markerad som här" in slip.text
    [action] = re.findall(r'action="([^"]*/cancel)"', slip.source)
    assert (await sara.fill(slip, action, {})).status == 303
    assert await staff_house.seats_taken(session) == 0
