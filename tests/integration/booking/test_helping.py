"""Volunteers on duty make the seats, and whoever books one of them hears whether somebody comes."""

import asyncio
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

import pytest

from shared.events import (
    AssignmentAccepted,
    AssignmentState,
    AssignmentUncovered,
    AvailabilityChanged,
    BookingCancelled,
    BookingConfirmed,
    BookingHelperFound,
    BookingHelperMissing,
    BookingMoved,
    BookingState,
    Lacking,
    Staffing,
    StaffingChanged,
)
from tests.integration.booking.cafe import Cafe, Json, opened
from tests.integration.booking.conftest import Booking, Timed
from tests.integration.booking.test_answers import ASK
from tests.support.samples import booking_body, numbers, published, session_state
from tests.support.servers import eventually

COACHES = {"needed": 3, "task": "coach", "matched": True}
ACTIVITY = uuid4()


def staffing(session: UUID, helpers: int, revision: int) -> StaffingChanged:
    return StaffingChanged.of(session, Staffing(session_id=session, revision=revision, helpers=helpers, needed=3))


def accepted(made: Json, session: UUID | None = None, need_revision: int | None = None) -> AssignmentAccepted:
    """A volunteer said yes to a booking."""
    data = AssignmentState(
        assignment_id=uuid4(),
        revision=2,
        session_id=session or UUID(made["session_id"]),
        contact_ref=uuid4(),
        language="sv",
        state="accepted",
        task="coach",
        booking_id=UUID(made["id"]),
        need_revision=need_revision,
    )
    return AssignmentAccepted.of(data.assignment_id, data)


def uncovered(made: Json, stage: Literal["alarmed", "given_up"] = "given_up", revision: int = 3) -> AssignmentUncovered:
    """Nobody is left to ask for a booking."""
    data = Lacking(
        booking_id=UUID(made["id"]),
        revision=revision,
        session_id=UUID(made["session_id"]),
        stage=stage,
        asked=2,
    )
    return AssignmentUncovered.of(data.booking_id, data)


async def coaching(timed: Timed, **changes: Any) -> Cafe:  # noqa: ANN401
    """A slot of coaching: a seat for each helper on duty, up to three."""
    given = {
        "capacity": {"seats": 3, "queue": 5},
        "capacity_from": "staffing",
        "helping": COACHES,
        "counts": "bookings",
        "activity_id": ACTIVITY,
        "policies": {"reminder_hours": 0},
    }
    return await opened(timed, **(given | changes))


async def available(cafe: Cafe) -> tuple[int, int]:
    """Bookable seats, and what is left of them, as told last."""
    told = [event.data for event in await cafe.booking.told() if isinstance(event, AvailabilityChanged)]
    mine = [state for state in told if state.session_id == cafe.id]
    assert [state.revision for state in mine] == list(range(1, len(mine) + 1))
    return mine[-1].capacity, mine[-1].left


async def missing(booking: Booking) -> list[tuple[UUID, UUID | None]]:
    """Who was told that nobody helps, and of which other time."""
    told = [event.data for event in await booking.told() if isinstance(event, BookingHelperMissing)]
    return [(one.booking_id, one.next_session_id) for one in told]


async def test_helpers_on_duty_are_the_seats_up_to_staffs_number(timed: Timed) -> None:
    """Fails when somebody is promised a coach who is not there, or more help than there are tables for."""
    cafe = await coaching(timed)
    assert await available(cafe) == (3, 3)  # nobody has said how many are on duty
    for revision, (helpers, seats) in enumerate([(0, 0), (2, 2), (5, 3)], start=1):
        await timed.booking.hear(staffing(cafe.id, helpers, revision))
        assert await available(cafe) == (seats, seats)

    await timed.booking.hear(staffing(cafe.id, 1, 4))
    await cafe.republish(2, room="A")
    assert await available(cafe) == (1, 1)
    await cafe.republish(3, capacity={"seats": 0})
    assert await available(cafe) == (0, 0)
    await cafe.republish(4, capacity={"seats": 2})
    await timed.booking.hear(staffing(cafe.id, 3, 5))
    assert await available(cafe) == (2, 2)


