"""People at the desk: found by what they have with them, marked as here, moved, given back, asked about an offer."""

from uuid import UUID

import pytest

from tests.integration.catalog.conftest import soon
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Shown
from tests.support.samples import booking_body

DESK = "/sv/staff/desk"


@pytest.fixture
async def sara(signed_in: SignIn) -> Colleague:
    return await signed_in("staff", "kista")


async def search(sara: Colleague, text: str) -> Shown:
    page = await sara.get(f"{DESK}/search")
    return await sara.fill(page, f"{DESK}/search", {"q": text})


async def mine(house: StaffHouse, session: str, name: str = "Amir") -> str:
    """Where somebody's booking is."""
    row = await house.booking.row(
        """
        SELECT b.id FROM booking b JOIN contact c ON c.ref = b.contact_ref
        WHERE b.session_id = $1::uuid AND c.name = $2 ORDER BY b.id DESC LIMIT 1
        """,
        session,
        name,
    )
    return f"{DESK}/bookings/{session}/{row['id']}"


async def tap(sara: Colleague, page: Shown, action: str, **more: str) -> Shown:
    return await sara.follow(await sara.fill(page, action, more))


# Found.


async def test_who_is_the_only_one_is_shown_at_once_and_no_name_is_in_an_address(
    staff_house: StaffHouse, sara: Colleague
) -> None:
    session = await staff_house.session()
    guest = await staff_house.fill(session, 2, name="Zahra")
    where = await mine(staff_house, session, "Zahra")
    for text in ("zah", guest.code, guest.code.lower().replace("-", " ")):
        assert (await search(sara, text)).location == where
    page = await sara.get(where)
    assert page.title.startswith("Bokning: Zahra")
    assert "Har plats" in page.text
    assert guest.code in page.text


