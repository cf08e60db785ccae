"""Who is on duty: asked, offering themselves, put there; never twice at a time, against the law or over their hours."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from shared.events import (
    AssignmentAccepted,
    AssignmentProposed,
    AssignmentUncovered,
    Helping,
    SessionState,
    ShiftCancelled,
    StaffingChanged,
)
from tests.integration.volunteers.conftest import ADMIN, COORDINATOR, Json, Volunteers
from tests.integration.volunteers.house import HOMEWORK, STAFF, House, coaching


async def _sitting(house: House, **changes: object) -> list[SessionState]:
    """Three slots that follow each other."""
    sitting, first = uuid4(), coaching()
    made = []
    for number in range(3):
        starts_at = first.starts_at + timedelta(minutes=40 * number)
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=40)}
        made.append(await house.publish(coaching(sitting_id=sitting, **(times | changes))))
    return made


async def test_a_whole_sitting_is_asked_and_answered_as_one(volunteers: Volunteers) -> None:
    """Fails when three slots are three messages, or a yes takes only the one that it was about."""
    house = House(volunteers)
    amina = await house.helper()
    slots = await _sitting(house)
    body = {"volunteer_id": amina["id"], "ask": True, "whole_sitting": True}

    status, made = await house.staff("POST", f"/v1/sessions/{slots[1].session_id}/shifts", body)

    assert (status, [one["state"] for one in made["items"]]) == (201, ["asked"] * 3)
    (question,) = await house.told(AssignmentProposed)
    assert (question.session_id, question.ends_at) == (slots[0].session_id, slots[2].ends_at)
    _, mine = await house.ask(amina, "GET", "/v1/me/assignments")
    (asked,) = mine["questions"]
    assert datetime.fromisoformat(asked["session"]["ends_at"]) == slots[2].ends_at
    await house.reply(str(question.assignment_id), "yes")
    await house.reply(str(question.assignment_id), "yes")
    told = [(one.session_id, one.helpers) for one in await house.told(StaffingChanged) if one.helpers]
    assert sorted(told) == sorted((slot.session_id, 1) for slot in slots)
    assert [one.ends_at for one in await house.told(AssignmentAccepted)] == [slots[2].ends_at]
    await house.reply(str(question.assignment_id), "no")
    assert [one.quietly for one in await house.told(ShiftCancelled)].count(False) == 1
    assert [one.helpers for one in await house.told(StaffingChanged)][-3:] == [0, 0, 0]


async def test_the_register_note_is_looked_for_with_children_on_every_way(volunteers: Volunteers) -> None:
    """Fails when somebody without a note in force on that very day comes on duty with children."""
    house = House(volunteers)
    state = await house.publish(coaching(helping=HOMEWORK, kind="homework_help", capacity_from="session"))
    without = await house.helper("Amina", tasks=["homework"])
    lapsing = await house.helper("Bo", tasks=["homework"])
    day = state.starts_at.date()
    pool = volunteers.database.pool
    note = "INSERT INTO register_note (volunteer_id, seen_on, seen_by) VALUES ($1::text::uuid, $2, 'Eva')"
    await pool.execute(note, lapsing["id"], day - timedelta(days=365))
    shifts = f"/v1/sessions/{state.session_id}/shifts"
    for helper in (without, lapsing):
        for ask in (True, False):
            status, problem = await house.staff("POST", shifts, {"volunteer_id": helper["id"], "ask": ask})
            assert (status, problem["type"]) == (409, "register-note-missing")
        status, problem = await house.ask(helper, "POST", f"/v1/sessions/{state.session_id}/offer", {})
        assert (status, problem["type"]) == (409, "register-note-missing")
        assert (await house.ask(helper, "GET", "/v1/me/open-shifts"))[1]["items"] == []
    await pool.execute("UPDATE register_note SET seen_on = seen_on + 1")
    assert len((await house.ask(lapsing, "GET", "/v1/me/open-shifts"))[1]["items"]) == 1

    status, made = await house.staff("POST", shifts, {"volunteer_id": lapsing["id"], "ask": True})
    assert status == 201
    await pool.execute("DELETE FROM register_note")
    id_ = made["items"][0]["id"]
    status, problem = await house.ask(lapsing, "POST", f"/v1/assignments/{id_}/accept", {})
    assert (status, problem["type"]) == (409, "register-note-missing")
    status, listed = await house.staff("GET", f"/v1/sessions/{state.session_id}/candidates")
    assert {one["why_not"] for one in listed["items"]} == {"register-note-missing"}


async def test_a_session_moved_past_a_notes_end_loses_who_cannot_be_there(volunteers: Volunteers) -> None:
    house = House(volunteers)
    state = await house.publish(coaching(helping=HOMEWORK, capacity_from="session"))
    amina = await house.helper(tasks=["homework"])
    await volunteers.database.pool.execute(
        "INSERT INTO register_note (volunteer_id, seen_on, seen_by) VALUES ($1::text::uuid, $2, 'Eva')",
        amina["id"],
        state.starts_at.date() - timedelta(days=364),
    )
    await house.put(state, amina)
    later = timedelta(days=1)

    await house.publish(
        state.model_copy(update={"revision": 2, "starts_at": state.starts_at + later, "ends_at": state.ends_at + later})
    )

    assert [one.why for one in await house.told(ShiftCancelled)] == ["session_moved"]
    assert [one.helpers for one in await house.told(StaffingChanged)] == [0, 1, 0]


@pytest.mark.parametrize("how", ["removed", "earlier", "required"])
async def test_who_has_no_note_any_more_is_off_duty_with_children(volunteers: Volunteers, how: str) -> None:
    """Fails when somebody stays on duty with children without a note that is in force on that day."""
    house = House(volunteers)
    amina = await house.helper(tasks=["homework"])
    note = f"/v1/volunteers/{amina['id']}/register-note"
    today = (await volunteers.row("SELECT (now() AT TIME ZONE 'Europe/Stockholm')::date AS day"))["day"]
    if how != "required":
        assert (await volunteers.send("PUT", note, {"seen_on": f"{today}"}))[0] == 200
    asked_of = HOMEWORK | {"register_note": how != "required"}
    state = await house.publish(coaching(helping=asked_of, capacity_from="session"))
    elsewhere = await house.publish(
        coaching(
            starts_at=state.ends_at,
            ends_at=state.ends_at + timedelta(hours=1),
            helping=asked_of | {"register_note": False},
        )
    )
    for one in (state, elsewhere):
        await house.put(one, amina)

    if how == "removed":
        assert (await volunteers.send("DELETE", note))[0] == 204
    elif how == "earlier":
        assert (await volunteers.send("PUT", note, {"seen_on": f"{today - timedelta(363)}"}))[0] == 200
    else:
        await house.publish(state.model_copy(update={"revision": 2, "helping": Helping.model_validate(HOMEWORK)}))

    (off,) = await house.told(ShiftCancelled)
    assert (off.session_id, off.why, off.quietly) == (state.session_id, "staff", False)
    told = [one.helpers for one in await house.told(StaffingChanged) if one.session_id == state.session_id]
    assert told == [0, 1, 0]


async def test_a_session_moved_into_another_year_is_of_that_years_hours(volunteers: Volunteers) -> None:
    """Fails when somebody gives more than they said because a session came to be in another year."""
    house = House(volunteers)
    helping = {"needed": 1, "task": "coach"}
    year = coaching().starts_at.year + 1
    first = datetime(year, 12, 20, 12, tzinfo=UTC)
    length = timedelta(hours=1)
    made = [
        await house.publish(coaching(starts_at=at, ends_at=at + length, helping=helping))
        for at in (first, first + timedelta(days=1), first + timedelta(days=30))
    ]
    amina = await house.helper(hours_a_year=2)
    for one in made:
        await house.put(one, amina)

    for number, one in enumerate(made[:2]):
        at = first + timedelta(days=20 + number)
        await house.publish(one.model_copy(update={"revision": 2, "starts_at": at, "ends_at": at + length}))

    off = [(one.session_id, one.why) for one in await house.told(ShiftCancelled)]
    assert off == [(made[1].session_id, "session_moved")]


async def test_nobody_is_in_two_places_nor_gives_more_than_they_said(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina = await house.helper(hours_a_year=1, tasks=["host"])
    cafe = Helping(needed=1, task="host").model_dump()
    here, there = await house.publish(coaching(helping=cafe)), await house.publish(coaching(helping=cafe))
    await house.put(here, amina)
    status, problem = await house.staff(
        "POST", f"/v1/sessions/{there.session_id}/shifts", {"volunteer_id": amina["id"], "ask": False}
    )
    assert (status, problem["type"]) == (409, "already-busy")
    later = timedelta(hours=2)
    third = await house.publish(coaching(helping=cafe, starts_at=here.starts_at + later, ends_at=here.ends_at + later))
    status, problem = await house.ask(amina, "POST", f"/v1/sessions/{third.session_id}/offer", {})
    assert (status, problem["type"]) == (409, "over-budget"), "40 minutes of 60 are promised"
    with pytest.raises(asyncpg.ExclusionViolationError):
        await volunteers.database.pool.execute(
            """
            INSERT INTO shift (id, session_id, volunteer_id, during, state)
            SELECT gen_random_uuid(), $1, volunteer_id, during, 'on_duty' FROM shift LIMIT 1
            """,
            there.session_id,
        )


async def test_who_offers_themselves_is_on_duty_at_once_where_they_belong(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina, elsewhere = await house.helper("Amina"), await house.helper("Bo", branches=["kista"])
    slots = await _sitting(house)
    _, open_shifts = await house.ask(amina, "GET", "/v1/me/open-shifts")
    assert [(one["sitting"], one["session"]["task"]) for one in open_shifts["items"]] == [(3, "coach")]
    assert (await house.ask(elsewhere, "GET", "/v1/me/open-shifts"))[1]["items"] == []

    path = f"/v1/sessions/{slots[0].session_id}/offer"
    status, made = await house.ask(amina, "POST", path, {"whole_sitting": True})
    assert (status, [one["state"] for one in made["items"]]) == (201, ["on_duty"] * 3)
    status, made = await house.ask(elsewhere, "POST", path, {})
    assert (status, [one["state"] for one in made["items"]]) == (201, ["offered"])
    id_ = made["items"][0]["id"]
    for by in (("staff", "kista"), COORDINATOR):
        assert (await volunteers.send("POST", f"/v1/shifts/{id_}/confirm", by=by))[0] == 403
    status, confirmed = await house.staff("POST", f"/v1/shifts/{id_}/confirm")
    assert (status, confirmed["state"]) == (200, "on_duty")
    third = await house.helper("Cecilia")
    status, problem = await house.ask(third, "POST", path, {})
    assert (status, problem["type"]) == (409, "full")
    status, cancelled = await house.staff("POST", f"/v1/shifts/{id_}/cancel")
    assert (status, cancelled["state"]) == (200, "cancelled")
    assert [(one.why, one.quietly) for one in await house.told(ShiftCancelled)] == [("staff", False)]


async def test_the_first_to_say_yes_gets_the_place(volunteers: Volunteers) -> None:
    """Fails when five who are asked for one place come on duty together, or the others' question stays open."""
    house = House(volunteers)
    state = await house.publish(coaching(helping={"needed": 1, "task": "coach", "matched": True}))
    shifts = []
    for number in range(5):
        helper = await house.helper(f"Helper {number}")
        body = {"volunteer_id": helper["id"], "ask": True}
        status, made = await house.staff("POST", f"/v1/sessions/{state.session_id}/shifts", body)
        assert status == 201
        shifts.append(made["items"][0]["id"])

    await asyncio.gather(*(house.reply(id_, "yes") for id_ in shifts))

    rows = await volunteers.database.pool.fetch("SELECT state FROM shift ORDER BY state")
    assert [row["state"] for row in rows] == ["cancelled"] * 4 + ["on_duty"]
    assert [one.helpers for one in await house.told(StaffingChanged)] == [0, 1]
    thanked = [one for one in await house.told(ShiftCancelled) if not one.quietly]
    assert {one.why for one in thanked} == {"taken_over"}
    assert len(thanked) == 4, "each said yes, and is thanked once"


