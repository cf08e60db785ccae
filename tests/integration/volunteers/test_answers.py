"""Volunteers answer on a page, by SMS, or not at all; the first answer wins, and what comes twice changes nothing."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from shared.events import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentProposed,
    AssignmentReleased,
    AssignmentReminderDue,
    AssignmentRescheduled,
    AssignmentUncovered,
    SessionCancellation,
    SessionCancelled,
    ShiftCancelled,
    VolunteerNotified,
)
from shared.inbox import NotYet
from tests.integration.volunteers.conftest import Volunteers
from tests.integration.volunteers.house import House, booked, cancelled, coaching, moved
from tests.support.clock import Clock
from tests.support.servers import eventually

Timed = tuple[Volunteers, Clock]


async def test_coaching_is_accepted_with_the_pledge_and_only_by_whom_it_is(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina, bo = await house.helper("Amina"), await house.helper("Bo")
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    id_ = (await house.asked(booking))["id"]

    status, mine = await house.ask(amina, "GET", "/v1/me/assignments")
    assert status == 200
    (question,) = mine["questions"]
    assert (question["id"], question["kind"], question["topic"], question["language"]) == (
        id_,
        "visitor",
        "bankid",
        "sv",
    )
    assert question["session"]["branch"]["phone"] == "08-465 004 10"
    assert (await house.ask(bo, "POST", f"/v1/assignments/{id_}/accept", {"pledge": 1}))[0] == 404
    status, problem = await house.ask(amina, "POST", f"/v1/assignments/{id_}/accept", {})
    assert (status, problem["type"]) == (422, "pledge-missing")
    for _ in range(2):
        assert (await house.ask(amina, "POST", f"/v1/assignments/{id_}/accept", {"pledge": 1}))[0] == 200

    assert [one.booking_id for one in await house.told(AssignmentAccepted)] == [None, booking.data.booking_id]
    _, mine = await house.ask(amina, "GET", "/v1/me/assignments")
    assert (mine["questions"], [one["pledged"] for one in mine["next"] if one["kind"] == "visitor"]) == ([], [True])
    assert (await house.ask(amina, "POST", f"/v1/assignments/{uuid4()}/accept", {"pledge": 1}))[0] == 404


async def test_many_answers_at_once_are_one(volunteers: Volunteers) -> None:
    """Fails when a yes and a no that cross each other are both told, or two yeses are two."""
    house = House(volunteers)
    amina = await house.helper()
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    id_ = (await house.asked(booking))["id"]

    await asyncio.gather(*(house.reply(id_, "yes") for _ in range(5)))

    assert len([one for one in await house.told(AssignmentAccepted) if one.booking_id]) == 1
    await asyncio.gather(*(house.reply(id_, "no") for _ in range(5)))
    assert len(await house.told(AssignmentDeclined)) == 1
    assert (await house.need(booking))["state"] == "alarmed"


async def test_a_no_after_a_yes_goes_to_the_next_and_a_yes_after_the_alarm_is_welcome(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina = await house.helper()
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    id_ = (await house.asked(booking))["id"]
    await house.reply(id_, "yes")
    await house.reply(id_, "no")
    assert (await house.need(booking))["state"] == "alarmed"
    assert (await volunteers.row("SELECT share FROM volunteer"))["share"] == 0

    await house.reply(id_, "yes")

    assert (await house.need(booking))["state"] == "covered"
    assert (await volunteers.row("SELECT share FROM volunteer"))["share"] == 40


async def test_a_late_yes_is_thanked(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina, bo = await house.helper("Amina"), await house.helper("Bo")
    state = await house.publish(coaching())
    await house.put(state, amina)
    await house.put(state, bo)
    booking = await house.book(state)
    first = (await house.asked(booking))["id"]
    await house.reply(first, "no")
    second = (await house.asked(booking))["id"]
    await house.reply(second, "yes")

    await house.reply(first, "yes")

    (thanked,) = await house.told(AssignmentReleased)
    assert (str(thanked.assignment_id), thanked.why) == (first, "taken_over")
    owner = await volunteers.row("SELECT id::text FROM assignment WHERE state = 'accepted'")
    assert owner["id"] == second


async def test_silence_goes_to_the_next_and_then_the_visitor_is_told_honestly(timed: Timed) -> None:
    """Fails when the clock of a question does not begin with its message, or nobody is told after the last one."""
    volunteers, clock = timed
    house = House(volunteers)
    amina, bo = await house.helper("Amina"), await house.helper("Bo")
    await volunteers.send(
        "POST", "/v1/coordinators", {"name": "Eva", "reach": "sms", "phone": "070-174 06 99", "branches": ["tensta"]}
    )
    state = await house.publish(coaching())
    await house.put(state, amina)
    await house.put(state, bo)
    booking = await house.book(state)
    first = await house.asked(booking)
    assert first["answer_by"] is None
    await house.sent(first["id"])
    told = (await house.asked(booking))["answer_by"]
    await clock.advance(timedelta(minutes=5))
    await house.sent(first["id"])  # told again: the first time stands
    assert (await house.asked(booking))["answer_by"] == told

    await clock.advance(timedelta(hours=4))
    await eventually(lambda: _is_asked(house, booking, bo["id"]))
    await house.failed((await house.asked(booking))["id"])

    assert [one.why for one in await house.told(AssignmentDeclined)] == ["expired", "expired"]
    assert [(one.stage, one.asked) for one in await house.told(AssignmentUncovered)] == [("alarmed", 2)]
    assert [one.notice for one in await house.told(VolunteerNotified)].count("alarm") == 1
    await clock.advance(timedelta(hours=24))
    await eventually(lambda: _is(house, booking, "given_up"))
    assert [one.stage for one in await house.told(AssignmentUncovered)] == ["alarmed", "given_up"]

    cecilia = await house.helper("Cecilia")
    await volunteers.send("POST", f"/v1/shifts/{await _shift_of(house, amina)}/cancel")
    await house.put(state, cecilia)
    assert (await house.asked(booking))["volunteer_id"] == cecilia["id"]


async def _shift_of(house: House, helper: dict[str, str]) -> str:
    row = await house.volunteers.row(
        "SELECT id::text FROM shift WHERE volunteer_id::text = $1 AND state = 'on_duty'", helper["id"]
    )
    found: str = row["id"]
    return found


async def _is_asked(house: House, booking: object, helper: str) -> bool:
    row = await house.volunteers.database.pool.fetchval(
        "SELECT volunteer_id::text FROM assignment WHERE state = 'proposed' AND booking_id = $1",
        booking.data.booking_id,  # type: ignore[attr-defined] # a booking's event
    )
    return bool(row == helper)


async def _is(house: House, booking: object, state: str) -> bool:
    return bool((await house.need(booking))["state"] == state)  # type: ignore[arg-type] # a booking's event


async def test_who_was_never_told_is_passed_over_half_an_hour_before(timed: Timed) -> None:
    volunteers, clock = timed
    house = House(volunteers)
    amina = await house.helper()
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)

    await clock.set(state.starts_at - timedelta(minutes=29))

    await eventually(lambda: _is(house, booking, "given_up"))
    assert [one.stage for one in await house.told(AssignmentUncovered)] == ["alarmed", "given_up"]


async def test_a_stand_in_is_sought_while_one_stays_responsible(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina, bo = await house.helper("Amina"), await house.helper("Bo")
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    mine = (await house.asked(booking))["id"]
    await house.reply(mine, "yes")
    await house.put(state, bo)

    status, _ = await house.ask(amina, "POST", f"/v1/assignments/{mine}/stand-in")

    assert status == 200
    assert (await house.need(booking))["state"] == "covered"
    question = (await house.told(AssignmentProposed))[-1]
    assert question.stand_in
    assert (await volunteers.row("SELECT count(*) AS n FROM assignment WHERE state = 'accepted'"))["n"] == 1
    await house.reply(str(question.assignment_id), "yes")
    (released,) = await house.told(AssignmentReleased)
    assert (str(released.assignment_id), released.why) == (mine, "taken_over")
    owner = await volunteers.row("SELECT volunteer_id::text FROM assignment WHERE state = 'accepted'")
    assert owner["volunteer_id"] == bo["id"]
    assert [row["share"] for row in await _shares(house)] == [0, 40]


async def _shares(house: House) -> list[dict[str, int]]:
    rows = await house.volunteers.database.pool.fetch("SELECT share FROM volunteer ORDER BY created_at")
    return [dict(row) for row in rows]


async def test_who_wants_no_stand_in_any_more_keeps_it(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina, bo = await house.helper("Amina"), await house.helper("Bo")
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    mine = (await house.asked(booking))["id"]
    await house.reply(mine, "yes")
    await house.put(state, bo)
    await house.ask(amina, "POST", f"/v1/assignments/{mine}/stand-in")
    question = (await house.told(AssignmentProposed))[-1]

    async with volunteers.http.delete(
        f"{volunteers.url}/v1/assignments/{mine}/stand-in", headers=await house.signed_in(amina)
    ) as answer:
        assert answer.status == 204

    await house.reply(str(question.assignment_id), "yes")
    owner = await volunteers.row("SELECT volunteer_id::text FROM assignment WHERE state = 'accepted'")
    assert owner["volunteer_id"] == amina["id"]


async def test_ill_today_passes_everything_on_with_one_answer(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina, bo = await house.helper("Amina"), await house.helper("Bo")
    one = coaching()
    two = coaching(starts_at=one.ends_at, ends_at=one.ends_at + timedelta(minutes=40))
    bookings = []
    for state in (one, two):
        await house.publish(state)
        await house.put(state, amina)
        booking = await house.book(state)
        await house.reply((await house.asked(booking))["id"], "yes")
        await house.put(state, bo)
        bookings.append(booking)

    day = one.starts_at.astimezone().date().isoformat()
    status, passed = await house.ask(amina, "POST", "/v1/me/ill", {"day": day})

    assert (status, passed["count"]) == (200, 2)
    assert {(await house.asked(booking))["volunteer_id"] for booking in bookings} == {bo["id"]}
    told = [event for event in await house.told(ShiftCancelled) if event.why == "ill"]
    assert sorted(event.quietly for event in told) == [False, True]
    assert all(event.quietly for event in await house.told(AssignmentDeclined))
    assert (await house.ask(amina, "POST", "/v1/me/ill", {"day": day}))[1]["count"] == 0


async def test_a_visitor_who_moves_takes_another_helper(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina, bo = await house.helper("Amina"), await house.helper("Bo")
    here, there = await house.publish(coaching()), await house.publish(coaching())
    await house.put(here, amina)
    await house.put(there, bo)
    booking = await house.book(here)
    await house.reply((await house.asked(booking))["id"], "yes")

    await volunteers.hear(moved(booking, there), booking)

    assert (await house.asked(booking))["volunteer_id"] == bo["id"]
    (released,) = await house.told(AssignmentReleased)
    assert released.why == "visitor_cancelled"


async def test_what_comes_in_another_order_ends_the_same(volunteers: Volunteers) -> None:
    """Fails when a cancellation that overtakes its booking is forgotten, or an old word undoes a newer one."""
    house = House(volunteers)
    amina = await house.helper()
    state = coaching()
    booking = booked(state)
    with pytest.raises(NotYet):  # it waits for its session
        await volunteers.hear(booking)
    await house.publish(state)
    await house.put(state, amina)
    other = booked(state)

    await volunteers.hear(cancelled(other), other, other)

    kept = await volunteers.row("SELECT state FROM need WHERE booking_id = $1", other.data.booking_id)
    assert kept["state"] == "over"
    assert not await house.told(AssignmentProposed)
    await volunteers.hear(booking, booking)
    assert [one.booking_id for one in await house.told(AssignmentProposed)] == [booking.data.booking_id]


async def test_a_session_that_is_cancelled_releases_everybody_once(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina = await house.helper()
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    await house.reply((await house.asked(booking))["id"], "yes")
    over = SessionCancelled.of(
        state.session_id,
        SessionCancellation(session_id=state.session_id, revision=2, reason="illness"),
    )

    await volunteers.hear(over, over, cancelled(booking, by="library", reason="session_cancelled"))

    (told,) = await house.told(ShiftCancelled)
    assert (told.why, told.quietly) == ("session_cancelled", False)
    assert [event.quietly for event in await house.told(AssignmentReleased)] == [True]
    assert (await house.need(booking))["state"] == "over"


@pytest.mark.parametrize("clash", [False, True])
async def test_a_session_that_moves_takes_its_helpers_along_where_they_can(
    volunteers: Volunteers, *, clash: bool
) -> None:
    house = House(volunteers)
    amina = await house.helper()
    state, other = await house.publish(coaching()), coaching()
    later = timedelta(days=1)
    await house.put(state, amina)
    booking = await house.book(state)
    await house.reply((await house.asked(booking))["id"], "yes")
    if clash:
        await house.publish(
            coaching(session_id=other.session_id, starts_at=state.starts_at + later, ends_at=state.ends_at + later)
        )
        await house.put(other, amina)

    await house.publish(
        state.model_copy(update={"revision": 2, "starts_at": state.starts_at + later, "ends_at": state.ends_at + later})
    )

    if clash:
        assert [event.why for event in await house.told(ShiftCancelled)] == ["session_moved"]
        assert (await house.need(booking))["state"] == "alarmed"
    else:
        (told,) = await house.told(AssignmentRescheduled)
        assert (told.booking_id, told.changed) == (booking.data.booking_id, ("time",))
        row = await volunteers.row("SELECT lower(during) AS at FROM assignment")
        assert row["at"] == state.starts_at + later


async def test_volunteers_are_reminded_the_day_before_once(timed: Timed) -> None:
    volunteers, clock = timed
    house = House(volunteers)
    amina = await house.helper()
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    await house.reply((await house.asked(booking))["id"], "yes")

    await clock.set(state.starts_at - timedelta(hours=23))

    async def reminded() -> bool:
        return bool(await house.told(AssignmentReminderDue))

    await eventually(reminded)
    await clock.advance(timedelta(hours=1))
    (told,) = await house.told(AssignmentReminderDue)
    assert told.booking_id == booking.data.booking_id, "of the visitor; of the shift too would be twice"
