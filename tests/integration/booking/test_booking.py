import asyncio
import io
import json
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from yarl import URL

from services.booking.events import handlers
from shared.events import (
    AnyEvent,
    AvailabilityChanged,
    BookingCancelled,
    BookingConfirmed,
    BookingRescheduled,
    MessageDelivered,
    MessageDispatch,
    MessageSent,
    MessageState,
    SessionCancellation,
    SessionCancelled,
    SessionRef,
    SessionWithdrawn,
)
from tests.integration.booking.conftest import HOURS, Booking
from tests.support.samples import PHONE, booking_body, numbers, published, session_state
from tests.support.servers import eventually


async def test_a_booking_is_a_seat_a_code_and_two_events(booking: Booking) -> None:
    session = await booking.offer(session_state())
    status, made = await booking.post("/v1/bookings", booking_body(session, party={"adults": 2, "children": 1}))
    assert status == 201
    assert made["state"] == "confirmed"
    assert made["party"] == {"adults": 2, "children": 1}
    assert made["reach"] == {"by": "sms", "hint": "070-… 05"}
    assert made["notice"] == "pending"
    told = await booking.told()
    assert [type(event) for event in told] == [AvailabilityChanged, BookingConfirmed, AvailabilityChanged]
    assert isinstance(told[2], AvailabilityChanged)
    assert (told[2].data.revision, told[2].data.taken, told[2].data.left) == (2, 3, 12)
    assert "0605" not in str(told)


async def test_see_and_cancel_by_code_and_proof_however_the_code_is_typed(booking: Booking) -> None:
    session = await booking.offer(session_state())
    _, made = await booking.post("/v1/bookings", booking_body(session))
    typed = str(made["code"]).replace("-", "").lower()
    status, seen = await booking.get(f"/v1/bookings/{typed}", **{"Plats-Proof": "0605"})
    assert (status, seen["name"]) == (200, "Sara")
    status, gone = await booking.post(f"/v1/bookings/{typed}/cancel", {"proof": "0605"})
    assert (status, gone["state"], gone["late"]) == (200, "cancelled", False)
    assert (await booking.row("SELECT taken FROM session"))["taken"] == 0
    again = await booking.post(f"/v1/bookings/{typed}/cancel", {"proof": "0605"})
    assert again == (200, gone)
    told = await booking.told()
    assert [type(event) for event in told[3:]] == [BookingCancelled, AvailabilityChanged], "told once"
    status, _ = await booking.post("/v1/bookings", booking_body(session))
    assert status == 201, "who has cancelled may book again"


async def test_unknown_code_and_wrong_proof_get_the_same_answer(booking: Booking) -> None:
    session = await booking.offer(session_state())
    _, made = await booking.post("/v1/bookings", booking_body(session))
    wrong = await booking.get(f"/v1/bookings/{made['code']}", **{"Plats-Proof": "0000"})
    missing = await booking.get(f"/v1/bookings/{made['code']}")
    unknown = await booking.get("/v1/bookings/K7F-4MQ", **{"Plats-Proof": "0605"})
    assert wrong == missing == unknown
    assert wrong[0] == 403
    assert wrong[1]["type"] == "wrong-proof"
    assert await booking.post(f"/v1/bookings/{made['code']}/cancel", {"proof": "0000"}) == wrong


async def test_without_a_phone_the_name_is_the_proof(booking: Booking) -> None:
    session = await booking.offer(session_state())
    _, made = await booking.post("/v1/bookings", booking_body(session, name="نور الدين", reach={"by": "none"}))
    assert made["notice"] == "none"
    status, _ = await booking.post(f"/v1/bookings/{made['code']}/cancel", {"proof": "نو"})
    assert status == 200


