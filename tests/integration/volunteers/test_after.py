"""How it went: outcomes and shifts, told, corrected, and counted when a session is closed."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.volunteers.usecases import handing_over
from services.volunteers.usecases.sessions import look_after
from shared.events import (
    AssignmentReleased,
    AssignmentUncovered,
    BookingConfirmed,
    BookingErased,
    BookingState,
    SessionCancellation,
    SessionCancelled,
    SessionState,
    ShiftCancelled,
)
from tests.integration.volunteers.conftest import ADMIN, HOURS, KISTA, Json, Volunteers
from tests.integration.volunteers.helped import (
    COACH,
    HOST,
    STAFF,
    ask,
    assignment,
    closed,
    person,
    session,
    shift,
    signed_in,
    yesterday,
)
from tests.integration.volunteers.house import House, coaching
from tests.support.clock import Clock


async def share(volunteers: Volunteers, volunteer_id: UUID) -> int:
    return int((await volunteers.row("SELECT share FROM volunteer WHERE id = $1", volunteer_id))["share"])


async def state(volunteers: Volunteers, shift_id: UUID) -> tuple[str, int | None]:
    row = await volunteers.row("SELECT state, minutes FROM shift WHERE id = $1", shift_id)
    return row["state"], row["minutes"]


async def test_who_helped_says_how_it_went_and_puts_it_right(volunteers: Volunteers) -> None:
    """Fails when an outcome is not kept, counts wrongly, or leaves the need open."""
    amina = await person(volunteers)
    token = await signed_in(volunteers, amina)
    slot = await assignment(volunteers, await session(volunteers, yesterday(), helping=COACH), amina)
    path = f"/v1/assignments/{slot}/outcome"

    assert await ask(volunteers, token, "POST", path, {"outcome": "visitor_absent"}) == (
        200,
        {"id": str(slot), "outcome": "visitor_absent", "minutes": 40},
    )
    row = await volunteers.row("SELECT a.state, n.state AS need FROM assignment a JOIN need n USING (booking_id)")
    assert (row["state"], row["need"], await share(volunteers, amina)) == ("done", "over", 40)

    status, told = await ask(volunteers, token, "POST", path, {"outcome": "managed", "minutes": 55})
    assert (status, told["outcome"], told["minutes"], await share(volunteers, amina)) == (200, "managed", 55, 55)
    status, told = await volunteers.send("POST", path, {"outcome": "not_held"}, by=STAFF)
    assert (status, told["minutes"], await share(volunteers, amina)) == (200, 0, 0)
    done = (await volunteers.send("GET", f"/v1/audit?object={slot}"))[1]["items"]
    assert [one["action"] for one in done] == ["outcome-corrected"]


async def test_an_outcome_told_twice_at_once_counts_once(volunteers: Volunteers, replica: Volunteers) -> None:
    amina = await person(volunteers)
    token = await signed_in(volunteers, amina)
    slot = await assignment(volunteers, await session(volunteers, yesterday(), helping=COACH), amina)
    path, body = f"/v1/assignments/{slot}/outcome", {"outcome": "managed", "minutes": 30}

    answers = await asyncio.gather(
        *(ask(each, token, "POST", path, body) for each in (volunteers, replica) for _ in range(3))
    )

    assert {status for status, _ in answers} == {200}
    assert await share(volunteers, amina) == 30
    assert (await volunteers.row("SELECT revision FROM assignment"))["revision"] == 2


@pytest.mark.parametrize("told", ["declined", "released", "expired", "proposed"])
async def test_what_was_never_theirs_has_no_outcome(volunteers: Volunteers, told: str) -> None:
    amina = await person(volunteers)
    slot = await assignment(volunteers, await session(volunteers, yesterday(), helping=COACH), amina, told)
    status, problem = await volunteers.send("POST", f"/v1/assignments/{slot}/outcome", {"outcome": "managed"}, by=STAFF)
    assert (status, problem["type"]) == (409, "not-possible-now")


async def test_an_outcome_is_said_by_who_helped_or_the_library_and_not_before(volunteers: Volunteers) -> None:
    amina, berit = await person(volunteers), await person(volunteers, "Berit")
    past = await assignment(volunteers, await session(volunteers, yesterday(), helping=COACH), amina)
    coming = await assignment(
        volunteers, await session(volunteers, datetime.now(UTC) + timedelta(hours=1), helping=COACH), amina
    )
    token, other = await signed_in(volunteers, amina), await signed_in(volunteers, berit)
    body = {"outcome": "managed"}

    async def refused(id_: object, by: tuple[str, ...] | str | None, **more: object) -> tuple[int, str]:
        path = f"/v1/assignments/{id_}/outcome"
        sent = body | more
        if isinstance(by, str):
            status, problem = await ask(volunteers, by, "POST", path, sent)
        else:
            status, problem = await volunteers.send("POST", path, sent, by=by)
        return status, problem["type"]

    assert await refused(past, other) == (404, "unknown-assignment")
    assert await refused(uuid4(), token) == (404, "unknown-assignment")
    assert await refused("x", token) == (404, "unknown-assignment")
    assert await refused(past, KISTA) == (403, "forbidden")
    assert await refused(past, "a-token-of-nobody") == (401, "unauthorized")
    assert await refused(past, None) == (401, "unauthorized")
    assert await refused(coming, token) == (409, "not-possible-now")
    assert await refused(past, token, minutes=81) == (422, "invalid-minutes")
    assert await refused(past, ADMIN, minutes=1441) == (422, "invalid")
    assert await refused(past, token, outcome="great") == (422, "invalid")
    assert await refused(past, token, text="Hon heter Sara") == (422, "invalid")


async def test_an_outcome_is_put_right_until_its_year_is_over(timed: tuple[Volunteers, Clock]) -> None:
    """Fails when hours of a year that was reported can be changed, or what was never said cannot be said."""
    volunteers, clock = timed
    await clock.set(datetime(2026, 12, 30, 20, tzinfo=UTC))
    amina = await person(volunteers)
    token = await signed_in(volunteers, amina)
    told, untold = [
        await assignment(
            volunteers, await session(volunteers, datetime(2026, 12, 30, hour, tzinfo=UTC), helping=COACH), amina
        )
        for hour in (10, 12)
    ]
    body = {"outcome": "managed"}
    assert (await ask(volunteers, token, "POST", f"/v1/assignments/{told}/outcome", body))[0] == 200
    await clock.set(datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    token = await signed_in(volunteers, amina)
    assert (await ask(volunteers, token, "POST", f"/v1/assignments/{told}/outcome", {"outcome": "referred"}))[0] == 200
    await clock.set(datetime(2026, 12, 31, 23, 1, tzinfo=UTC))
    token = await signed_in(volunteers, amina)

    status, problem = await ask(volunteers, token, "POST", f"/v1/assignments/{told}/outcome", body)
    assert (status, problem["type"]) == (409, "too-late")
    assert (await ask(volunteers, token, "POST", f"/v1/assignments/{untold}/outcome", body))[0] == 200


async def test_a_closed_session_counts_who_was_on_duty(volunteers: Volunteers) -> None:
    """Fails when hours are not counted, twice, or by a word older than the one known."""
    amina, berit, cilla = [await person(volunteers, name) for name in ("Amina", "Berit", "Cilla")]
    cafe = await session(volunteers, yesterday(), 90, helping=HOST)
    here, missed, asked = [
        await shift(volunteers, cafe, who, state)
        for who, state in ((amina, "on_duty"), (berit, "on_duty"), (cilla, "asked"))
    ]
    await volunteers.send("POST", f"/v1/shifts/{missed}/done", {"came": False}, by=STAFF)

    await volunteers.hear(closed(cafe, 2), closed(cafe, 2), closed(cafe, 1, held=False))

    assert [await state(volunteers, one) for one in (here, missed, asked)] == [
        ("done", 90),
        ("missed", 0),
        ("asked", None),
    ]
    await volunteers.hear(closed(cafe, 3, held=False))
    assert [await state(volunteers, one) for one in (here, missed)] == [("done", 0), ("missed", 0)]
    await volunteers.hear(closed(cafe, 4))
    assert await state(volunteers, here) == ("done", 90)
    assert (await volunteers.row("SELECT status FROM session"))["status"] == "closed"


async def test_what_staff_said_of_a_shift_stands_over_the_closing(volunteers: Volunteers) -> None:
    amina = await person(volunteers)
    cafe = await session(volunteers, yesterday(), 90, helping=HOST)
    here = await shift(volunteers, cafe, amina)
    await volunteers.hear(closed(cafe))

    status, told = await volunteers.send("POST", f"/v1/shifts/{here}/done", {"came": True, "minutes": 45}, by=STAFF)
    await volunteers.hear(closed(cafe, 2))

    assert (status, told) == (200, {"id": str(here), "state": "done"})
    assert await state(volunteers, here) == ("done", 45)
    for by, expected in ((KISTA, 403), (None, 401)):
        assert (await volunteers.send("POST", f"/v1/shifts/{here}/done", {"came": True}, by=by))[0] == expected
    for id_ in (uuid4(), "x"):
        status, problem = await volunteers.send("POST", f"/v1/shifts/{id_}/done", {"came": True}, by=STAFF)
        assert (status, problem["type"]) == (404, "unknown-shift")


async def test_nobody_was_on_duty_before_it_began_or_where_they_never_were(volunteers: Volunteers) -> None:
    amina = await person(volunteers)
    coming = await shift(
        volunteers, await session(volunteers, datetime.now(UTC) + timedelta(hours=1), helping=HOST), amina
    )
    cancelled = await shift(volunteers, await session(volunteers, yesterday(), helping=HOST), amina, "cancelled")
    for one in (coming, cancelled):
        status, problem = await volunteers.send("POST", f"/v1/shifts/{one}/done", {"came": True}, by=STAFF)
        assert (status, problem["type"]) == (409, "not-possible-now")


async def test_a_coach_is_counted_by_visitor_and_not_by_shift(volunteers: Volunteers) -> None:
    """Fails when a coach's hour counts twice, or a session that was not held counts for anybody."""
    amina = await person(volunteers)
    sitting = await session(volunteers, yesterday(), helping=COACH)
    there = await shift(volunteers, sitting, amina)
    visitor = await assignment(volunteers, sitting, amina)

    await volunteers.hear(closed(sitting))
    assert await state(volunteers, there) == ("done", 0)
    assert (await volunteers.row("SELECT state FROM assignment"))["state"] == "accepted"

    await volunteers.hear(closed(sitting, 2, held=False))
    row = await volunteers.row("SELECT a.outcome, a.minutes, n.state FROM assignment a JOIN need n USING (booking_id)")
    assert (*row, await share(volunteers, amina)) == ("not_held", 0, "over", 0)

    await volunteers.hear(closed(sitting, 3))
    row = await volunteers.row(
        "SELECT a.state, a.outcome, n.state AS need FROM assignment a JOIN need n USING (booking_id)"
    )
    assert (*row, await share(volunteers, amina)) == ("accepted", None, "covered", 40)

    await volunteers.send("POST", f"/v1/assignments/{visitor}/outcome", {"outcome": "managed"}, by=STAFF)
    await volunteers.hear(closed(sitting, 4, held=False))
    assert (await volunteers.row("SELECT outcome FROM assignment"))["outcome"] == "managed"