async def test_old_and_repeated_staffing_changes_nothing(timed: Timed) -> None:
    cafe = await coaching(timed)
    newest = staffing(cafe.id, 2, 7)
    await timed.booking.hear(newest, newest, staffing(cafe.id, 1, 6), staffing(cafe.id, 0, 7))
    assert await available(cafe) == (2, 2)
    assert sum(isinstance(event, AvailabilityChanged) for event in await timed.booking.told()) == 2


async def test_staffing_that_comes_before_its_session_counts_once_it_is_there(timed: Timed) -> None:
    """Fails when a session opens with seats that nobody makes because two services were heard in another order."""
    state = session_state(capacity={"seats": 3}, capacity_from="staffing", helping=COACHES, counts="bookings")
    await timed.booking.hear(staffing(state.session_id, 1, 2), staffing(state.session_id, 3, 1), published(state))
    assert await available(Cafe(timed, state)) == (1, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"capacity_from": "session", "helping": {"needed": 1, "task": "host"}},
        {"capacity_from": "staffing", "helping": None},
    ],
    ids=["helpers make no seats", "no volunteers are needed any more"],
)
async def test_where_helpers_make_no_seats_staffs_number_stands(timed: Timed, changes: Json) -> None:
    cafe = await coaching(timed)
    await timed.booking.hear(staffing(cafe.id, 1, 1))
    await cafe.republish(2, **changes)
    assert await available(cafe) == (3, 3)
    await timed.booking.hear(staffing(cafe.id, 0, 2))
    assert await available(cafe) == (3, 3)


async def test_fewer_helpers_throw_nobody_out_and_more_make_offers(timed: Timed) -> None:
    cafe = await coaching(timed)
    await timed.booking.hear(staffing(cafe.id, 2, 1))
    first, second, waits = [await cafe.book() for _ in range(3)]
    assert waits["state"] == "queued"

    await timed.booking.hear(staffing(cafe.id, 0, 2))
    assert [(await cafe.see(one))["state"] for one in (first, second, waits)] == ["confirmed", "confirmed", "queued"]
    assert await available(cafe) == (0, 0)
    await timed.booking.hear(staffing(cafe.id, 2, 3))
    assert (await cafe.see(waits))["state"] == "queued"  # both seats are still taken
    await timed.booking.hear(staffing(cafe.id, 3, 4))
    assert (await cafe.see(waits))["state"] == "offered"
    assert (await cafe.events(waits))[-1] == "offered"


async def test_seats_for_walk_ins_are_no_more_than_there_are(timed: Timed) -> None:
    cafe = await coaching(timed, mode="mixed", capacity={"seats": 3, "walk_in": 2, "queue": 0})
    assert await available(cafe) == (1, 1)
    await timed.booking.hear(staffing(cafe.id, 1, 1))
    assert await available(cafe) == (0, 0)
    await timed.booking.hear(staffing(cafe.id, 3, 2))
    assert await available(cafe) == (1, 1)


async def test_what_there_was_when_it_ended_is_not_changed(timed: Timed) -> None:
    """Fails when helpers who go home make an afternoon look overbooked."""
    cafe = await coaching(timed)
    await timed.booking.hear(staffing(cafe.id, 2, 1))
    await cafe.passes(days=11)
    await timed.booking.hear(staffing(cafe.id, 0, 2))
    assert (await cafe.booking.row("SELECT seats FROM session"))["seats"] == 2


async def test_staffing_and_a_session_heard_at_once_agree(timed: Timed) -> None:
    """Fails when each misses what the other has not committed."""
    for _ in range(10):
        state = session_state(capacity={"seats": 3}, capacity_from="staffing", helping=COACHES, counts="bookings")
        await asyncio.gather(timed.booking.hear(published(state)), timed.booking.hear(staffing(state.session_id, 1, 1)))
        assert await available(Cafe(timed, state)) == (1, 1)


async def test_what_they_want_help_with_goes_along_with_each_event(timed: Timed) -> None:
    cafe = await coaching(timed, policies={"ask": ASK})
    made = await cafe.book(topic="bankid", help_language="ar")
    await cafe.do(made, "cancel")
    told = [event.data for event in await cafe.booking.told() if isinstance(event.data, BookingState)]
    assert [(one.topic, one.help_language) for one in told] == [("bankid", "ar")] * 2