@pytest.mark.parametrize(
    ("changes", "status", "type_", "field"),
    [
        ({"session_id": str(uuid4())}, 404, "unknown-session", "session_id"),
        ({"session_id": "tuesday"}, 422, "invalid", "session_id"),
        ({"party": {"adults": -1}}, 422, "invalid", "party.adults"),
        ({"party": {"adults": 0, "children": 0}}, 422, "party-empty", "party"),
        ({"party": {"adults": 5}}, 422, "party-too-large", "party"),
        ({"party": {"adults": "many"}}, 422, "invalid", "party.adults"),
        ({"name": "x" * 61}, 422, "invalid", "name"),
        ({"name": "  "}, 422, "invalid", "name"),
        ({"name": "a\x00b"}, 422, "invalid", "name"),
        ({"name": "12"}, 422, "invalid", "name"),
        ({"name": "Vinn pengar på http://evil.example"}, 422, "invalid", "name"),
        ({"reach": {"by": "sms", "phone": "08-465 004 00"}}, 422, "invalid-phone", "reach.phone"),
        ({"reach": {"by": "sms", "phone": "phone"}}, 422, "invalid-phone", "reach.phone"),
        ({"reach": {"by": "sms"}}, 422, "invalid-phone", "reach.phone"),
        ({"reach": {"by": "email", "email": "sara"}}, 422, "invalid-email", "reach.email"),
        ({"reach": {"by": "pigeon"}}, 422, "invalid", "reach.by"),
        ({"language": "svenska!"}, 422, "invalid", "language"),
        ({"personnummer": "19121212-1212"}, 422, "invalid", "personnummer"),
    ],
)
async def test_wrong_input_names_the_field_and_changes_nothing(
    booking: Booking, changes: dict[str, Any], status: int, type_: str, field: str
) -> None:
    session = await booking.offer(session_state())
    got, problem = await booking.post("/v1/bookings", booking_body(session) | changes)
    assert (got, problem["status"], problem["type"], problem["field"]) == (status, status, type_, field)
    assert len(await booking.told()) == 1, "only the session's own event"
    assert (await booking.row("SELECT count(*) AS n FROM contact"))["n"] == 0


async def test_children_come_with_an_adult_where_the_seats_are_theirs(booking: Booking) -> None:
    """Fails when the refusal has no answer of its own, or a booking can become one of children alone."""
    session = await booking.offer(session_state(counts="children"))
    status, problem = await booking.post(
        "/v1/bookings", booking_body(session, party={"adults": 0, "children": 2}, reach={"by": "none"})
    )
    assert (status, problem["type"], problem["field"]) == (422, "adult-missing", "party.adults")
    _, made = await booking.post(
        "/v1/bookings", booking_body(session, party={"adults": 1, "children": 2}, reach={"by": "none"})
    )
    fewer = {"proof": made["proof"], "party": {"adults": 0, "children": 2}}
    status, problem = await booking.post(f"/v1/bookings/{made['code']}/party", fewer)
    assert (status, problem["type"], problem["field"]) == (422, "adult-missing", "party.adults")


@pytest.mark.parametrize("name", ["x" * 60, "\u0958" * 30, "محمد", "Anna-Karin D'Arc"])
async def test_names_of_all_people(booking: Booking, name: str) -> None:
    session = await booking.offer(session_state())
    status, made = await booking.post("/v1/bookings", booking_body(session, name=name))
    assert (status, made["name"]) == (201, unicodedata.normalize("NFC", name))