async def test_a_place_is_taken_over_by_who_is_asked_or_who_offers(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina = await house.helper("Amina")
    state = await house.publish(coaching(helping={"needed": 1, "task": "coach", "matched": True}))
    shift = await house.put(state, amina)
    booking = await house.book(state)
    await house.reply((await house.asked(booking))["id"], "yes")
    bo, cecilia = await house.helper("Bo"), await house.helper("Cecilia")

    assert (await house.ask(amina, "POST", f"/v1/assignments/{shift['id']}/stand-in"))[0] == 200

    question = (await house.told(AssignmentProposed))[-1]
    assert (question.booking_id, question.stand_in) == (None, True)
    assert (await house.need(booking))["state"] == "covered"
    await house.reply(str(question.assignment_id), "no")
    second = (await house.told(AssignmentProposed))[-1]
    assert second.contact_ref != question.contact_ref
    offering = bo if second.contact_ref == await _contact(house, cecilia) else cecilia
    _, listed = await house.ask(offering, "GET", "/v1/me/open-shifts")
    assert listed["items"] == [] or listed["items"][0]["looking_for_stand_in"]
    await house.reply(str(second.assignment_id), "yes")
    assert [one.why for one in await house.told(ShiftCancelled) if not one.quietly] == ["taken_over"]
    assert (await house.asked(booking))["volunteer_id"] != amina["id"]
    assert [one.helpers for one in await house.told(StaffingChanged)] == [0, 1], "there was always one"


async def test_who_takes_a_place_helps_the_visitor_who_was_promised_it(volunteers: Volunteers) -> None:
    """Fails when a visitor loses their helper to a stand-in who knows nothing of what they want help with."""
    house = House(volunteers)
    amina = await house.helper("Amina")
    state = await house.publish(coaching(helping={"needed": 1, "task": "coach", "matched": True}))
    shift = await house.put(state, amina)
    booking = await house.book(state)
    await house.reply((await house.asked(booking))["id"], "yes")
    bo, cecilia = await house.helper("Bo", topics=["email"]), await house.helper("Cecilia")
    await house.ask(amina, "POST", f"/v1/assignments/{shift['id']}/stand-in")
    offer = f"/v1/sessions/{state.session_id}/offer"

    question = (await house.told(AssignmentProposed))[-1]
    assert question.contact_ref == await _contact(house, cecilia), "who cannot help that visitor is not asked"
    await volunteers.send("PATCH", f"/v1/volunteers/{cecilia['id']}", {"topics": ["email"]})
    status, problem = await house.ask(bo, "POST", offer, {})
    assert (status, problem["type"]) == (409, "not-possible-now")
    answer = f"/v1/assignments/{question.assignment_id}/accept"
    assert (await house.ask(cecilia, "POST", answer, {}))[1]["type"] == "not-possible-now"
    await house.reply(str(question.assignment_id), "yes")
    kept = await house.asked(booking)
    assert (kept["volunteer_id"], kept["state"]) == (amina["id"], "accepted")
    assert await house.told(ShiftCancelled), "whose yes changes nothing is thanked"

    await volunteers.send("PATCH", f"/v1/volunteers/{bo['id']}", {"topics": ["bankid"]})
    assert (await house.ask(bo, "POST", offer, {}))[0] == 201

    given = await house.asked(booking)
    assert (given["volunteer_id"], given["state"]) == (bo["id"], "accepted")
    told = (await house.told(AssignmentAccepted))[-2:]
    assert [(one.booking_id, one.quietly) for one in told] == [(booking.data.booking_id, True), (None, False)]
    assert await house.told(AssignmentUncovered) == []
    assert (await house.need(booking))["state"] == "covered"


async def _contact(house: House, helper: Json) -> object:
    row = await house.volunteers.row("SELECT contact_ref FROM volunteer WHERE id::text = $1", helper["id"])
    return row["contact_ref"]


async def test_who_may_ask_and_about_what(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina = await house.helper()
    state = await house.publish(coaching())
    path = f"/v1/sessions/{state.session_id}/shifts"
    body = {"volunteer_id": amina["id"]}
    for by, status in ((None, 401), (("staff", "kista"), 403), (COORDINATOR, 403), (STAFF, 201), (ADMIN, 409)):
        assert (await volunteers.send("POST", path, body, by=by))[0] == status, by
    for unknown in (str(uuid4()), "slot"):
        assert (await house.staff("POST", f"/v1/sessions/{unknown}/shifts", body))[0] == 404
        assert (await house.staff("POST", f"/v1/shifts/{unknown}/confirm"))[0] == 404
    assert (await house.staff("POST", path, {"volunteer_id": str(uuid4())}))[0] == 404
    assert (await house.staff("POST", path, {"volunteer_id": "amina"}))[0] == 422
    paused = await house.helper("Bo", state="talk")
    status, problem = await house.staff("POST", path, {"volunteer_id": paused["id"]})
    assert (status, problem["type"]) == (409, "not-active")
    begun = await house.publish(
        coaching(starts_at=state.starts_at - timedelta(days=4), ends_at=state.ends_at - timedelta(days=4))
    )
    status, problem = await house.staff("POST", f"/v1/sessions/{begun.session_id}/shifts", body)
    assert (status, problem["type"]) == (409, "not-possible-now")
