"""Several processes on one database do each thing once, and what one match costs does not grow with all there is."""

import asyncio
import json
from itertools import count
from typing import cast
from uuid import UUID

import aiohttp
import asyncpg
import pytest

from services.volunteers.looking_after import Timekeeper
from services.volunteers.usecases import answers, needs
from shared.db import Connection
from shared.events import AssignmentProposed, SessionState
from tests.integration.volunteers.conftest import HOURS, Volunteers, opened
from tests.integration.volunteers.house import House, booked, cancelled, coaching
from tests.support.databases import Databases
from tests.support.identity import Issuer
from tests.support.servers import eventually

SIX = {"needed": 6, "task": "coach", "matched": True}


async def test_bookings_heard_by_two_replicas_are_proposed_once(volunteers: Volunteers, replica: Volunteers) -> None:
    """Fails when two processes at the same time ask two volunteers for one visitor, or one for two."""
    house = House(volunteers)
    state = await house.publish(coaching(helping=SIX))
    for number in range(6):
        await house.put(state, await house.helper(f"Helper {number}"))
    bookings = [booked(state) for _ in range(6)]

    await asyncio.gather(*(one.hear(booking) for booking in bookings for one in (volunteers, replica)))

    asked = await house.told(AssignmentProposed)
    assert sorted(one.booking_id for one in asked) == sorted(booking.data.booking_id for booking in bookings)
    assert len({one.contact_ref for one in asked}) == 6


async def test_a_booking_and_its_end_at_the_same_time_leave_nobody_asked(
    volunteers: Volunteers, replica: Volunteers
) -> None:
    """Fails when a cancellation that crosses its booking is lost, or leaves somebody who waits for nobody."""
    house = House(volunteers)
    state = await house.publish(coaching(helping=SIX))
    for number in range(6):
        await house.put(state, await house.helper(f"Helper {number}"))
    bookings = [booked(state) for _ in range(12)]

    await asyncio.gather(
        *(volunteers.hear(booking) for booking in bookings), *(replica.hear(cancelled(booking)) for booking in bookings)
    )

    states = await volunteers.database.pool.fetch("SELECT DISTINCT state FROM need")
    assert [row["state"] for row in states] == ["over"]
    live = await volunteers.database.pool.fetchval(
        "SELECT count(*) FROM assignment WHERE state IN ('proposed', 'accepted')"
    )
    assert live == 0
    assert await volunteers.database.pool.fetchval("SELECT sum(share) FROM volunteer") == 0


@pytest.mark.parametrize("path", ["answer", "put"])
async def test_helpers_are_held_in_the_order_of_their_ids(volunteers: Volunteers, path: str) -> None:
    """Fails when somebody is held while who comes before them is waited for: two such wait for each other."""
    house = House(volunteers)
    first, second = sorted([await house.helper("Amina"), await house.helper("Bo")], key=lambda one: UUID(one["id"]))
    state = await house.publish(coaching())
    await house.put(state, second)
    booking = await house.book(state)
    if path == "answer":
        await house.put(state, first)
    pool = volunteers.database.pool
    hold = "SELECT FROM volunteer WHERE id = $1 FOR UPDATE NOWAIT"
    waiting = """
        SELECT count(*) > 0 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ 'volunteer'
    """

    async def waits() -> bool:
        return bool(await pool.fetchval(waiting))

    async with pool.acquire() as conn, asyncio.TaskGroup() as group, conn.transaction():
        await conn.execute(hold, UUID(first["id"]))
        if path == "answer":
            group.create_task(house.reply((await house.asked(booking))["id"], "no"))
        else:
            group.create_task(house.put(state, first))
        await eventually(waits)
        await conn.execute(hold, UUID(second["id"]))


