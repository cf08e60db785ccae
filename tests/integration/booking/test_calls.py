"""The call list over HTTP and by events: who is on it, why and until when, and what ticking does."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.events import MessageFailed, MessageFailure, SessionCancellation, SessionCancelled
from tests.integration.booking.cafe import Cafe, Json, message, opened
from tests.integration.booking.conftest import Timed

LANDLINE = {"by": "call", "phone": "08-465 004 01"}


@pytest.fixture
async def cafe(timed: Timed) -> Cafe:
    return await opened(timed, capacity={"seats": 2, "queue": 4})


async def listed(cafe: Cafe) -> list[Json]:
    status, found = await cafe.booking.get("/v1/calls?branch=kista", **cafe.staff())
    assert status == 200, found
    items: list[Json] = found["items"]
    return items


async def tick(cafe: Cafe, entry: Json, outcome: str, **headers: str) -> tuple[int, Json]:
    return await cafe.booking.post(f"/v1/calls/{entry['id']}", {"outcome": outcome}, **(headers or cafe.staff()))


async def test_whom_no_message_reaches_is_listed_with_all_that_a_caller_needs(cafe: Cafe) -> None:
    made = await cafe.book(reach=LANDLINE, name="Bosse", language="so")
    message_id = await cafe.fails(made, "no_address", "rescheduled")
    [entry] = await listed(cafe)
    shown = {name: entry[name] for name in ("booking_id", "session_id", "name", "phone", "at_door", "language")}
    assert shown == {
        "booking_id": made["id"],
        "session_id": str(cafe.id),
        "name": "Bosse",
        "phone": "+46846500401",
        "at_door": False,
        "language": "so",
    }
    why = {name: entry[name] for name in ("template", "reason", "message_id", "attempts", "offer", "state")}
    assert why == {
        "template": "rescheduled",
        "reason": "no_address",
        "message_id": str(message_id),
        "attempts": 0,
        "offer": False,
        "state": "confirmed",
    }
    assert datetime.fromisoformat(entry["starts_at"]) == cafe.state.starts_at
    assert [row["to_call"] for row in await cafe.people()] == [True], "one truth"
    assert (await cafe.see(made))["notice"] == "none", "they wait for no message"


async def test_who_gave_no_number_is_told_at_the_door(cafe: Cafe) -> None:
    made = await cafe.book(reach={"by": "none"})
    await cafe.fails(made, "no_address", "rescheduled")
    [entry] = await listed(cafe)
    assert (entry["at_door"], entry["phone"]) == (True, None)
    status, ticked = await tick(cafe, entry, "told_at_door")
    assert (status, ticked["open"]) == (200, False)
    assert await listed(cafe) == []


async def test_what_was_done_at_the_desk_needs_no_call(cafe: Cafe) -> None:
    made = await cafe.book(reach=LANDLINE)
    await cafe.fails(made, "no_address", "confirmed")
    await cafe.fails(made, "unreachable", "reminder")
    assert await listed(cafe) == []


async def test_one_entry_for_a_booking_and_the_newest_reason_stands(cafe: Cafe) -> None:
    """Fails when an older failure that is heard of late takes the place of a newer one."""
    made = await cafe.book()
    older, newer = ({**message(made), "template": kind} for kind in ("rescheduled", "announced"))
    for told in (newer, older):
        data = MessageFailure.model_validate(told | {"reason": "unreachable"})
        await cafe.booking.hear(MessageFailed.of(data.message_id, data))
    [entry] = await listed(cafe)
    assert (entry["template"], entry["message_id"]) == ("announced", str(newer["message_id"]))
    await tick(cafe, entry, "no_answer")
    await cafe.fails(made, "limit", "rescheduled")
    [entry] = await listed(cafe)
    assert (entry["template"], entry["attempts"]) == ("rescheduled", 0), "they must hear of something else"


async def test_what_was_ticked_does_not_come_back_with_an_older_failure(cafe: Cafe) -> None:
    made = await cafe.book()
    older = message(made) | {"template": "rescheduled", "reason": "unreachable"}
    await cafe.fails(made, "unreachable", "rescheduled")
    [entry] = await listed(cafe)
    await tick(cafe, entry, "reached")
    data = MessageFailure.model_validate(older)
    await cafe.booking.hear(MessageFailed.of(data.message_id, data))
    assert await listed(cafe) == []


async def test_an_entry_ends_by_itself_when_it_is_of_no_use(cafe: Cafe) -> None:
    """Given back, told by a later message, or begun; each fails when entries are only ticked off by hand."""
    left, told = await cafe.book(), await cafe.book()
    for made in (left, told):
        await cafe.fails(made, "unreachable", "rescheduled")
    assert len(await listed(cafe)) == 2
    entries = {entry["booking_id"]: entry for entry in await listed(cafe)}
    await cafe.do(left, "cancel")
    assert [entry["booking_id"] for entry in await listed(cafe)] == [told["id"]]
    await cafe.told(told, template="reminder")
    assert await listed(cafe) == []
    status, problem = await tick(cafe, entries[left["id"]], "reached")
    assert (status, problem["type"]) == (409, "call-over")
    await cafe.fails(told, "unreachable", "announced")
    assert len(await listed(cafe)) == 1
    await cafe.passes(days=10)
    assert await listed(cafe) == []


async def test_a_later_message_that_was_heard_of_first_has_told_them(cafe: Cafe) -> None:
    made = await cafe.book()
    late = message(made) | {"template": "rescheduled", "reason": "unreachable"}
    await cafe.told(made, template="rescheduled")
    data = MessageFailure.model_validate(late)
    await cafe.booking.hear(MessageFailed.of(data.message_id, data))
    assert await listed(cafe) == []


async def test_a_cancelled_session_is_told_by_voice_until_it_would_have_begun(cafe: Cafe) -> None:
    made = await cafe.book(reach=LANDLINE)
    gone = await cafe.book()
    await cafe.do(gone, "cancel")
    reason = SessionCancellation(session_id=cafe.id, revision=2, reason="illness")
    await cafe.booking.hear(SessionCancelled.of(cafe.id, reason))
    await cafe.fails(made, "no_address", "session_cancelled")
    [entry] = await listed(cafe)
    assert (entry["template"], entry["state"]) == ("session_cancelled", "cancelled")
    status, ticked = await tick(cafe, entry, "left_message")
    assert (status, ticked["open"]) == (200, False)


async def test_no_answer_and_a_wrong_number_keep_it_open(cafe: Cafe) -> None:
    made = await cafe.book(reach=LANDLINE)
    await cafe.fails(made, "no_address", "rescheduled")
    [entry] = await listed(cafe)
    for attempts in (1, 2):
        status, ticked = await tick(cafe, entry, "no_answer")
        assert (status, ticked["attempts"], ticked["open"], ticked["outcome"]) == (200, attempts, True, "no_answer")
    await tick(cafe, entry, "wrong_number")
    [entry] = await listed(cafe)
    assert (entry["attempts"], entry["at_door"], entry["phone"]) == (3, True, None)


async def test_who_is_reached_about_an_offer_has_their_time_to_answer_from_then(cafe: Cafe) -> None:
    seated = await cafe.book(adults=2)
    waiting = await cafe.book(reach=LANDLINE)
    await cafe.do(seated, "cancel")
    await cafe.fails(waiting, "no_address")
    [entry] = await listed(cafe)
    assert (entry["template"], entry["offer"]) == ("offered", True)
    status, ticked = await tick(cafe, entry, "left_message")
    assert (status, ticked["open"]) == (200, True), "on a machine nobody says yes"
    assert (await cafe.see(waiting))["answer_by"] is None
    status, ticked = await tick(cafe, entry, "reached")
    assert (status, ticked["open"], ticked["offer"]) == (200, False, False)
    until = datetime.fromisoformat((await cafe.see(waiting))["answer_by"])
    assert until - await cafe.timed.clock.now() > timedelta(hours=3.9)
    assert await listed(cafe) == []


async def test_an_offer_that_also_moved_is_still_an_offer(cafe: Cafe) -> None:
    """Fails when the move takes the offer's place, and whoever is reached never has their time to answer."""
    seated = await cafe.book(adults=2)
    waiting = await cafe.book(reach=LANDLINE)
    await cafe.do(seated, "cancel")
    await cafe.fails(waiting, "no_address")
    await cafe.fails(waiting, "no_address", "rescheduled")
    [entry] = await listed(cafe)
    assert (entry["template"], entry["offer"]) == ("offered", True)
    await tick(cafe, entry, "reached")
    assert (await cafe.see(waiting))["answer_by"]


