"""Booking without its walls: its use cases and handlers on one connection, and what is in the database after each."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from services.booking import queries
from services.booking.app import REFUSALS
from services.booking.events import handlers
from services.booking.store import sessions
from shared.db import Connection, Database
from shared.events import AnyEvent, decode
from shared.hours import PermittedHours, Window
from shared.inbox import Consumer
from tests.integration.booking.conftest import NOWHERE
from tests.support.clock import STOP, Clock
from tests.support.databases import Databases
from tests.support.paper import STOCKHOLM

T = TypeVar("T")

CLEAR = """
    DELETE FROM figure; DELETE FROM closing; DELETE FROM hold; DELETE FROM move; DELETE FROM call;
    DELETE FROM announcement;
    DELETE FROM booking; DELETE FROM contact; DELETE FROM session;
    DELETE FROM session_tombstone; DELETE FROM outbox; DELETE FROM inbox;
"""
"""Leave nothing behind: a fresh database for each story would take longer than the story."""

DAYTIME = PermittedHours(window=Window(time(9), time(19)), zone=STOCKHOLM)


async def still(databases: Databases) -> str:
    """A database whose clock stands where a test lets it stand, and that does not wait for its disk."""
    dsn = await databases.create("booking")
    await Clock(dsn).install()
    conn = await asyncpg.connect(dsn)
    await conn.execute(f'ALTER DATABASE "{urlsplit(dsn).path[1:]}" SET synchronous_commit = off')
    await conn.close()
    return dsn


@dataclass(kw_only=True)
class Seen:
    """What is in the database after a step, and what was told in it."""

    sessions: dict[UUID, asyncpg.Record] = field(default_factory=dict)
    bookings: dict[UUID, asyncpg.Record] = field(default_factory=dict)
    holds: dict[UUID, asyncpg.Record] = field(default_factory=dict)
    due: frozenset[UUID] = frozenset()
    """Sessions that somebody should look at."""
    told: list[AnyEvent] = field(default_factory=list)
    newest: int = 0
    """The last event's number."""
    desk: queries.SessionBookings | None = None
    """What staff are shown of the session that was asked for ..."""
    page: queries.KnownBooking | None = None
    """... and a visitor of their booking."""

    @classmethod
    async def now(cls, conn: Connection, before: "Seen", session: UUID, booking: UUID | None) -> "Seen":
        """What there is, what was told since ``before``, and what is shown of a session and a booking."""
        sessions_ = await conn.fetch("SELECT id, revision, status, taken, ceiling, overbooked FROM session")
        bookings = await conn.fetch(
            """
            SELECT id, session_id, state, revision, adults, children, seats, joined, answer_by, remind_at,
                told_at IS NULL AND EXISTS (SELECT FROM call WHERE booking_id = booking.id) AS untold,
                reconfirmed_at IS NOT NULL AS reconfirmed, attendance
            FROM booking
            """
        )
        holds = await conn.fetch("SELECT id, session_id, seats, since, until FROM hold")
        told = await conn.fetch("SELECT id, body FROM outbox WHERE id > $1 ORDER BY id", before.newest)
        return cls(
            sessions={row["id"]: row for row in sessions_},
            bookings={row["id"]: row for row in bookings},
            holds={row["id"]: row for row in holds},
            due=frozenset(await sessions.due(conn, 50)),
            told=[decode(row["body"]) for row in told],
            newest=told[-1]["id"] if told else before.newest,
            desk=await queries.session_bookings(conn, session),
            page=await queries.booking_by_id(conn, booking) if booking else None,
        )


class House:
    """What Hypothesis can ask of booking: it does not wait for answers, so they are waited for here."""

    def __init__(self, database: Database, loop: asyncio.AbstractEventLoop) -> None:
        self._database = database
        self._loop = loop
        self._consumer = Consumer(database, NOWHERE, "booking", handlers(DAYTIME))

    @classmethod
    @contextmanager
    def on(cls, dsn: str) -> Iterator["House"]:
        """On a database, in a loop of its own."""
        loop = asyncio.new_event_loop()
        database = Database(dsn, name="test", size=1)
        try:
            loop.run_until_complete(database.__aenter__())
            yield cls(database, loop)
        finally:
            loop.run_until_complete(database.__aexit__())
            loop.close()

    def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Do something in a transaction of its own."""
        return self._loop.run_until_complete(self._database.transact(work))

    def attempt(self, work: Callable[[Connection], Awaitable[T]]) -> tuple[str | None, T | None]:
        """Do something; gives the name of the refusal, or what came of it."""
        try:
            return None, self.run(work)
        except tuple(REFUSALS) as refusal:
            return type(refusal).__name__, None

    def hear(self, *events: AnyEvent) -> None:
        """Have events delivered."""
        for event in events:
            self._loop.run_until_complete(self._consumer.handle(event))

    def see(self, before: Seen, session: UUID, booking: UUID | None) -> Seen:
        """What there is, what was told since ``before``, and what is shown of a session and a booking."""
        return self.run(lambda conn: Seen.now(conn, before, session, booking))

    def stop_at(self, now: datetime) -> None:
        """Let it be this moment."""
        self.run(lambda conn: conn.execute(STOP, now))

    def clear(self) -> None:
        """Leave nothing behind for the next story."""
        self.run(lambda conn: conn.execute(CLEAR))