@pytest.mark.parametrize(
    ("data", "content_type", "status", "type_"),
    [
        (b"{", "application/json", 400, "malformed-json"),
        (b"\xff\xfe", "application/json", 400, "malformed-json"),
        (b"[]", "application/json", 422, "invalid"),
        (b"name=Sara", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        (b" " * 2_000_000, "application/json", 413, "too-large"),
    ],
)
async def test_bodies_that_are_no_booking(
    booking: Booking, data: bytes, content_type: str, status: int, type_: str
) -> None:
    async with booking.http.post(
        f"{booking.url}/v1/bookings", data=io.BytesIO(data), headers={"Content-Type": content_type}
    ) as answer:
        assert answer.status == status
        assert answer.content_type == "application/problem+json"
        assert (await answer.json())["type"] == type_


async def test_full_is_full(booking: Booking) -> None:
    session = await booking.offer(session_state(capacity={"seats": 2}))
    first, second, third = numbers()[:3]
    assert (await booking.post("/v1/bookings", booking_body(session, reach={"by": "sms", "phone": first})))[0] == 201
    pair = booking_body(session, party={"adults": 2}, reach={"by": "sms", "phone": second})
    status, problem = await booking.post("/v1/bookings", pair)
    assert (status, problem["type"]) == (409, "sold-out")
    assert (await booking.post("/v1/bookings", booking_body(session, reach={"by": "sms", "phone": third})))[0] == 201


async def test_sixty_visitors_want_fifteen_seats_at_once(booking: Booking) -> None:
    """Fails when the session's row is read without its lock (the database's own checks then answer 500)."""
    session = await booking.offer(session_state())
    answers = await asyncio.gather(
        *(
            booking.post("/v1/bookings", booking_body(session, reach={"by": "sms", "phone": number}))
            for number in numbers()[:60]
        )
    )
    assert sorted(status for status, _ in answers) == [201] * 15 + [409] * 45
    row = await booking.row(
        "SELECT taken, revision, (SELECT sum(seats) FROM booking WHERE state = 'confirmed') AS sum FROM session"
    )
    assert (row["taken"], row["sum"], row["revision"]) == (15, 15, 16)


async def test_a_family_shares_a_phone_but_a_person_books_once(booking: Booking) -> None:
    session = await booking.offer(session_state())
    assert (await booking.post("/v1/bookings", booking_body(session, name="Sara")))[0] == 201
    assert (await booking.post("/v1/bookings", booking_body(session, name="Amir")))[0] == 201
    status, problem = await booking.post("/v1/bookings", booking_body(session, name="  SARA "))
    assert (status, problem["type"], problem["field"]) == (409, "already-booked", "name")
    other = await booking.offer(session_state())
    assert (await booking.post("/v1/bookings", booking_body(other, name="Sara")))[0] == 201


async def test_who_has_a_seat_in_a_full_session_is_told_so(booking: Booking) -> None:
    session = await booking.offer(session_state(capacity={"seats": 1}))
    await booking.post("/v1/bookings", booking_body(session))
    assert (await booking.post("/v1/bookings", booking_body(session)))[1]["type"] == "already-booked"


async def test_drop_in_and_bygone_sessions_take_no_bookings(booking: Booking) -> None:
    drop_in = await booking.offer(session_state(mode="drop_in"))
    assert (await booking.post("/v1/bookings", booking_body(drop_in)))[1]["type"] == "not-open"
    now = datetime.now(UTC)
    begun = await booking.offer(session_state(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=1)))
    assert (await booking.post("/v1/bookings", booking_body(begun)))[1]["type"] == "closed"


async def test_cancelling_ends_at_the_start(booking: Booking) -> None:
    session = await booking.offer(session_state())
    _, made = await booking.post("/v1/bookings", booking_body(session))
    await booking.database.pool.execute("UPDATE session SET starts_at = now() - interval '1 second'")
    status, problem = await booking.post(f"/v1/bookings/{made['code']}/cancel", {"proof": "0605"})
    assert (status, problem["type"]) == (409, "closed")


# --- the same request twice


async def test_a_repeated_key_gets_the_same_answer_and_one_booking(booking: Booking) -> None:
    session = await booking.offer(session_state())
    first = await booking.post("/v1/bookings", booking_body(session), **{"Idempotency-Key": "k1"})
    again = await booking.post("/v1/bookings", booking_body(session), **{"Idempotency-Key": "k1"})
    assert first == again
    assert first[0] == 201
    assert (await booking.row("SELECT count(*) AS n FROM booking"))["n"] == 1


async def test_a_refusal_is_remembered_too(booking: Booking) -> None:
    session = await booking.offer(session_state(capacity={"seats": 1}))
    _, made = await booking.post("/v1/bookings", booking_body(session))
    body = booking_body(session, name="Amir")
    refused = await booking.post("/v1/bookings", body, **{"Idempotency-Key": "k2"})
    assert (refused[0], refused[1]["type"]) == (409, "sold-out")
    await booking.post(f"/v1/bookings/{made['code']}/cancel", {"proof": "0605"})
    assert await booking.post("/v1/bookings", body, **{"Idempotency-Key": "k2"}) == refused


async def test_a_refusal_by_the_database_undoes_its_part_only(booking: Booking) -> None:
    """Fails without the savepoint: the refused insert would take the key's row with it."""
    session = await booking.offer(session_state())
    await booking.post("/v1/bookings", booking_body(session))
    refused = await booking.post("/v1/bookings", booking_body(session), **{"Idempotency-Key": "k5"})
    assert (refused[0], refused[1]["type"]) == (409, "already-booked")
    assert await booking.post("/v1/bookings", booking_body(session), **{"Idempotency-Key": "k5"}) == refused
    row = await booking.row(
        "SELECT (SELECT count(*) FROM booking) AS bookings, (SELECT count(*) FROM contact) AS contacts"
    )
    assert (row["bookings"], row["contacts"]) == (1, 1)


