"""People at the desk: correcting how they are reached, and finding them by what they have with them."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.booking.store import series_bookings
from shared.events import BookingCodeRequested, BookingOffered, MessageFailed, MessageFailure, SeriesBooked
from shared.ids import new_id
from tests.integration.booking.at_desk import NONE, Desk, at
from tests.integration.booking.conftest import Timed
from tests.integration.booking.term import Term
from tests.support.samples import PHONE, booking_body, numbers
from tests.support.servers import eventually


@pytest.fixture
async def desk(timed: Timed) -> Desk:
    return await at(timed)


@pytest.fixture
async def small(timed: Timed) -> Desk:
    """Two seats, and room for four to wait."""
    return await at(timed, capacity={"seats": 2, "queue": 4})


async def test_a_wrong_number_is_corrected_and_the_code_goes_to_the_right_one(desk: Desk) -> None:
    wrong, right = numbers()[:2]
    made = await desk.book(name="Sara", reach={"by": "sms", "phone": wrong})
    status, found = await desk.post(f"bookings/{made['id']}/reach", reach={"by": "sms", "phone": right})
    assert (status, found["items"][0]["reach"]["hint"][-2:]) == (200, right[-2:])
    assert len(await desk.told(BookingCodeRequested, made)) == 1
    [entry] = await desk.audit("reach")
    assert (entry["object"], entry["fields"]) == (made["id"], ["reach.phone"])
    assert right not in str(entry)
    status, problem = await desk.ask(name="Sara", reach={"by": "sms", "phone": right})
    assert (status, problem["type"]) == (409, "already-booked"), "they are known by the new number"
    assert (await desk.ask(name="Sara", reach={"by": "sms", "phone": wrong}))[0] == 201, "whose the wrong one is"


async def test_a_number_that_the_same_name_books_with_is_refused(desk: Desk) -> None:
    one, other = numbers()[:2]
    first = await desk.book(name="Sara", reach={"by": "sms", "phone": one})
    await desk.book(name="Sara", reach={"by": "sms", "phone": other})
    status, problem = await desk.post(f"bookings/{first['id']}/reach", reach={"by": "sms", "phone": other})
    assert (status, problem["type"]) == (409, "already-booked")
    row = await desk.booking.row(
        "SELECT phone FROM contact c JOIN booking b ON b.contact_ref = c.ref WHERE b.id = $1", UUID(first["id"])
    )
    assert row["phone"] == one


async def test_an_offer_that_reached_nobody_goes_to_the_right_number(small: Desk) -> None:
    seated = await small.visitor(party={"adults": 2}, name="Ada")
    waits = await small.visitor(name="Bo", reach={"by": "sms", "phone": numbers()[3]})
    await small.booking.post(f"/v1/bookings/{seated['code']}/cancel", {"proof": seated["proof"]})
    failure = MessageFailure(
        message_id=new_id(),
        revision=1,
        contact_ref=new_id(),
        about=UUID(waits["id"]),
        template="offered",
        channel="sms",
        reason="unreachable",
    )
    await small.booking.hear(MessageFailed.of(failure.message_id, failure))
    assert (await small.people())[waits["id"]]["to_call"]
    await small.post(f"bookings/{waits['id']}/reach", reach={"by": "sms", "phone": numbers()[4]})
    offers = await small.told(BookingOffered, waits)
    assert [data.revision for data in offers] == [2, 3]
    assert not (await small.people())[waits["id"]]["to_call"], "the message is on its way"
    assert not await small.told(BookingCodeRequested, waits)


async def test_who_waits_must_be_reached_somehow(small: Desk) -> None:
    await small.visitor(party={"adults": 2}, name="Ada")
    waits = await small.visitor(name="Bo", reach={"by": "sms", "phone": numbers()[3]})
    status, problem = await small.post(f"bookings/{waits['id']}/reach", reach=NONE)
    assert (status, problem["type"], problem["field"]) == (422, "unreachable", "reach.by")


async def test_nothing_is_sent_where_nobody_is_written_to_or_it_is_over(desk: Desk) -> None:
    made = await desk.book(name="Sara", reach={"by": "sms", "phone": PHONE})
    await desk.post(f"bookings/{made['id']}/reach", reach={"by": "call", "phone": PHONE})
    assert (await desk.people())[made["id"]]["reach"]["by"] == "call"
    await desk.timed.clock.set(desk.state.ends_at)
    status, _ = await desk.post(f"bookings/{made['id']}/reach", reach={"by": "sms", "phone": PHONE})
    assert (status, await desk.told(BookingCodeRequested, made)) == (200, [])


async def test_who_booked_a_whole_term_is_reached_another_way_for_all_of_it(timed: Timed) -> None:
    term = await Term(timed.booking, weeks=3).published()
    wrong, right = numbers()[:2]
    made = await term.booked(reach={"by": "sms", "phone": wrong})
    desk = Desk(timed, term.dates[1])
    [one] = await desk.people()
    status, _ = await desk.post(f"bookings/{one}/reach", reach={"by": "sms", "phone": right})
    assert status == 200
    rows = await timed.booking.database.pool.fetch("SELECT phone, count(*) AS times FROM contact GROUP BY phone")
    assert [tuple(row) for row in rows] == [(right, 4)]
    assert (await term.seen(made | {"proof": right[-4:]}))["booked"]
    status, problem = await Desk(timed, term.dates[2]).ask(reach={"by": "sms", "phone": right})
    assert (status, problem["type"]) == (409, "already-booked")
    assert [len(await timed.booking.database.pool.fetch("SELECT FROM booking WHERE person IS NULL"))] == [0]
    assert not await term.told(BookingCodeRequested)
    first, again = [event.data for event in await term.told(SeriesBooked)]
    assert (again.revision, again.sessions) == (2, first.sessions), "all of it is told again, under its own code"


async def test_a_number_is_corrected_while_its_term_is_still_being_booked(timed: Timed) -> None:
    """Fails when a turn with a session is taken before that with the series: the two would wait for each other."""
    term = await Term(timed.booking, weeks=3).published()
    wrong, right = numbers()[:2]
    made = await term.booked(reach={"by": "sms", "phone": wrong})
    id_ = await term.id_of(made)
    desk = Desk(timed, term.dates[1])
    [one] = await desk.people()
    async with timed.booking.database.transaction() as conn:
        await series_bookings.lock(conn, id_)
        correcting = asyncio.create_task(desk.post(f"bookings/{one}/reach", reach={"by": "sms", "phone": right}))
        await eventually(lambda: somebody_waits(timed))
        await conn.execute("SELECT FROM session WHERE id = $1 FOR UPDATE NOWAIT", term.dates[1].session_id)
    assert (await correcting)[0] == 200


async def somebody_waits(timed: Timed) -> bool:
    waiting = (
        "SELECT true FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1"
    )
    return bool(await timed.booking.database.pool.fetchval(waiting))


async def test_another_sessions_booking_is_not_corrected_here(desk: Desk) -> None:
    made = await desk.book()
    other = await at(desk.timed)
    status, problem = await other.post(f"bookings/{made['id']}/reach", reach={"by": "sms", "phone": PHONE})
    assert (status, problem["type"]) == (404, "unknown-booking")


# Finding.


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("åsa", True),
        ("ASA", True),
        ("Åsa Lind", True),
        ("lind", True),
        ("karin", True),
        ("isa", False),
        ("sa", False),
        ("605", True),
        ("06 05", True),
        ("070-174 06 05", True),
        ("+46 70 174 06 05", True),
        ("174", False),
        ("٦٠٥", True),
    ],
)
async def test_somebody_is_found(desk: Desk, typed: str, *, found: bool) -> None:
    await desk.book(name="Åsa Lindqvist-Karin", reach={"by": "sms", "phone": PHONE})
    assert await desk.finds(typed) == (["Åsa Lindqvist-Karin"] if found else [])


async def test_somebody_is_found_by_their_code(desk: Desk) -> None:
    made = await desk.book(name="Амина")
    for typed in (made["code"], made["code"].lower().replace("-", " ")):
        assert await desk.finds(typed) == ["Амина"]
    assert await desk.finds("амин") == ["Амина"]


@pytest.mark.parametrize("typed", ["", "  ", "a", "%a", "12", "-", "x" * 61])
async def test_what_finds_too_many_is_refused(desk: Desk, typed: str) -> None:
    status, problem = await desk.search(typed)
    assert (status, problem["field"]) == (422, "q")


async def test_only_yesterday_and_what_comes_is_looked_through_and_only_here(desk: Desk) -> None:
    elsewhere = await at(desk.timed, branch=desk.state.branch.model_dump() | {"id": "husby"})
    headers = desk.timed.issuer.headers("staff", "husby")
    await desk.booking.post("/v1/desk/bookings", booking_body(elsewhere.id, name="Sara"), **headers)
    made = await desk.book(name="Sara")
    assert await desk.finds("sara") == ["Sara"]
    status, _ = await desk.search("sara", **headers)
    assert status == 403
    await desk.timed.clock.set(desk.state.ends_at + timedelta(hours=23))
    assert await desk.finds("sara") == ["Sara"], "yesterday's"
    await desk.timed.clock.set(desk.state.ends_at + timedelta(hours=48))
    assert await desk.finds("sara") == []
    assert await desk.finds(made["code"]) == ["Sara"], "who shows a code asks about that booking"


async def test_at_most_twenty_are_shown_the_first_time_first(timed: Timed) -> None:
    start = datetime.now(UTC) + timedelta(days=1)
    late, soon = [
        await at(timed, starts_at=start + timedelta(days=days), ends_at=start + timedelta(days=days, hours=1))
        for days in (2, 0)
    ]
    for desk in (late, soon):
        for letter in "abcdefghijkl":
            await desk.book(name=f"Sara {letter}")
    status, found = await soon.search("sara")
    assert (status, len(found["items"])) == (200, 20)
    assert [one["session_id"] for one in found["items"][:12]] == [str(soon.id)] * 12


async def test_that_somebody_looked_is_kept_and_for_what_is_not(desk: Desk) -> None:
    await desk.finds("solveig")
    [entry] = await desk.audit("searched")
    assert (entry["subject"], entry["kind"], entry["object"], entry["fields"]) == ("anna", "branch", "kista", [])
    assert "solveig" not in str(await desk.booking.database.pool.fetch("SELECT audit::text FROM audit"))
