"""Somebody at the desk wants another time; and one booking is looked at, as for its slip."""

from datetime import timedelta
from uuid import UUID

import pytest

from shared.events import BookingCancelled, BookingMoved, SessionState
from shared.ids import new_id
from tests.integration.booking.at_desk import Desk, Json, at
from tests.integration.booking.conftest import Timed
from tests.support.samples import PHONE, numbers, session_state


@pytest.fixture
async def desk(timed: Timed) -> Desk:
    return await at(timed)


async def another(desk: Desk, **changes: object) -> SessionState:
    """Another time of the same activity, a week later."""
    later = timedelta(days=7)
    when = {"starts_at": desk.state.starts_at + later, "ends_at": desk.state.ends_at + later}
    state = session_state(**({"session_id": new_id(), "activity_id": desk.state.activity_id} | when | changes))
    await desk.booking.offer(state)
    return state


async def move(desk: Desk, made: Json, to: SessionState, **body: object) -> tuple[int, Json]:
    return await desk.post(f"bookings/{made['id']}/move", session_id=str(to.session_id), **body)


async def taken(desk: Desk, session: UUID) -> int:
    return int((await desk.booking.row("SELECT taken FROM session WHERE id = $1", session))["taken"])


async def test_somebody_without_a_phone_changes_to_another_time(desk: Desk) -> None:
    """Fails when the old seat stays, the code changes, or nobody can see who did it."""
    made = await desk.book(name="Zahra", party={"adults": 2})
    later = await another(desk)
    status, moved = await move(desk, made, later)
    assert (status, moved["session_id"], moved["code"]) == (200, str(later.session_id), made["code"])
    assert (await taken(desk, desk.id), await taken(desk, later.session_id)) == (0, 2)
    [facts] = await desk.told(BookingMoved, made)
    assert (facts.from_session_id, facts.late) == (desk.id, False)
    assert not await desk.told(BookingCancelled, made)
    [entry] = await desk.audit("moved")
    assert (entry["subject"], entry["object"], entry["fields"]) == ("anna", made["id"], ["session"])