async def test_a_key_with_another_body_is_a_mistake(booking: Booking) -> None:
    """Fails when a known key is answered without a look at what was asked."""
    session = await booking.offer(session_state())
    await booking.post("/v1/bookings", booking_body(session), **{"Idempotency-Key": "k3"})
    status, problem = await booking.post(
        "/v1/bookings", booking_body(session, name="Amir"), **{"Idempotency-Key": "k3"}
    )
    assert (status, problem["type"], problem["field"]) == (422, "idempotency-key-reused", "Idempotency-Key")


async def test_ten_clicks_at_once_are_one_booking(booking: Booking) -> None:
    session = await booking.offer(session_state())
    answers = await asyncio.gather(
        *(booking.post("/v1/bookings", booking_body(session), **{"Idempotency-Key": "k4"}) for _ in range(10))
    )
    assert {status for status, _ in answers} == {201}
    assert len({body["code"] for _, body in answers}) == 1


# --- what catalog says


async def test_older_news_of_a_session_changes_nothing(booking: Booking) -> None:
    state = session_state(revision=5)
    await booking.offer(state)
    await booking.hear(published(state.model_copy(update={"revision": 4, "mode": "drop_in"})))
    assert (await booking.row("SELECT mode FROM session"))["mode"] == "booking"
    assert len(await booking.told()) == 1


async def test_moving_a_session_tells_everybody_who_has_a_seat(booking: Booking) -> None:
    state = session_state()
    session = await booking.offer(state)
    _, made = await booking.post("/v1/bookings", booking_body(session))
    later = {"revision": 2, "starts_at": state.starts_at + timedelta(hours=1), "room": "Studion"}
    await booking.hear(published(state.model_copy(update=later | {"ends_at": state.ends_at + timedelta(hours=1)})))
    moved = [event for event in await booking.told() if isinstance(event, BookingRescheduled)]
    assert [(event.data.session_revision, event.data.changed, event.data.revision) for event in moved] == [
        (2, ("time", "place"), 2)
    ]
    assert (await booking.get(f"/v1/bookings/{made['code']}", **{"Plats-Proof": "0605"}))[1]["state"] == "confirmed"


async def test_a_cancelled_session_gives_every_seat_back_and_tells_each_once(booking: Booking) -> None:
    state = session_state()
    session = await booking.offer(state)
    for number in numbers()[:3]:
        await booking.post("/v1/bookings", booking_body(session, reach={"by": "sms", "phone": number}))
    cancelled = SessionCancelled.of(session, SessionCancellation(session_id=session, revision=2, reason="illness"))
    await booking.hear(cancelled, cancelled)
    told = [event for event in await booking.told() if isinstance(event, BookingCancelled)]
    assert [(event.data.by, event.data.reason) for event in told] == [("library", "session_cancelled")] * 3
    assert (await booking.row("SELECT taken, status FROM session"))["taken"] == 0
    assert (await booking.post("/v1/bookings", booking_body(session)))[1]["type"] == "closed"
    await booking.hear(published(state.model_copy(update={"revision": 3})))
    assert (await booking.row("SELECT status FROM session"))["status"] == "cancelled", "cancelled is for good"


async def test_a_withdrawn_session_takes_no_bookings_and_keeps_those_it_has(booking: Booking) -> None:
    state = session_state()
    session = await booking.offer(state)
    await booking.post("/v1/bookings", booking_body(session))
    await booking.hear(SessionWithdrawn.of(session, SessionRef(session_id=session, revision=2)))
    assert (await booking.post("/v1/bookings", booking_body(session, name="Amir")))[1]["type"] == "closed"
    assert (await booking.row("SELECT taken FROM session"))["taken"] == 1
    await booking.hear(published(state.model_copy(update={"revision": 3})))
    assert (await booking.post("/v1/bookings", booking_body(session, name="Amir")))[0] == 201


async def test_a_withdrawal_that_overtakes_a_move_loses_neither(booking: Booking) -> None:
    """Fails when one revision stands for both: the move then counts as old, and nobody with a seat hears of it."""
    state = session_state()
    session = await booking.offer(state)
    await booking.post("/v1/bookings", booking_body(session))
    move = {"starts_at": state.starts_at + timedelta(hours=1), "ends_at": state.ends_at + timedelta(hours=1)}
    moved = published(state.model_copy(update={"revision": 2} | move))
    await booking.hear(SessionWithdrawn.of(session, SessionRef(session_id=session, revision=3)), moved, moved)
    row = await booking.row("SELECT status, starts_at, catalog_revision FROM session")
    assert tuple(row) == ("withdrawn", move["starts_at"], 3)
    assert [type(event) for event in await booking.told()].count(BookingRescheduled) == 1
    await booking.hear(published(state.model_copy(update={"revision": 4} | move)))
    assert (await booking.row("SELECT status FROM session"))["status"] == "published"


