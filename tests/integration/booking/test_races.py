"""Many at once, twice, and with answers lost: the seats stay exact, whoever wins."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest

from shared.events import Availability, AvailabilityChanged, SessionCancellation, SessionCancelled
from tests.integration.booking.conftest import Booking, opened
from tests.support.proxy import proxy
from tests.support.samples import booking_body, numbers, published, session_state
from tests.support.servers import eventually

Answer = tuple[int, dict[str, Any]]


def visitors(session: UUID, many: int) -> list[dict[str, Any]]:
    """So many different people who want a seat: by SMS, and by mail where the sample numbers end."""
    reaches: list[dict[str, str]] = [{"by": "sms", "phone": number} for number in numbers()]
    reaches += [{"by": "email", "email": f"visitor{n}@example.org"} for n in range(many - len(reaches))]
    return [booking_body(session, reach=reach, name=f"Sara {n}") for n, reach in enumerate(reaches[:many])]


def proof(body: dict[str, Any]) -> str:
    phone = body["reach"].get("phone")
    return str(phone)[-5:].replace(" ", "") if phone else "sa"


async def book(at: Booking, body: dict[str, Any], key: str | None = None) -> Answer:
    """Book as a patient client does: told to come again in a moment, it comes with the same key."""
    headers = {"Idempotency-Key": key or str(uuid4())}
    while (answer := await at.post("/v1/bookings", body, **headers))[0] == 503:
        pass
    return answer


async def cancel(at: Booking, code: str, proof: str) -> Answer:
    return await at.post(f"/v1/bookings/{code}/cancel", {"proof": proof})


def outcomes(answers: Iterable[Answer]) -> Counter[str]:
    """How often which answer was given, by its type or state."""
    return Counter(str(body.get("type", body.get("state"))) for _, body in answers)


async def history(booking: Booking, session: UUID) -> list[Availability]:
    """How full a session was after each transaction, as told, in the order of its revisions."""
    told = [event.data for event in await booking.told() if isinstance(event, AvailabilityChanged)]
    return sorted((state for state in told if state.session_id == session), key=lambda state: state.revision)


async def assert_exact(booking: Booking, session: UUID) -> None:
    """What must hold after any race: counted = had = told, nothing skipped, and nobody let in above capacity."""
    row = await booking.row(
        """
        SELECT s.taken, s.ceiling, s.revision, coalesce(sum(b.seats), 0) AS had
        FROM session s LEFT JOIN booking b ON b.session_id = s.id AND b.state IN ('confirmed', 'offered')
        WHERE s.id = $1 GROUP BY s.id
        """,
        session,
    )
    states = await history(booking, session)
    assert row["taken"] == row["had"] == states[-1].taken <= row["ceiling"]
    assert [state.revision for state in states] == list(range(1, row["revision"] + 1))
    for before, after in pairwise(states):
        assert after.taken <= max(before.taken, after.capacity), f"revision {after.revision} let somebody in"
    untold = await booking.row(
        """
        SELECT count(*) AS n FROM booking b
        WHERE b.revision <> (SELECT count(*) FROM outbox o WHERE o.aggregate = 'booking/' || b.id)
        """
    )
    assert untold["n"] == 0
    orphans = await booking.row(
        """
        SELECT count(*) AS n FROM contact c
        WHERE NOT EXISTS (SELECT 1 FROM booking b WHERE b.contact_ref = c.ref)
            AND NOT EXISTS (SELECT 1 FROM series_booking sb WHERE sb.contact_ref = c.ref)
        """
    )
    assert orphans["n"] == 0


async def test_two_hundred_visitors_want_fifteen_chairs(booking: Booking, replica: Booking) -> None:
    """Fails when the session's row is read without its lock."""
    session = await booking.offer(session_state())
    bodies = visitors(session, 200)
    answers = await asyncio.gather(*(book((booking, replica)[n % 2], body) for n, body in enumerate(bodies)))
    assert outcomes(answers) == {"confirmed": 15, "sold-out": 185}
    await assert_exact(booking, session)
    assert len({body["code"] for status, body in answers if status == 201}) == 15


async def test_parties_of_all_sizes_fill_a_session_to_the_last_chair_and_no_further(
    booking: Booking, replica: Booking
) -> None:
    """Fails when ``decide`` compares the taken seats instead of taken and wanted."""
    session = await booking.offer(session_state())
    bodies = [body | {"party": {"adults": n % 4 + 1, "children": 0}} for n, body in enumerate(visitors(session, 60))]
    answers = await asyncio.gather(*(book((booking, replica)[n % 2], body) for n, body in enumerate(bodies)))
    assert set(outcomes(answers)) == {"confirmed", "sold-out"}
    assert sum(body["party"]["adults"] for status, body in answers if status == 201) == 15
    await assert_exact(booking, session)


