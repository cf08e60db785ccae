"""From who came to the figures: attendance, closing, what is counted and what of it outlives everybody."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from services.booking.usecases.closing import fold
from shared.events import BookingCancelled, SessionCancellation, SessionCancelled, SessionClosed
from tests.integration.booking.cafe import Cafe, opened
from tests.integration.booking.conftest import Timed

Json = dict[str, Any]

FIGURES: Json = {
    "held": True,
    "adults": 9,
    "children": 2,
    "staff_involved": True,
    "organiser": "library",
    "place": "branch",
    "closed_group": False,
}
TOPIC = {
    "id": "topic",
    "type": "choice",
    "labels": {"sv": "x"},
    "options": [{"id": id_, "labels": {"sv": "x"}} for id_ in ("bankid", "printing")],
    "required": False,
}


@pytest.fixture
async def cafe(timed: Timed) -> Cafe:
    """Six seats, in ten days."""
    return await opened(timed, capacity={"seats": 6, "queue": 4}, policies={"ask": [TOPIC]})


async def patch(cafe: Cafe, body: Json, headers: Mapping[str, str] | None = None) -> tuple[int, Json]:
    url = f"{cafe.booking.url}/v1/sessions/{cafe.id}/close"
    async with cafe.booking.http.patch(url, json=body, headers=headers or cafe.staff()) as answer:
        return answer.status, await answer.json()


async def begins(cafe: Cafe, *, minutes: float = 0) -> None:
    await cafe.passes(days=10, minutes=minutes)


async def mark(cafe: Cafe, made: Json, attendance: str | None) -> tuple[int, Json]:
    return await cafe.desk("attendance", {"booking_id": made["id"], "attendance": attendance})


async def rows(cafe: Cafe, figure: str) -> dict[str, tuple[int, int]]:
    found = await cafe.booking.database.pool.fetch(
        "SELECT value, bookings, total FROM figure WHERE session_id = $1 AND figure = $2", cafe.id, figure
    )
    return {row["value"]: (row["bookings"], row["total"]) for row in found}


async def test_who_came_who_told_why_and_who_did_not(cafe: Cafe) -> None:
    came, ill, missed = [await cafe.book(adults=2) for _ in range(3)]
    status, problem = await mark(cafe, ill, "excused")
    assert (status, problem["type"]) == (409, "too-early"), "before the start the seat is given back"
    await begins(cafe)
    assert (await mark(cafe, ill, "excused"))[1]["taken"] == 4
    assert (await mark(cafe, missed, "no_show"))[1]["type"] == "too-early"
    await cafe.passes(minutes=10)
    assert (await mark(cafe, missed, "no_show"))[1]["taken"] == 2
    assert (await mark(cafe, missed, "excused"))[1]["taken"] == 2
    assert (await mark(cafe, came, "came"))[0] == 200
    assert {one["id"]: one["attendance"] for one in await cafe.people()} == {
        came["id"]: "came",
        ill["id"]: "excused",
        missed["id"]: "excused",
    }
    assert (await mark(cafe, ill, None))[1]["taken"] == 4


async def test_a_seat_that_the_library_takes_away_goes_to_who_waits(cafe: Cafe) -> None:
    seated = [await cafe.book(adults=2) for _ in range(3)]
    waiting = await cafe.book(adults=2)
    status, shown = await mark(cafe, seated[0], "revoked")
    assert status == 200
    assert {one["id"]: (one["state"], one["attendance"]) for one in shown["items"]}[seated[0]["id"]] == (
        "cancelled",
        "revoked",
    )
    assert (await cafe.see(waiting))["state"] == "offered"
    [told] = [event.data for event in await cafe.booking.told() if isinstance(event, BookingCancelled)]
    assert (told.by, told.reason, told.late) == ("staff", "asked", False)
    status, problem = await mark(cafe, seated[0], None)
    assert (status, problem["type"]) == (409, "not-seated"), "they were told: they book anew"


async def test_a_late_cancellation_is_noted_and_may_be_excused(cafe: Cafe) -> None:
    in_time, late = await cafe.book(), await cafe.book()
    await cafe.do(in_time, "cancel")
    await begins(cafe, minutes=-60)
    await cafe.do(late, "cancel")
    noted = {one["id"]: one["attendance"] for one in await cafe.people()}
    assert noted == {in_time["id"]: None, late["id"]: "late_cancel"}
    assert (await mark(cafe, late, "came"))[1]["type"] == "not-seated"
    assert (await mark(cafe, in_time, "excused"))[1]["type"] == "not-seated"
    assert (await mark(cafe, late, "excused"))[0] == 200
    assert {one["id"]: one["attendance"] for one in await cafe.people()}[late["id"]] == "excused"
    assert (await mark(cafe, late, None))[0] == 200
    assert {one["id"]: one["attendance"] for one in await cafe.people()}[late["id"]] == "late_cancel"


async def test_a_session_is_closed_once_and_all_who_listen_hear_of_it(cafe: Cafe) -> None:
    status, problem = await cafe.desk("close", FIGURES)
    assert (status, problem["type"]) == (409, "not-begun")
    await begins(cafe)
    closed = {"session_id": str(cafe.id), "revision": 1, **FIGURES}
    for _ in range(2):
        assert await cafe.desk("close", FIGURES) == (200, closed)
    status, problem = await cafe.desk("close", FIGURES | {"adults": 10})
    assert (status, problem["type"]) == (409, "already-closed")
    assert await patch(cafe, {"adults": 10}) == (200, closed | {"adults": 10, "revision": 2})
    assert await patch(cafe, {"adults": 10}) == (200, closed | {"adults": 10, "revision": 2})
    assert await cafe.booking.get(f"/v1/sessions/{cafe.id}/close", **cafe.staff()) == (
        200,
        closed | {"adults": 10, "revision": 2},
    )
    told = [event.data for event in await cafe.booking.told() if isinstance(event, SessionClosed)]
    assert [(one.revision, one.adults, one.staff_involved) for one in told] == [(1, 9, True), (2, 10, True)]


async def test_two_who_close_it_at_once_with_other_figures_do_not_both(cafe: Cafe) -> None:
    await begins(cafe)
    answers = await asyncio.gather(*(cafe.desk("close", FIGURES | {"adults": n}) for n in range(6)))
    assert sorted(status for status, _ in answers) == [200, 409, 409, 409, 409, 409]
    assert len([event for event in await cafe.booking.told() if isinstance(event, SessionClosed)]) == 1


async def test_who_corrects_what_somebody_else_has_corrected_since_is_told_so(cafe: Cafe) -> None:
    await begins(cafe)
    await cafe.desk("close", FIGURES)
    assert (await patch(cafe, {"adults": 10, "revision": 1}))[1]["revision"] == 2
    status, problem = await patch(cafe, {"adults": 8, "revision": 1})
    assert (status, problem["type"], problem["revision"]) == (409, "stale-revision", 2)
    assert (await patch(cafe, {"adults": 10, "revision": 1}))[0] == 200, "they say the same"
    assert (await patch(cafe, {"adults": 8, "revision": 2}))[1]["revision"] == 3


async def test_what_was_not_held_had_nobody(cafe: Cafe) -> None:
    await begins(cafe)
    for field in ("adults", "children"):
        wrong = FIGURES | {"held": False, "adults": 0, "children": 0, field: 1}
        status, problem = await cafe.desk("close", wrong)
        assert (status, problem["type"], problem["field"]) == (422, "not-held", field)
    assert (await cafe.desk("close", FIGURES))[0] == 200
    status, shown = await patch(cafe, {"held": False})
    assert (status, shown["adults"], shown["children"], shown["held"]) == (200, 0, 0, False)
    status, problem = await patch(cafe, {"children": 3})
    assert (status, problem["type"], problem["field"]) == (422, "not-held", "children")


@pytest.mark.parametrize("missing", FIGURES)
async def test_nothing_is_taken_for_granted(cafe: Cafe, missing: str) -> None:
    await begins(cafe)
    status, problem = await cafe.desk("close", {name: FIGURES[name] for name in FIGURES if name != missing})
    assert (status, problem["type"], problem["field"]) == (422, "invalid", missing)


async def test_only_staff_of_the_branch_close_it(cafe: Cafe) -> None:
    await begins(cafe)
    elsewhere = cafe.staff("husby")
    assert (await cafe.desk("close", FIGURES, **elsewhere))[0] == 403
    assert (await patch(cafe, {"adults": 1}, elsewhere))[0] == 403
    for path in ("close", "figures"):
        assert (await cafe.booking.get(f"/v1/sessions/{cafe.id}/{path}", **elsewhere))[0] == 403
        assert (await cafe.booking.get(f"/v1/sessions/{cafe.id}/{path}"))[0] == 401
    assert (await patch(cafe, {"adults": 1}))[1]["type"] == "not-closed"
    assert (await cafe.booking.get(f"/v1/sessions/{cafe.id}/close", **cafe.staff()))[1]["type"] == "not-closed"


async def test_the_figures_outlive_everybody_and_follow_what_is_corrected(cafe: Cafe) -> None:
    there = await cafe.book(adults=2, topic="bankid")
    stayed_away = await cafe.book(adults=2, language="ar", topic="printing")
    gave_back, unseated = await cafe.book(adults=2), await cafe.book(adults=1)
    await begins(cafe, minutes=-29)
    await cafe.do(gave_back, "cancel")
    await cafe.passes(minutes=29)
    await cafe.becomes(unseated, "closed")
    await cafe.passes(minutes=10)
    await mark(cafe, there, "came")
    await mark(cafe, stayed_away, "no_show")
    assert (await cafe.desk("close", FIGURES))[0] == 200
    expected = {"came": (1, 2), "no_show": (1, 2), "late_cancel": (1, 2), "unmet": (1, 1)}
    assert await rows(cafe, "outcome") == expected
    assert await rows(cafe, "answer") == {"bankid": (1, 2)}
    assert await rows(cafe, "language") == {"sv": (1, 2)}
    assert await rows(cafe, "channel") == {"web": (1, 2)}
    await mark(cafe, stayed_away, "came")
    assert (await rows(cafe, "outcome"))["came"] == (2, 4)
    assert await rows(cafe, "answer") == {"bankid": (1, 2), "printing": (1, 2)}
    await cafe.booking.database.pool.execute("DELETE FROM contact")
    await patch(cafe, {"adults": 12})
    assert await rows(cafe, "outcome") == {"came": (2, 4), "late_cancel": (1, 2), "unmet": (1, 1)}
    assert await rows(cafe, "answer") == {"bankid": (1, 2), "printing": (1, 2)}, "nobody can be asked again"
    assert await rows(cafe, "language") == {"sv": (1, 2), "ar": (1, 2)}
    status, shown = await cafe.booking.get(f"/v1/sessions/{cafe.id}/figures", **cafe.staff())
    assert (status, shown["closing"]["adults"]) == (200, 12)
    totals = {(one["figure"], one["value"]): one["total"] for one in shown["items"]}
    assert totals[("outcome", "came")] == 4
    assert totals[("language", "ar")] is None
    assert totals[("capacity", "seats")] == 6


async def test_what_nobody_closed_is_counted_before_its_people_are_forgotten(cafe: Cafe) -> None:
    await cafe.book(adults=2, topic="bankid")
    await begins(cafe)
    for _ in range(2):
        await cafe.booking.database.transact(lambda conn: fold(conn, cafe.id))
    assert await rows(cafe, "outcome") == {"seated": (1, 2)}
    _, shown = await cafe.booking.get(f"/v1/sessions/{cafe.id}/figures", **cafe.staff())
    assert shown["closing"] is None
    assert [event for event in await cafe.booking.told() if isinstance(event, SessionClosed)] == []


async def test_a_closed_session_is_not_cancelled_any_more(cafe: Cafe) -> None:
    made = await cafe.book()
    await begins(cafe)
    assert (await cafe.desk("close", FIGURES))[0] == 200
    facts = SessionCancellation(session_id=cafe.id, revision=2, reason="staff")
    await cafe.booking.hear(SessionCancelled.of(cafe.id, facts))
    assert (await cafe.see(made))["state"] == "confirmed"
    assert "cancelled" not in await cafe.events(made)


async def test_what_was_counted_is_corrected_and_not_changed(cafe: Cafe) -> None:
    """Nobody gets a seat or gives one back in a session that staff have closed, however early they did."""
    made = await cafe.book()
    waiting = [await cafe.book(adults=3) for _ in range(3)][-1]
    await begins(cafe)
    await cafe.becomes(waiting, "closed")
    assert (await cafe.desk("close", FIGURES))[0] == 200
    before = await rows(cafe, "outcome")
    reach = {"by": "sms", "phone": "070-174 06 99"}
    walker = {"session_id": str(cafe.id), "party": {"adults": 1, "children": 0}, "name": "Ali", "reach": reach}
    for status, problem in (
        await cafe.desk(f"bookings/{made['id']}/cancel"),
        await cafe.desk("standby", {"booking_id": waiting["id"]}),
        await mark(cafe, made, "revoked"),
        await cafe.booking.post("/v1/desk/bookings", walker, **cafe.staff()),
        await cafe.booking.post("/v1/desk/bookings", walker | {"override": True}, **cafe.staff()),
    ):
        assert (status, problem["type"]) == (409, "closed")
    assert await rows(cafe, "outcome") == before


async def test_who_is_erased_before_it_was_closed_is_counted_all_the_same(cafe: Cafe) -> None:
    """Fails when what they answered is not counted before it goes with them."""
    made = await cafe.book(answers={"topic": "bankid"})
    await cafe.book(answers={"topic": "bankid"})
    await begins(cafe, minutes=90)
    erased = {"code": made["code"]}
    for _ in range(2):
        status, _ = await cafe.booking.post("/v1/people/erase", erased, **cafe.timed.issuer.headers("admin"))
        assert status == 200
    assert (await cafe.desk("close", FIGURES))[0] == 200
    assert await rows(cafe, "answer") == {"bankid": (2, 2)}


async def test_who_is_erased_after_it_was_closed_was_there_all_the_same(cafe: Cafe) -> None:
    """Fails when their seat is given back, as the session is not over yet."""
    made = await cafe.book()
    await begins(cafe)
    assert (await cafe.desk("close", FIGURES))[0] == 200
    before = await rows(cafe, "outcome")
    erased = {"code": made["code"]}
    status, _ = await cafe.booking.post("/v1/people/erase", erased, **cafe.timed.issuer.headers("admin"))
    assert status == 200
    assert (await patch(cafe, {"adults": 8}))[0] == 200
    assert await rows(cafe, "outcome") == before


async def test_what_was_cancelled_is_closed_as_not_held(cafe: Cafe) -> None:
    made = await cafe.book()
    facts = SessionCancellation(session_id=cafe.id, revision=2, reason="staff")
    await cafe.booking.hear(SessionCancelled.of(cafe.id, facts))
    await begins(cafe)
    status, problem = await cafe.desk("close", FIGURES)
    assert (status, problem["type"], problem["field"]) == (422, "not-held", "held")
    assert (await cafe.desk("close", FIGURES | {"held": False, "adults": 0, "children": 0}))[0] == 200
    assert await rows(cafe, "outcome") == {"session_cancelled": (1, 1)}
    assert (await cafe.see(made))["cancelled_by"] == "library"


async def test_walk_ins_are_counted_with_the_session(cafe: Cafe) -> None:
    await begins(cafe)
    await cafe.booking.database.pool.execute(
        "INSERT INTO walk_in (session_id, age_group, people) VALUES ($1, 'child', 12)", cafe.id
    )
    assert (await cafe.desk("close", FIGURES))[0] == 200
    assert await rows(cafe, "walk_in") == {"child": (0, 12)}
