"""What somebody with a booking can do with it: come with fewer people, get in online, have a lost code sent again."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.booking.http.codes import ANSWER_AFTER
from shared.events import (
    AvailabilityChanged,
    BookingCodeRequested,
    BookingShrunk,
    SessionCancellation,
    SessionCancelled,
    SessionRef,
    SessionState,
    SessionWithdrawn,
)
from tests.integration.booking.conftest import Booking
from tests.support.samples import PHONE, booking_body, numbers, published, session_state

PROOF = {"Plats-Proof": "0605"}


async def booked(booking: Booking, session: UUID, adults: int = 1, children: int = 0, **changes: object) -> str:
    """Make a booking; gives its code."""
    body = booking_body(session, party={"adults": adults, "children": children}, **changes)
    status, made = await booking.post("/v1/bookings", body)
    assert status == 201, made
    return str(made["code"])


async def shrink(
    booking: Booking, code: str, adults: int, children: int = 0, proof: str = "0605"
) -> tuple[int, dict[str, Any]]:
    body = {"proof": proof, "party": {"adults": adults, "children": children}}
    return await booking.post(f"/v1/bookings/{code}/party", body)


async def cancel_session(booking: Booking, session: UUID) -> None:
    facts = SessionCancellation(session_id=session, revision=9, reason="illness")
    await booking.hear(SessionCancelled.of(session, facts))


# --- fewer people


async def test_fewer_people_come_and_the_others_seats_are_free(booking: Booking) -> None:
    """Fails when the seats, the party or one of the two events is forgotten."""
    session = await booking.offer(session_state(capacity={"seats": 4}))
    code = await booked(booking, session, adults=3, children=1)
    status, view = await shrink(booking, code, adults=1, children=1)
    assert (status, view["party"], view["state"]) == (200, {"adults": 1, "children": 1}, "confirmed")
    assert (await booking.get(f"/v1/bookings/{code}", **PROOF))[1] == view
    shrunk, availability = (await booking.told())[-2:]
    assert isinstance(shrunk, BookingShrunk)
    assert isinstance(availability, AvailabilityChanged)
    told = shrunk.data
    assert (told.revision, told.adults, told.children, told.seats, told.given_back) == (2, 1, 1, 2, 2)
    assert (availability.data.taken, availability.data.left) == (2, 2)
    await booked(booking, session, adults=2, name="Amir")
    assert (await shrink(booking, code, adults=1))[1]["party"] == {"adults": 1, "children": 0}


async def test_the_same_again_changes_nothing_and_tells_nobody(booking: Booking) -> None:
    """Who got no answer asks again, perhaps after the start. Fails when each request is a change."""
    session = await booking.offer(session_state())
    code = await booked(booking, session, adults=3)
    first = await shrink(booking, code, adults=2)
    told = await booking.told()
    assert await shrink(booking, code, adults=2) == first
    await booking.database.pool.execute("UPDATE session SET starts_at = now() - interval '1 second'")
    assert await shrink(booking, code, adults=2) == first
    assert await booking.told() == told


@pytest.mark.parametrize(
    ("party", "status", "type_", "field"),
    [
        ({"adults": 4, "children": 0}, 422, "party-grows", "party"),
        ({"adults": 1, "children": 2}, 422, "party-grows", "party"),
        ({"adults": 0, "children": 0}, 422, "party-empty", "party"),
        ({"adults": -1, "children": 1}, 422, "invalid", "party.adults"),
        ({"adults": 501, "children": 1}, 422, "invalid", "party.adults"),
        ({"adults": 1, "dogs": 1}, 422, "invalid", "party.dogs"),
    ],
)
async def test_a_party_cannot_grow_or_vanish(
    booking: Booking, party: dict[str, int], status: int, type_: str, field: str
) -> None:
    session = await booking.offer(session_state())
    code = await booked(booking, session, adults=3, children=1)
    told = await booking.told()
    got, problem = await booking.post(f"/v1/bookings/{code}/party", {"proof": "0605", "party": party})
    assert (got, problem["type"], problem["field"]) == (status, type_, field)
    assert await booking.told() == told
    assert (await booking.row("SELECT taken FROM session"))["taken"] == 4


async def test_only_whoever_proves_a_booking_makes_it_smaller(booking: Booking) -> None:
    session = await booking.offer(session_state())
    code = await booked(booking, session, adults=3)
    wrong, unknown = await shrink(booking, code, 1, proof="0000"), await shrink(booking, "K7F-4MQ", 1)
    assert wrong == unknown
    assert (wrong[0], wrong[1]["type"]) == (403, "wrong-proof")
    assert (await booking.row("SELECT taken FROM session"))["taken"] == 3


@pytest.mark.parametrize("end", ["started", "given back", "called off"])
async def test_what_is_over_does_not_become_smaller(booking: Booking, end: str) -> None:
    """Fails when a cancelled booking gives seats back once more."""
    session = await booking.offer(session_state())
    code = await booked(booking, session, adults=3)
    match end:
        case "started":
            await booking.database.pool.execute("UPDATE session SET starts_at = now() - interval '1 second'")
        case "given back":
            await booking.post(f"/v1/bookings/{code}/cancel", {"proof": "0605"})
        case _:
            await cancel_session(booking, session)
    told = await booking.told()
    status, problem = await shrink(booking, code, adults=1)
    assert (status, problem["type"]) == (409, "closed")
    assert await booking.told() == told


async def test_in_a_session_taken_out_of_the_programme_a_party_may_shrink(booking: Booking) -> None:
    session = await booking.offer(session_state())
    code = await booked(booking, session, adults=3)
    await booking.hear(SessionWithdrawn.of(session, SessionRef(session_id=session, revision=2)))
    assert (await shrink(booking, code, adults=1))[0] == 200
    assert (await booking.row("SELECT taken FROM session"))["taken"] == 1


async def test_a_session_above_its_capacity_comes_down_with_its_parties(booking: Booking) -> None:
    """Fails when the ceiling stays where it was: the seats given back above capacity could be taken again."""
    state = session_state(capacity={"seats": 4})
    code = await booked(booking, await booking.offer(state), adults=4)
    await booking.hear(published(session_state(**state.model_dump() | {"revision": 2, "capacity": {"seats": 1}})))
    for adults, left in ((3, 0), (1, 0)):
        await shrink(booking, code, adults=adults)
        row = await booking.row("SELECT taken, ceiling FROM session")
        newest = (await booking.told())[-1]
        assert isinstance(newest, AvailabilityChanged)
        assert (row["taken"], row["ceiling"], newest.data.left) == (adults, adults, left)


# --- which booking it is


async def test_a_booking_has_a_name_for_good_and_a_number_for_each_change(booking: Booking) -> None:
    """A calendar knows by them what to replace. Fails when they are others than those told to notify."""
    code = await booked(booking, await booking.offer(session_state()), adults=2)
    _, first = await booking.get(f"/v1/bookings/{code}", **PROOF)
    _, fewer = await shrink(booking, code, adults=1)
    _, gone = await booking.post(f"/v1/bookings/{code}/cancel", {"proof": "0605"})
    told = [event.data for event in await booking.told() if not isinstance(event, AvailabilityChanged)]
    assert [(view["id"], view["revision"]) for view in (first, fewer, gone)] == [
        (str(data.booking_id), data.revision) for data in told if hasattr(data, "booking_id")
    ]


# --- sessions that the library books


async def test_visitors_cannot_book_what_the_library_books(booking: Booking) -> None:
    """Fails when who may book is not kept with the session."""
    session = await booking.offer(session_state(policies={"booked_by": "staff"}))
    status, problem = await booking.post("/v1/bookings", booking_body(session))
    assert (status, problem["type"], problem["field"]) == (409, "not-open", "session_id")
    assert len(await booking.told()) == 1


# --- getting in online


MEETING = {"link": "https://meet.example.org/cafe", "number": "612 345 6789"}


def online(**changes: object) -> SessionState:
    return session_state(place="online", meeting=MEETING, **changes)


async def meeting_of(booking: Booking, code: str) -> object:
    status, view = await booking.get(f"/v1/bookings/{code}", **PROOF)
    assert status == 200
    return view["meeting"]


async def test_who_has_a_seat_learns_how_to_get_in_and_nobody_else(booking: Booking) -> None:
    """Fails when the meeting is shown without proof, or told in an event about the booking."""
    code = await booked(booking, await booking.offer(online()), adults=2)
    assert await meeting_of(booking, code) == MEETING
    assert (await shrink(booking, code, adults=1))[1]["meeting"] == MEETING
    _, problem = await booking.get(f"/v1/bookings/{code}", **{"Plats-Proof": "0000"})
    assert "meet" not in str(problem)
    rows = await booking.database.pool.fetch("SELECT body FROM outbox")
    assert not any(b"meet.example.org" in row["body"] for row in rows)


async def test_a_link_without_a_number_and_a_session_without_a_meeting(booking: Booking) -> None:
    linked = await booking.offer(session_state(place="online", meeting={"link": MEETING["link"]}))
    assert await meeting_of(booking, await booked(booking, linked)) == {"link": MEETING["link"], "number": ""}
    here = await booking.offer(session_state())
    assert await meeting_of(booking, await booked(booking, here)) is None


async def test_whoever_gave_the_seat_back_no_longer_learns_it(booking: Booking) -> None:
    """Nor from the answer a key remembers. Fails when the state of the booking is not asked, or a replay tells it."""
    session = await booking.offer(online())
    key = {"Idempotency-Key": "k"}
    status, made = await booking.post("/v1/bookings", booking_body(session), **key)
    assert (status, made["meeting"]) == (201, None)
    assert await meeting_of(booking, str(made["code"])) == MEETING
    _, gone = await booking.post(f"/v1/bookings/{made['code']}/cancel", {"proof": "0605"})
    assert (gone["state"], gone["meeting"]) == ("cancelled", None)
    assert await meeting_of(booking, str(made["code"])) is None
    assert await booking.post("/v1/bookings", booking_body(session), **key) == (201, made)


async def test_the_meeting_is_as_catalog_says_last(booking: Booking) -> None:
    """Fails when only the first publication of a session is kept whole."""
    state = online()
    session = await booking.offer(state)
    code = await booked(booking, session)
    other = {"link": "https://meet.example.org/other", "number": ""}
    await booking.hear(published(SessionState.model_validate(state.model_dump() | {"revision": 2, "meeting": other})))
    assert await meeting_of(booking, code) == other
    await booking.hear(SessionWithdrawn.of(session, SessionRef(session_id=session, revision=3)))
    assert await meeting_of(booking, code) == other, "who has a seat keeps it"
    await cancel_session(booking, session)
    assert await meeting_of(booking, code) is None


# --- lost codes


async def ask_codes(booking: Booking, **reach: str) -> tuple[int, dict[str, object]]:
    return await booking.post("/v1/bookings/codes", {"reach": reach})


async def sent(booking: Booking) -> list[BookingCodeRequested]:
    return [event for event in await booking.told() if isinstance(event, BookingCodeRequested)]


@pytest.mark.parametrize(
    ("made", "asked"),
    [
        ({"by": "sms", "phone": PHONE}, {"by": "sms", "phone": "0046 70 174 06 05"}),
        ({"by": "proxy", "phone": PHONE}, {"by": "sms", "phone": PHONE}),
        ({"by": "email", "email": "Sara@Example.org"}, {"by": "email", "email": " sARA@example.ORG "}),
        ({"by": "sms", "phone": PHONE, "email": "sara@example.org"}, {"by": "email", "email": "sara@example.org"}),
    ],
)
async def test_a_lost_code_is_sent_to_where_the_booking_was_made_from(
    booking: Booking, made: dict[str, str], asked: dict[str, str]
) -> None:
    """Fails when addresses are compared as they were typed, or when a helper's number is left out."""
    session = await booking.offer(session_state())
    await booked(booking, session, adults=2, reach=made)
    await booked(booking, session, name="Amir", reach={"by": "sms", "phone": numbers()[1]})
    assert await ask_codes(booking, **asked) == (202, {})
    [event] = await sent(booking)
    row = await booking.row("SELECT id, revision, contact_ref FROM booking WHERE adults = 2")
    assert (event.data.booking_id, event.data.revision, event.data.contact_ref) == tuple(row)
    assert (event.data.revision, event.data.seats) == (2, 2)
    assert "0605" not in str(event)
    assert "sara" not in str(event).lower()


