"""Whole numbers and addresses are shown to who has to reach somebody, and it is kept who opened them."""

from uuid import UUID, uuid4

import pytest

from tests.integration.booking.at_desk import Desk, at
from tests.integration.booking.conftest import Timed
from tests.support.samples import E164, PHONE, session_state

BY_SMS = {"by": "sms", "phone": PHONE}


@pytest.fixture
async def desk(timed: Timed) -> Desk:
    return await at(timed, capacity={"seats": 2, "queue": 4})


async def test_a_number_is_hidden_until_somebody_opens_it_and_that_is_kept(desk: Desk) -> None:
    made = await desk.book(name="Sara", reach=BY_SMS)
    [listed] = (await desk.people()).values()
    assert (listed["phone"], E164[-6:] in str(listed)) == (None, False)
    status, shown = await desk.post(f"bookings/{made['id']}/reveal")
    assert status == 200
    assert shown == {"booking_id": made["id"], "by": "sms", "phone": E164, "email": None, "behalf_of": None}
    [entry] = await desk.audit("revealed")
    assert (entry["subject"], entry["kind"], entry["object"], entry["fields"]) == (
        "anna",
        "booking",
        made["id"],
        ["phone"],
    )
    assert E164 not in str(entry)


async def test_whose_number_a_helper_s_is_is_said(desk: Desk) -> None:
    helper = {"by": "proxy", "phone": PHONE, "email": "ada@example.org"}
    made = await desk.book(name="Sara", reach=helper, behalf_of="teacher")
    _, shown = await desk.post(f"bookings/{made['id']}/reveal")
    assert (shown["by"], shown["email"], shown["behalf_of"]) == ("proxy", "ada@example.org", "teacher")
    assert [entry["fields"] for entry in await desk.audit("revealed")] == [["phone", "email"]]


async def test_for_paper_all_are_shown_who_may_have_to_be_reached(desk: Desk) -> None:
    seated = await desk.book(name="Ada", party={"adults": 2}, reach=BY_SMS)
    waits = await desk.visitor(name="Bo", reach={"by": "email", "email": "bo@example.org"})
    gone = await desk.visitor(name="Cia", reach={"by": "email", "email": "cia@example.org"})
    await desk.booking.post(f"/v1/bookings/{gone['code']}/cancel", {"proof": gone["proof"]})
    status, shown = await desk.post("reveal")
    assert status == 200
    assert {one["booking_id"]: one["phone"] or one["email"] for one in shown["items"]} == {
        seated["id"]: E164,
        waits["id"]: "bo@example.org",
    }
    [entry] = await desk.audit("revealed")
    assert (entry["kind"], entry["object"], entry["fields"]) == ("session", str(desk.id), ["phone", "email"])


async def test_who_was_erased_cannot_be_shown(desk: Desk) -> None:
    made = await desk.book(name="Sara", reach=BY_SMS)
    await desk.booking.database.pool.execute(
        "DELETE FROM contact c USING booking b WHERE b.contact_ref = c.ref AND b.id = $1", UUID(made["id"])
    )
    status, problem = await desk.post(f"bookings/{made['id']}/reveal")
    assert (status, problem["type"]) == (404, "unknown-booking")
    assert (await desk.post("reveal"))[1]["items"] == []


async def test_other_libraries_and_other_sessions_show_nothing(desk: Desk) -> None:
    made = await desk.book(name="Sara", reach=BY_SMS)
    other = session_state()
    await desk.booking.offer(other)
    tensta = desk.timed.issuer.headers("staff", "tensta")
    for session, booking, headers, expected in (
        (desk.id, made["id"], tensta, (403, "forbidden")),
        (desk.id, made["id"], {}, (401, "unauthorized")),
        (other.session_id, made["id"], desk.headers, (404, "unknown-booking")),
        (desk.id, uuid4(), desk.headers, (404, "unknown-booking")),
        (uuid4(), made["id"], desk.headers, (404, "unknown-session")),
    ):
        status, problem = await desk.booking.post(f"/v1/sessions/{session}/bookings/{booking}/reveal", {}, **headers)
        assert (status, problem["type"]) == expected
    status, problem = await desk.booking.post(f"/v1/sessions/{desk.id}/reveal", {}, **tensta)
    assert (status, problem["type"]) == (403, "forbidden")
    assert await desk.audit("revealed") == []
