"""The room of messages: a booking is found, and what was sent about it is seen without its words."""

from uuid import UUID, uuid4

import pytest

from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import StaffHouse
from tests.support.samples import PHONE, booking_body

MESSAGES = "/sv/staff/messages"


@pytest.fixture
async def booked(staff_house: StaffHouse) -> dict[str, str]:
    """A booking that somebody was to be told of."""
    session = await staff_house.session()
    reach = {"by": "sms", "phone": PHONE}
    _, made = await staff_house.booking.post("/v1/bookings", booking_body(UUID(session), name="Solveig", reach=reach))
    await staff_house.settle()
    return {"id": made["id"], "code": made["code"], "session": session}


async def test_a_booking_is_found_by_its_code_and_its_messages_are_seen(
    booked: dict[str, str], signed_in: SignIn
) -> None:
    """Fails when a code gets into an address, or the page shows a number or a name."""
    sara = await signed_in("staff", "kista")
    form = await sara.get(MESSAGES)
    assert (form.status, form.source.count('type="hidden" name="library" value="kista"')) == (200, 1)

    sent = await sara.fill(form, MESSAGES, {"q": booked["code"]})
    assert (sent.status, sent.location) == (303, f"{MESSAGES}?booking={booked['id']}")
    log = await sara.get(sent.location)

    assert log.status == 200
    assert "Bekräftelse på bokningen" in log.text
    assert "Väntar" in log.text or "Skickas nu" in log.text
    assert log.links("Språkcafé") == [f"/sv/staff/sessions/{booked['session']}"]
    assert not any(secret in log.source for secret in ("Solveig", PHONE, booked["code"]))


async def test_of_several_one_is_chosen(staff_house: StaffHouse, signed_in: SignIn) -> None:
    session = await staff_house.session()
    for name in ("Sara Ek", "Sara Lind"):
        await staff_house.booking.post("/v1/bookings", booking_body(UUID(session), name=name, reach={"by": "none"}))
    sara = await signed_in("staff", "kista")
    shown = await sara.fill(await sara.get(MESSAGES), MESSAGES, {"q": "sara"})
    assert (shown.status, len(shown.links("Sara Ek")), len(shown.links("Sara Lind"))) == (200, 1, 1)
    assert (await sara.get(shown.links("Sara Lind")[0])).status in {200, 404}


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "minst två bokstäver i namnet"), ("a", "minst två bokstäver i namnet"), ("solveig", "ingen sådan bokning")],
)
async def test_what_finds_nobody_is_said_beside_what_was_typed(signed_in: SignIn, typed: str, said: str) -> None:
    sara = await signed_in("staff", "kista")
    shown = await sara.fill(await sara.get(MESSAGES), MESSAGES, {"q": typed})
    assert (shown.status, shown.value("q")) == (422, typed)
    assert shown.text.count(said) == 2, "in the summary, and beside the field"


async def test_who_works_at_several_libraries_says_which(booked: dict[str, str], signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista", "rinkeby")
    shown = await sara.send(MESSAGES, {"q": booked["code"], "library": ""})
    assert (shown.status, shown.value("q")) == (422, booked["code"])
    shown = await sara.send(MESSAGES, {"q": booked["code"], "library": "husby"})
    assert shown.status == 422, "where they do not work"
    assert (await sara.send(MESSAGES, {"q": booked["code"], "library": "kista"})).status == 303


async def test_another_library_s_messages_are_not_theirs(booked: dict[str, str], signed_in: SignIn) -> None:
    nina = await signed_in("staff", "rinkeby", subject="nina")
    shown = await nina.get(f"{MESSAGES}?booking={booked['id']}")
    assert shown.status == 403
    assert "Det här hör inte till ditt bibliotek" in shown.text
    for nothing in (uuid4(), "K7F-4MQ"):
        assert (await nina.get(f"{MESSAGES}?booking={nothing}")).status == 404


async def test_english_words(booked: dict[str, str], signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    assert "Confirmation of the booking" in (await sara.get(f"/en/staff/messages?booking={booked['id']}")).text