async def test_what_time_does_is_done_once_by_however_many_timekeepers(
    volunteers: Volunteers, replica: Volunteers
) -> None:
    """Fails when a question that ran out is passed on by each; four look besides those of the two processes."""
    house = House(volunteers)
    bookings = []
    for _ in range(3):
        state = await house.publish(coaching(helping=SIX))
        for name in ("Amina", "Bo", "Cecilia"):
            await house.put(state, await house.helper(name))
        bookings.append(await house.book(state))
    pool = volunteers.database.pool
    async with pool.acquire() as conn, conn.transaction():
        await conn.execute("UPDATE assignment SET told_at = proposed_at, answer_by = proposed_at")
        await conn.execute("UPDATE need SET wakes_at = created_at")

    keepers = [Timekeeper(one.database, HOURS) for one in (volunteers, replica) for _ in range(2)]
    while await pool.fetchval("SELECT count(*) FROM need WHERE wakes_at <= clock_timestamp()"):
        await asyncio.gather(*(keeper.once() for keeper in keepers))

    for booking in bookings:
        rows = await pool.fetch(
            "SELECT state, count(*) AS n FROM assignment WHERE booking_id = $1 GROUP BY state", booking.data.booking_id
        )
        assert {row["state"]: row["n"] for row in rows} == {"expired": 1, "proposed": 1}
    assert len(await house.told(AssignmentProposed)) == 6


class Counting:
    """A connection that counts its statements, and loses the server before one of them."""

    def __init__(self, conn: "asyncpg.Connection[asyncpg.Record]", dies_at: int | None = None) -> None:
        self._conn = conn
        self._dies_at = dies_at
        self.statements = 0

    def __getattr__(self, name: str) -> object:
        if name in {"execute", "executemany", "fetch", "fetchrow", "fetchval"}:
            self.statements += 1
            if self.statements == self._dies_at:
                self._conn.terminate()
        return getattr(self._conn, name)

    @property
    def connection(self) -> Connection:
        """As use cases take it."""
        return cast("Connection", self)


async def _picture(volunteers: Volunteers) -> list[list[tuple[object, ...]]]:
    """Everything that an answer may change."""
    pool = volunteers.database.pool
    return [
        [tuple(row) for row in await pool.fetch(query)]
        for query in (
            "SELECT booking_id, state, revision, asked, wakes_at FROM need ORDER BY 1",
            "SELECT id, state, revision FROM assignment ORDER BY 1",
            "SELECT id, share, last_assigned_at FROM volunteer ORDER BY 1",
            "SELECT event_id FROM outbox ORDER BY id",
        )
    ]


async def test_a_kill_between_any_two_steps_leaves_the_old_or_the_new(volunteers: Volunteers) -> None:
    """Fails when something of an answer is kept although the process died before the end of it."""
    house = House(volunteers)
    state = await house.publish(coaching(helping=SIX))
    for name in ("Amina", "Bo"):
        await house.put(state, await house.helper(name))
    booking = await house.book(state)
    about = UUID((await house.asked(booking))["id"])
    before = await _picture(volunteers)
    for step in count(1):
        conn = await asyncpg.connect(volunteers.dsn)
        try:
            await conn.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
            async with conn.transaction():
                await answers.decline(Counting(conn, step).connection, about, HOURS)
        except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
            assert await _picture(volunteers) == before, step
        else:
            break
        finally:
            conn.terminate()
    assert step > 10, "it was killed before each of its steps"
    assert (await house.asked(booking))["state"] == "proposed"
    assert UUID((await house.asked(booking))["id"]) != about


