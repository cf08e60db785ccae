"""What staff see and do: who is on duty, gaps, visitors at risk, somebody put there by hand, work given to others."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

from shared.events import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentReleased,
    ShiftCancelled,
    VolunteerNotified,
)
from tests.integration.volunteers.conftest import Json, Volunteers
from tests.integration.volunteers.house import ARABIC, HOMEWORK, House, coaching
from tests.support.servers import eventually

KISTA_STAFF = ("staff", "kista")
SLOT = timedelta(minutes=40)


async def test_staff_see_who_is_on_duty_where_somebody_is_missing_and_who_is_at_risk(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina, bo = await house.helper("Amina", languages=ARABIC), await house.helper("Bo")
    state = await house.publish(coaching())
    await house.put(state, amina)
    await house.staff("POST", f"/v1/sessions/{state.session_id}/shifts", {"volunteer_id": bo["id"], "ask": True})
    booking = await house.book(state, help_language="ar")
    day = state.starts_at.date()
    path = f"/v1/staffing?from={day - timedelta(days=1)}&to={day + timedelta(days=2)}"

    status, page = await house.staff("GET", path)

    assert status == 200
    (one,) = page["items"]
    assert {name: one[name] for name in ("needed", "helpers", "asked", "offered", "gap", "matched")} == {
        "needed": 2,
        "helpers": 1,
        "asked": 1,
        "offered": 0,
        "gap": 1,
        "matched": True,
    }
    assert [(person["name"], person["state"]) for person in one["people"]] == [("Amina", "on_duty"), ("Bo", "asked")]
    (need,) = one["needs"]
    assert (need["booking_id"], need["name"], need["state"]) == (str(booking.data.booking_id), "Amina", "proposed")
    assert (await volunteers.send("GET", path, by=KISTA_STAFF))[1]["items"] == []
    assert (await volunteers.send("GET", f"{path}&branch=tensta", by=KISTA_STAFF))[0] == 403
    assert len((await volunteers.send("GET", path))[1]["items"]) == 1, "administrators see every library"
    assert (await house.staff("GET", "/v1/staffing?from=2026-01-01&to=2027-01-01"))[0] == 422
    assert (await volunteers.send("GET", path, by=("coordinator",)))[0] == 403
    (risk,) = (await house.staff("GET", "/v1/at-risk"))[1]["items"]
    assert (risk["need"]["booking_id"], risk["session"]["branch"]["name"]) == (need["booking_id"], "Tensta bibliotek")
    await house.reply((await house.asked(booking))["id"], "yes")
    assert (await house.staff("GET", "/v1/at-risk"))[1]["items"] == []


async def test_what_begins_soonest_is_at_risk_first_however_many_booked_before(volunteers: Volunteers) -> None:
    """Fails when those who booked long ago for a late day leave no room for who comes tomorrow."""
    house = House(volunteers)
    state = await house.publish(coaching())
    later = await house.publish(coaching(starts_at=(at := state.starts_at + timedelta(days=9)), ends_at=at + SLOT))
    await volunteers.database.pool.execute(
        """
        INSERT INTO need (booking_id, booking_revision, session_id, state, created_at)
        SELECT gen_random_uuid(), 1, $1, 'alarmed', clock_timestamp() - interval '1 day' FROM generate_series(1, 1000)
        """,
        later.session_id,
    )
    booking = await house.book(state)
    risks = (await house.staff("GET", "/v1/at-risk"))[1]["items"]
    assert risks[0]["need"]["booking_id"] == str(booking.data.booking_id)


async def test_an_administrator_sees_all_sessions_of_four_weeks(volunteers: Volunteers) -> None:
    """Fails when the list ends somewhere in the second week, and its needs with it."""
    house = House(volunteers)
    state = await house.publish(coaching())
    await volunteers.database.pool.execute(
        """
        WITH more AS (
            INSERT INTO session (id, revision, status, facts, branch_id, starts_at, ends_at, needed, task, matched)
            SELECT gen_random_uuid(), 1, status, facts, branch_id, starts_at, ends_at, needed, task, matched
            FROM session, generate_series(1, 1100) WHERE id = $1 RETURNING id
        )
        INSERT INTO need (booking_id, booking_revision, session_id, state)
        SELECT gen_random_uuid(), 1, id, 'alarmed' FROM more
        """,
        state.session_id,
    )
    day = state.starts_at.date()
    _, page = await volunteers.send("GET", f"/v1/staffing?from={day}&to={day + timedelta(days=28)}")
    assert len(page["items"]) == 1101
    assert sum(len(one["needs"]) for one in page["items"]) == 1100


async def test_staff_see_of_a_volunteer_what_they_do_at_their_own_library(volunteers: Volunteers) -> None:
    """Fails when a library learns which visitors of another one somebody helps, and with what."""
    house = House(volunteers)
    amina = await house.helper(branches=["tensta", "kista"])
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    await house.reply((await house.asked(booking))["id"], "yes")
    path = f"/v1/volunteers/{amina['id']}/assignments"
    assert [one["kind"] for one in (await house.staff("GET", path))[1]["items"]] == ["shift", "visitor"]
    assert (await volunteers.send("GET", path, by=KISTA_STAFF))[1]["items"] == []
    assert len((await volunteers.send("GET", path))[1]["items"]) == 2, "administrators see every library"


async def test_candidates_are_ranked_with_why_not(volunteers: Volunteers) -> None:
    house = House(volunteers)
    state = await house.publish(coaching())
    free, away, busy, full = [await house.helper(name) for name in ("Amina", "Bo", "Cecilia", "Dag")]
    await house.helper("Elsewhere", branches=["kista"])
    await house.helper("Other", tasks=["host"])
    pool = volunteers.database.pool
    await pool.execute(
        """
        INSERT INTO availability_exception (id, volunteer_id, first_day, last_day, available)
        VALUES (gen_random_uuid(), $1::text::uuid, $2, $2, false)
        """,
        away["id"],
        state.starts_at.date(),
    )
    await house.put(await house.publish(coaching()), busy)
    await pool.execute("UPDATE volunteer SET hours_a_year = 1, share = 0 WHERE id = $1::text::uuid", full["id"])
    long = await house.publish(
        coaching(starts_at=state.starts_at - timedelta(hours=3), ends_at=state.starts_at - timedelta(hours=2))
    )
    await house.put(long, full)
    booking = await house.book(long)
    await house.reply((await house.asked(booking))["id"], "yes")

    status, page = await house.staff("GET", f"/v1/sessions/{state.session_id}/candidates")

    assert status == 200
    found = [(one["volunteer_id"], one["available"], one["why_not"]) for one in page["items"]]
    assert found[:2] == [(free["id"], None, None), (away["id"], False, None)]
    assert {(one, why) for one, _, why in found[2:]} == {(busy["id"], "already-busy"), (full["id"], "over-budget")}


async def test_somebody_is_put_to_help_by_hand(volunteers: Volunteers) -> None:
    """Fails when coordinators cannot end an alarm, or the law and hours are passed over with it."""
    house = House(volunteers)
    amina, bo = await house.helper("Amina"), await house.helper("Bo", topics=[])
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    await house.reply((await house.asked(booking))["id"], "no")
    path = f"/v1/needs/{booking.data.booking_id}"

    first = await house.staff("PUT", f"{path}/assignment", {"volunteer_id": bo["id"]})
    status, history = await house.staff("PUT", f"{path}/assignment", {"volunteer_id": bo["id"]})
    assert first == (status, history)
    assert (status, history["need"]["state"], history["need"]["name"]) == (200, "covered", "Bo")

    assert [(one["name"], one["ended"]) for one in history["asked"]] == [("Amina", "declined"), ("Bo", None)]
    assert history["asked"][1]["why"] == {"by_hand": 1}
    accepted = [one for one in await house.told(AssignmentAccepted) if one.booking_id]
    assert len(accepted) == 1
    assert (await house.staff("GET", path))[1] == history
    assert (await volunteers.send("GET", path, by=KISTA_STAFF))[0] == 403
    busy = {"volunteer_id": bo["id"]}
    other = await house.book(await house.publish(coaching()))
    status, problem = await house.staff("PUT", f"/v1/needs/{other.data.booking_id}/assignment", busy)
    assert (status, problem["type"]) == (409, "already-busy")
    assert (await house.staff("GET", f"/v1/needs/{uuid4()}"))[0] == 404

    status, released = await house.staff("POST", f"/v1/assignments/{history['asked'][1]['id']}/release")
    assert (status, released["need"]["state"]) == (200, "alarmed")
    assert [one.why for one in await house.told(AssignmentReleased)] == ["staff"]


async def test_much_is_handed_over_at_once_and_both_sides_are_told_once(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina, bo = await house.helper("Amina"), await house.helper("Bo")
    bookings, days = [], timedelta(days=1)
    for number in range(3):
        one = coaching()
        state = await house.publish(
            coaching(starts_at=one.starts_at + number * days, ends_at=one.ends_at + number * days)
        )
        await house.put(state, amina)
        booking = await house.book(state)
        await house.reply((await house.asked(booking))["id"], "yes")
        bookings.append((state, booking))
    await house.put(
        await house.publish(coaching(starts_at=bookings[2][0].starts_at, ends_at=bookings[2][0].ends_at)), bo
    )

    status, outcome = await house.staff("POST", "/v1/hand-over", {"from": amina["id"], "to": bo["id"]})

    assert (status, outcome["moved"]) == (200, 2)
    assert [one["type"] for one in outcome["refused"]] == ["already-busy"]
    owners = [(await house.asked(booking))["volunteer_id"] for _, booking in bookings]
    assert owners == [bo["id"], bo["id"], amina["id"]]
    notices = [one for one in await house.told(VolunteerNotified) if one.notice == "handed_over"]
    assert [one.count for one in notices] == [2, 2]
    loud = [one for one in await house.told(ShiftCancelled) if not one.quietly]
    assert not loud, "the notice tells them of all"
    rows = await volunteers.database.pool.fetch("SELECT share FROM volunteer ORDER BY created_at")
    assert [row["share"] for row in rows] == [40, 80]

    status, outcome = await house.staff("POST", "/v1/hand-over", {"from": bo["id"], "to": None})
    assert (status, outcome["moved"]) == (200, 3)
    assert [(await house.need(booking))["state"] for _, booking in bookings] == ["alarmed", "alarmed", "covered"]


async def _coordinator(house: House, partner: Json) -> Json:
    """A partner's coordinator, as a helper whose sign-in they use."""
    await house.volunteers.database.pool.execute(
        """
        INSERT INTO coordinator (id, contact_ref, partner_id)
        SELECT gen_random_uuid(), contact_ref, $2::text::uuid FROM volunteer WHERE id = $1::text::uuid
        """,
        (helper := await house.helper("Eva"))["id"],
        partner["id"],
    )
    return helper


