"""Several dates of a series in one step: which are had, which are not, and who may see them."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.booking.store import figures
from shared.events import (
    BookingCancelled,
    BookingConfirmed,
    Capacity,
    MessageDispatch,
    MessageSent,
    SeriesBooked,
    SeriesCancelled,
)
from tests.integration.booking.conftest import Booking, Timed
from tests.integration.booking.term import FULL, Json, Term, dates, states
from tests.support.samples import booking_body, numbers, session_state


async def test_all_coming_dates_are_bookings_that_one_message_tells_of(booking: Booking) -> None:
    """Fails when the single confirmations do not say that they are dates of a series booking."""
    term = await Term(booking).published()
    body = await term.booked()
    assert (dates(body["booked"]), body["refused"]) == (term.ids, [])
    assert len({body["code"], *(date["code"] for date in body["booked"])}) == 5
    [told] = await term.told(SeriesBooked)
    assert [str(id_) for id_ in told.data.sessions] == term.ids
    assert (told.data.revision, told.data.adults, told.data.refused) == (1, 1, ())
    confirmed = await term.told(BookingConfirmed)
    assert {event.data.series_booking_id for event in confirmed} == {told.data.series_booking_id}
    assert told.data.contact_ref not in {event.data.contact_ref for event in confirmed}
    seen = await term.seen(body)
    assert (states(seen), seen["notice"]) == (["confirmed"] * 4, "pending")
    one = body["booked"][1]
    status, date = await booking.get(f"/v1/bookings/{one['code']}", **{"Plats-Proof": body["proof"]})
    assert (status, date["session_id"], date["series_code"]) == (200, one["session_id"], body["code"])
    await term.exact()


async def test_some_dates_of_a_series_are_chosen(booking: Booking) -> None:
    term = await Term(booking).published()
    chosen = [term.ids[2], term.ids[0], term.ids[2]]
    body = await term.booked(series_id=None, session_ids=chosen)
    assert dates(body["booked"]) == [term.ids[0], term.ids[2]]


async def test_what_is_over_or_was_taken_out_is_no_date_of_it(booking: Booking) -> None:
    term = Term(booking, weeks=3)
    begun = datetime.now(UTC) - timedelta(hours=1)
    await term.published(*term.dates, term.date(begun))
    assert dates((await term.booked())["booked"]) == term.ids


async def test_dates_that_cannot_be_had_are_named_with_the_reason(booking: Booking) -> None:
    """Full, cancelled by the library, had already, not open yet: the others are booked, and nobody waits in a line."""
    term = Term(booking, weeks=5, capacity=FULL)
    term.dates[4] = term.dates[4].model_copy(update={"opens_at": datetime.now(UTC) + timedelta(days=9)})
    await term.published()
    await term.full(0)
    await term.ended(1)
    assert (await booking.post("/v1/bookings", booking_body(term.dates[2].session_id)))[0] == 201
    body = await term.booked()
    assert dates(body["booked"]) == [term.ids[3]]
    named = {date["session_id"]: date["type"] for date in body["refused"]}
    assert [named.get(id_) for id_ in term.ids] == ["sold-out", "closed", "already-booked", None, "not-open"]
    assert all(date["detail"] for date in body["refused"])
    [told] = await term.told(SeriesBooked)
    assert [(str(date.session_id), date.why) for date in told.data.refused] == list(named.items())
    assert (await term.seen(body))["refused"] == body["refused"]


async def test_where_all_or_nothing_is_wanted_nothing_is_kept_and_nobody_told(booking: Booking) -> None:
    """Fails when what was booked is given back with the visitor's own message, or their contacts stay."""
    term = await Term(booking, capacity=FULL).published()
    await term.full(2)
    status, problem = await term.book(key="all", if_partly="refuse")
    assert (status, problem["type"], dates(problem["refused"])) == (409, "dates-refused", [term.ids[2]])
    assert problem["refused"][0]["type"] == "sold-out"
    assert not await term.told(SeriesBooked)
    assert not await term.told(SeriesCancelled)
    given_back = await term.told(BookingCancelled)
    assert len(given_back) == 3
    assert all(event.data.series_booking_id for event in given_back)
    assert (await booking.row("SELECT count(*) AS n FROM contact WHERE name = 'Sara'"))["n"] == 0
    assert await term.book(key="all", if_partly="refuse") == (status, problem)
    await term.exact()


