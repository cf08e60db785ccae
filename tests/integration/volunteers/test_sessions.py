"""Sessions as catalog tells of them, in any order, and what is told of how staffed they are."""

import asyncio
from datetime import timedelta

from services.volunteers.looking_after import Timekeeper
from shared.events import (
    AssignmentReminderDue,
    Helping,
    SessionCancellation,
    SessionCancelled,
    SessionRef,
    SessionWithdrawn,
    ShiftCancelled,
    StaffingChanged,
)
from tests.integration.volunteers.conftest import HOURS, Volunteers
from tests.integration.volunteers.house import House, coaching
from tests.support.clock import Clock
from tests.support.samples import published, session_state
from tests.support.servers import eventually

ONE = {"needed": 1, "task": "coach", "matched": True}


async def test_how_staffed_a_session_is_is_told_when_it_is_known_and_when_it_changes(volunteers: Volunteers) -> None:
    house = House(volunteers)
    state = await house.publish(coaching(helping=ONE))
    await house.publish(state.model_copy(update={"revision": 2, "room": "Stora salen"}))
    more = Helping.model_validate(ONE | {"needed": 3})
    await house.publish(state.model_copy(update={"revision": 3, "helping": more}))
    await house.publish(state)
    await house.publish(session_state())

    told = [(one.revision, one.helpers, one.needed) for one in await house.told(StaffingChanged)]

    assert told == [(1, 0, 1), (2, 0, 3)]


async def test_a_withdrawal_that_overtakes_a_session_stands_and_its_facts_are_kept(volunteers: Volunteers) -> None:
    """Fails when bookings of a session wait for ever since its end came first, or an old word opens it again."""
    house = House(volunteers)
    amina = await house.helper()
    state = coaching(helping=ONE)
    withdrawn = SessionWithdrawn.of(state.session_id, SessionRef(session_id=state.session_id, revision=2))

    await volunteers.hear(withdrawn, published(state), withdrawn)

    row = await volunteers.row("SELECT status, revision, facts IS NOT NULL AS known FROM session")
    assert (row["status"], row["revision"], row["known"]) == ("withdrawn", 2, True)
    booking = await house.book(state)
    assert (await house.need(booking))["state"] == "alarmed"
    body = {"volunteer_id": amina["id"], "ask": True}
    status, problem = await house.staff("POST", f"/v1/sessions/{state.session_id}/shifts", body)
    assert (status, problem["type"]) == (409, "not-possible-now")


async def test_a_cancellation_that_comes_first_or_at_the_same_time_stands(volunteers: Volunteers) -> None:
    house = House(volunteers)
    for together in (False, True):
        state = coaching(helping=ONE)
        facts = SessionCancellation(session_id=state.session_id, revision=2, reason="staff")
        cancelled = SessionCancelled.of(state.session_id, facts)
        if together:
            await asyncio.gather(volunteers.hear(published(state)), volunteers.hear(cancelled))
        else:
            await volunteers.hear(cancelled, published(state))
        row = await volunteers.row("SELECT status FROM session WHERE id = $1", state.session_id)
        assert row["status"] == "cancelled"
        booking = await house.book(state)
        assert (await house.need(booking))["state"] == "over"


async def test_who_offers_to_come_takes_the_place_of_who_cannot(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina = await house.helper("Amina")
    state = await house.publish(coaching(helping=ONE))
    shift = await house.put(state, amina)
    await house.ask(amina, "POST", f"/v1/assignments/{shift['id']}/stand-in")
    bo = await house.helper("Bo")
    (gap,) = (await house.ask(bo, "GET", "/v1/me/open-shifts"))[1]["items"]
    assert gap["looking_for_stand_in"]

    answers = await asyncio.gather(
        *(house.ask(one, "POST", f"/v1/sessions/{state.session_id}/offer", {}) for one in (bo, await _another(house)))
    )

    assert sorted(status for status, _ in answers) == [201, 409]
    assert [(one.why, one.quietly) for one in await house.told(ShiftCancelled)] == [("taken_over", False)]
    assert [one.helpers for one in await house.told(StaffingChanged)] == [0, 1], "there was always one"


async def _another(house: House) -> dict[str, object]:
    return await house.helper("Cecilia")


async def test_of_a_sitting_one_is_reminded_once_and_not_where_a_visitor_is_theirs(
    timed: tuple[Volunteers, Clock],
) -> None:
    volunteers, clock = timed
    house = House(volunteers)
    amina, bo = await house.helper("Amina"), await house.helper("Bo")
    first = coaching()
    slots = [
        await house.publish(
            coaching(
                sitting_id=first.session_id,
                starts_at=first.starts_at + number * timedelta(minutes=40),
                ends_at=first.ends_at + number * timedelta(minutes=40),
            )
        )
        for number in range(3)
    ]
    for helper in (amina, bo):
        await house.put(slots[0], helper, whole_sitting=True)
    booking = await house.book(slots[1])
    asked = await house.asked(booking)
    await house.reply(asked["id"], "yes")

    await clock.set(first.starts_at - timedelta(hours=20))

    async def both() -> bool:
        return len(await house.told(AssignmentReminderDue)) >= 2

    await eventually(both)
    await clock.advance(timedelta(minutes=5))
    reminded = await house.told(AssignmentReminderDue)
    assert len({one.contact_ref for one in reminded}) == len(reminded) == 2
    assert [one.booking_id for one in reminded if one.booking_id] == [booking.data.booking_id]
    (shift,) = [one for one in reminded if one.booking_id is None]
    assert shift.session_id == slots[0].session_id


async def test_a_question_of_a_session_that_moves_on_runs_out_later_and_keeps_nobody_busy(
    timed: tuple[Volunteers, Clock],
) -> None:
    """Fails when a session that is due again and again and never changes takes a process all its time."""
    volunteers, clock = timed
    house = House(volunteers)
    amina, bo = await house.helper("Amina"), await house.helper("Bo", branches=["kista"])
    state = await house.publish(coaching())
    await house.put(state, amina)
    await clock.set(state.starts_at - timedelta(hours=5))
    booking = await house.book(state)
    await house.staff("POST", f"/v1/sessions/{state.session_id}/shifts", {"volunteer_id": bo["id"], "ask": True})
    later = timedelta(hours=3)
    await house.publish(
        state.model_copy(update={"revision": 2, "starts_at": state.starts_at + later, "ends_at": state.ends_at + later})
    )

    await clock.set(state.starts_at)

    until = state.starts_at + later - timedelta(minutes=30)
    seen = "SELECT (SELECT min(wakes_at) FROM need) = $1 AND (SELECT min(wakes_at) FROM shift) = $1"
    await eventually(lambda: volunteers.database.pool.fetchval(seen, until))
    assert await Timekeeper(volunteers.database, HOURS).once() is False
    assert (await house.need(booking))["state"] == "proposed"
    await clock.set(until)
    await eventually(lambda: volunteers.database.pool.fetchval("SELECT state <> 'proposed' FROM need"))


async def test_an_offer_that_nobody_answers_is_over_with_the_start(timed: tuple[Volunteers, Clock]) -> None:
    volunteers, clock = timed
    house = House(volunteers)
    elsewhere = await house.helper("Bo", branches=["kista"])
    state = await house.publish(coaching())
    assert (await house.ask(elsewhere, "POST", f"/v1/sessions/{state.session_id}/offer", {}))[0] == 201

    await clock.set(state.starts_at)

    await eventually(lambda: volunteers.database.pool.fetchval("SELECT state = 'expired' FROM shift"))