async def test_a_partners_coordinator_gives_only_their_own_peoples_work_to_their_own(volunteers: Volunteers) -> None:
    house = House(volunteers)
    bank = await volunteers.partner()
    eva = await _coordinator(house, bank)
    amina, bo = [await house.helper(name, partner_id=bank["id"]) for name in ("Amina", "Bo")]
    stranger = await house.helper("Cecilia")
    state = await house.publish(coaching())
    await house.put(state, amina)

    for giver, taker in ((stranger, bo), (amina, stranger)):
        body = {"from": giver["id"], "to": taker["id"]}
        status, problem = await house.ask(eva, "POST", "/v1/me/hand-over", body)
        assert (status, problem["type"]) == (404, "unknown-volunteer")
    assert (await house.ask(amina, "POST", "/v1/me/hand-over", {"from": amina["id"]}))[0] == 403
    status, outcome = await house.ask(eva, "POST", "/v1/me/hand-over", {"from": amina["id"], "to": bo["id"]})
    assert (status, outcome) == (200, {"moved": 1, "refused": []})


async def test_a_partners_coordinator_learns_nothing_of_the_register(volunteers: Volunteers) -> None:
    """Fails when they can find out whose extract was not seen by handing work with children over."""
    house = House(volunteers)
    bank = await volunteers.partner()
    eva = await _coordinator(house, bank)
    amina, bo = [await house.helper(name, partner_id=bank["id"], tasks=["homework"]) for name in ("Amina", "Bo")]
    seen_on = f"{datetime.now(UTC).date() - timedelta(days=2)}"
    await house.staff("PUT", f"/v1/volunteers/{amina['id']}/register-note", {"seen_on": seen_on})
    state = await house.publish(coaching(helping=HOMEWORK))
    made = await house.put(state, amina)

    body = {"from": amina["id"], "to": bo["id"]}
    _, outcome = await house.ask(eva, "POST", "/v1/me/hand-over", body)
    assert outcome == {"moved": 0, "refused": [{"id": made["id"], "type": "not-possible-now"}]}
    _, outcome = await house.staff("POST", "/v1/hand-over", body)
    assert [one["type"] for one in outcome["refused"]] == ["register-note-missing"]


