"""Booking at the desk: for people with any way to be reached or none, and on purpose past what is full."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from shared.events import BookingConfirmed, BookingDeclined, SessionState
from tests.integration.booking.at_desk import NONE, Desk, Json, at
from tests.integration.booking.conftest import Timed
from tests.support.samples import PHONE, booking_body, numbers, published


@pytest.fixture
async def desk(timed: Timed) -> Desk:
    return await at(timed)


@pytest.fixture
async def small(timed: Timed) -> Desk:
    """Two seats, and room for four to wait."""
    return await at(timed, capacity={"seats": 2, "queue": 4})


async def test_somebody_without_any_way_to_be_reached_gets_a_seat_and_a_code(desk: Desk) -> None:
    made = await desk.book(name="Zahra")
    assert (made["state"], made["notice"], made["reach"]["by"]) == ("confirmed", "none", "none")
    status, seen = await desk.booking.get(f"/v1/bookings/{made['code']}", **{"Plats-Proof": "za"})
    assert (status, seen["name"]) == (200, "Zahra")
    row = await desk.booking.row("SELECT channel FROM booking WHERE id = $1", UUID(made["id"]))
    assert row["channel"] == "desk"
    [entry] = await desk.audit("booked")
    assert (entry["subject"], entry["object"], entry["branch_id"]) == ("anna", made["id"], "kista")


async def test_the_desk_has_no_limits_of_visitors(desk: Desk) -> None:
    """A family of seven with one phone; a visitor would be stopped at the fourth."""
    reach = {"by": "sms", "phone": PHONE}
    for name in ("Ada", "Bo", "Cia", "Dan", "Eva", "Fia", "Gun"):
        await desk.book(name=name, reach=reach)
    assert (await desk.seats())[0] == 7


@pytest.mark.parametrize("changes", [{"policies": {"booked_by": "staff"}}, {"mode": "mixed"}])
async def test_what_only_staff_book_is_booked_at_the_desk(timed: Timed, changes: dict[str, object]) -> None:
    desk = await at(timed, **changes, capacity={"seats": 10, "walk_in": 2, "queue": 0})
    assert (await desk.book())["state"] == "confirmed"


async def test_a_late_comer_is_seated_until_the_end_and_nobody_is_told(desk: Desk) -> None:
    await desk.timed.clock.set(desk.state.ends_at - timedelta(minutes=1))
    made = await desk.book(reach={"by": "sms", "phone": PHONE})
    assert [data.how for data in await desk.told(BookingConfirmed, made)] == ["door"]
    assert (await desk.people())[made["id"]]["attendance"] == "came"
    await desk.timed.clock.set(desk.state.ends_at)
    status, problem = await desk.ask(name="Bo")
    assert (status, problem["type"]) == (409, "closed")


@pytest.mark.parametrize(
    ("who", "branches", "expected"),
    [("staff", ("husby",), 403), ("coordinator", ("kista",), 403), ("admin", (), 201), (None, (), 403)],
)
async def test_only_this_branchs_staff_book(desk: Desk, who: str, branches: tuple[str, ...], expected: int) -> None:
    headers = desk.timed.issuer.headers(who, *branches)
    status, _ = await desk.booking.post("/v1/desk/bookings", booking_body(desk.id), **headers)
    assert status == expected


async def test_the_same_tap_twice_books_once(desk: Desk) -> None:
    headers = {**desk.headers, "Idempotency-Key": "tap"}
    body = booking_body(desk.id, reach=NONE)
    made = [await desk.booking.post("/v1/desk/bookings", body, **headers) for _ in range(2)]
    assert made[0] == made[1]
    assert (await desk.seats())[0] == 1
    assert len(await desk.audit("booked")) == 1


# On behalf of somebody.


@pytest.mark.parametrize("helper", ["relative", "teacher", "colleague"])
@pytest.mark.parametrize(
    "reach",
    [{"by": "proxy", "phone": PHONE}, {"by": "proxy", "email": "eva@example.org"}],
    ids=["number", "mail"],
)
async def test_a_helper_is_reached_instead_by_number_or_by_mail(desk: Desk, helper: str, reach: Json) -> None:
    made = await desk.book(name="Farmor", reach=reach, behalf_of=helper)
    assert made["notice"] == "pending"
    row = await desk.booking.row("SELECT reach, phone, email, behalf_of FROM contact WHERE name = 'Farmor'")
    assert (row["reach"], row["behalf_of"]) == ("proxy", helper)
    [ref] = [data.contact_ref for data in await desk.told(BookingConfirmed, made)]
    _, found = await desk.booking.post("/internal/contacts", {"refs": [str(ref)]}, **desk.booking.service_headers())
    [person] = found["items"]
    assert (person["by"], person["phone"], person["email"]) == ("proxy", row["phone"], row["email"])


async def test_one_helper_books_for_several_and_each_of_them_once(desk: Desk) -> None:
    reach = {"by": "proxy", "email": "larare@example.org"}
    for name in ("Ada", "Bo"):
        await desk.book(name=name, reach=reach, behalf_of="teacher")
    status, problem = await desk.ask(name="ada", reach=reach, behalf_of="teacher")
    assert (status, problem["type"]) == (409, "already-booked")


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"reach": {"by": "sms", "phone": PHONE}, "behalf_of": "relative"}, 422, "reach.by"),
        ({"reach": {"by": "proxy"}, "behalf_of": "relative"}, 422, "reach.phone"),
        ({"reach": {"by": "proxy", "email": "eva"}, "behalf_of": "relative"}, 422, "reach.email"),
        ({"behalf_of": "neighbour"}, 422, "behalf_of"),
        ({"override": "perhaps"}, 422, "override"),
        ({"party": {"adults": 5}}, 422, "party"),
        ({"session_id": "00000000-0000-0000-0000-000000000000"}, 404, "session_id"),
    ],
)
async def test_what_is_wrong_is_named(desk: Desk, changes: Json, status: int, field: str) -> None:
    got, problem = await desk.ask(**changes)
    assert (got, problem["field"]) == (status, field)
    assert (await desk.seats())[0] == 0


# Full.


async def test_a_party_is_let_in_where_it_is_full_on_purpose_and_that_is_kept(small: Desk) -> None:
    await small.visitor(party={"adults": 2})
    status, problem = await small.ask(name="Bo")
    assert (status, problem["type"]) == (409, "sold-out")
    made = await small.book(name="Bo", override=True)
    assert await small.seats() == (3, 3, 1)
    await small.book(name="Cia", override=True, party={"adults": 2})
    assert await small.seats() == (5, 5, 3)
    entries = await small.audit("override")
    assert [(one["subject"], one["object"], one["over"]) for one in entries] == [
        ("anna", str(small.id), 2),
        ("anna", str(small.id), 1),
    ]
    await small.post(f"bookings/{made['id']}/cancel")
    assert await small.seats() == (4, 4, 2), "what was let in comes back first"


async def test_an_override_that_was_not_needed_is_not_noted(small: Desk) -> None:
    await small.book(override=True)
    assert (await small.audit("override"), await small.seats()) == ([], (1, 2, 0))


async def test_many_overrides_at_once_are_all_kept(small: Desk) -> None:
    names = [f"Sara {letter}" for letter in "abcdefghij"]
    await asyncio.gather(*(small.book(name=name, override=True) for name in names))
    assert await small.seats() == (10, 10, 8)
    assert sum(one["over"] for one in await small.audit("override")) == 8


async def test_an_override_that_fails_leaves_nothing_behind(small: Desk) -> None:
    await small.visitor(party={"adults": 2}, name="Sara")
    status, problem = await small.ask(name="Sara", reach={"by": "sms", "phone": PHONE}, override=True)
    assert (status, problem["type"]) == (409, "already-booked")
    assert (await small.audit("override"), await small.seats()) == ([], (2, 2, 0))


async def test_who_was_missed_by_mistake_is_let_in_again_on_purpose(small: Desk) -> None:
    """Their seat was above the capacity, so that it went when they were missed. Fails without the override."""
    await small.visitor(party={"adults": 2})
    made = await small.book(name="Bo", override=True)
    await small.timed.clock.set(small.state.starts_at + timedelta(minutes=10))
    assert (await small.post("attendance", booking_id=made["id"], attendance="no_show"))[0] == 200
    assert await small.seats() == (2, 2, 0)
    status, problem = await small.post("attendance", booking_id=made["id"], attendance="came")
    assert (status, problem["type"]) == (409, "sold-out")
    for _ in range(2):
        status, _ = await small.post("attendance", booking_id=made["id"], attendance="came", override=True)
        assert (status, await small.seats()) == (200, (3, 3, 1))
    assert [one["over"] for one in await small.audit("override")] == [1, 1]
    assert (await small.people())[made["id"]]["attendance"] == "came"


async def test_catalog_may_change_a_session_that_more_were_let_into(small: Desk) -> None:
    await small.visitor(party={"adults": 2})
    await small.book(name="Bo", override=True)
    for revision, seats, expected in ((2, 1, (3, 3, 1)), (3, 2, (3, 3, 1)), (4, 3, (3, 3, 0)), (5, 9, (3, 9, 0))):
        changed = small.state.model_dump() | {"revision": revision, "capacity": {"seats": seats, "queue": 4}}
        await small.booking.hear(published(SessionState.model_validate(changed)))
        assert await small.seats() == expected


async def test_the_line_is_passed_knowingly_only(small: Desk) -> None:
    phones = numbers()
    seated = await small.visitor(party={"adults": 2})
    waits = await small.visitor(name="Bo", party={"adults": 2}, reach={"by": "sms", "phone": phones[2]})
    fewer = {"proof": seated["proof"], "party": {"adults": 1}}
    status, _ = await small.booking.post(f"/v1/bookings/{seated['code']}/party", fewer)
    assert status == 200
    status, problem = await small.ask(name="Cia")
    assert (status, problem["type"]) == (409, "sold-out")
    await small.book(name="Cia", override=True)
    assert [one["over"] for one in await small.audit("override")] == [0], "nobody more than the seats, but past Bo"
    assert (await small.people())[waits["id"]]["position"] == 1
    waiting = await small.book(name="Dan", reach={"by": "sms", "phone": phones[4]}, if_full="queue")
    assert (waiting["state"], waiting["position"]) == ("queued", 2)


async def test_an_offer_is_over_when_the_desk_has_seated_who_it_was_made_to(small: Desk) -> None:
    seated = await small.visitor(party={"adults": 2}, name="Ada")
    bo = {"name": "Bo", "reach": {"by": "sms", "phone": numbers()[3]}}
    offered = await small.visitor(**bo)
    await small.booking.post(f"/v1/bookings/{seated['code']}/cancel", {"proof": seated["proof"]})
    assert (await small.people())[offered["id"]]["state"] == "offered"
    made = await small.book(**bo)
    assert (made["id"], made["code"], made["state"]) == (offered["id"], offered["code"], "confirmed")
    assert [data.how for data in await small.told(BookingConfirmed, made)] == ["offer"]
    assert not await small.told(BookingDeclined, made)
    status, problem = await small.post(f"bookings/{offered['id']}/decline")
    assert (status, problem["type"]) == (409, "offer-gone")
    assert await small.seats() == (1, 2, 0)


async def test_who_waits_is_seated_by_an_override_with_the_code_they_have(small: Desk) -> None:
    await small.visitor(party={"adults": 2}, name="Ada")
    bo = {"name": "Bo", "reach": {"by": "sms", "phone": numbers()[3]}}
    waits = await small.visitor(**bo)
    status, problem = await small.ask(**bo)
    assert (status, problem["type"]) == (409, "already-booked")
    made = await small.book(**bo, override=True, party={"adults": 2})
    assert (made["code"], made["party"]["adults"], await small.seats()) == (waits["code"], 2, (4, 4, 2))