async def test_a_closing_of_a_session_unknown_or_called_off_changes_nothing(volunteers: Volunteers) -> None:
    sitting = await session(volunteers, yesterday(), helping=COACH)
    await volunteers.hear(
        SessionCancelled.of(sitting, SessionCancellation(session_id=sitting, revision=5, reason="staff")),
        closed(sitting),
        closed(uuid4()),
    )
    assert (await volunteers.row("SELECT status FROM session"))["status"] == "cancelled"
    assert (await volunteers.row("SELECT count(*) AS n FROM closing"))["n"] == 2


async def _helped(house: House) -> tuple[Json, SessionState, BookingConfirmed, str]:
    """A coach who has said yes to a visitor; gives the assignment's id last."""
    amina = await house.helper()
    slot = await house.publish(coaching())
    await house.put(slot, amina)
    booking = await house.book(slot)
    id_ = (await house.asked(booking))["id"]
    await house.reply(id_, "yes")
    return amina, slot, booking, id_


async def _unwatched(volunteers: Volunteers) -> None:
    """Let whoever looks after time come too late, as they do when they were away."""
    await volunteers.database.pool.execute("UPDATE need SET wakes_at = NULL")
    await volunteers.database.pool.execute("UPDATE shift SET wakes_at = NULL")


async def _counts(house: House, id_: str) -> bool:
    """Whether it is still said how it went, and the hours count."""
    path = f"/v1/assignments/{id_}/outcome"
    status, told = await house.staff("POST", path, {"outcome": "managed"})
    return (status, told.get("minutes")) == (200, 40)