async def test_a_partners_coordinator_sees_what_their_own_people_have_before_them(volunteers: Volunteers) -> None:
    """Fails when somebody else's is seen, what is not theirs yet or any more, or who the visitor is."""
    house = House(volunteers)
    bank = await volunteers.partner()
    eva = await _coordinator(house, bank)
    amina, stranger = await house.helper("Amina", partner_id=bank["id"]), await house.helper("Cecilia")
    state = await house.publish(coaching())
    later = state.starts_at + timedelta(days=1)
    asked = await house.publish(coaching(starts_at=later, ends_at=later + timedelta(minutes=40)))
    await house.put(state, amina)
    await house.staff("POST", f"/v1/sessions/{asked.session_id}/shifts", {"volunteer_id": amina["id"], "ask": True})
    booking = await house.book(state, help_language="ar")
    made = await house.asked(booking)
    path = f"/v1/me/people/{amina['id']}/assignments"

    _, before = await house.ask(eva, "GET", path)
    assert [one["kind"] for one in before["items"]] == ["shift"]
    await house.reply(made["id"], "yes")
    status, page = await house.ask(eva, "GET", path)

    assert status == 200
    shown = {one["kind"]: one for one in page["items"]}
    assert (shown["visitor"]["id"], shown["visitor"]["language"]) == (str(made["id"]), "ar")
    assert shown["shift"]["session"]["id"] == str(state.session_id)
    assert all(set(one) == {"kind", "id", "session", "state", "language"} for one in page["items"])
    assert (await house.ask(eva, "GET", f"/v1/me/people/{stranger['id']}/assignments"))[0] == 404
    assert (await house.ask(amina, "GET", path))[0] == 403


