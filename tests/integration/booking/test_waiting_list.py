"""The waiting list over HTTP and by events, with the days passing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from shared.events import (
    BookingClosed,
    BookingConfirmed,
    BookingDeclined,
    BookingMoved,
    BookingOffered,
    BookingOfferExpired,
    BookingQueued,
    BookingReminderDue,
    SessionCancellation,
    SessionCancelled,
)
from tests.integration.booking.cafe import Cafe, Json, opened
from tests.integration.booking.conftest import Timed
from tests.support.samples import numbers
from tests.support.servers import eventually


@pytest.fixture
async def cafe(timed: Timed) -> Cafe:
    """Two seats, four places in the list, in ten days."""
    return await opened(timed, capacity={"seats": 2, "queue": 4})


async def test_no_from_one_offers_the_seat_to_the_first_in_line_who_says_yes(cafe: Cafe) -> None:
    """The whole story by SMS; the second in line is not disturbed."""
    seated = [await cafe.book() for _ in range(2)]
    first, second = await cafe.book(), await cafe.book()
    assert (first["state"], first["position"]) == ("queued", 1)
    assert (second["state"], second["position"]) == ("queued", 2)
    assert await cafe.left() == (2, 0, 2)
    await cafe.replies(seated[0], "no")
    assert (await cafe.see(first))["state"] == "offered"
    assert await cafe.left() == (2, 0, 3)
    assert (await cafe.see(second))["position"] == 1
    await cafe.told(first)
    await cafe.replies(first, "yes")
    assert (await cafe.see(first))["state"] == "confirmed"
    assert (await cafe.see(seated[0]))["cancelled_by"] == "visitor"
    assert await cafe.events(first) == ["queued", "offered", "confirmed"]
    assert await cafe.events(second) == ["queued"]
    how = [event.data.how for event in await cafe.booking.told() if isinstance(event, BookingConfirmed)]
    assert how == ["booked", "booked", "offer"]


async def test_an_offer_is_answered_on_the_page(cafe: Cafe) -> None:
    seated = [await cafe.book(adults=2)]
    first, second = await cafe.book(), await cafe.book()
    await cafe.do(seated[0], "cancel")
    assert (await cafe.see(first))["answer_by"] is None, "nobody was told yet"
    for _ in range(2):
        status, made = await cafe.do(first, "accept")
        assert (status, made["state"]) == (200, "confirmed")
    for _ in range(2):
        status, made = await cafe.do(second, "decline")
        assert (status, made["state"]) == (200, "declined")
    declined = [event.subject for event in await cafe.booking.told() if isinstance(event, BookingDeclined)]
    assert declined == [second["id"]], "told once"
    assert await cafe.left() == (1, 1, 4)


@pytest.mark.parametrize("what", ["accept", "decline"])
async def test_only_what_is_on_offer_is_answered(cafe: Cafe, what: str) -> None:
    await cafe.book(adults=2)
    first = await cafe.book()
    status, problem = await cafe.do(first, what)
    assert (status, problem["type"], problem["field"]) == (409, "offer-gone", "code")
    status, problem = await cafe.booking.post(f"/v1/bookings/{first['code']}/{what}", {"proof": "0000"})
    assert (status, problem["type"]) == (403, "wrong-proof")


async def test_the_clock_of_an_offer_begins_with_its_message_and_it_then_passes_on_by_itself(cafe: Cafe) -> None:
    """Ten days ahead it lasts four hours. Fails when it begins with the offer, or when nobody looks after it."""
    seated = await cafe.book(adults=2)
    first, second = await cafe.book(), await cafe.book(adults=2)
    await cafe.do(seated, "cancel")
    await cafe.passes(days=2)
    assert (await cafe.see(first))["state"] == "offered"
    now = await cafe.timed.clock.now()
    await cafe.told(first, sent_at=now)
    answer_by = datetime.fromisoformat((await cafe.see(first))["answer_by"])
    assert abs(answer_by - now - timedelta(hours=4)) < timedelta(seconds=1)
    await cafe.told(first, sent_at=now + timedelta(hours=2))
    assert datetime.fromisoformat((await cafe.see(first))["answer_by"]) == answer_by, "told again, the first counts"
    await cafe.passes(hours=3.9)
    assert (await cafe.see(first))["state"] == "offered"
    await cafe.passes(hours=0.2)
    await cafe.becomes(first, "expired")
    assert (await cafe.see(second))["state"] == "offered"
    status, problem = await cafe.do(first, "accept")
    assert (status, problem["type"]) == (409, "offer-gone")
    assert await cafe.events(first) == ["queued", "offered", "offer_expired"]


async def test_a_yes_in_time_counts_although_it_arrives_late(cafe: Cafe) -> None:
    seated = await cafe.book(adults=2)
    first = await cafe.book()
    await cafe.do(seated, "cancel")
    await cafe.told(first)
    said_at = await cafe.timed.clock.now()
    # Nobody looks after the session meanwhile.
    await cafe.booking.database.pool.execute("UPDATE session SET wakes_at = wakes_at + interval '1 day'")
    await cafe.passes(hours=5)
    await cafe.replies(first, "yes", at=said_at)
    assert (await cafe.see(first))["state"] == "confirmed"


@pytest.mark.parametrize("says", ["yes", "no"])
async def test_an_answer_that_comes_twice_or_too_late_changes_nothing_more(cafe: Cafe, says: str) -> None:
    seated = await cafe.book(adults=2)
    first, second = await cafe.book(), await cafe.book()
    await cafe.do(seated, "cancel")
    event = await cafe.replies(first, says)
    before = await cafe.booking.told()
    await cafe.booking.hear(event)
    assert await cafe.booking.told() == before
    if says == "no":
        await cafe.replies(first, "no")
        await cafe.replies(first, "yes")
        assert (await cafe.see(first))["state"] == "declined"
    assert (await cafe.see(second))["state"] == "offered"


async def test_yes_to_a_reminder_is_kept_and_no_gives_the_seat_back(cafe: Cafe) -> None:
    made = await cafe.book(adults=2)
    await cafe.replies(made, "yes")
    [row] = await cafe.people()
    assert row["reconfirmed"]
    assert await cafe.events(made) == ["confirmed"]
    await cafe.replies(made, "no")
    assert (await cafe.see(made))["state"] == "cancelled"


@pytest.mark.parametrize("what", ["cancel", "accept"])
async def test_who_answers_an_offer_that_just_ran_out_learns_that_it_did(cafe: Cafe, what: str) -> None:
    """Before anybody has looked after the session. Giving up what is gone is no mistake; taking it is."""
    seated = await cafe.book(adults=2)
    first = await cafe.book()
    await cafe.do(seated, "cancel")
    await cafe.told(first)
    await cafe.booking.database.pool.execute("UPDATE session SET wakes_at = wakes_at + interval '1 day'")
    await cafe.passes(hours=5)
    status, answer = await cafe.do(first, what)
    if what == "cancel":
        assert (status, answer["state"]) == (200, "expired")
    else:
        assert (status, answer["type"]) == (409, "offer-gone")


async def test_who_waits_leaves_and_the_others_move_up(cafe: Cafe) -> None:
    await cafe.book(adults=2)
    first, second, third = [await cafe.book() for _ in range(3)]
    status, left = await cafe.do(first, "cancel")
    assert (status, left["state"], left["was"], left["late"]) == (200, "cancelled", "queued", False)
    assert (await cafe.see(third))["position"] == 2
    await cafe.replies(second, "no")
    assert (await cafe.see(third))["position"] == 1
    was = {event.subject: event.data.was for event in await cafe.booking.told() if hasattr(event.data, "was")}
    assert was == {first["id"]: "queued", second["id"]: "queued"}


async def test_the_list_takes_as_many_parties_as_staff_set(cafe: Cafe) -> None:
    await cafe.book(adults=2)
    for _ in range(4):
        await cafe.book(adults=2)
    status, problem = await cafe.ask()
    assert (status, problem["type"]) == (409, "queue-full")


@pytest.mark.parametrize(
    ("changes", "status", "type_", "field"),
    [
        ({"reach": {"by": "none"}}, 422, "unreachable", "reach.by"),
        ({"if_full": "refuse"}, 409, "sold-out", "party"),
        ({"adults": 3}, 409, "sold-out", "party"),
        ({"if_full": "please"}, 422, "invalid", "if_full"),
    ],
)
async def test_who_cannot_wait_is_told_why(cafe: Cafe, changes: Json, status: int, type_: str, field: str) -> None:
    await cafe.book(adults=2)
    got, problem = await cafe.ask(**changes)
    assert (got, problem["type"], problem["field"]) == (status, type_, field)


async def test_the_same_person_waits_once(cafe: Cafe) -> None:
    await cafe.book(adults=2)
    reach = {"by": "sms", "phone": numbers()[50]}
    await cafe.book(reach=reach)
    await cafe.book(reach=reach, name="Amir")
    status, problem = await cafe.ask(reach=reach)
    assert (status, problem["type"]) == (409, "already-booked")


async def test_a_newcomer_never_overtakes_even_into_a_seat_that_stays_free(cafe: Cafe) -> None:
    seated = [await cafe.book() for _ in range(2)]
    pair = await cafe.book(adults=2)
    await cafe.do(seated[0], "cancel")
    assert await cafe.left() == (1, 0, 3)
    status, problem = await cafe.ask(if_full="refuse")
    assert (status, problem["type"]) == (409, "sold-out")
    single = await cafe.book()
    assert single["position"] == 2
    await cafe.passes(days=9, minutes=1)
    await cafe.becomes(single, "offered")
    assert (await cafe.see(pair))["state"] == "queued"


async def test_more_seats_are_offered_in_the_transaction_that_brings_them(cafe: Cafe) -> None:
    await cafe.book(adults=2)
    pair, single, last = await cafe.book(adults=2), await cafe.book(), await cafe.book()
    await cafe.republish(2, capacity={"seats": 5, "queue": 4})
    assert [(await cafe.see(made))["state"] for made in (pair, single, last)] == ["offered", "offered", "queued"]
    offered = [event.subject for event in await cafe.booking.told() if isinstance(event, BookingOffered)]
    assert offered == [pair["id"], single["id"]]


async def test_at_the_start_the_list_closes_and_staff_see_who_stands_by(cafe: Cafe) -> None:
    seated = [await cafe.book() for _ in range(2)]
    waiting = [await cafe.book() for _ in range(2)]
    await cafe.passes(days=9, hours=23, minutes=40)
    status, problem = await cafe.ask()
    assert (status, problem["type"]) == (409, "queue-closed")
    await cafe.do(seated[0], "cancel")
    assert await cafe.left() == (1, 0, 2), "twenty minutes before the start nobody is offered a seat"
    await cafe.passes(minutes=20)
    for made in waiting:
        await cafe.becomes(made, "closed")
        status, problem = await cafe.do(made, "cancel")
        assert (status, problem["state"]) == (200, "closed")
    closed = [event.subject for event in await cafe.booking.told() if isinstance(event, BookingClosed)]
    assert sorted(closed) == sorted(made["id"] for made in waiting)
    standby = [row["id"] for row in await cafe.people() if row["state"] == "closed"]
    assert standby == [made["id"] for made in waiting], "in the order in which they came"
    for _ in range(2):
        status, found = await cafe.desk("standby", {"booking_id": waiting[0]["id"]})
        assert (status, found["taken"]) == (200, 2)
    status, problem = await cafe.desk("standby", {"booking_id": waiting[1]["id"]})
    assert (status, problem["type"]) == (409, "sold-out")
    status, problem = await cafe.desk("attendance", {"booking_id": seated[1]["id"], "attendance": "no_show"})
    assert (status, problem["type"]) == (409, "too-early")
    await cafe.passes(minutes=10)
    status, found = await cafe.desk("attendance", {"booking_id": seated[1]["id"], "attendance": "no_show"})
    assert (status, found["taken"]) == (200, 1)
    status, found = await cafe.desk("standby", {"booking_id": waiting[1]["id"]})
    assert (status, found["taken"]) == (200, 2)
    status, problem = await cafe.desk("attendance", {"booking_id": seated[1]["id"], "attendance": None})
    assert (status, problem["type"]) == (409, "sold-out")
    at_door = [event.data.how for event in await cafe.booking.told() if isinstance(event, BookingConfirmed)]
    assert at_door == ["booked", "booked", "door", "door"]


async def test_who_is_thought_absent_by_mistake_gets_their_seat_back(cafe: Cafe) -> None:
    made = await cafe.book(adults=2)
    status, problem = await cafe.desk("attendance", {"booking_id": made["id"], "attendance": "came"})
    assert (status, problem["type"]) == (409, "too-early"), "ten days ahead nobody is there"
    await cafe.passes(days=10, minutes=10)
    for attendance, taken in (("no_show", 0), ("no_show", 0), ("came", 2), (None, 2)):
        status, found = await cafe.desk("attendance", {"booking_id": made["id"], "attendance": attendance})
        assert (status, found["taken"]) == (200, taken)
        assert found["items"][0]["attendance"] == attendance


async def test_somebody_who_wants_a_call_is_rung_and_their_time_begins_with_the_tick(cafe: Cafe) -> None:
    seated = await cafe.book(adults=2)
    call = await cafe.book(reach={"by": "call", "phone": "08-465 004 01"})
    await cafe.do(seated, "cancel")
    await cafe.fails(call, "no_address")
    await cafe.passes(days=3)
    [row] = [row for row in await cafe.people() if row["id"] == call["id"]]
    assert (row["state"], row["to_call"], row["answer_by"]) == ("offered", True, None)
    assert row["phone"] == "+46846500401"
    status, found = await cafe.desk(f"bookings/{call['id']}/told")
    assert status == 200
    [row] = [row for row in found["items"] if row["id"] == call["id"]]
    assert (row["to_call"], row["phone"]) == (False, None)
    status, problem = await cafe.desk(f"bookings/{seated['id']}/told")
    assert (status, problem["type"]) == (409, "offer-gone")
    assert datetime.fromisoformat(row["answer_by"]) - await cafe.timed.clock.now() > timedelta(hours=3.9)
    status, found = await cafe.desk(f"bookings/{call['id']}/accept")
    assert [row["state"] for row in found["items"] if row["id"] == call["id"]] == ["confirmed"]


async def test_an_offer_whose_message_does_not_arrive_is_to_be_rung(cafe: Cafe) -> None:
    seated = await cafe.book(adults=2)
    first, second = await cafe.book(), await cafe.book()
    await cafe.do(seated, "cancel")
    await cafe.fails(first, "unreachable")
    assert [row["id"] for row in await cafe.people() if row["to_call"]] == [first["id"]]
    await cafe.fails(second, "unreachable")
    assert [row["id"] for row in await cafe.people() if row["to_call"]] == [first["id"], second["id"]]
    _, found = await cafe.desk(f"bookings/{first['id']}/decline")
    assert [row["state"] for row in found["items"] if row["id"] == first["id"]] == ["declined"]


@pytest.mark.parametrize(
    ("role", "branches", "status"),
    [("staff", ("farsta",), 403), ("coordinator", ("kista",), 403), ("admin", (), 200), ("staff", ("kista",), 200)],
)
async def test_only_the_branch_s_own_staff_see_and_change_its_people(
    cafe: Cafe, role: str, branches: tuple[str, ...], status: int
) -> None:
    made = await cafe.book()
    headers = cafe.timed.issuer.headers(role, *branches)
    assert (await cafe.booking.get(f"/v1/sessions/{cafe.id}/bookings", **headers))[0] == status
    assert (await cafe.desk(f"bookings/{made['id']}/cancel", None, **headers))[0] == status
    assert (await cafe.see(made))["state"] == ("cancelled" if status == 200 else "confirmed")


async def test_staff_change_only_the_people_of_the_session_they_may_change(cafe: Cafe) -> None:
    """Fails when the booking is not compared with the session whose branch was."""
    elsewhere = await opened(cafe.timed, branch=cafe.state.branch.model_copy(update={"id": "farsta"}))
    made = await elsewhere.book()
    for path, body in (
        (f"bookings/{made['id']}/cancel", None),
        ("attendance", {"booking_id": made["id"], "attendance": "came"}),
        ("standby", {"booking_id": made["id"]}),
    ):
        status, problem = await cafe.desk(path, body)
        assert (status, problem["type"]) == (404, "unknown-booking")
    assert (await elsewhere.see(made))["state"] == "confirmed"
    for path in (f"/v1/sessions/{uuid4()}/bookings", "/v1/sessions/none/bookings"):
        status, problem = await cafe.booking.get(path, **cafe.staff())
        assert (status, problem["type"]) == (404, "unknown-session")
    assert (await cafe.booking.get(f"/v1/sessions/{cafe.id}/bookings"))[0] == 401


async def test_a_session_that_moves_takes_its_line_along(cafe: Cafe) -> None:
    await cafe.book(adults=2)
    first = await cafe.book()
    later = {"starts_at": cafe.state.starts_at + timedelta(days=1), "ends_at": cafe.state.ends_at + timedelta(days=1)}
    await cafe.republish(2, **later)
    assert await cafe.events(first) == ["queued", "rescheduled"]
    await cafe.passes(days=10, hours=1)
    assert (await cafe.see(first))["state"] == "queued"


async def test_a_session_that_is_called_off_sends_everybody_home_once(cafe: Cafe) -> None:
    seated = [await cafe.book() for _ in range(2)]
    first, second = await cafe.book(), await cafe.book()
    await cafe.do(seated[0], "cancel")
    event = SessionCancelled.of(cafe.id, SessionCancellation(session_id=cafe.id, revision=2, reason="illness"))
    await cafe.booking.hear(event)
    await cafe.booking.hear(event)
    for made in (seated[1], first, second):
        seen = await cafe.see(made)
        assert (seen["state"], seen["cancelled_by"]) == ("cancelled", "library")
        assert (await cafe.events(made))[-1] == "cancelled"
    assert await cafe.left() == (0, 0, 4)


async def test_contacts_tell_until_when_an_offer_told_now_may_be_answered(cafe: Cafe) -> None:
    seated = await cafe.book(adults=2)
    first = await cafe.book()
    ref = str((await cafe.booking.row("SELECT contact_ref FROM booking WHERE id = $1", UUID(first["id"])))[0])

    async def answer_by() -> str | None:
        _, found = await cafe.booking.post("/internal/contacts", {"refs": [ref]}, **cafe.booking.service_headers())
        told: str | None = found["items"][0]["answer_by"]
        return told

    assert await answer_by() is None
    await cafe.do(seated, "cancel")
    now = await cafe.timed.clock.now()
    told = await answer_by()
    assert told is not None
    assert abs(datetime.fromisoformat(told) - now - timedelta(hours=4)) < timedelta(seconds=5)
    await cafe.told(first)
    stored = (await cafe.see(first))["answer_by"]
    assert await answer_by() == stored
    await cafe.do(first, "accept")
    assert await answer_by() is None


async def test_a_reminder_comes_once_a_day_before_and_moves_with_the_session(cafe: Cafe) -> None:
    made = await cafe.book(adults=2)
    await cafe.passes(days=9, minutes=-5)
    assert await reminders(cafe) == []
    await cafe.passes(minutes=10)
    assert await reminded(cafe, 1) == [made["id"]]
    later = {"starts_at": cafe.state.starts_at + timedelta(days=7), "ends_at": cafe.state.ends_at + timedelta(days=7)}
    await cafe.republish(2, **later)
    await cafe.republish(3, **later, room="2")
    await cafe.passes(days=6, hours=23)
    assert await reminders(cafe) == [made["id"]]
    await cafe.passes(hours=2)
    assert await reminded(cafe, 2) == [made["id"]] * 2


async def reminders(cafe: Cafe) -> list[str]:
    """Who was reminded. The timekeeper was given its turn: what is due by now was looked at."""

    async def looked() -> bool:
        row = await cafe.booking.row("SELECT count(*) AS n FROM booking WHERE remind_at <= now()")
        return bool(row["n"] == 0)

    await eventually(looked)
    return [event.subject for event in await cafe.booking.told() if isinstance(event, BookingReminderDue)]


async def reminded(cafe: Cafe, times: int) -> list[str]:
    async def so() -> list[str] | None:
        found = await reminders(cafe)
        return found if len(found) >= times else None

    return await eventually(so)


async def test_who_books_within_a_day_or_gives_the_seat_back_is_not_reminded(cafe: Cafe) -> None:
    gone = await cafe.book()
    await cafe.do(gone, "cancel")
    await cafe.passes(days=9, minutes=5)
    late = await cafe.book()
    waits = await cafe.book(adults=2)
    assert (late["state"], waits["state"]) == ("confirmed", "queued")
    await cafe.passes(hours=23)
    assert await reminders(cafe) == []


@pytest.mark.parametrize(("adults", "asks"), [(2, True), (1, False)])
async def test_a_full_session_asks_whether_everybody_comes(timed: Timed, adults: int, asks: bool) -> None:  # noqa: FBT001 - a table's column
    cafe = await opened(timed, capacity={"seats": 2, "queue": 4}, policies={"reconfirm": True})
    await cafe.book(adults=adults)
    await cafe.passes(days=9, minutes=5)
    await reminded(cafe, 1)
    [event] = [event for event in await cafe.booking.told() if isinstance(event, BookingReminderDue)]
    assert event.data.reconfirm == asks


async def test_silence_never_loses_a_seat(timed: Timed) -> None:
    cafe = await opened(timed, capacity={"seats": 2, "queue": 4}, policies={"reconfirm": True})
    made = await cafe.book(adults=2)
    await cafe.book()
    await cafe.passes(days=9, minutes=5)
    await reminded(cafe, 1)
    await cafe.passes(hours=23)
    assert (await cafe.see(made))["state"] == "confirmed"


async def test_a_booking_moves_to_another_time_and_the_seat_goes_to_who_waits(cafe: Cafe) -> None:
    made = await cafe.book(adults=2)
    first = await cafe.book()
    other = await opened(cafe.timed, activity_id=cafe.state.activity_id, capacity={"seats": 2, "queue": 4})
    for _ in range(2):
        status, moved = await cafe.do(made, "move", session_id=str(other.id))
        assert (status, moved["state"], moved["session_id"]) == (200, "confirmed", str(other.id))
        assert moved["code"] == made["code"]
    assert (await cafe.see(first))["state"] == "offered"
    assert (await cafe.left(), await other.left()) == ((1, 1, 4), (2, 0, 4))
    [event] = [event for event in await cafe.booking.told() if isinstance(event, BookingMoved)]
    assert (event.data.from_session_id, event.data.session_id, event.data.late) == (cafe.id, other.id, False)


async def test_who_waits_or_has_an_offer_moves_to_where_there_is_a_seat(cafe: Cafe) -> None:
    seated = await cafe.book(adults=2)
    first, second = await cafe.book(), await cafe.book()
    await cafe.do(seated, "cancel")
    await cafe.book()
    third = await cafe.book()
    assert [(await cafe.see(made))["state"] for made in (first, second, third)] == ["offered", "offered", "queued"]
    other = await opened(cafe.timed, activity_id=cafe.state.activity_id, capacity={"seats": 2})
    for made in (third, first):
        status, moved = await cafe.do(made, "move", session_id=str(other.id))
        assert (status, moved["state"], moved["position"], moved["answer_by"]) == (200, "confirmed", None, None)


@pytest.mark.parametrize(
    ("changes", "type_"),
    [
        ({"capacity": {"seats": 1}}, "sold-out"),
        ({"activity_id": uuid4()}, "other-activity"),
        ({"mode": "drop_in"}, "not-open"),
        ({"policies": {"party_max": 1}}, "party-too-large"),
        ({"starts_at": datetime(2026, 1, 1, 9, tzinfo=UTC), "ends_at": datetime(2026, 1, 1, 10, tzinfo=UTC)}, "closed"),
    ],
)
async def test_a_booking_that_cannot_move_keeps_its_seat(cafe: Cafe, changes: Json, type_: str) -> None:
    made = await cafe.book(adults=2)
    other = await opened(cafe.timed, **({"activity_id": cafe.state.activity_id} | changes))
    before = await cafe.booking.told()
    _, problem = await cafe.do(made, "move", session_id=str(other.id))
    assert problem["type"] == type_
    assert (await cafe.see(made))["session_id"] == str(cafe.id)
    assert await cafe.booking.told() == before
    _, problem = await cafe.do(made, "move", session_id=str(uuid4()))
    assert problem["type"] == "unknown-session"


async def test_nobody_moves_past_those_who_wait_there_nor_to_where_they_are_already(cafe: Cafe) -> None:
    other = await opened(cafe.timed, activity_id=cafe.state.activity_id, capacity={"seats": 1, "queue": 4})
    taken = await other.book()
    await other.book(adults=1)
    reach = {"by": "sms", "phone": numbers()[60]}
    made = await cafe.book(reach=reach)
    _, problem = await cafe.do(made, "move", session_id=str(other.id))
    assert problem["type"] == "sold-out"
    await other.do(taken, "cancel")
    third = await opened(cafe.timed, activity_id=cafe.state.activity_id, capacity={"seats": 4})
    await third.book(reach=reach)
    _, problem = await cafe.do(made, "move", session_id=str(third.id))
    assert problem["type"] == "already-booked"
    assert (await cafe.see(made))["session_id"] == str(cafe.id)


async def test_moving_late_is_only_classed_and_after_the_start_it_is_too_late(cafe: Cafe) -> None:
    made = await cafe.book(adults=2)
    later = {"starts_at": cafe.state.starts_at + timedelta(days=7), "ends_at": cafe.state.ends_at + timedelta(days=7)}
    other = await opened(cafe.timed, activity_id=cafe.state.activity_id, **later)
    await cafe.passes(days=9, hours=12)
    await cafe.do(made, "move", session_id=str(other.id))
    assert (await cafe.booking.row("SELECT late, seats FROM move"))["late"] is True
    back = await cafe.book()
    await cafe.passes(hours=13)
    _, problem = await cafe.do(back, "move", session_id=str(other.id))
    assert problem["type"] == "closed"


async def test_seats_are_held_while_somebody_types(cafe: Cafe) -> None:
    hold: Json = {"session_id": str(cafe.id), "party": {"adults": 2, "children": 0}}
    status, held = await cafe.booking.post("/v1/holds", hold)
    assert (status, held["seats"]) == (201, 2)
    assert await cafe.left() == (2, 0, 4)
    waits = await cafe.book()
    assert waits["state"] == "queued"
    await cafe.passes(minutes=10)
    status, renewed = await cafe.booking.post("/v1/holds", hold | {"hold": held["hold"]})
    assert renewed["hold"] == held["hold"]
    assert renewed["until"] > held["until"]
    await cafe.passes(minutes=10)
    made = await cafe.book(adults=2, hold=held["hold"])
    assert made["state"] == "confirmed"
    assert (await cafe.booking.row("SELECT count(*) AS n FROM hold"))["n"] == 0


async def test_a_hold_ends_by_the_clock_and_who_waits_is_offered_the_seats(cafe: Cafe) -> None:
    hold: Json = {"session_id": str(cafe.id), "party": {"adults": 2, "children": 0}}
    _, held = await cafe.booking.post("/v1/holds", hold)
    waits = await cafe.book()
    await cafe.passes(minutes=16)
    await cafe.becomes(waits, "offered")
    late = await cafe.book(adults=2, hold=held["hold"])
    assert late["state"] == "queued", "a hold that is gone is no error: what there is decides"


async def test_a_browser_has_one_hold(cafe: Cafe) -> None:
    other = await opened(cafe.timed)
    hold: Json = {"session_id": str(cafe.id), "party": {"adults": 2, "children": 0}}
    _, held = await cafe.booking.post("/v1/holds", hold)
    _, moved = await cafe.booking.post("/v1/holds", hold | {"session_id": str(other.id), "hold": held["hold"]})
    assert moved["hold"] != held["hold"]
    assert (await cafe.left(), await other.left()) == ((0, 2, 4), (2, 13, 8))
    await other.republish(2, capacity={"seats": 2, "queue": 8})
    status, problem = await cafe.booking.post(
        "/v1/holds", hold | {"session_id": str(other.id), "hold": moved["hold"], "party": {"adults": 3, "children": 0}}
    )
    assert (status, problem["type"]) == (409, "sold-out")
    assert (await other.left())[0] == 2, "what was held still is"
    async with cafe.booking.http.delete(f"{cafe.booking.url}/v1/holds/{moved['hold']}") as answer:
        assert answer.status == 204
    for none in (uuid4(), "none"):
        async with cafe.booking.http.delete(f"{cafe.booking.url}/v1/holds/{none}") as answer:
            assert answer.status == 204
    assert (await other.left())[0] == 0


async def test_a_party_that_waits_comes_with_fewer(cafe: Cafe) -> None:
    seated = [await cafe.book() for _ in range(2)]
    pair = await cafe.book(adults=2)
    await cafe.do(seated[0], "cancel")
    status, made = await cafe.do(pair, "party", party={"adults": 1, "children": 0})
    assert (status, made["state"]) == (200, "offered")
    assert await cafe.events(pair) == ["queued", "shrunk", "offered"]


async def test_events_carry_what_each_booking_is(cafe: Cafe) -> None:
    seated = await cafe.book(adults=2)
    first = await cafe.book()
    await cafe.do(seated, "cancel")
    states = [getattr(event.data, "state", None) for event in await cafe.booking.told() if event.subject == first["id"]]
    assert states == ["queued", "offered"]
    queued = [event.data.position for event in await cafe.booking.told() if isinstance(event, BookingQueued)]
    assert queued == [1]
    await cafe.told(first)
    await cafe.passes(hours=5)
    await cafe.becomes(first, "expired")
    [expired] = [event for event in await cafe.booking.told() if isinstance(event, BookingOfferExpired)]
    assert expired.data.state == "expired"


async def test_a_session_that_cannot_be_looked_after_keeps_no_other_waiting(timed: Timed) -> None:
    """Fails when the timekeeper takes up the same one again and again, or ends at it."""
    broken = await opened(timed, capacity={"seats": 2, "queue": 4})
    sound = await opened(timed, capacity={"seats": 2, "queue": 4})
    waiting = []
    for cafe in (broken, sound):
        seated = await cafe.book(adults=2)
        waiting.append(await cafe.book())
        await cafe.do(seated, "cancel")
        await cafe.told(waiting[-1])
    pool = timed.booking.database.pool
    await pool.execute(
        "ALTER TABLE booking ADD CONSTRAINT broken CHECK (id <> '" + waiting[0]["id"] + "' OR state <> 'expired')"
    )
    await timed.clock.advance(timedelta(hours=5))
    await sound.becomes(waiting[1], "expired")
    assert (await broken.see(waiting[0]))["state"] == "offered"


async def test_who_is_there_is_not_struck_out_by_mistake(cafe: Cafe) -> None:
    made = await cafe.book(adults=2)
    await cafe.passes(days=10)
    await cafe.desk("attendance", {"booking_id": made["id"], "attendance": "came"})
    status, problem = await cafe.desk(f"bookings/{made['id']}/cancel")
    assert (status, problem["type"]) == (409, "closed")


async def test_seats_that_an_older_version_takes_back_are_offered_too(cafe: Cafe) -> None:
    """It knows nothing of lines, and works beside this one while an installation is brought up to date."""
    seated = await cafe.book(adults=2)
    first = await cafe.book()
    await cafe.booking.database.pool.execute(
        """
        WITH gone AS (
            UPDATE booking SET state = 'cancelled', cancelled_at = now(), cancelled_by = 'visitor'
            WHERE id = $1 RETURNING session_id, seats
        )
        UPDATE session SET taken = taken - gone.seats, ceiling = 2
        FROM gone WHERE session.id = gone.session_id
        """,
        UUID(seated["id"]),
    )
    await cafe.becomes(first, "offered")


async def test_an_offer_that_just_ran_out_does_not_change_to_another_time(cafe: Cafe) -> None:
    seated = await cafe.book(adults=2)
    first = await cafe.book()
    other = await opened(cafe.timed, activity_id=cafe.state.activity_id)
    await cafe.do(seated, "cancel")
    await cafe.told(first)
    await cafe.booking.database.pool.execute("UPDATE session SET wakes_at = wakes_at + interval '1 day'")
    await cafe.passes(hours=5)
    status, problem = await cafe.do(first, "move", session_id=str(other.id))
    assert (status, problem["type"]) == (409, "closed")