async def test_two_who_tick_at_once_do_not_undo_each_other(cafe: Cafe) -> None:
    """The same from both is one tick; another end is refused, whoever comes second."""
    made = await cafe.book()
    await cafe.fails(made, "unreachable", "rescheduled")
    [entry] = await listed(cafe)
    both: list[tuple[int, Json]] = await asyncio.gather(*(tick(cafe, entry, "reached") for _ in range(2)))
    assert [(status, found["attempts"]) for status, found in both] == [(200, 1), (200, 1)]
    other = await cafe.book()
    await cafe.fails(other, "unreachable", "rescheduled")
    [entry] = await listed(cafe)
    both = await asyncio.gather(*(tick(cafe, entry, outcome) for outcome in ("reached", "told_at_door")))
    assert sorted(status for status, _ in both) == [200, 409]


async def test_whoever_was_erased_is_not_called(cafe: Cafe) -> None:
    made = await cafe.book()
    await cafe.fails(made, "unreachable", "rescheduled")
    [entry] = await listed(cafe)
    await cafe.booking.database.pool.execute("DELETE FROM contact")
    assert await listed(cafe) == []
    assert (await tick(cafe, entry, "reached"))[0] == 404
    await cafe.fails(made, "unreachable", "rescheduled")


@pytest.mark.parametrize(
    ("role", "branches", "status"),
    [("staff", ("farsta",), 403), ("coordinator", ("kista",), 403), ("admin", (), 200), ("staff", ("kista",), 200)],
)
async def test_only_the_branch_s_staff_see_and_tick(cafe: Cafe, role: str, branches: Any, status: int) -> None:  # noqa: ANN401
    made = await cafe.book()
    await cafe.fails(made, "unreachable", "rescheduled")
    [entry] = await listed(cafe)
    headers = cafe.timed.issuer.headers(role, *branches)
    assert (await cafe.booking.get("/v1/calls?branch=kista", **headers))[0] == status
    assert (await tick(cafe, entry, "no_answer", **headers))[0] == status


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("/v1/calls/no-id", {"outcome": "reached"}, 404, None),
        ("/v1/calls/01990000-0000-7000-8000-000000000000", {"outcome": "reached"}, 404, "call"),
        ("/v1/calls/01990000-0000-7000-8000-000000000000", {"outcome": "sang"}, 422, "outcome"),
        ("/v1/calls/01990000-0000-7000-8000-000000000000", {}, 422, "outcome"),
    ],
)
async def test_wrong_input_names_its_field(cafe: Cafe, path: str, body: Json, status: int, field: str | None) -> None:
    found, problem = await cafe.booking.post(path, body, **cafe.staff())
    assert (found, problem.get("field")) == (status, field)