async def test_a_visitor_who_is_forgotten_afterwards_takes_no_hours_away(timed: tuple[Volunteers, Clock]) -> None:
    """Fails when who helped loses the hours, or hears that the visitor does not come, after they came."""
    volunteers, clock = timed
    house = House(volunteers)
    _, slot, booking, id_ = await _helped(house)
    await clock.set(slot.ends_at + timedelta(hours=1))
    erased = BookingState.model_validate(
        {name: value for name, value in booking.data.model_dump().items() if name in BookingState.model_fields}
        | {"revision": 2}
    )

    await volunteers.hear(BookingErased.of(erased.booking_id, erased))

    assert await house.told(AssignmentReleased) == []
    need = await house.need(booking)
    assert (need["state"], need["topic"]) == ("over", None)
    why = (await volunteers.row("SELECT why FROM assignment"))["why"]
    assert not {"language", "topic"} & set(why)
    assert "candidates" in why
    assert await _counts(house, id_)


@pytest.mark.parametrize("how", ["paused", "ended", "erased", "handed over", "ill"])
async def test_what_has_begun_stays_theirs(timed: tuple[Volunteers, Clock], how: str) -> None:
    """Fails when somebody loses the hours of a session that they are in, or a visitor is alarmed about then."""
    volunteers, clock = timed
    house = House(volunteers)
    amina, slot, _, id_ = await _helped(house)
    await clock.set(slot.starts_at + timedelta(minutes=10))

    match how:
        case "erased":
            assert (await volunteers.send("DELETE", f"/v1/volunteers/{amina['id']}"))[0] == 204
        case "handed over":
            status, outcome = await house.staff("POST", "/v1/hand-over", {"from": amina["id"], "to": None})
            assert (status, outcome["moved"]) == (200, 0)
        case "ill":
            somebody = UUID(amina["id"])
            await volunteers.database.transact(lambda conn: handing_over.ill(conn, somebody, None, HOURS))
        case _:
            assert (await volunteers.send("POST", f"/v1/volunteers/{amina['id']}/state", {"state": how}))[0] == 200

    assert (await volunteers.row("SELECT state FROM shift"))["state"] == "on_duty"
    assert await house.told(AssignmentUncovered) == []
    assert await _counts(house, id_)