async def test_cancelling_and_booking_at_once_in_a_full_session(booking: Booking, replica: Booking) -> None:
    """Fails when cancel trusts the booking it read before it had the session's row."""
    session = await booking.offer(session_state())
    bodies = visitors(session, 45)
    seated = await asyncio.gather(*(book(booking, body) for body in bodies[:15]))
    leaving = [
        cancel(at, answer["code"], proof(body))
        for (_, answer), body in zip(seated, bodies, strict=False)
        for at in (booking, replica)
    ]
    coming = [book((booking, replica)[n % 2], body) for n, body in enumerate(bodies[15:])]
    mixed: list[Awaitable[Answer]] = [turn for pair in zip(leaving, coming, strict=True) for turn in pair]
    answers = await asyncio.gather(*mixed)
    assert outcomes(answers[::2]) == {"cancelled": 30}
    assert set(outcomes(answers[1::2])) <= {"confirmed", "sold-out"}
    await assert_exact(booking, session)
    row = await booking.row("SELECT count(*) AS n FROM outbox WHERE routing_key = 'booking.cancelled.v1'")
    assert row["n"] == 15, "each told once"


async def test_the_capacity_changes_while_visitors_book(booking: Booking, replica: Booking) -> None:
    """Fails when the session's row is read without its lock."""
    state = session_state(capacity={"seats": 40, "walk_in": 0, "queue": 0})
    session = await booking.offer(state)

    async def staff() -> None:
        for revision, seats in enumerate((10, 30, 5, 20, 12), start=2):
            change = {"revision": revision, "capacity": {"seats": seats, "walk_in": 0, "queue": 0}}
            await replica.hear(published(state.model_validate(state.model_dump() | change)))

    bodies = visitors(session, 80)
    answers, _ = await asyncio.gather(
        asyncio.gather(*(book((booking, replica)[n % 2], body) for n, body in enumerate(bodies))), staff()
    )
    assert set(outcomes(answers)) <= {"confirmed", "sold-out"}
    await assert_exact(booking, session)
    told = [capacity for capacity, _ in groupby(state.capacity for state in await history(booking, session))]
    assert told == [40, 10, 30, 5, 20, 12]


async def shrink(at: Booking, code: str, proof: str, adults: int) -> Answer:
    """Shrink as patiently as one books: the same again changes nothing."""
    body = {"proof": proof, "party": {"adults": adults, "children": 0}}
    while (answer := await at.post(f"/v1/bookings/{code}/party", body))[0] == 503:
        pass
    return answer


async def parties(booking: Booking, session: UUID, many: int, adults: int) -> list[tuple[str, str]]:
    """Book for as many parties; gives code and proof of each."""
    bodies = [body | {"party": {"adults": adults, "children": 0}} for body in visitors(session, many)]
    made = await asyncio.gather(*(book(booking, body) for body in bodies))
    return [(answer["code"], proof(body)) for (_, answer), body in zip(made, bodies, strict=True)]


async def test_parties_shrink_while_others_book_the_seats(booking: Booking, replica: Booking) -> None:
    """Fails when the session's row is read without its lock."""
    session = await booking.offer(session_state())
    seated = await parties(booking, session, 5, adults=3)
    coming = visitors(session, 45)[5:]
    shrinking = [shrink(at, *who, adults=1) for who in seated for at in (booking, replica)]
    booking_ = [book((booking, replica)[n % 2], body) for n, body in enumerate(coming)]
    turns: list[Awaitable[Answer]] = [
        turn for four in zip(shrinking, *[iter(booking_)] * 4, strict=True) for turn in four
    ]
    answers = await asyncio.gather(*turns)
    assert {status for status, _ in answers[::5]} == {200}
    await assert_exact(booking, session)
    row = await booking.row("SELECT count(*) AS n FROM outbox WHERE routing_key = 'booking.shrunk.v1'")
    assert row["n"] == 5, "each told once"
    more = await asyncio.gather(*(book(booking, body | {"name": "Amir"}) for body in coming))
    assert set(outcomes(more)) <= {"confirmed", "sold-out"}
    await assert_exact(booking, session)
    assert (await booking.row("SELECT taken FROM session"))["taken"] == 15, "every seat that was given back is had"


async def test_a_party_shrinks_in_two_ways_at_once(booking: Booking, replica: Booking) -> None:
    """To two and to one: whoever is first, one is left. Fails when a party is compared as it was before its turn."""
    session = await booking.offer(session_state(capacity={"seats": 60}))
    seated = await parties(booking, session, 12, adults=4)
    turns = [
        shrink((booking, replica)[(n + adults) % 2], *who, adults=adults)
        for n, who in enumerate(seated)
        for adults in ((2, 1) if n % 3 else (1, 2))
    ]
    answers = await asyncio.gather(*turns)
    assert set(outcomes(answers)) <= {"confirmed", "party-grows"}
    assert (await booking.row("SELECT taken FROM session"))["taken"] == 12
    await assert_exact(booking, session)