async def test_a_list_is_of_a_branch(cafe: Cafe) -> None:
    status, problem = await cafe.booking.get("/v1/calls", **cafe.staff())
    assert (status, problem["field"]) == (422, "branch")


async def undo(cafe: Cafe, entry: Json, attempts: int, **headers: str) -> tuple[int, Json]:
    path = f"/v1/calls/{entry['id']}/undo"
    return await cafe.booking.post(path, {"attempts": attempts}, **(headers or cafe.staff()))


@pytest.mark.parametrize("outcome", ["reached", "no_answer", "wrong_number"])
async def test_a_slip_of_the_finger_is_taken_back(cafe: Cafe, outcome: str) -> None:
    made = await cafe.book()
    await cafe.fails(made, "unreachable", "rescheduled")
    [before] = await listed(cafe)
    await tick(cafe, before, outcome)
    for _ in range(2):
        status, shown = await undo(cafe, before, 1)
        assert (status, shown["open"], shown["attempts"]) == (200, True, 0), "twice is once"
    assert await listed(cafe) == [before]


async def test_only_the_last_attempt_is_taken_back_by_who_knows_of_it(cafe: Cafe) -> None:
    made = await cafe.book()
    await cafe.fails(made, "unreachable", "rescheduled")
    [entry] = await listed(cafe)
    for outcome in ("no_answer", "reached"):
        await tick(cafe, entry, outcome)
    assert (await undo(cafe, entry, 1))[1]["type"] == "call-over", "somebody has rung since"
    assert (await undo(cafe, entry, 2, **cafe.staff("tensta")))[0] == 403
    assert (await undo(cafe, entry, 2))[1]["attempts"] == 1


async def test_time_to_answer_that_runs_is_not_taken_back(cafe: Cafe) -> None:
    seated, waits = await cafe.book(adults=2), await cafe.book(reach=LANDLINE)
    await cafe.do(seated, "cancel")
    await cafe.fails(waits, "no_address")
    [entry] = await listed(cafe)
    await tick(cafe, entry, "reached")
    status, problem = await undo(cafe, entry, 1)
    assert (status, problem["type"]) == (409, "call-over")


async def test_what_is_to_be_told_by_now_stands_instead_of_what_was_ticked(cafe: Cafe) -> None:
    """Fails with a second open entry for one booking, which the database refuses."""
    made = await cafe.book()
    await cafe.fails(made, "unreachable", "rescheduled")
    [entry] = await listed(cafe)
    await tick(cafe, entry, "reached")
    await cafe.fails(made, "unreachable", "announced")
    assert (await undo(cafe, entry, 1))[1]["type"] == "call-over"
    assert [one["template"] for one in await listed(cafe)] == ["announced"]
