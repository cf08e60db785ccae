"""Staff tell everybody of a session something from a short set, and see beforehand who is told how."""

import asyncio

import pytest

from shared.events import BookingAnnounced, SessionCancellation, SessionCancelled
from tests.integration.booking.cafe import Cafe, Json, opened
from tests.integration.booking.conftest import Timed
from tests.support.samples import booking_body


@pytest.fixture
async def cafe(timed: Timed) -> Cafe:
    return await opened(timed, capacity={"seats": 5, "queue": 4})


async def announce(cafe: Cafe, announcement: str, key: str = "", *, again: bool = False) -> tuple[int, Json]:
    body = {"announcement": announcement, "again": again}
    return await cafe.desk("announcements", body, **cafe.staff(), **({"Idempotency-Key": key} if key else {}))


async def announced(cafe: Cafe) -> list[BookingAnnounced]:
    return [event for event in await cafe.booking.told() if isinstance(event, BookingAnnounced)]


async def people(cafe: Cafe) -> dict[str, Json]:
    """Five seats, one who waits, and one who has left."""
    gone = await cafe.book()
    await cafe.do(gone, "cancel")
    return {
        "sms": await cafe.book(adults=2),
        "email": await cafe.book(reach={"by": "email", "email": "amir@example.org"}, language="en"),
        "call": await cafe.book(reach={"by": "call", "phone": "08-465 004 01"}, language="so"),
        "none": await cafe.book(reach={"by": "none"}),
        "queued": await cafe.book(),
    }


async def test_each_who_has_a_seat_is_told_once(cafe: Cafe) -> None:
    everybody = await people(cafe)
    status, told = await announce(cafe, "other_entrance")
    assert status == 201, told
    events = await announced(cafe)
    assert {event.subject for event in events} == {everybody[who]["id"] for who in ("sms", "email", "call", "none")}
    assert {event.data.announcement_id for event in events} == {events[0].data.announcement_id}
    assert str(events[0].data.announcement_id) == told["id"]
    assert (told["told"]["to_call"], told["told"]["at_door"]) == (1, 1)
    for event in events:
        seen = await cafe.see(next(made for made in everybody.values() if made["id"] == event.subject))
        assert (seen["state"], seen["revision"]) == ("confirmed", event.data.revision)


async def test_some_things_are_for_those_who_wait(cafe: Cafe) -> None:
    everybody = await people(cafe)
    status, _ = await announce(cafe, "other_times")
    assert status == 201
    assert [event.subject for event in await announced(cafe)] == [everybody["queued"]["id"]]


async def test_a_preview_counts_and_tells_nobody(cafe: Cafe) -> None:
    await people(cafe)
    status, told = await cafe.desk("announcements", {"announcement": "other_entrance", "preview": True})
    assert (status, told["id"]) == (201, None)
    assert sum(some["bookings"] for some in told["told"]["people"]) == 4
    assert await announced(cafe) == []
    assert (await announce(cafe, "other_entrance"))[0] == 201, "looking is not telling"


async def test_the_same_within_an_hour_is_a_slip_unless_it_is_meant(cafe: Cafe) -> None:
    await people(cafe)
    assert (await announce(cafe, "other_entrance"))[0] == 201
    status, problem = await announce(cafe, "other_entrance")
    assert (status, problem["type"], problem["field"]) == (409, "already-announced", "announcement")
    assert (await announce(cafe, "bring_device"))[0] == 201, "something else"
    status, problem = await announce(cafe, "other_entrance", "a page's")
    assert (status, problem["type"]) == (409, "already-announced"), "a key says that it is the same request, no more"
    first, second = [await announce(cafe, "other_entrance", "another page's", again=True) for _ in range(2)]
    assert first == second
    assert first[0] == 201
    assert len(await announced(cafe)) == 12
    await cafe.passes(minutes=61)
    assert (await announce(cafe, "bring_device"))[0] == 201


async def test_two_at_once_tell_once(cafe: Cafe) -> None:
    await people(cafe)
    answers = await asyncio.gather(*(announce(cafe, "starts_later") for _ in range(4)))
    assert sorted(status for status, _ in answers) == [201, 409, 409, 409]
    assert len(await announced(cafe)) == 4


async def test_nobody_is_told_of_what_is_not_held(cafe: Cafe) -> None:
    await cafe.book()
    reason = SessionCancellation(session_id=cafe.id, revision=2, reason="illness")
    await cafe.booking.hear(SessionCancelled.of(cafe.id, reason))
    status, problem = await announce(cafe, "starts_later")
    assert (status, problem["type"]) == (409, "closed")


async def test_nobody_is_told_of_what_is_over(cafe: Cafe) -> None:
    await cafe.book()
    await cafe.passes(days=10, minutes=10)
    assert (await announce(cafe, "starts_later"))[0] == 201, "some are still on their way"
    await cafe.passes(hours=2)
    assert (await announce(cafe, "other_entrance"))[0] == 409


@pytest.mark.parametrize("body", [{"announcement": "<script>"}, {"announcement": ""}, {}, {"announcement": "x" * 9000}])
async def test_only_what_is_in_the_set(cafe: Cafe, body: Json) -> None:
    status, problem = await cafe.desk("announcements", body)
    assert (status, problem["field"]) == (422, "announcement")


def by_proxy(cafe: Cafe, helper: Json) -> Json:
    """Somebody whose relative is written to, let in past those who wait."""
    return booking_body(cafe.id, language="fa", reach={"by": "proxy"} | helper, behalf_of="relative", override=True)


async def test_how_many_are_told_how_is_known_beforehand(cafe: Cafe) -> None:
    await people(cafe)
    for helper in ({"phone": "070 174 06 98"}, {"email": "dotter@example.org"}):
        status, made = await cafe.booking.post("/v1/desk/bookings", by_proxy(cafe, helper), **cafe.staff())
        assert (status, made["state"]) == (201, "confirmed"), made
    status, found = await cafe.booking.get(f"/v1/sessions/{cafe.id}/reach", **cafe.staff())
    assert status == 200
    assert found["people"] == [
        {"state": "confirmed", "channel": "call", "language": "so", "bookings": 1, "persons": 1},
        {"state": "confirmed", "channel": "door", "language": "sv", "bookings": 1, "persons": 1},
        {"state": "confirmed", "channel": "email", "language": "en", "bookings": 1, "persons": 1},
        {"state": "confirmed", "channel": "email", "language": "fa", "bookings": 1, "persons": 1},
        {"state": "confirmed", "channel": "sms", "language": "fa", "bookings": 1, "persons": 1},
        {"state": "confirmed", "channel": "sms", "language": "sv", "bookings": 1, "persons": 2},
        {"state": "queued", "channel": "sms", "language": "sv", "bookings": 1, "persons": 1},
    ]
    assert (found["to_call"], found["at_door"]) == (1, 1)


@pytest.mark.parametrize(
    ("role", "branches", "status"), [("staff", ("farsta",), 403), ("coordinator", ("kista",), 403), (None, (), 403)]
)
async def test_only_the_branch_s_staff(cafe: Cafe, role: str | None, branches: tuple[str, ...], status: int) -> None:
    headers = cafe.timed.issuer.headers(role, *branches)
    assert (await cafe.booking.get(f"/v1/sessions/{cafe.id}/reach", **headers))[0] == status
    assert (await cafe.desk("announcements", {"announcement": "starts_later"}, **headers))[0] == status
    unknown = await cafe.booking.get("/v1/sessions/01990000-0000-7000-8000-000000000000/reach", **cafe.staff())
    assert unknown[0] == 404