async def test_a_party_that_shrinks_ten_times_at_once_shrinks_once(booking: Booking, replica: Booking) -> None:
    """Fails when whether anything changes is asked before the session's row is held."""
    session = await booking.offer(session_state())
    [who] = await parties(booking, session, 1, adults=4)
    async with booking.database.pool.acquire() as conn:
        async with conn.transaction():
            await conn.fetch("SELECT FROM session FOR UPDATE")
            line = [asyncio.create_task(shrink((booking, replica)[n % 2], *who, adults=2)) for n in range(10)]
            await in_line(replica, 10)
        answers = await asyncio.gather(*line)
    assert outcomes(answers) == {"confirmed": 10}
    assert all(answer == answers[0] for answer in answers)
    await assert_exact(booking, session)
    assert (await booking.row("SELECT revision FROM booking"))["revision"] == 2


@pytest.mark.parametrize("first", ["cancel", "shrink"])
async def test_a_party_shrinks_and_cancels_and_asks_for_its_code_at_once(
    booking: Booking, replica: Booking, first: str
) -> None:
    """Fails when shrinking trusts the booking it read before it had the session's row."""
    session = await booking.offer(session_state())
    [who, _] = await parties(booking, session, 2, adults=3)
    codes = {"reach": {"by": "sms", "phone": numbers()[0]}}
    turns: list[Coroutine[Any, Any, Answer]] = [cancel(booking, *who), shrink(replica, *who, adults=1)]
    if first == "shrink":
        turns.reverse()
    async with booking.database.pool.acquire() as conn:
        async with conn.transaction():
            await conn.fetch("SELECT FROM session FOR UPDATE")
            line = []
            for n, turn in enumerate(turns, start=1):
                line.append(asyncio.create_task(turn))
                await in_line(replica, n)
            assert (await booking.post("/v1/bookings/codes", codes))[0] == 202, "who asks for a code does not wait"
        answers = await asyncio.gather(*line, booking.post("/v1/bookings/codes", codes))
    expected = {"cancel": ["cancelled", "closed"], "shrink": ["confirmed", "cancelled"]}[first]
    assert [body.get("type", body.get("state")) for _, body in answers[:2]] == expected
    await assert_exact(booking, session)
    assert (await booking.row("SELECT taken FROM session"))["taken"] == 3, "the others"


async def test_a_code_asked_for_while_the_booking_is_cancelled_is_not_sent(booking: Booking) -> None:
    """Fails when the state is asked before the booking's row is held."""
    session = await booking.offer(session_state())
    await parties(booking, session, 1, adults=2)
    codes = {"reach": {"by": "sms", "phone": numbers()[0]}}
    async with booking.database.pool.acquire() as conn:
        async with conn.transaction():
            await conn.execute(
                "UPDATE booking SET state = 'cancelled', cancelled_at = now(), cancelled_by = 'staff'; "
                "UPDATE session SET taken = 0"
            )
            asked = asyncio.create_task(booking.post("/v1/bookings/codes", codes))
            await in_line(booking, 1)
        assert (await asked)[0] == 202
    row = await booking.row("SELECT count(*) AS n FROM outbox WHERE routing_key = 'booking.code_requested.v1'")
    assert row["n"] == 0


async def test_parties_shrink_while_the_capacity_is_lowered(booking: Booking, replica: Booking) -> None:
    """Fails when the session's row is read without its lock."""
    state = session_state(capacity={"seats": 24, "walk_in": 0, "queue": 0})
    session = await booking.offer(state)
    seated = await parties(booking, session, 6, adults=4)

    async def staff() -> None:
        for revision, seats in enumerate((10, 20, 4, 8), start=2):
            change = {"revision": revision, "capacity": {"seats": seats, "walk_in": 0, "queue": 0}}
            await replica.hear(published(state.model_validate(state.model_dump() | change)))

    async def visitor(n: int, who: tuple[str, str]) -> list[Answer]:
        return [await shrink((booking, replica)[n % 2], *who, adults=adults) for adults in (3, 2)]

    answers, _ = await asyncio.gather(asyncio.gather(*(visitor(n, who) for n, who in enumerate(seated))), staff())
    assert outcomes(answer for two in answers for answer in two) == {"confirmed": 12}
    await assert_exact(booking, session)
    row = await booking.row("SELECT taken, ceiling, seats FROM session")
    assert tuple(row) == (12, 12, 8)