BULK = """
WITH numbered AS (
    SELECT n, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid AS id FROM generate_series(1, $1::int) n
)
INSERT INTO volunteer (id, contact_ref, state, tasks, topics, branches, share)
SELECT id, gen_random_uuid(), 'active', '{coach}', '{bankid}', '{kista}', n % 50 * 40 FROM numbered
"""
SESSIONS = """
INSERT INTO session (id, revision, status, facts, branch_id, starts_at, ends_at, needed, task, matched)
SELECT gen_random_uuid(), 1, 'published', '{}', 'kista', $2::timestamptz + n * interval '1 hour',
    $2::timestamptz + n * interval '1 hour' + interval '40 minutes', 2, 'coach', true
FROM generate_series(1, $1::int) n
"""
SHIFTS = """
INSERT INTO shift (id, session_id, volunteer_id, during, state)
SELECT gen_random_uuid(), s.id, v.id, tstzrange(s.starts_at, s.ends_at), 'on_duty'
FROM (SELECT id, starts_at, ends_at, row_number() OVER (ORDER BY starts_at) - 1 AS n FROM session
      WHERE branch_id = 'kista') s
CROSS JOIN (VALUES (0), (1)) AS place (p)
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM volunteer WHERE branches = '{kista}') v
    ON v.n = (s.n * 2 + p) % $1::int
"""
NEEDS = """
INSERT INTO need (booking_id, booking_revision, session_id, topic, state, wakes_at)
SELECT gen_random_uuid(), 1, s.id, 'bankid', 'proposed', s.starts_at
FROM session s CROSS JOIN (VALUES (0), (1)) AS place (p) WHERE s.branch_id = 'kista'
"""
ASSIGNMENTS = """
INSERT INTO assignment (id, booking_id, session_id, volunteer_id, shift_id, during, state)
SELECT gen_random_uuid(), n.booking_id, f.session_id, f.volunteer_id, f.id, f.during, 'proposed'
FROM (SELECT *, row_number() OVER (PARTITION BY session_id ORDER BY id) AS place FROM shift) f
JOIN (SELECT *, row_number() OVER (PARTITION BY session_id ORDER BY booking_id) AS place FROM need) n
    USING (session_id, place)
"""


async def _fill(volunteers: Volunteers, state: SessionState, people: int, bookings: int) -> None:
    """Have so many people and so many open bookings elsewhere: ten of each person's, as many however many there are."""
    conn = await asyncpg.connect(volunteers.dsn)
    try:
        await conn.execute(BULK, people)
        await conn.execute(SESSIONS, bookings // 2, state.starts_at)
        await conn.execute(SHIFTS, people)
        await conn.execute(NEEDS)
        await conn.execute(ASSIGNMENTS)
        await conn.execute("ANALYZE")
        open_bookings = await conn.fetchval("SELECT count(*) FROM assignment WHERE state = 'proposed'")
        assert open_bookings == bookings
    finally:
        await conn.close()


async def _cost(volunteers: Volunteers, state: SessionState) -> tuple[int, int]:
    """How many statements one match takes, and how many rows they read."""
    conn = await asyncpg.connect(volunteers.dsn)
    try:
        await conn.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
        counting = Counting(conn)
        async with conn.transaction():
            await needs.wanted(counting.connection, booked(state).data, HOURS)
            rows = await conn.fetchval(
                """
                SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int FROM pg_stat_xact_user_tables
                WHERE schemaname = 'public'
                """
            )
        return counting.statements, rows
    finally:
        await conn.close()


@pytest.mark.timeout(240)
async def test_one_match_costs_the_same_however_many_people_and_bookings_there_are(
    databases: Databases, http: aiohttp.ClientSession, issuer: Issuer
) -> None:
    """Fails when asking somebody reads all volunteers, or all that is open, of the whole installation.

    Where there are few, PostgreSQL may read all of a small table: the bound is for where there are many.
    """
    costs = []
    for people, bookings in ((100, 1_000), (1_000, 10_000)):
        async with opened(await databases.create("volunteers"), http, issuer) as volunteers:
            house = House(volunteers)
            state = await house.publish(coaching(helping=SIX))
            for name in ("Amina", "Bo", "Cecilia"):
                await house.put(state, await house.helper(name))
            await _fill(volunteers, state, people, bookings)
            costs.append(await _cost(volunteers, state))
            assert len(await house.told(AssignmentProposed)) == 1
    (few, _), (many, rows_of_many) = costs
    assert many == few, "statements"
    assert 10 < rows_of_many < 200, "rows that were read, of 30 000"