async def test_older_terms_do_not_win_over_those_an_older_version_wrote(booking: Booking) -> None:
    """Two versions run side by side while one replaces the other. Fails when ``terms_revision`` is always believed."""
    state = session_state(revision=3)
    session = await booking.offer(state)
    await booking.database.pool.execute(  # as the version before this column takes over revision 5
        "UPDATE session SET revision = revision + 1, catalog_revision = 5, seats = 9, ceiling = 9 WHERE id = $1",
        session,
    )
    await booking.hear(published(state.model_copy(update={"revision": 4})))
    assert tuple(await booking.row("SELECT catalog_revision, seats FROM session")) == (5, 9)
    await booking.hear(published(state.model_copy(update={"revision": 6})))
    assert tuple(await booking.row("SELECT catalog_revision, seats FROM session")) == (6, 15)


async def test_a_cancellation_that_overtakes_its_session_leaves_nothing_to_book(booking: Booking) -> None:
    state = session_state()
    ref = SessionCancellation(session_id=state.session_id, revision=2, reason="illness")
    await booking.hear(SessionCancelled.of(state.session_id, ref), published(state))
    status, problem = await booking.post("/v1/bookings", booking_body(state.session_id))
    assert (status, problem["type"]) == (404, "unknown-session")


@pytest.mark.parametrize("first", ["published", "cancelled"])
async def test_a_session_that_ends_while_it_is_published_stays_ended(booking: Booking, first: str) -> None:
    """Both events are handled at once, each before the other commits. Fails without the turn they take."""
    state = session_state()
    ref = SessionCancellation(session_id=state.session_id, revision=2, reason="illness")
    events: list[AnyEvent] = [published(state), SessionCancelled.of(state.session_id, ref)]
    if first == "cancelled":
        events.reverse()
    async with booking.database.transaction() as conn:
        await handlers(HOURS)[type(events[0])](conn, events[0])
        second = asyncio.create_task(booking.hear(events[1]))

        async def waits() -> bool:
            query = "SELECT true FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            return second.done() or bool(await booking.database.pool.fetchval(query))

        await eventually(waits)
    await second
    status, _ = await booking.post("/v1/bookings", booking_body(state.session_id))
    assert status in {404, 409}


async def test_lowering_the_capacity_keeps_the_seats_and_stops_new_ones(booking: Booking) -> None:
    state = session_state(capacity={"seats": 3})
    session = await booking.offer(state)
    for number in numbers()[:3]:
        await booking.post("/v1/bookings", booking_body(session, reach={"by": "sms", "phone": number}))
    await booking.hear(published(session_state(**state.model_dump() | {"revision": 2, "capacity": {"seats": 1}})))
    row = await booking.row("SELECT taken, ceiling FROM session")
    assert (row["taken"], row["ceiling"]) == (3, 3)
    assert (await booking.post("/v1/bookings", booking_body(session, name="Amir")))[1]["type"] == "sold-out"
    newest = (await booking.told())[-1]
    assert isinstance(newest, AvailabilityChanged)
    assert (newest.data.left, newest.data.taken, newest.data.capacity) == (0, 3, 1)


# --- what notify says


async def test_the_visitor_sees_what_became_of_the_message(booking: Booking) -> None:
    session = await booking.offer(session_state())
    _, made = await booking.post("/v1/bookings", booking_body(session))
    about = (await booking.row("SELECT id FROM booking"))["id"]
    message = uuid4()

    def state(revision: int) -> dict[str, Any]:
        return {
            "message_id": message,
            "revision": revision,
            "contact_ref": uuid4(),
            "about": about,
            "template": "confirmed",
            "channel": "sms",
        }

    delivered = MessageDelivered.of(message, MessageState(**state(3)))
    sent = MessageSent.of(message, MessageDispatch(**state(2), sent_at=datetime.now(UTC)))
    await booking.hear(delivered, sent)
    _, seen = await booking.get(f"/v1/bookings/{made['code']}", **{"Plats-Proof": "0605"})
    assert seen["notice"] == "delivered"


# --- contact details


