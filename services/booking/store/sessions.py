"""Sessions: the row that whoever changes occupancy takes a turn with."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.booking.domain import Held, OtherTime, Question, Session, Terms, UnknownSession, Waiting
from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class LockedSession:
    """A session whose row this transaction holds, its revision, and the database's time once it was held."""

    session: Session
    revision: int
    catalog_revision: int
    """The newest word of catalog's."""
    terms_revision: int
    """The one that the terms are from: a withdrawal says nothing of them, and may have overtaken what does."""
    wakes_at: datetime | None
    now: datetime


async def lock_session(conn: Connection, session_id: UUID) -> LockedSession:
    """Wait for our turn with a session: whoever changes its seats holds this row until commit.

    The clock is read after the lock was granted, so a visitor who waited in line is not given an old time. Holds and
    line are asked for where time will change something, which is exactly where there are any.

    A published session's terms are always catalog's newest word. Their own revision is not asked then: a version
    before it was kept raises ``catalog_revision`` only, and leaves an old one standing.

    Raises:
        UnknownSession: catalog has not published it.
    """
    row = await conn.fetchrow(
        """
        SELECT id, revision, catalog_revision,
               CASE WHEN status = 'published' THEN catalog_revision ELSE coalesce(terms_revision, catalog_revision) END
                   AS terms_revision,
               taken, ceiling, overbooked, wakes_at,
               status, activity_id, starts_at, ends_at, place, branch_id, mode, counts, seats, walk_in, queue,
               party_max, late_cancel_hours, fill_from_hours, offer_minutes, reminder_hours, reconfirm,
               booked_by, meeting_link, meeting_number, series_id, sitting_id, ask, certificate, opens_at, closes_at,
               capacity_from, staff_seats, staff_walk_in, matched, open
        FROM session WHERE id = $1 FOR UPDATE
        """,
        session_id,
    )
    if row is None:
        raise UnknownSession
    busy = row["wakes_at"] is not None
    return LockedSession(
        session=Session(
            id=row["id"],
            terms=terms_from_row(row),
            taken=row["taken"],
            ceiling=row["ceiling"],
            open=row["open"],
            overbooked=row["overbooked"],
            holds=await _holds(conn, session_id) if busy else (),
            line=await _line(conn, session_id) if busy else (),
        ),
        revision=row["revision"],
        catalog_revision=row["catalog_revision"],
        terms_revision=row["terms_revision"],
        wakes_at=row["wakes_at"],
        now=await conn.fetchval("SELECT clock_timestamp()"),
    )


async def lock_two(conn: Connection, one: UUID, other: UUID) -> tuple[LockedSession, LockedSession]:
    """Take our turn with two sessions, in the order of their ids, so that two who do so cannot wait for each other.

    Raises:
        UnknownSession: catalog has not published one of them.
    """
    locked = {session_id: await lock_session(conn, session_id) for session_id in sorted((one, other))}
    return locked[one], locked[other]


async def _holds(conn: Connection, session_id: UUID) -> tuple[Held, ...]:
    rows = await conn.fetch(
        "SELECT id, seats, since, until FROM hold WHERE session_id = $1 ORDER BY since, id", session_id
    )
    return tuple(Held(**dict(row)) for row in rows)


async def _line(conn: Connection, session_id: UUID) -> tuple[Waiting, ...]:
    rows = await conn.fetch(
        """
        SELECT id, seats, state = 'offered' AS offered, answer_by FROM booking
        WHERE session_id = $1 AND state IN ('queued', 'offered') ORDER BY joined
        """,
        session_id,
    )
    return tuple(Waiting(**dict(row)) for row in rows)


async def save_session(conn: Connection, locked: LockedSession, session: Session, *, revision: int) -> None:
    """Write a decided session back, with when somebody must look at it again."""
    await conn.execute(
        """
        UPDATE session SET
            revision = $2, catalog_revision = $3, terms_revision = $4, taken = $5, ceiling = $6, wakes_at = $7,
            status = $8, activity_id = $9, starts_at = $10, ends_at = $11, place = $12, branch_id = $13, mode = $14,
            counts = $15, seats = $16, walk_in = $17, queue = $18, party_max = $19, late_cancel_hours = $20,
            fill_from_hours = $21, offer_minutes = $22, reminder_hours = $23, reconfirm = $24,
            booked_by = $25, meeting_link = $26, meeting_number = $27, series_id = $28, sitting_id = $29, ask = $30,
            certificate = $31, opens_at = $32, closes_at = $33, capacity_from = $34, staff_seats = $35,
            staff_walk_in = $36, matched = $37, open = $38, overbooked = $39
        WHERE id = $1
        """,
        session.id,
        revision,
        locked.catalog_revision,
        locked.terms_revision,
        session.taken,
        session.ceiling,
        session.wakes_at(locked.now),
        *_terms(session.terms),
        session.open,
        session.overbooked,
    )


async def add_session(conn: Connection, session: Session, catalog_revision: int, now: datetime) -> bool:
    """Store a session seen for the first time; tells whether another delivery was quicker."""
    return bool(
        await conn.fetchval(
            """
            INSERT INTO session (
                id, revision, catalog_revision, terms_revision, taken, ceiling, open, wakes_at,
                status, activity_id, starts_at, ends_at, place, branch_id, mode, counts, seats, walk_in, queue,
                party_max, late_cancel_hours, fill_from_hours, offer_minutes, reminder_hours, reconfirm,
                booked_by, meeting_link, meeting_number, series_id, sitting_id, ask, certificate, opens_at, closes_at,
                capacity_from, staff_seats, staff_walk_in, matched
            )
            VALUES (
                $1, 1, $2, $2, $3, $4, $5, $6,
                $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
                $27, $28, $29, $30, $31, $32, $33, $34, $35, $36
            )
            ON CONFLICT (id) DO NOTHING RETURNING true
            """,
            session.id,
            catalog_revision,
            session.taken,
            session.ceiling,
            session.open,
            session.wakes_at(now),
            *_terms(session.terms),
        )
    )