async def test_who_has_a_helper_is_told_once(timed: Timed) -> None:
    """Fails when a visitor gets an SMS for each volunteer who takes over from another."""
    cafe = await coaching(timed)
    made = await cafe.book()
    assert (made["helper"], (await cafe.see(made))["helper"]) == ("sought", "sought")

    yes = accepted(made)
    await timed.booking.hear(yes, yes, uncovered(made, "alarmed"))
    assert (await cafe.see(made))["helper"] == "sought"
    await timed.booking.hear(accepted(made))
    seen = await cafe.see(made)
    assert (seen["helper"], seen["state"], seen["revision"]) == ("found", "confirmed", 2)
    assert await cafe.events(made) == ["confirmed", "helper_found"]
    (event,) = [one for one in await cafe.booking.told() if isinstance(one, BookingHelperFound)]
    assert event.data.revision == 2


async def test_nobody_helps_a_visitor_of_a_session_that_is_not_matched(timed: Timed) -> None:
    cafe = await coaching(timed, helping={"needed": 2, "task": "homework"})
    assert (await cafe.book())["helper"] is None


async def test_being_on_duty_is_nothing_to_a_visitor(timed: Timed) -> None:
    cafe = await coaching(timed)
    made = await cafe.book()
    data = accepted(made).data.model_copy(update={"booking_id": None})
    await timed.booking.hear(AssignmentAccepted.of(data.assignment_id, data))
    assert await cafe.events(made) == ["confirmed"]


async def test_who_has_no_helper_is_told_of_the_next_time_with_a_free_one(timed: Timed) -> None:
    cafe = await coaching(timed, sitting_id=(sitting := uuid4()))
    empty, full, later, free = [
        await coaching(timed, sitting_id=sitting, starts_at=cafe.state.ends_at + timedelta(hours=n),
                       ends_at=cafe.state.ends_at + timedelta(hours=n + 1))
        for n in range(4)
    ]  # fmt: skip
    for slot, helpers in ((cafe, 1), (empty, 0), (full, 1), (later, 2), (free, 3)):
        await timed.booking.hear(staffing(slot.id, helpers, 1))
    await full.book()
    made = await cafe.book()

    await timed.booking.hear(uncovered(made, "alarmed", 2))
    assert await missing(timed.booking) == []
    gone = uncovered(made)
    await timed.booking.hear(gone, gone)
    await timed.booking.hear(uncovered(made, revision=4))
    assert await missing(timed.booking) == [(UUID(made["id"]), later.id)]
    seen = await cafe.see(made)
    assert (seen["state"], seen["helper"]) == ("confirmed", "missing")

    await timed.booking.hear(accepted(made))  # somebody came after all
    assert (await cafe.see(made))["helper"] == "found"
    assert await cafe.events(made) == ["confirmed", "helper_missing", "helper_found"]


async def test_news_of_a_helper_in_another_order_ends_the_same(timed: Timed) -> None:
    """Fails when a yes that was taken back long ago is what a visitor hears last."""
    cafe = await coaching(timed)
    made = await cafe.book()
    before, after = accepted(made), uncovered(made)
    await timed.booking.hear(after, before)
    assert (await cafe.see(made))["helper"] == "missing"
    assert await cafe.events(made) == ["confirmed", "helper_missing"]


async def test_a_clock_that_is_ahead_makes_nothing_newer(timed: Timed) -> None:
    """Fails when news of two machines are put in order by their clocks."""
    cafe = await coaching(timed)
    made = await cafe.book()
    gone, after = uncovered(made, revision=3), accepted(made, need_revision=4)
    gone = gone.model_copy(update={"time": after.time + timedelta(minutes=1)})
    await timed.booking.hear(gone, after)
    assert (await cafe.see(made))["helper"] == "found"
    await timed.booking.hear(gone)
    assert await cafe.events(made) == ["confirmed", "helper_missing", "helper_found"]


@pytest.mark.parametrize("what", ["cancelled", "moved", "unknown"])
async def test_news_of_a_booking_that_is_not_there_any_more_tells_nobody(timed: Timed, what: str) -> None:
    cafe = await coaching(timed)
    made = await cafe.book()
    if what == "cancelled":
        await cafe.do(made, "cancel")
    elif what == "moved":
        other = await coaching(timed)
        assert (await cafe.do(made, "move", session_id=str(other.id)))[0] == 200
    else:
        made = made | {"id": str(uuid4())}
    before = await cafe.events(made)
    await timed.booking.hear(accepted(made), uncovered(made))
    assert await cafe.events(made) == before


