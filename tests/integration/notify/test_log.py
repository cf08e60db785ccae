"""The message log of a booking: what was sent, how and how it went; never the words, nor where they went."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.events import BookingState
from tests.integration.notify.conftest import Notify, Person, closed_now
from tests.integration.notify.events import (
    assignment,
    booking,
    cancelled,
    confirmed,
    proposed,
    released,
    reminder_due,
)
from tests.integration.notify.test_series import book, term
from tests.support.samples import published, session_state

Json = dict[str, Any]


async def log(
    notify: Notify, booking_id: UUID | str, *, role: str = "staff", branch: str = "kista"
) -> tuple[int, Json]:
    headers = notify.issuer.headers(role, branch)
    async with notify.http.get(f"{notify.url}/v1/messages?booking={booking_id}", headers=headers) as answer:
        return answer.status, await answer.json()


async def told(notify: Notify, **who: Any) -> tuple[BookingState, Person]:  # noqa: ANN401 - fields of a person
    """A booking that somebody was told of, or was to be."""
    session, person = session_state(), notify.knows(**who)
    state = booking(person, session)
    await notify.hear(published(session), confirmed(state))
    return state, person


async def test_what_was_sent_with_its_receipt(notify: Notify) -> None:
    """Fails when the log lacks the attempt or the receipt, or shows a word, a number, a name or a code."""
    state, person = await told(notify)
    await notify.reached("delivered")

    status, page = await log(notify, state.booking_id)

    assert status == 200
    [message] = page["items"]
    assert (message["template"], message["state"], message["channel"]) == ("confirmed", "delivered", "sms")
    assert (message["why"], message["waits_until"], message["together"]) == (None, None, False)
    assert message["titles"]["sv"] == "Språkcafé"
    assert message["starts_at"].endswith("Z")
    [attempt] = message["attempts"]
    assert (attempt["number"], attempt["outcome"], attempt["detail"]) == (1, "sent", "")
    assert attempt["receipts"][-1]["status"] == "delivered"
    assert message["sent_at"] >= message["decided_at"]
    said = str(page)
    assert not any(secret in said for secret in (str(person.phone), person.name, person.code, str(person.ref), "Sara"))


async def test_an_sms_that_does_not_arrive_goes_by_mail_and_both_tries_are_shown(notify: Notify) -> None:
    session, person = session_state(), notify.knows(email=f"{uuid4().hex}@example.org")
    await notify.phonebox.script("sms", "no-receipt", to=person.phone)
    state = booking(person, session)
    await notify.hear(published(session), confirmed(state))
    await notify.reached("sent")
    await notify.receipt(await notify.database.pool.fetchval("SELECT provider_id FROM attempt"), "failed")
    await notify.phonebox.got(person.email)
    await notify.reached("sent")

    [message] = (await log(notify, state.booking_id))[1]["items"]

    assert (message["channel"], message["why"]) == ("email", "unreachable")
    by_sms, by_mail = message["attempts"]
    assert (by_sms["channel"], [receipt["status"] for receipt in by_sms["receipts"]][-1]) == ("sms", "failed")
    assert (by_mail["channel"], by_mail["outcome"], by_mail["receipts"]) == ("email", "sent", [])


async def test_who_gets_no_messages_has_a_reason(notify: Notify) -> None:
    state, _ = await told(notify, by="call")
    await notify.reached("skipped")
    [message] = (await log(notify, state.booking_id))[1]["items"]
    assert (message["state"], message["channel"], message["why"], message["attempts"]) == ("skipped", None, "call", [])


async def test_what_waits_for_the_morning_says_until_when(still_notify: Notify) -> None:
    async with still_notify.serving(permitted_hours=closed_now()):
        state, _ = await told(still_notify)
        await still_notify.reached("delivered")
        await still_notify.hear(reminder_due(state))
        await still_notify.held("reminder")
        waiting, sent = (await log(still_notify, state.booking_id))[1]["items"]
    assert (waiting["state"], waiting["sent_at"], sent["state"]) == ("pending", None, "delivered")
    assert waiting["waits_until"] > waiting["decided_at"]


async def test_dates_that_were_booked_together_show_the_message_of_all(notify: Notify) -> None:
    booked = term(notify)
    await book(notify, booked)
    await notify.reached("dropped", "dropped", "dropped", "delivered")
    items = (await log(notify, booked.bookings[0].booking_id))[1]["items"]
    assert [(item["template"], item["together"], item["state"]) for item in items if item["together"]] == [
        ("series_booked", True, "delivered")
    ]


async def test_only_staff_of_the_branch_read_it_and_the_audit_keeps_who_did(notify: Notify) -> None:
    state, _ = await told(notify)
    assert (await log(notify, state.booking_id, branch="tensta"))[0] == 403
    assert (await log(notify, state.booking_id, role="coordinator"))[0] == 403
    async with notify.http.get(f"{notify.url}/v1/messages?booking={state.booking_id}") as answer:
        assert answer.status == 401
    assert (await log(notify, state.booking_id))[0] == 200
    assert (await log(notify, state.booking_id, role="admin", branch="tensta"))[0] == 200

    async with notify.http.get(f"{notify.url}/v1/audit", headers=notify.issuer.headers("admin")) as answer:
        entries = (await answer.json())["items"]
    assert [
        (entry["action"], entry["kind"], entry["object"], entry["branch_id"], entry["role"]) for entry in entries
    ] == [("messages-read", "booking", str(state.booking_id), "kista", role) for role in ("admin", "staff")]


@pytest.mark.parametrize(
    ("booking_id", "status", "problem"),
    [("0197f0a0-0000-7000-8000-000000000001", 404, "unknown-booking"), ("K7F-4MQ", 422, "invalid")],
)
async def test_what_nobody_knows_is_named(notify: Notify, booking_id: str, status: int, problem: str) -> None:
    assert (await log(notify, booking_id))[0] == status
    assert (await log(notify, booking_id))[1]["type"] == problem


async def test_a_booking_that_ended_keeps_its_log(notify: Notify) -> None:
    state, _ = await told(notify)
    await notify.reached("delivered")
    await notify.hear(cancelled(state, 2))
    await notify.reached("delivered", "delivered")
    assert [item["template"] for item in (await log(notify, state.booking_id))[1]["items"]] == [
        "cancelled",
        "confirmed",
    ]


async def test_what_a_volunteer_was_asked_is_shown_to_the_library_s_staff(notify: Notify) -> None:
    """By the assignment's id. Fails when only bookings have a log, or other libraries read it."""
    session, helper = session_state(), notify.knows_helper()
    state = assignment(helper, session)
    notify.helpers.away = True
    await notify.hear(published(session), proposed(state), released(state, why="taken_over"))
    notify.helpers.away = False
    await notify.reached("dropped", "dropped")
    status, page = await log(notify, state.assignment_id)
    assert status == 200
    assert [(one["template"], one["why"]) for one in page["items"]] == [
        ("assignment_released", "unaware"),
        ("assignment_proposed", "superseded"),
    ]
    assert (await log(notify, state.assignment_id, branch="tensta"))[0] == 403
