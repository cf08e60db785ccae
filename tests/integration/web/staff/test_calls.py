"""The call list: whom to ring, what to say, what came of it with one tap, and back where that is possible."""

import re
from uuid import UUID

import pytest

from shared.events import MessageFailed, MessageFailure
from shared.ids import new_id
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Shown
from tests.support.samples import booking_body

LANDLINE = {"by": "call", "phone": "08-465 004 01"}
CALLS = "/sv/staff/calls"


class Ringing:
    """The call list of Kista, before a colleague."""

    def __init__(self, house: StaffHouse, by: Colleague, session: str) -> None:
        self.house = house
        self.by = by
        self.session = session

    async def waits(self, template: str = "rescheduled", **changes: object) -> str:
        """Somebody whom a message did not reach; gives their booking's id."""
        body = booking_body(UUID(self.session), **({"reach": LANDLINE, "name": "Bosse", "if_full": "queue"} | changes))
        status, made = await self.house.booking.post("/v1/bookings", body)
        assert status == 201, made
        await self.fails(made["id"], template)
        return str(made["id"])

    async def fails(self, booking: str, template: str) -> None:
        failure = MessageFailure(
            message_id=new_id(),
            revision=1,
            contact_ref=new_id(),
            about=UUID(booking),
            template=template,
            channel="sms",
            reason="no_address",
        )
        await self.house.booking.hear(MessageFailed.of(failure.message_id, failure))

    async def see(self) -> Shown:
        shown = await self.by.get(CALLS)
        assert shown.status == 200, shown.text
        return shown

    async def tap(self, shown: Shown, what: str, where: str = "") -> Shown:
        """Tap on the first call's button that says this outcome or answer."""
        forms = re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', shown.source, re.DOTALL)
        action = next(action for action, inside in forms if f'value="{what}"' in inside and action.endswith(where))
        hidden = next(inside for found, inside in forms if found == action and f'value="{what}"' in inside)
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', hidden))
        return await self.by.post(action, fields)


@pytest.fixture
async def ringing(staff_house: StaffHouse, signed_in: SignIn) -> Ringing:
    session = await staff_house.session(capacity={"seats": 2, "queue": 4})
    return Ringing(staff_house, await signed_in("staff", "kista"), session)


async def test_a_list_with_nobody_says_when_somebody_comes_on_it(ringing: Ringing) -> None:
    assert "Ingen att ringa" in (await ringing.see()).text


async def test_who_is_to_be_rung_why_and_about_what(ringing: Ringing) -> None:
    await ringing.waits(language="so")
    shown = await ringing.see()
    for said in ("Bosse", "08-465 004 01", "Ny tid eller plats", "somaliska", "Språkcafé", "Vill bli uppringd"):
        assert said in shown.text
    assert 'href="tel:+46846500401"' in shown.source
    assert "Säg det med dina egna" in shown.text, "notify knows no words for this one"


async def test_one_tap_takes_somebody_off_and_one_back(ringing: Ringing) -> None:
    await ringing.waits()
    done = await ringing.tap(await ringing.see(), "reached")
    shown = await ringing.by.follow(done)
    assert "Antecknat: Bosse vet." in shown.text
    assert "Ingen att ringa" in shown.text
    [undo] = re.findall(r'action="(/sv/staff/calls/[^"]+/undo)"', shown.source)
    back = await ringing.by.follow(await ringing.by.fill(shown, undo, {}))
    assert "Samtalet står på listan igen" in back.text
    assert "Ny tid eller plats" in back.text


async def test_who_does_not_answer_stays_on_the_list(ringing: Ringing) -> None:
    await ringing.waits()
    shown = await ringing.by.follow(await ringing.tap(await ringing.see(), "no_answer"))
    assert "Försökt 1 gång" in shown.text
    assert "inget svar" in shown.text
    shown = await ringing.by.follow(await ringing.tap(shown, "wrong_number"))
    assert "Säg det vid dörren" in shown.text
    assert "08-465 004 01" not in shown.text


async def test_what_somebody_else_has_ticked_is_said(ringing: Ringing) -> None:
    await ringing.waits()
    mine = await ringing.see()
    await ringing.tap(await ringing.see(), "reached")
    late = await ringing.tap(mine, "left_message")
    assert (late.status, "Det behövs inte längre" in late.text) == (409, True)


async def offered(ringing: Ringing, name: str = "Cia") -> None:
    """A seat came free for somebody who wants to be rung."""
    guest = await ringing.house.fill(ringing.session, 2)
    await ringing.waits("queued", name=name)
    await ringing.house.change(guest, "cancel")
    row = await ringing.house.booking.row("SELECT id FROM booking WHERE state = 'offered'")
    await ringing.fails(str(row["id"]), "offered")


@pytest.mark.parametrize(
    ("says", "state", "said"), [("accept", "confirmed", "tar platsen"), ("decline", "declined", "avstår")]
)
async def test_who_is_offered_a_seat_answers_at_once(ringing: Ringing, says: str, state: str, said: str) -> None:
    await offered(ringing)
    shown = await ringing.see()
    assert "En plats har blivit ledig" in shown.text
    after = await ringing.by.follow(await ringing.tap(shown, says, "/answer"))
    assert f"Antecknat: Cia {said}" in after.text
    assert "Ingen att ringa" in after.text
    assert await ringing.house.state(ringing.session, "Cia") == state


async def test_time_to_answer_runs_from_the_call_and_is_not_taken_back(ringing: Ringing) -> None:
    await offered(ringing)
    shown = await ringing.by.follow(await ringing.tap(await ringing.see(), "reached"))
    assert "Antecknat: Cia vet." in shown.text
    assert "/undo" not in shown.source
    row = await ringing.house.booking.row("SELECT answer_by FROM booking WHERE state = 'offered'")
    assert row["answer_by"] is not None


async def test_a_list_is_one_library_s(ringing: Ringing, signed_in: SignIn) -> None:
    await ringing.waits()
    amir = await signed_in("staff", "rinkeby", "tensta", subject="amir", name="Amir")
    shown = await amir.get(f"{CALLS}?branch=")
    assert "Vilket bibliotek ringer du för?" in shown.text
    assert "Bosse" not in shown.text
    assert (await amir.get(f"{CALLS}?branch=kista")).status == 403
    [path] = re.findall(r'action="(/sv/staff/calls/[^"/]+)"', (await ringing.see()).source)[:1]
    assert (await amir.send(path, {"outcome": "reached"})).status == 403
    assert "Bosse" in (await ringing.see()).text


async def test_taps_that_are_none_are_not_understood(ringing: Ringing) -> None:
    await ringing.waits()
    [path] = re.findall(r'action="(/sv/staff/calls/[^"/]+)"', (await ringing.see()).source)[:1]
    for where, form in (("", {"outcome": "sung"}), ("/answer", {"says": "perhaps"}), ("/undo", {"attempts": "-1"})):
        assert (await ringing.by.send(path + where, form)).status == 400