async def test_contacts_are_for_our_own_services_only(booking: Booking) -> None:
    session = await booking.offer(session_state())
    _, made = await booking.post("/v1/bookings", booking_body(session))
    ref: UUID = (await booking.row("SELECT contact_ref FROM booking"))["contact_ref"]
    body = {"refs": [str(ref), str(uuid4())]}
    status, found = await booking.post("/internal/contacts", body, **booking.service_headers())
    assert status == 200
    assert found == {
        "items": [
            {
                "ref": str(ref),
                "name": "Sara",
                "phone": "+46701740605",
                "email": None,
                "by": "sms",
                "code": made["code"],
                "language": "sv",
                "answer_by": None,
            }
        ]
    }
    assert (await booking.post("/internal/contacts", body))[0] == 401
    assert (await booking.post("/internal/contacts", body, **booking.service_headers("notify")))[0] == 401
    assert (await booking.post("/internal/contacts", body, **booking.service_headers(key="0c" * 32)))[0] == 401


async def test_erasing_a_person_is_one_row(booking: Booking) -> None:
    """Afterwards nothing in the whole database names them: fails without the trigger on contact."""
    session = await booking.offer(session_state())
    body = booking_body(session, name="Zebedeus", reach={"by": "sms", "phone": PHONE, "email": "zebedeus@example.org"})
    _, made = await booking.post("/v1/bookings", body, **{"Idempotency-Key": "k6"})
    await booking.database.pool.execute("DELETE FROM contact")
    tables = await booking.database.pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for table in tables:
        rows = await booking.database.pool.fetch(f"SELECT t::text FROM {table['tablename']} t")  # noqa: S608 - its own tables
        text = " ".join(str(row[0]) for row in rows)
        assert not re.search(rf"Zebedeus|zebedeus|701740605|{made['code']}", text), table["tablename"]
    assert (await booking.row("SELECT person FROM booking"))["person"] is None
    assert (await booking.row("SELECT taken FROM session"))["taken"] == 1, "the seat is still counted"


@pytest.mark.parametrize(
    ("request_line", "header", "status"),
    [
        ("GET /v1/bookings/K7F-4MQ", b"Plats-Proof: \xff", 403),
        ("POST /v1/bookings", b"Idempotency-Key: \xff", 422),
        ("POST /internal/contacts", b"Authorization: Bearer \xff", 401),
    ],
)
async def test_odd_bytes_in_headers_are_refused_not_stumbled_over(
    booking: Booking, request_line: str, header: bytes, status: int
) -> None:
    session = await booking.offer(session_state())
    data = json.dumps({"refs": []} if "internal" in request_line else booking_body(session)).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", URL(booking.url).port)
    head = f"{request_line} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Type: application/json\r\n"
    writer.write(head.encode() + header + f"\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())


# --- the database stands behind the rules


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE session SET taken = taken + 1, ceiling = ceiling + 1", "session_ceiling_rises_only_with_capacity"),
        ("UPDATE session SET taken = 16", "session_taken_within_ceiling"),
        ("UPDATE session SET taken = -1", "session_taken_within_ceiling"),
        ("UPDATE session SET taken = 5", "session_taken_is_sum"),
        ("UPDATE booking SET seats = 2", "session_taken_is_sum"),
        ("UPDATE booking SET state = 'cancelled'", "booking_cancelled"),
        ("UPDATE booking SET adults = 0", "booking_party"),
        ("UPDATE session SET walk_in = 16", "session_walk_in"),
        ("UPDATE session SET ends_at = starts_at", "session_ends_after_start"),
        ("UPDATE contact SET phone = '070'", "contact_phone"),
        ("UPDATE contact SET phone = NULL", "contact_reachable"),
        ("UPDATE contact SET name = ''", "contact_name"),
    ],
)
async def test_the_database_refuses_what_no_rule_allows(booking: Booking, statement: str, constraint: str) -> None:
    session = await booking.offer(session_state())
    await booking.post("/v1/bookings", booking_body(session, reach={"by": "sms", "phone": PHONE}))
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await booking.database.pool.execute(statement)
    assert refused.value.constraint_name == constraint


async def test_health_metrics_and_the_api_description(booking: Booking) -> None:
    status, ready = await booking.get("/health/ready")
    assert (status, ready["checks"]) == (503, {"database": True, "relay": False, "consumer": False, "running": True})
    assert (await booking.get("/health/live"))[0] == 200
    async with booking.http.get(f"{booking.url}/metrics") as answer:
        assert "plats_http_seconds" in await answer.text()
    status, problem = await booking.get("/v1/nowhere")
    assert (status, problem["type"]) == (404, "not-found")
