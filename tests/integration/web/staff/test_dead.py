"""The room of what is stuck: an administrator sees it, has it tried again, puts it aside and brings it back."""

import re
from uuid import UUID, uuid4

import pytest

from shared.events import encode
from shared.failures import Failures
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.backbone import availability
from tests.support.pages import Shown

DEAD = "/sv/staff/dead"
WHY = "Felet är rättat."


async def stuck(house: StaffHouse) -> UUID:
    """An event that booking could not take in; gives the message's id."""
    event = availability()
    await Failures(house.booking.database).keep(event, encode(event), "dead", "ValueError")
    row = await house.booking.row("SELECT id FROM inbox_failure WHERE event_id = $1", event.id)
    return UUID(str(row["id"]))


async def act(admin: Colleague, deed: str, *ids: UUID, why: str = WHY) -> Shown:
    messages = " ".join(f"booking:{id_}" for id_ in ids)
    return await admin.send(DEAD, {"do": deed, "message": messages, "why": why})


async def test_what_is_stuck_is_seen_with_its_reason_and_content(staff_house: StaffHouse, signed_in: SignIn) -> None:
    admin = await signed_in("admin")
    assert "Inget har fastnat" in (await admin.get(DEAD)).text
    id_ = await stuck(staff_house)
    listed = await admin.get(DEAD)
    assert "Bokningarna" in listed.text
    assert "ValueError" in listed.text
    [address] = listed.links("availability.changed.v1")
    one = await admin.get(address)
    assert (one.status, str(id_) in one.text, "seats" not in one.title) == (200, True, True)
    assert "&#34;session_id&#34;" in one.source


async def test_it_is_put_aside_and_the_notice_takes_it_back(staff_house: StaffHouse, signed_in: SignIn) -> None:
    admin = await signed_in("admin", subject="chef")
    first, second = await stuck(staff_house), await stuck(staff_house)
    sent = await act(admin, "drop", first, second)
    assert (sent.status, sent.location) == (303, DEAD)
    listed = await admin.get(DEAD)
    assert "2 meddelanden är undanlagda." in listed.text
    aside = await admin.get(f"{DEAD}?dropped=1")
    assert aside.source.count('name="message"') == 2

    undo = re.search(r'<form class="undo".*?</form>', listed.source, re.DOTALL)
    assert undo
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', undo[0]))
    assert (await admin.post(DEAD, fields)).status == 303
    assert "2 meddelanden är tillbaka." in (await admin.get(DEAD)).text
    deeds = await staff_house.booking.database.pool.fetch("SELECT action, who, why FROM dead_action ORDER BY at")
    assert {(deed["action"], deed["who"]) for deed in deeds} == {("drop", "chef"), ("restore", "chef")}


async def test_it_is_tried_again(staff_house: StaffHouse, signed_in: SignIn) -> None:
    admin = await signed_in("admin")
    id_ = await stuck(staff_house)
    assert (await act(admin, "replay", id_)).status == 303
    assert "1 meddelande prövas igen nu" in (await admin.get(DEAD)).text
    row = await staff_house.booking.row("SELECT who, why FROM dead_action WHERE failure_id = $1", id_)
    assert row["why"] == WHY


async def test_nothing_is_done_without_a_reason_and_what_was_chosen_stays(
    staff_house: StaffHouse, signed_in: SignIn
) -> None:
    admin = await signed_in("admin")
    id_ = await stuck(staff_house)
    shown = await act(admin, "drop", id_, why="  ")
    assert shown.status == 422
    assert f'value="booking:{id_}" checked' in shown.source
    assert shown.text.count("Skriv varför") == 2
    shown = await act(admin, "drop", why=WHY)
    assert (shown.status, shown.value("why")) == (422, WHY)
    assert "Kryssa i minst ett meddelande" in shown.text


async def test_somebody_else_was_quicker(staff_house: StaffHouse, signed_in: SignIn) -> None:
    admin = await signed_in("admin")
    id_ = await stuck(staff_house)
    await act(admin, "drop", id_)
    assert (await act(admin, "drop", id_)).status == 303
    assert "någon annan hann före" in (await admin.get(DEAD)).text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"do": "burn", "message": f"booking:{uuid4()}", "why": WHY}, 400),
        ({"do": "drop", "message": f"kitchen:{uuid4()}", "why": WHY}, 400),
        ({"do": "drop", "message": "booking:nothing", "why": WHY}, 404),
    ],
)
async def test_what_our_pages_do_not_send(signed_in: SignIn, form: dict[str, str], status: int) -> None:
    assert (await (await signed_in("admin")).send(DEAD, form)).status == status


async def test_what_is_gone_and_what_is_no_service(signed_in: SignIn) -> None:
    admin = await signed_in("admin")
    for address in (f"booking/{uuid4()}", "booking/nothing", f"kitchen/{uuid4()}"):
        assert (await admin.get(f"{DEAD}/{address}")).status == 404


async def test_a_form_is_for_administrators_too(staff_house: StaffHouse, signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    assert (await act(sara, "drop", await stuck(staff_house))).status == 403