async def test_what_the_library_cancelled_before_does_not_keep_all_of_a_series_from_anybody(booking: Booking) -> None:
    term = await Term(booking).published()
    await term.ended(1)
    body = await term.booked(if_partly="refuse")
    assert (len(body["booked"]), dates(body["refused"])) == (3, [term.ids[1]])
    answer = await term.book(if_partly="refuse", name="Omar", series_id=None, session_ids=term.ids)
    assert (answer[1]["type"], dates(answer[1]["refused"])) == ("dates-refused", [term.ids[1]])


@pytest.mark.parametrize(
    ("changes", "status", "type_", "field"),
    [
        ({"party": {"adults": 9}}, 422, "party-too-large", "party"),
        ({"answers": {"shoe_size": 43}}, 422, "unknown-question", "answers.shoe_size"),
        ({"reach": {"by": "sms", "phone": "12"}}, 422, "invalid-phone", "reach.phone"),
        ({"series_id": str(uuid4())}, 404, "unknown-series", "series_id"),
        ({"series_id": None, "session_ids": [str(uuid4())]}, 404, "unknown-session", "session_id"),
        ({"series_id": None}, 422, "invalid", "session_ids"),
        ({"session_ids": [str(uuid4())]}, 422, "invalid", "session_ids"),
        ({"series_id": None, "session_ids": [str(uuid4()) for _ in range(61)]}, 422, "invalid", "session_ids"),
        ({"if_partly": "perhaps"}, 422, "invalid", "if_partly"),
    ],
)
async def test_wrong_input_names_its_field_and_leaves_nothing(
    booking: Booking, changes: Json, status: int, type_: str, field: str
) -> None:
    """What is wrong with all dates in the same way is the answer to all of them."""
    term = await Term(booking, weeks=2).published()
    got, problem = await term.book(**changes)
    assert (got, problem["type"], problem["field"]) == (status, type_, field)
    assert (await booking.row("SELECT count(*) AS n FROM contact"))["n"] == 0


async def test_what_is_no_series_in_one_step_is_refused(booking: Booking) -> None:
    """Dates of two series, a session of none, all slots of a day, and more dates than are booked at once."""
    term, other = await Term(booking, weeks=1).published(), await Term(booking, weeks=1).published()
    alone = str(await booking.offer(session_state()))
    for strange in (other.ids[0], alone):
        answer = await term.book(series_id=None, session_ids=[term.ids[0], strange])
        assert (answer[0], answer[1]["type"], answer[1]["field"]) == (422, "not-one-series", "session_ids")
    slots = await Term(booking, weeks=2, sitting_id=uuid4()).published()
    answer = await slots.book()
    assert (answer[0], answer[1]["type"], answer[1]["field"]) == (422, "several-times-a-day", "series_id")
    assert len((await slots.booked(series_id=None, session_ids=slots.ids))["booked"]) == 2
    long = await Term(booking, weeks=61).published()
    answer = await long.book()
    assert (answer[0], answer[1]["type"]) == (422, "too-many-dates")


async def test_a_series_counts_as_one_booking_of_a_number_and_each_date_against_its_session(booking: Booking) -> None:
    """Five series a day for a number; three seats of a date for it, whatever they were booked with."""
    term = await Term(booking, weeks=7).published()
    for name in ("Ana", "Bo", "Cem"):
        assert len((await term.booked(name=name))["booked"]) == 7
    status, problem = await term.book(name="Dag")
    assert (status, {date["type"] for date in problem["refused"]}) == (409, {"too-many-requests"})
    other = await Term(booking, weeks=1).published()
    await other.booked(name="Eva")
    status, problem = await other.book(name="Fay")
    assert (status, problem["type"]) == (429, "too-many-requests")


async def test_the_same_request_ten_times_at_two_servers_is_one_series(booking: Booking, replica: Booking) -> None:
    term = await Term(booking).published()
    answers = await asyncio.gather(*(term.book(key="once", at=(booking, replica)[n % 2]) for n in range(10)))
    assert {status for status, _ in answers} == {201}
    assert all(body == answers[0][1] for _, body in answers)
    assert len(await term.told(SeriesBooked)) == 1
    await term.give_back(answers[0][1])
    assert await term.book(key="once") == answers[0], "what came later does not change what was answered"
    assert (await term.book(key="once", name="Omar"))[1]["type"] == "idempotency-key-reused"
    await term.exact()