async def in_line(booking: Booking, many: int) -> None:
    """Until so many wait for a lock."""

    async def waiting() -> bool:
        row = await booking.row(
            """
            SELECT count(*) AS n FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        )
        return bool(row["n"] == many)

    await eventually(waiting)


async def test_a_session_is_cancelled_while_visitors_book_and_cancel(booking: Booking, replica: Booking) -> None:
    """Fails when cancelling a session looks for its bookings before it holds the session's row."""
    session = await booking.offer(session_state())
    bodies = visitors(session, 12)
    seated = await asyncio.gather(*(book(booking, body) for body in bodies[:4]))
    end = SessionCancelled.of(session, SessionCancellation(session_id=session, revision=2, reason="illness"))
    turns: list[Coroutine[Any, Any, Answer | None]] = [
        *(book(booking, body) for body in bodies[4:8]),
        cancel(replica, seated[0][1]["code"], proof(bodies[0])),
        booking.hear(end),
        cancel(replica, seated[1][1]["code"], proof(bodies[1])),
        *(book(replica, body) for body in bodies[8:]),
    ]
    async with booking.database.pool.acquire() as conn:
        async with conn.transaction():
            await conn.fetch("SELECT FROM session FOR UPDATE")
            line = []
            for n, turn in enumerate(turns, start=1):
                line.append(asyncio.create_task(turn))
                await in_line(replica, n)
        answers = await asyncio.gather(*line)
    counted = outcomes(answer for answer in answers if answer)
    assert (counted["cancelled"], counted["confirmed"] + counted["closed"]) == (2, 8)
    await assert_exact(booking, session)
    assert (await booking.row("SELECT taken FROM session"))["taken"] == 0


async def test_one_visitor_clicks_ten_times_at_two_servers(booking: Booking, replica: Booking) -> None:
    """Fails when the key's row is written in a transaction of its own."""
    session = await booking.offer(session_state())
    body = booking_body(session)
    answers = await asyncio.gather(*(book((booking, replica)[n % 2], body, "one key") for n in range(10)))
    assert {status for status, _ in answers} == {201}
    assert len({answer["code"] for _, answer in answers}) == 1
    await assert_exact(booking, session)


async def test_a_first_request_that_hangs_makes_the_second_wait_and_then_say_so(booking: Booking) -> None:
    """Fails without the lock time-out: the second request would wait as long as the first."""
    session = await booking.offer(session_state())
    async with booking.database.pool.acquire() as conn, conn.transaction():
        await conn.execute("INSERT INTO idempotency (scope, key, fingerprint) VALUES ('POST /v1/bookings', 'k', '')")
        status, problem = await booking.post("/v1/bookings", booking_body(session), **{"Idempotency-Key": "k"})
    assert (status, problem["type"]) == (409, "still-running")
    await assert_exact(booking, session)


STATEMENTS = (
    "INSERT INTO idempotency",
    "SAVEPOINT",
    "FOR UPDATE",
    "INSERT INTO booking",
    "INSERT INTO contact",
    "INSERT INTO outbox",
    "UPDATE session",
    "RELEASE SAVEPOINT",
    "UPDATE idempotency",
    "COMMIT",
)
"""What a booking sends to its database, in this order."""


def at(statement: str) -> Callable[[], Callable[[bytes], bool]]:
    """Tells when a connection that has begun to book comes to this statement."""

    def watch() -> Callable[[bytes], bool]:
        sent = bytearray()

        def reached(data: bytes) -> bool:
            sent.extend(data)
            return STATEMENTS[0].encode() in sent and statement.encode() in data

        return reached

    return watch


@pytest.mark.parametrize("passing", [True, False], ids=["answer-lost", "request-lost"])
async def test_the_line_to_the_database_breaks_at_every_step_of_a_booking(
    booking: Booking, http: aiohttp.ClientSession, *, passing: bool
) -> None:
    """The outcome of an unclear commit is found by its key: one booking, whichever step the line broke at.

    Fails when the key's row is written after the booking's transaction: a lost answer to COMMIT books twice.
    """
    session = await booking.offer(session_state())
    dsn = booking.database.dsn

    async def booked() -> int:
        return int((await booking.row("SELECT count(*) AS n FROM booking"))["n"])

    async with proxy(dsn) as line:
        for before, (statement, body) in enumerate(zip(STATEMENTS, visitors(session, len(STATEMENTS)), strict=True)):
            key = f"step {before}"
            line.break_at(at(statement), passing=passing)
            async with opened(line.through(dsn), http) as wired:  # anew each time, so that statements go out in full
                status, problem = await wired.post("/v1/bookings", body, **{"Idempotency-Key": key})
                assert (status, problem["type"]) == (503, "unavailable"), statement
                unclear = passing and statement == "COMMIT"
                assert await booked() == before + unclear, statement
                first = await book(wired, body, key)
            assert first[0] == 201
            assert await book(booking, body, key) == first
            assert await booked() == before + 1, statement
    await assert_exact(booking, session)