async def test_the_same_tap_twice_moves_once(desk: Desk) -> None:
    made = await desk.book()
    later = await another(desk)
    headers = {**desk.headers, "Idempotency-Key": "tap"}
    path = f"/v1/sessions/{desk.id}/bookings/{made['id']}/move"
    answers = [await desk.booking.post(path, {"session_id": str(later.session_id)}, **headers) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(await desk.told(BookingMoved, made)) == 1


async def test_staff_move_also_where_visitors_cannot_book(desk: Desk) -> None:
    """The library books it: that keeps visitors out."""
    made = await desk.book(reach={"by": "sms", "phone": PHONE})
    later = await another(desk, policies={"booked_by": "staff"})
    assert (await move(desk, made, later))[0] == 200


async def test_a_full_time_takes_nobody_but_on_purpose(desk: Desk) -> None:
    """Fails when the seat that somebody has is lost on the way to one that they do not get."""
    made = await desk.book(name="Zahra")
    full = await another(desk, capacity={"seats": 1, "queue": 0})
    await desk.book(name="Bo", session_id=str(full.session_id))
    status, problem = await move(desk, made, full)
    assert (status, problem["type"]) == (409, "sold-out")
    assert (await taken(desk, desk.id), await taken(desk, full.session_id)) == (1, 1)
    status, _ = await move(desk, made, full, override=True)
    assert (status, await taken(desk, desk.id), await taken(desk, full.session_id)) == (200, 0, 2)
    [entry] = await desk.audit("override")
    assert (entry["object"], entry["over"]) == (str(full.session_id), 1)


async def test_who_waits_leaves_the_line_with_their_new_seat(timed: Timed) -> None:
    small = await at(timed, capacity={"seats": 1, "queue": 4})
    await small.book(name="Ada")
    waits = await small.visitor(name="Bo", reach={"by": "sms", "phone": numbers()[3]})
    assert waits["state"] == "queued"
    status, moved = await move(small, waits, await another(small))
    assert (status, moved["state"], moved["position"]) == (200, "confirmed", None)


async def test_who_changes_to_what_has_begun_is_there(desk: Desk) -> None:
    made = await desk.book()
    hours = timedelta(hours=3)
    begun = await another(
        desk, starts_at=desk.state.starts_at - hours, ends_at=desk.state.ends_at - hours + timedelta(hours=1)
    )
    await desk.timed.clock.set(begun.starts_at + timedelta(minutes=5))
    status, moved = await move(desk, made, begun)
    assert (status, moved["attendance"]) == (200, "came")


async def test_who_is_there_already_changes_to_nothing_else(desk: Desk) -> None:
    await desk.timed.clock.set(desk.state.starts_at + timedelta(minutes=1))
    made = await desk.book()
    status, problem = await move(desk, made, await another(desk))
    assert (status, problem["type"]) == (409, "closed")


@pytest.mark.parametrize(
    ("changes", "status", "problem"),
    [
        ({"activity_id": "00000000-0000-0000-0000-00000000000a"}, 409, "other-activity"),
        ({"policies": {"party_max": 1}}, 422, "party-too-large"),
    ],
)
async def test_what_cannot_be_is_refused_by_name(desk: Desk, changes: Json, status: int, problem: str) -> None:
    made = await desk.book(party={"adults": 2})
    got, told = await move(desk, made, await another(desk, **changes))
    assert (got, told["type"], await taken(desk, desk.id)) == (status, problem, 2)


async def test_staff_of_one_library_take_no_seat_of_another(desk: Desk) -> None:
    """Fails when the rights are those for the session that is left only."""
    made = await desk.book()
    there = desk.state.branch.model_copy(update={"id": "husby"})
    elsewhere = await another(desk, branch=there.model_dump())
    status, problem = await move(desk, made, elsewhere)
    assert (status, problem["type"]) == (403, "forbidden")
    both = desk.timed.issuer.headers("staff", "kista", "husby")
    path = f"/v1/sessions/{desk.id}/bookings/{made['id']}/move"
    status, _ = await desk.booking.post(path, {"session_id": str(elsewhere.session_id)}, **both)
    assert status == 200


async def test_a_booking_of_another_session_is_none_of_this_one(desk: Desk) -> None:
    later = await another(desk)
    made = await desk.book(session_id=str(later.session_id))
    assert (await move(desk, made, later))[0] == 404
    assert (await desk.booking.get(f"/v1/sessions/{desk.id}/bookings/{made['id']}", **desk.headers))[0] == 404


async def test_one_booking_is_shown_for_its_slip_and_that_is_kept(desk: Desk) -> None:
    made = await desk.book(name="Zahra", reach={"by": "sms", "phone": PHONE}, language="ar")
    path = f"/v1/sessions/{desk.id}/bookings/{made['id']}"
    status, seen = await desk.booking.get(path, **desk.headers)
    assert (status, seen["code"], seen["name"], seen["language"]) == (200, made["code"], "Zahra", "ar")
    assert PHONE[-6:] not in str(seen), "how somebody is reached is a hint only"
    [entry] = await desk.audit("shown")
    assert (entry["subject"], entry["object"], entry["kind"]) == ("anna", made["id"], "booking")
    status, _ = await desk.booking.get(path, **desk.timed.issuer.headers("staff", "husby"))
    assert status == 403


async def test_who_is_asked_at_the_desk_for_their_answer_is_found_with_its_end(timed: Timed) -> None:
    small = await at(timed, capacity={"seats": 1, "queue": 4})
    ada = await small.book(name="Ada")
    waits = await small.visitor(name="Bo", reach={"by": "call", "phone": numbers()[3]})
    await small.post(f"bookings/{ada['id']}/cancel")
    await small.post(f"bookings/{waits['id']}/told")
    _, found = await small.search("bo")
    [bo] = found["items"]
    assert bo["state"] == "offered"
    assert bo["answer_by"] is not None