async def left_alone(timed: Timed, *others: Cafe, helpers: int = 1) -> tuple[Cafe, Json]:
    """Somebody whom nobody can help, and who was told so and of another time, if there is one."""
    cafe = await coaching(timed)
    for other in others:
        await timed.booking.hear(staffing(other.id, helpers, 1))
    made = await cafe.book()
    await timed.booking.hear(uncovered(made))
    return cafe, made


async def later(timed: Timed, days: float) -> Cafe:
    """Another time of the same coaching."""
    sample = session_state()
    at = sample.starts_at + timedelta(days=days)
    return await coaching(timed, starts_at=at, ends_at=at + timedelta(minutes=40))


async def test_yes_moves_to_the_time_that_was_told_and_seeks_anew(timed: Timed) -> None:
    other = await later(timed, 20)
    cafe, made = await left_alone(timed, other)
    assert await missing(timed.booking) == [(UUID(made["id"]), other.id)]
    await cafe.passes(days=9.9)  # so near that giving a seat back would be late

    yes = await cafe.replies(made, "yes", question="helper_missing")
    await timed.booking.hear(yes)
    await cafe.replies(made, "yes", question="helper_missing")
    seen = await cafe.see(made)
    assert (seen["session_id"], seen["state"], seen["helper"]) == (str(other.id), "confirmed", "sought")
    assert await cafe.events(made) == ["confirmed", "helper_missing", "moved"]
    (moved,) = [event.data for event in await timed.booking.told() if isinstance(event, BookingMoved)]
    assert (moved.from_session_id, moved.late) == (cafe.id, False)

    await timed.booking.hear(accepted(seen))
    assert (await cafe.events(made))[-1] == "helper_found"


async def test_yes_moves_also_after_one_more_was_asked_in_vain(timed: Timed) -> None:
    """Fails when a question that is open loses its answer because somebody else said no meanwhile."""
    other = await later(timed, 20)
    cafe, made = await left_alone(timed, other)
    await timed.booking.hear(uncovered(made, "alarmed", 5))
    assert (await cafe.see(made))["helper"] == "missing"
    await cafe.replies(made, "yes", question="helper_missing")
    assert (await cafe.see(made))["session_id"] == str(other.id)


async def test_yes_to_a_time_that_is_full_by_now_takes_the_next_that_is_free(timed: Timed) -> None:
    first, second = await later(timed, 20), await later(timed, 30)
    cafe, made = await left_alone(timed, first, second)
    await first.book()
    await cafe.replies(made, "yes", question="helper_missing")
    assert (await cafe.see(made))["session_id"] == str(second.id)


async def test_yes_where_no_time_is_left_keeps_the_booking_and_says_so_once(timed: Timed) -> None:
    other = await later(timed, 20)
    cafe, made = await left_alone(timed, other)
    await other.book()
    for _ in range(2):
        await cafe.replies(made, "yes", question="helper_missing")
    seen = await cafe.see(made)
    assert (seen["session_id"], seen["state"], seen["helper"]) == (str(cafe.id), "confirmed", "missing")
    assert await missing(timed.booking) == [(UUID(made["id"]), other.id), (UUID(made["id"]), None)]


async def test_yes_where_they_have_a_seat_at_that_time_already_takes_another(timed: Timed) -> None:
    """Fails when what the database refuses ends the whole answer."""
    first, second = await later(timed, 20), await later(timed, 30)
    cafe = await coaching(timed)
    await timed.booking.hear(staffing(first.id, 2, 1), staffing(second.id, 2, 1))
    me: Json = {"reach": {"by": "sms", "phone": numbers()[50]}}
    made = await cafe.book(**me)
    await first.book(**me)
    await timed.booking.hear(uncovered(made))
    await cafe.replies(made, "yes", question="helper_missing")
    assert (await cafe.see(made))["session_id"] == str(second.id)


async def test_yes_to_another_question_moves_nobody(timed: Timed) -> None:
    other = await later(timed, 20)
    cafe, made = await left_alone(timed, other)
    await cafe.replies(made, "yes", question="reminder")
    assert (await cafe.see(made))["session_id"] == str(cafe.id)
    assert (await timed.booking.row("SELECT reconfirmed_at FROM booking WHERE id = $1", UUID(made["id"])))[0]