async def test_of_several_one_chooses_by_time_and_code(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session()
    guests = [await staff_house.fill(session, 1, name="Zahra") for _ in range(2)]
    page = await search(sara, "Zahra")
    assert "2 bokningar" in page.text
    for guest in guests:
        assert guest.code in page.text
    nobody = await search(sara, "Xerxes")
    assert "Ingen bokning hittades" in nobody.text


async def test_too_little_to_look_for_says_what_is_enough(sara: Colleague) -> None:
    page = await search(sara, "z")
    assert (page.status, page.value("q")) == (422, "z")
    assert "minst två bokstäver" in page.text


# Here, or not.


async def test_one_tap_marks_somebody_as_here_and_one_takes_it_back(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session()
    await staff_house.fill(session, 1)
    await staff_house.shift(session, minutes=10)
    where = await mine(staff_house, session)
    here = await tap(sara, await sara.get(where), f"{where}/came")
    assert "Amir är här" in here.text
    assert (await staff_house.booking.row("SELECT attendance FROM booking"))["attendance"] == "came"
    await tap(sara, here, f"{where}/came", back="1")
    assert (await staff_house.booking.row("SELECT attendance FROM booking"))["attendance"] is None


async def test_who_was_missed_and_whose_seat_is_gone_gets_in_on_purpose(
    staff_house: StaffHouse, sara: Colleague
) -> None:
    session = await staff_house.session(capacity=1)
    await staff_house.fill(session, 1)
    await staff_house.shift(session, minutes=-11)
    where = await mine(staff_house, session)
    booking = where.rpartition("/")[2]
    headers = staff_house.catalog.issuer.headers("staff", "kista")
    missed = {"booking_id": booking, "attendance": "no_show"}
    status, _ = await staff_house.booking.post(f"/v1/sessions/{session}/attendance", missed, **headers)
    assert status == 200
    other = {"session_id": session, "name": "Bo", "reach": {"by": "none"}, "party": {"adults": 1}}
    assert (await staff_house.booking.post("/v1/desk/bookings", other, **headers))[0] == 201
    full = await sara.fill(await sara.get(where), f"{where}/came", {})
    assert full.status == 409
    assert "Platsen har gått till någon annan" in full.text
    assert "Amir är här" in (await tap(sara, full, f"{where}/came")).text


# An offer.


async def test_what_somebody_says_to_an_offer_is_ticked(staff_house: StaffHouse, sara: Colleague) -> None:
    session = await staff_house.session(capacity={"seats": 1, "queue": 4})
    seated = await staff_house.fill(session, 1, name="Bo")
    await staff_house.queue(session)
    where = await mine(staff_house, session)
    assert "Nummer 1 i kön" in (await sara.get(where)).text
    await staff_house.change(seated, "cancel")
    page = await tap(sara, await sara.get(where), f"{where}/told")
    assert "svar senast" in page.text
    page = await tap(sara, page, f"{where}/accept")
    assert "Amir har fått platsen" in page.text
    assert await staff_house.state(session, "Amir") == "confirmed"
    late = await sara.send(f"{where}/decline", {})
    assert late.status == 409
    assert "Erbjudandet gäller inte längre" in late.text


# Changed and given back.


async def test_before_a_seat_is_given_back_one_sees_who_is_told_and_how(
    staff_house: StaffHouse, sara: Colleague
) -> None:
    session = await staff_house.session(capacity={"seats": 1, "queue": 4})
    body = booking_body(UUID(session), name="Bo")
    assert (await staff_house.booking.post("/v1/bookings", body))[0] == 201
    await staff_house.queue(session)
    where = await mine(staff_house, session, "Bo")
    question = await sara.get(f"{where}/cancel")
    assert "Bo får ett sms" in question.text
    assert "erbjuds den som står först" in question.text
    assert await staff_house.state(session, "Bo") == "confirmed", "looking changes nothing"
    done = await tap(sara, question, f"{where}/cancel")
    assert "Bokningen för Bo är avbokad" in done.text
    assert (await staff_house.state(session, "Bo"), await staff_house.state(session, "Amir")) == (
        "cancelled",
        "offered",
    )


async def test_another_time_is_one_tap_and_taken_back_by_another(staff_house: StaffHouse, sara: Colleague) -> None:
    activity = await staff_house.catalog.activity()
    session = await staff_house.session(activity_id=activity)
    other = await staff_house.session(activity_id=activity, starts_at=soon(7).isoformat())
    await staff_house.fill(session, 2)
    where = await mine(staff_house, session)
    choices = await sara.get(f"{where}/move")
    assert other in choices.source
    moved = await sara.follow(await sara.fill(choices, f"{where}/move", {}))
    assert "Amir har bytt tid" in moved.text
    assert (await staff_house.seats_taken(session), await staff_house.seats_taken(other)) == (0, 2)
    back = where.replace(session, other)
    await tap(sara, moved, f"{back}/move")
    assert (await staff_house.seats_taken(session), await staff_house.seats_taken(other)) == (2, 0)


async def test_a_full_time_takes_one_more_button(staff_house: StaffHouse, sara: Colleague) -> None:
    activity = await staff_house.catalog.activity()
    session = await staff_house.session(activity_id=activity)
    other = await staff_house.session(activity_id=activity, capacity=1, starts_at=soon(7).isoformat())
    await staff_house.fill(session, 1)
    await staff_house.fill(other, 1)
    where = await mine(staff_house, session)
    full = await sara.fill(await sara.get(f"{where}/move"), f"{where}/move", {})
    assert full.status == 409
    assert "Den tiden är full" in full.text
    moved = await tap(sara, full, f"{where}/move")
    assert "Amir har bytt tid" in moved.text
    assert await staff_house.seats_taken(other) == 2


async def test_another_librarys_people_are_nobodys_business_here(staff_house: StaffHouse, signed_in: SignIn) -> None:
    session = await staff_house.session()
    await staff_house.fill(session, 1)
    where = await mine(staff_house, session)
    anna = await signed_in("staff", "husby", subject="anna")
    assert (await anna.get(where)).status == 403
    for action in ("came", "cancel", "move", "accept"):
        assert (await anna.send(f"{where}/{action}", {"to": session})).status == 403
    found = await anna.send(f"{DESK}/search", {"library": "kista", "q": "Amir"})
    assert "Amir" not in found.text
    assert await staff_house.seats_taken(session) == 1