async def test_nobody_learns_whether_there_is_a_booking(booking: Booking) -> None:
    """Fails when the answer tells, or comes as soon as the work is done: bookings take longer than none."""
    for _ in range(5):
        await booked(booking, await booking.offer(session_state()))
    answers = []
    for number in (PHONE, numbers()[1]) * 3:
        began = time.perf_counter()
        async with booking.http.post(
            f"{booking.url}/v1/bookings/codes", json={"reach": {"by": "sms", "phone": number}}
        ) as answer:
            kept = {name: value for name, value in answer.headers.items() if name != "Date"}
            answers.append((answer.status, kept, await answer.read()))
        assert time.perf_counter() - began >= ANSWER_AFTER
    assert all(answer == answers[0] for answer in answers)
    assert len(await sent(booking)) == 6


async def test_codes_of_the_next_two_bookings_are_sent(booking: Booking) -> None:
    """A family's phone. Fails when they are sent in the order they were made, or all of them."""
    now, bookings = datetime.now(UTC), []
    for days in (9, 8, 7, 6, 5, 4):
        starts_at = now + timedelta(days=days)
        session = await booking.offer(session_state(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)))
        await booked(booking, session, reach={"by": "email", "email": f"{days}@example.org"})
        bookings.append(session)
    await booking.database.pool.execute("UPDATE contact SET phone = '+46701740605'")  # more than a day may book
    await ask_codes(booking, by="sms", phone=PHONE)
    assert [event.data.session_id for event in await sent(booking)] == bookings[:-3:-1]