async def test_yes_after_somebody_was_found_keeps_the_time(timed: Timed) -> None:
    other = await later(timed, 20)
    cafe, made = await left_alone(timed, other)
    await timed.booking.hear(accepted(made))
    await cafe.replies(made, "yes", question="helper_missing")
    seen = await cafe.see(made)
    assert (seen["session_id"], seen["helper"]) == (str(cafe.id), "found")


async def test_no_gives_the_booking_back_and_is_never_late(timed: Timed) -> None:
    """Fails when somebody whom the library could not help counts among those who cancel late."""
    cafe, made = await left_alone(timed)
    await cafe.passes(days=9.9)
    await cafe.replies(made, "no", question="helper_missing")
    (event,) = [event.data for event in await timed.booking.told() if isinstance(event, BookingCancelled)]
    assert (event.by, event.late) == ("visitor", False)
    seen = await cafe.see(made)
    assert (seen["state"], seen["late"], seen["helper"]) == ("cancelled", False, None)


@pytest.mark.parametrize(("helped", "reminded"), [(True, True), (False, False)])
async def test_who_has_nobody_is_not_reminded_to_come(timed: Timed, helped: bool, reminded: bool) -> None:  # noqa: FBT001
    cafe = await coaching(timed, policies={"reminder_hours": 24})
    made, other = await cafe.book(), await cafe.book()
    await timed.booking.hear(accepted(made) if helped else uncovered(made))
    await cafe.passes(days=9.5)

    async def other_is() -> bool:
        return "reminder_due" in await cafe.events(other)

    await eventually(other_is)
    assert ("reminder_due" in await cafe.events(made)) is reminded
    assert (await cafe.booking.row("SELECT remind_at FROM booking WHERE id = $1", UUID(made["id"])))[0] is None


async def test_two_who_say_yes_at_once_to_one_free_seat(timed: Timed) -> None:
    """Fails when two are moved to one helper, or two moves wait for each other for good."""
    only = await later(timed, 20)
    cafe = await coaching(timed)
    back = await coaching(timed, starts_at=only.state.starts_at - timedelta(days=1),
                          ends_at=only.state.starts_at - timedelta(hours=23))  # fmt: skip
    await timed.booking.hear(staffing(only.id, 1, 1))
    one, two = await cafe.book(), await back.book()
    await timed.booking.hear(staffing(cafe.id, 0, 1), staffing(back.id, 0, 1))
    await timed.booking.hear(uncovered(one), uncovered(two))

    await asyncio.gather(*(cafe.replies(made, "yes", question="helper_missing") for made in (one, two)))
    moved = [event.data.booking_id for event in await timed.booking.told() if isinstance(event, BookingMoved)]
    assert len(moved) == 1
    assert await available(only) == (1, 0)
    assert {made["id"] for made in (one, two)} >= {str(id_) for id_ in moved}


async def test_the_first_names_of_visitors_are_for_services(booking: Booking) -> None:
    """Fails when a volunteer's page could show more than what a visitor is called."""
    session = await booking.offer(session_state())
    phones = iter(numbers())
    made = []
    for name in ("Amina Warsame Ali", "Bo", "Cecilia Berg"):
        body = booking_body(session, name=name, reach={"by": "sms", "phone": next(phones)})
        made.append((await booking.post("/v1/bookings", body))[1])
    await booking.post(f"/v1/bookings/{made[2]['code']}/cancel", {"proof": made[2]["proof"]})
    ids = {"booking_ids": [*(one["id"] for one in made), str(uuid4())]}

    status, problem = await booking.post("/internal/names", ids)
    assert (status, problem["type"]) == (401, "unauthorized")
    status, found = await booking.post("/internal/names", ids, **booking.service_headers())
    assert status == 200
    assert {one["booking_id"]: one["name"] for one in found["items"]} == {made[0]["id"]: "Amina", made[1]["id"]: "Bo"}
    assert {name for one in found["items"] for name in one} == {"booking_id", "name"}


async def test_a_confirmation_says_no_topic_where_none_was_asked(booking: Booking) -> None:
    session = await booking.offer(session_state())
    await booking.post("/v1/bookings", booking_body(session))
    (event,) = [one for one in await booking.told() if isinstance(one, BookingConfirmed)]
    assert (event.data.topic, event.data.help_language) == (None, None)
