"""What a session asks of a booking, over HTTP: kept, shown, and gone with the person."""

from typing import Any
from uuid import UUID

import pytest

from tests.integration.booking.conftest import Booking, Timed
from tests.integration.booking.term import Term
from tests.support.samples import booking_body, session_state

SIX = {"sv": "x"}
ASK = [
    {
        "id": "topic",
        "type": "choice",
        "labels": SIX,
        "options": [{"id": "bankid", "labels": SIX}, {"id": "printing", "labels": SIX}],
    },
    {
        "id": "help_language",
        "type": "choice",
        "labels": SIX,
        "required": False,
        "options": [{"id": "ar", "labels": SIX}, {"id": "so", "labels": SIX}],
    },
    {"id": "size", "type": "number", "labels": SIX, "most": 35, "required": False},
    {"id": "school", "type": "name", "labels": SIX, "required": False, "counted": False},
]


async def offered(booking: Booking, **policies: Any) -> UUID:  # noqa: ANN401
    return await booking.offer(session_state(policies={"ask": ASK} | policies))


async def test_a_booking_says_what_it_was_asked_and_staff_see_it(timed: Timed) -> None:
    session = await offered(timed.booking)
    answers = {"school": "Husbygårdsskolan", "size": 24}
    status, made = await timed.booking.post(
        "/v1/bookings", booking_body(session, topic="bankid", help_language="so", answers=answers)
    )
    assert status == 201, made
    kept = {"topic": "bankid", "help_language": "so", **answers}
    assert made["answers"] == kept
    _, seen = await timed.booking.get(f"/v1/bookings/{made['code']}", **{"Plats-Proof": made["proof"]})
    assert seen["answers"] == kept
    _, listed = await timed.booking.get(f"/v1/sessions/{session}/bookings", **timed.issuer.headers("staff", "kista"))
    assert [one["answers"] for one in listed["items"]] == [kept]


async def test_what_is_answered_goes_with_the_person(booking: Booking) -> None:
    session = await offered(booking)
    _, made = await booking.post("/v1/bookings", booking_body(session, topic="bankid", answers={"school": "Kista"}))
    assert made["answers"]
    await booking.database.pool.execute("DELETE FROM contact")
    assert (await booking.row("SELECT answers FROM booking"))["answers"] == {}


async def test_what_is_answered_for_a_whole_series_is_kept_as_for_each_date(booking: Booking) -> None:
    """Fails when the answers are kept as they were sent: an empty one could not be shown."""
    term = await Term(booking, policies={"ask": ASK}).published()
    made = await term.booked(answers={"topic": "printing", "help_language": None, "size": None, "school": " Kista  "})
    assert (await term.seen(made))["answers"] == {"topic": "printing", "school": "Kista"}


@pytest.mark.parametrize(
    ("answers", "type_", "field"),
    [
        ({}, "answer-missing", "answers.topic"),
        ({"answers": {"topic": ""}}, "answer-missing", "answers.topic"),
        ({"topic": "swish"}, "invalid-answer", "answers.topic"),
        ({"topic": "bankid", "answers": {"size": 36}}, "invalid-answer", "answers.size"),
        ({"topic": "bankid", "answers": {"size": 2.5}}, "invalid-answer", "answers.size"),
        ({"topic": "bankid", "answers": {"size": True}}, "invalid-answer", "answers.size"),
        ({"topic": "bankid", "answers": {"school": "a@b.se"}}, "invalid-answer", "answers.school"),
        ({"topic": "bankid", "answers": {"diagnosis": "x"}}, "unknown-question", "answers.diagnosis"),
    ],
)
async def test_a_wrong_answer_is_named_and_takes_no_seat(
    booking: Booking, answers: dict[str, Any], type_: str, field: str
) -> None:
    session = await offered(booking)
    status, problem = await booking.post("/v1/bookings", booking_body(session, **answers))
    assert (status, problem["type"], problem["field"]) == (422, type_, field)
    row = await booking.row("SELECT taken, (SELECT count(*) FROM contact) AS contacts FROM session")
    assert tuple(row) == (0, 0)


async def test_where_nothing_is_asked_nothing_is_taken(booking: Booking) -> None:
    session = await booking.offer(session_state())
    for body, field in (({"topic": "bankid"}, "topic"), ({"help_language": "ar"}, "help_language")):
        status, problem = await booking.post("/v1/bookings", booking_body(session, **body))
        assert (status, problem["type"], problem["field"]) == (422, "unknown-question", f"answers.{field}")


async def test_a_class_larger_than_allowed_is_refused_by_its_party(booking: Booking) -> None:
    session = await offered(booking, party_max=32)
    big = {"party": {"adults": 3, "children": 30}, "topic": "bankid", "answers": {"size": 30}}
    status, problem = await booking.post("/v1/bookings", booking_body(session, **big))
    assert (status, problem["type"], problem["field"]) == (422, "party-too-large", "party")