@pytest.mark.parametrize("why", ["given back", "over", "called off", "erased", "wants no messages"])
async def test_codes_that_help_nobody_are_not_sent(booking: Booking, why: str) -> None:
    """Fails when one of these conditions is left out."""
    session = await booking.offer(session_state())
    reach = {"by": "call" if why == "wants no messages" else "sms", "phone": PHONE}
    code = await booked(booking, session, reach=reach)
    match why:
        case "given back":
            await booking.post(f"/v1/bookings/{code}/cancel", {"proof": "0605"})
        case "over":
            await booking.database.pool.execute(
                "UPDATE session SET starts_at = now() - interval '1 hour', ends_at = now() - interval '1 second'"
            )
        case "called off":
            await cancel_session(booking, session)
        case "erased":
            await booking.database.pool.execute("DELETE FROM contact")
    told = await booking.told()
    assert await ask_codes(booking, by="sms", phone=PHONE) == (202, {})
    assert await booking.told() == told


@pytest.mark.parametrize("status", ["begun", "withdrawn"])
async def test_codes_of_what_is_still_held_are_sent(booking: Booking, status: str) -> None:
    """Who stands at the door needs it. Fails when only sessions that can be booked count."""
    session = await booking.offer(session_state())
    await booked(booking, session)
    if status == "begun":
        await booking.database.pool.execute("UPDATE session SET starts_at = now() - interval '1 hour'")
    else:
        await booking.hear(SessionWithdrawn.of(session, SessionRef(session_id=session, revision=2)))
    await ask_codes(booking, by="sms", phone=PHONE)
    assert len(await sent(booking)) == 1


@pytest.mark.parametrize(
    ("reach", "type_", "field"),
    [
        ({"by": "sms", "phone": "08-465 004 00"}, "invalid-phone", "reach.phone"),
        ({"by": "sms"}, "invalid-phone", "reach.phone"),
        ({"by": "email", "email": "sara"}, "invalid-email", "reach.email"),
        ({"by": "call", "phone": PHONE}, "invalid", "reach.by"),
        ({"by": "sms", "phone": PHONE, "code": "K7F-4MQ"}, "invalid", "reach.code"),
        ({}, "invalid", "reach.by"),
    ],
)
async def test_an_address_that_is_none_is_named(
    booking: Booking, reach: dict[str, str], type_: str, field: str
) -> None:
    status, problem = await ask_codes(booking, **reach)
    assert (status, problem["type"], problem["field"]) == (422, type_, field)
    assert (await booking.row("SELECT count(*) AS n FROM limit_use"))["n"] == 0