async def test_nobody_is_alarmed_about_a_session_that_has_begun(timed: tuple[Volunteers, Clock]) -> None:
    """Fails when coordinators are to find somebody for a visitor who is there, or was told that nobody comes."""
    volunteers, clock = timed
    house = House(volunteers)
    slot = await house.publish(coaching())
    await house.put(slot, await house.helper())
    booking = await house.book(slot)
    question = (await house.asked(booking))["id"]
    await clock.stop(slot.starts_at)

    await house.failed(question)

    assert (await house.need(booking))["state"] == "over"
    assert await house.told(AssignmentUncovered) == []


async def test_nobody_is_asked_to_stand_in_for_who_has_helped(timed: tuple[Volunteers, Clock]) -> None:
    """Fails when a stand-in goes on being asked, and is kept busy, for a visitor who was helped."""
    volunteers, clock = timed
    house = House(volunteers)
    amina, slot, _, id_ = await _helped(house)
    bo = await house.helper("Bo")
    await house.put(slot, bo)
    assert (await house.ask(amina, "POST", f"/v1/assignments/{id_}/stand-in"))[0] == 200
    before = await share(volunteers, UUID(bo["id"]))
    await _unwatched(volunteers)
    await clock.stop(slot.starts_at)

    assert await _counts(house, id_)

    (released,) = await house.told(AssignmentReleased)
    assert (released.why, released.quietly) == ("taken_over", True)
    assert await share(volunteers, UUID(bo["id"])) == before - 40


@pytest.mark.parametrize("begun", [False, True])
async def test_nobody_is_sought_for_a_session_that_was_not_held(
    timed: tuple[Volunteers, Clock], *, begun: bool
) -> None:
    """Fails when a question outlives its session, or anybody is alarmed about a visitor who was not to come."""
    volunteers, clock = timed
    house = House(volunteers)
    amina = await house.helper()
    slot = await house.publish(coaching())
    await house.put(slot, amina)
    bookings = [await house.book(slot), await house.book(slot)]
    assert [(await house.need(one))["state"] for one in bookings] == ["proposed", "alarmed"]
    bo = await house.helper("Bo")
    await house.staff("POST", f"/v1/sessions/{slot.session_id}/shifts", {"volunteer_id": bo["id"], "ask": True})
    if begun:
        await _unwatched(volunteers)
        await clock.stop(slot.starts_at + timedelta(minutes=1))

    await volunteers.hear(closed(slot.session_id, held=False))
    await clock.set(slot.ends_at - timedelta(minutes=1))
    await volunteers.database.transact(lambda conn: look_after(conn, slot.session_id, HOURS))

    assert [(await house.need(one))["state"] for one in bookings] == ["over", "over"]
    assert [one.stage for one in await house.told(AssignmentUncovered)] == ["alarmed"]
    assert [(one.why, one.quietly) for one in await house.told(AssignmentReleased)] == [("session_cancelled", begun)]
    assert [(one.why, one.quietly) for one in await house.told(ShiftCancelled)] == [("session_cancelled", begun)]
    assert await share(volunteers, UUID(amina["id"])) == 0