def terms_from_row(row: asyncpg.Record) -> Terms:
    """Read the columns of a session that are its terms."""
    columns = {name: row[name] for name in Terms.__slots__}
    columns["ask"] = tuple(Question(**question | {"options": tuple(question["options"])}) for question in row["ask"])
    return Terms(**columns)


def _terms(terms: Terms) -> tuple[Any, ...]:
    """In the order of the columns above, which is that of the class."""
    columns = {name: getattr(terms, name) for name in Terms.__slots__}
    return tuple((columns | {"ask": [asdict(question) for question in terms.ask]}).values())


async def terms_of(conn: Connection, session_id: UUID) -> Terms:
    """On what terms a session that is known is booked, as far as one can say without a turn with it."""
    row = await conn.fetchrow(
        """
        SELECT status, activity_id, starts_at, ends_at, place, branch_id, mode, counts, seats, walk_in, queue,
               party_max, late_cancel_hours, fill_from_hours, offer_minutes, reminder_hours, reconfirm,
               booked_by, meeting_link, meeting_number, series_id, sitting_id, ask, certificate, opens_at, closes_at,
               capacity_from, staff_seats, staff_walk_in, matched
        FROM session WHERE id = $1
        """,
        session_id,
    )
    if row is None:
        raise LookupError(session_id)
    return terms_from_row(row)


async def other_times(
    conn: Connection,
    session_id: UUID,
    terms: Terms,
    now: datetime,
    *,
    besides_sitting: UUID | None = None,
    besides_series: UUID | None = None,
) -> list[OtherTime]:
    """Later sessions of the same activity with free seats, the nearest first, those of the same library before others.

    Not the slots of ``besides_sitting``, nor dates of ``besides_series``. Nobody's turn is taken.
    """
    rows = await conn.fetch(
        """
        SELECT id, status, activity_id, starts_at, ends_at, place, branch_id, mode, counts, seats, walk_in, queue,
               party_max, late_cancel_hours, fill_from_hours, offer_minutes, reminder_hours, reconfirm,
               booked_by, meeting_link, meeting_number, series_id, sitting_id, ask, certificate, opens_at, closes_at,
               capacity_from, staff_seats, staff_walk_in, matched, seats - walk_in - taken AS left
        FROM session s
        WHERE activity_id = $1 AND starts_at > $2 AND id <> $3
            AND ($4::uuid IS NULL OR sitting_id IS DISTINCT FROM $4)
            AND ($6::uuid IS NULL OR series_id IS DISTINCT FROM $6)
            AND status = 'published' AND open AND seats - walk_in > taken
            AND NOT EXISTS (SELECT FROM booking WHERE session_id = s.id AND state = 'queued')
        ORDER BY branch_id <> $5, starts_at, id LIMIT 200
        """,
        terms.activity_id,
        max(terms.starts_at, now),
        session_id,
        besides_sitting,
        terms.branch_id,
        besides_series,
    )
    return [OtherTime(id=row["id"], terms=terms_from_row(row), left=row["left"]) for row in rows]


async def now(conn: Connection) -> datetime:
    """The database's time, where no row tells it."""
    at: datetime = await conn.fetchval("SELECT clock_timestamp()")
    return at


async def await_turn(conn: Connection, session_id: UUID) -> None:
    """Wait for our turn with a session that may not be there yet, and so has no row to lock.

    Its publication and its end are handled at the same time when they arrive together; without this each
    would miss what the other has not committed.
    """
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))", str(session_id))


async def bury(conn: Connection, session_id: UUID, catalog_revision: int) -> None:
    """Remember that a session ended before we heard of it."""
    await conn.execute(
        """
        INSERT INTO session_tombstone (session_id, catalog_revision) VALUES ($1, $2)
        ON CONFLICT (session_id) DO UPDATE
        SET catalog_revision = greatest(session_tombstone.catalog_revision, excluded.catalog_revision)
        """,
        session_id,
        catalog_revision,
    )


async def buried(conn: Connection, session_id: UUID) -> int:
    """The revision at which a session ended before we heard of it; 0 when it did not."""
    found = await conn.fetchval("SELECT catalog_revision FROM session_tombstone WHERE session_id = $1", session_id)
    return int(found or 0)


async def due(conn: Connection, at_most: int, *, besides: Sequence[UUID] = ()) -> list[UUID]:
    """Sessions that time has changed by now, the one that has waited longest first; nobody's turn is taken."""
    rows = await conn.fetch(
        """
        SELECT id FROM session WHERE wakes_at <= clock_timestamp() AND id <> ALL($2)
        ORDER BY wakes_at LIMIT $1
        """,
        at_most,
        besides,
    )
    return [row["id"] for row in rows]


async def set_wakes_at(conn: Connection, session: Session, at: datetime | None) -> None:
    """Say when somebody must look at a session again, of which nothing else has changed."""
    await conn.execute("UPDATE session SET wakes_at = $2 WHERE id = $1", session.id, at)


async def branch_of(conn: Connection, session_id: UUID) -> str | None:
    """The library that hosts a session; None for a session nobody knows."""
    branch: str | None = await conn.fetchval("SELECT branch_id FROM session WHERE id = $1", session_id)
    return branch