async def test_who_pauses_ends_or_is_forgotten_is_replaced(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina, bo, cecilia = [await house.helper(name) for name in ("Amina", "Bo", "Cecilia")]
    state = await house.publish(coaching(helping={"needed": 3, "task": "coach", "matched": True}))
    for helper in (amina, bo, cecilia):
        await house.put(state, helper)
    booking = await house.book(state)
    await house.reply((await house.asked(booking))["id"], "yes")

    for number, leave in enumerate(("state", "erase")):
        helper = (await house.asked(booking))["volunteer_id"]
        if leave == "state":
            status, _ = await house.staff("POST", f"/v1/volunteers/{helper}/state", {"state": "paused"})
            assert status == 200
        else:
            url = f"{volunteers.url}/v1/volunteers/{helper}"
            async with volunteers.http.delete(url, headers=volunteers.signed("admin")) as answer:
                assert answer.status == 204
        await eventually(partial(_asked_other, house, booking, helper))
        assert [one.why for one in await house.told(AssignmentDeclined)] == ["left"] * (number + 1)


async def _asked_other(house: House, booking: object, gone: str) -> bool:
    row = await house.volunteers.database.pool.fetchval(
        "SELECT volunteer_id::text FROM assignment WHERE state IN ('proposed', 'accepted') AND booking_id = $1",
        booking.data.booking_id,  # type: ignore[attr-defined] # a booking's event
    )
    return row is not None and row != gone


async def test_what_staff_answer_for_somebody_is_noted_at_its_library(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina = await house.helper()
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    path = f"/v1/assignments/{(await house.asked(booking))['id']}"

    assert (await volunteers.send("POST", f"{path}/decline", by=KISTA_STAFF))[0] == 403
    assert (await house.staff("POST", f"{path}/accept", {"pledge": 1}))[0] == 200
    assert (await house.staff("POST", f"{path}/decline"))[0] == 200

    done = (await volunteers.send("GET", "/v1/audit?kind=assignment"))[1]["items"]
    assert [(one["action"], one["branch_id"]) for one in done] == [("declined", "tensta"), ("accepted", "tensta")]
