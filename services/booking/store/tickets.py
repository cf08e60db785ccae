"""Queue tickets of a library's local day. Whoever draws or calls takes a turn with the day's row."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

import asyncpg

from services.booking.domain.tickets import Standing, TicketState
from shared.db import Connection
from shared.ids import new_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """A number, and nothing of who holds it."""

    id: UUID
    branch_id: str
    day: date
    number: int
    state: TicketState
    was: TicketState | None
    place: int | None
    """At which desk it was called."""
    drawn_at: datetime
    called_at: datetime | None
    calls: int

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> "Ticket":
        """Read a row that has these columns."""
        return cls(**{name: row[name] for name in cls.__slots__})

    @property
    def standing(self) -> Standing:
        """As the rules know it."""
        return Standing(state=self.state, was=self.was, calls=self.calls)


async def today(conn: Connection, zone: tzinfo) -> date:
    """The day it is where the libraries are, by the database's clock."""
    now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    return now.astimezone(zone).date()


async def draw(conn: Connection, branch: str, day: date) -> Ticket:
    """The day's next number: it is given up with the transaction, so that there are no gaps."""
    number = await conn.fetchval(
        """
        INSERT INTO ticket_day (branch_id, day, drawn) VALUES ($1, $2, 1)
        ON CONFLICT (branch_id, day) DO UPDATE SET drawn = ticket_day.drawn + 1
        RETURNING drawn
        """,
        branch,
        day,
    )
    row = await conn.fetchrow(
        """
        INSERT INTO ticket (id, branch_id, day, number, state, drawn_at)
        VALUES ($1, $2, $3, $4, 'waiting', clock_timestamp())
        RETURNING id, branch_id, day, number, state, was, place, drawn_at, called_at, calls
        """,
        new_id(),
        branch,
        day,
        number,
    )
    return _found(row)


async def await_turn(conn: Connection, branch: str, day: date) -> None:
    """Wait for our turn with a library's day."""
    await conn.execute("SELECT 1 FROM ticket_day WHERE branch_id = $1 AND day = $2 FOR UPDATE", branch, day)


async def first_waiting(conn: Connection, branch: str, day: date) -> Ticket | None:
    """Whose turn it is; stable while the day's row is held."""
    row = await conn.fetchrow(
        """
        SELECT id, branch_id, day, number, state, was, place, drawn_at, called_at, calls FROM ticket
        WHERE branch_id = $1 AND day = $2 AND state = 'waiting' ORDER BY number LIMIT 1
        """,
        branch,
        day,
    )
    return Ticket.from_row(row) if row else None


async def find(conn: Connection, ticket_id: UUID) -> Ticket | None:
    """A ticket; stable while its day's row is held."""
    row = await conn.fetchrow(
        """
        SELECT id, branch_id, day, number, state, was, place, drawn_at, called_at, calls FROM ticket WHERE id = $1
        """,
        ticket_id,
    )
    return Ticket.from_row(row) if row else None


async def keep(conn: Connection, ticket: Ticket, standing: Standing, place: int | None) -> Ticket:
    """Write down where a ticket stands after a tap, and at which desk; it is called now if it was called by that."""
    row = await conn.fetchrow(
        """
        UPDATE ticket SET state = $2, was = $3, place = $4,
            called_at = CASE WHEN $5 > calls THEN clock_timestamp() ELSE called_at END, calls = $5
        WHERE id = $1
        RETURNING id, branch_id, day, number, state, was, place, drawn_at, called_at, calls
        """,
        ticket.id,
        standing.state,
        standing.was,
        place,
        standing.calls,
    )
    return _found(row)


def _found(row: asyncpg.Record | None) -> Ticket:
    if row is None:
        raise LookupError
    return Ticket.from_row(row)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """How a library's line stands."""

    serving: list[Ticket]
    """The number called last at each desk, if its turn is not over; the newest first."""
    waiting: int
    drawn: int
    """The last number; 0 before the first."""


async def line(conn: Connection, branch: str, day: date) -> Line:
    """How the line stands now, in one look."""
    rows = await conn.fetch(
        """
        SELECT DISTINCT ON (place) id, branch_id, day, number, state, was, place, drawn_at, called_at, calls
        FROM ticket WHERE branch_id = $1 AND day = $2 AND state = 'called' ORDER BY place, called_at DESC, number DESC
        """,
        branch,
        day,
    )
    counted = await conn.fetchrow(
        """
        SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, coalesce(max(number), 0) AS drawn
        FROM ticket WHERE branch_id = $1 AND day = $2
        """,
        branch,
        day,
    )
    if counted is None:
        raise LookupError
    serving = [Ticket.from_row(row) for row in sorted(rows, key=lambda row: row["called_at"], reverse=True)]
    return Line(serving=serving, waiting=counted["waiting"], drawn=counted["drawn"])


async def of_day(conn: Connection, branch: str, day: date) -> list[Ticket]:
    """All tickets of a library's day, in the order they were drawn."""
    rows = await conn.fetch(
        """
        SELECT id, branch_id, day, number, state, was, place, drawn_at, called_at, calls FROM ticket
        WHERE branch_id = $1 AND day = $2 ORDER BY number
        """,
        branch,
        day,
    )
    return [Ticket.from_row(row) for row in rows]