@pytest.mark.parametrize("if_partly", ["book", "refuse"])
async def test_two_want_the_last_seats_of_a_term_at_once(booking: Booking, replica: Booking, if_partly: str) -> None:
    """Each seat goes to one of them; who wanted all or nothing and got less keeps none.

    Fails when a date is booked without its session's row.
    """
    term = await Term(booking, weeks=6, capacity=FULL).published()
    people = zip((booking, replica), numbers(), ("Ana", "Bo"), strict=False)
    answers = await asyncio.gather(
        *(
            term.book(at=at, name=name, reach={"by": "sms", "phone": phone}, if_partly=if_partly)
            for at, phone, name in people
        )
    )
    had = [set(dates(body.get("booked", []))) for _, body in answers]
    assert not had[0] & had[1]
    if if_partly == "book":
        assert had[0] | had[1] == set(term.ids)
    else:
        assert all(len(one) in {0, 6} for one in had)
    taken = await booking.row("SELECT sum(taken) AS n FROM session")
    assert taken["n"] == len(had[0]) + len(had[1])
    assert len(await term.told(SeriesBooked)) == sum(bool(one) for one in had)
    await term.exact()


async def test_the_code_of_all_dates_is_none_of_a_booking_and_needs_its_proof(booking: Booking) -> None:
    """Who proves it is told so, and that is no wrong try."""
    term = await Term(booking).published()
    body = await term.booked()
    for _ in range(7):
        status, problem = await booking.get(f"/v1/bookings/{body['code']}", **{"Plats-Proof": body["proof"]})
        assert (status, problem["type"]) == (409, "series-code")
    one = body["booked"][0]["code"]
    for path in (f"/v1/bookings/{body['code']}", f"/v1/series-bookings/{body['code']}", f"/v1/series-bookings/{one}"):
        proof = body["proof"] if one in path else "0000"
        status, problem = await booking.get(path, **{"Plats-Proof": proof})
        assert (status, problem["type"]) == (403, "wrong-proof")


async def test_who_writes_learns_how_to_reach_a_series_and_booking_what_became_of_it(booking: Booking) -> None:
    term = await Term(booking).published()
    body = await term.booked()
    [told] = await term.told(SeriesBooked)
    refs = {"refs": [str(told.data.contact_ref)]}
    status, known = await booking.post("/internal/contacts", refs, **booking.service_headers())
    assert status == 200
    assert [(one["name"], one["code"], one["answer_by"]) for one in known["items"]] == [("Sara", body["code"], None)]
    sent = MessageDispatch(
        message_id=uuid4(),
        revision=1,
        contact_ref=told.data.contact_ref,
        about=told.data.series_booking_id,
        template="series_booked",
        channel="sms",
        sent_at=datetime.now(UTC),
    )
    await booking.hear(MessageSent.of(sent.message_id, sent))
    assert (await term.seen(body))["notice"] == "sent"


async def test_erasing_the_person_of_a_series_leaves_its_dates_and_nothing_they_said(booking: Booking) -> None:
    """The rows of the dates are erased like any booking's."""
    term = await Term(booking).published()
    body = await term.booked(key="erased")
    [told] = await term.told(SeriesBooked)
    await booking.database.pool.execute("DELETE FROM contact WHERE ref = $1", told.data.contact_ref)
    row = await booking.row("SELECT answers, (SELECT count(*) FROM booking) AS n FROM series_booking")
    assert (row["answers"], row["n"]) == ({}, 4)
    path = f"/v1/series-bookings/{body['code']}"
    assert (await booking.get(path, **{"Plats-Proof": body["proof"]}))[0] == 403
    own = body["booked"][0]["code"]
    status, seen = await booking.get(f"/v1/bookings/{own}", **{"Plats-Proof": body["proof"]})
    assert (status, seen["series_code"]) == (200, None)


async def test_staff_find_the_dates_by_the_code_of_all_and_see_nobody_who_got_none(timed: Timed) -> None:
    """Whoever wanted all or nothing and got nothing is in no list, and counted nowhere."""
    booking, staff = timed.booking, timed.issuer.headers("staff", "kista")
    term = await Term(booking, capacity={"seats": 5, "walk_in": 0, "queue": 0}).published()
    body = await term.booked()
    await term.published(term.dates[1].model_copy(update={"revision": 2, "capacity": Capacity(seats=50)}))
    assert (await term.book(party={"adults": 4}, name="Omar", if_partly="refuse"))[0] == 201
    assert (await term.book(party={"adults": 2}, name="Bo", if_partly="refuse"))[1]["type"] == "dates-refused"
    for date in term.dates:
        listed = (await booking.get(f"/v1/sessions/{date.session_id}/bookings", **staff))[1]["items"]
        assert {one["name"] for one in listed} == {"Sara", "Omar"}
        async with booking.database.pool.acquire() as conn:
            counted, _ = await figures.counted(conn, date.session_id)
        assert len(counted) == 2
    found = (await booking.post("/v1/desk/search", {"branch": "kista", "q": body["code"]}, **staff))[1]["items"]
    assert [one["session_id"] for one in found] == term.ids
