"""Write-side SQL. Every statement says why it is as it is; a constraint's name becomes the refusal it stands for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.booking import codes
from services.booking.domain import AlreadyBooked, By, Party, Session, Terms, UnknownSession
from services.booking.reach import Reach
from shared.db import Connection
from shared.ids import new_id


@dataclass(frozen=True, kw_only=True, slots=True)
class LockedSession:
    """A session whose row this transaction holds, its revision, and the database's time once it was held."""

    session: Session
    revision: int
    catalog_revision: int
    """The newest word of catalog's."""
    terms_revision: int
    """The one that the terms are from: a withdrawal says nothing of them, and may have overtaken what does."""
    now: datetime


async def lock_session(conn: Connection, session_id: UUID) -> LockedSession:
    """Wait for our turn with a session: whoever changes its seats holds this row until commit.

    The clock is read after the lock was granted, so a visitor who waited in line is not given an old time.

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
               taken, ceiling,
               status, starts_at, ends_at, place, branch_id, mode, counts,
               seats, walk_in, queue, party_max, late_cancel_hours, booked_by, meeting_link, meeting_number
        FROM session WHERE id = $1 FOR UPDATE
        """,
        session_id,
    )
    if row is None:
        raise UnknownSession
    return LockedSession(
        session=_session(row),
        revision=row["revision"],
        catalog_revision=row["catalog_revision"],
        terms_revision=row["terms_revision"],
        now=await conn.fetchval("SELECT clock_timestamp()"),
    )


def _session(row: asyncpg.Record) -> Session:
    terms = Terms(**{name: row[name] for name in Terms.__slots__})
    return Session(id=row["id"], terms=terms, taken=row["taken"], ceiling=row["ceiling"])


async def save_session(conn: Connection, locked: LockedSession, session: Session) -> int:
    """Write a decided session back and raise its revision: one per transaction that changes it."""
    revision: int = await conn.fetchval(
        """
        UPDATE session SET
            revision = revision + 1, catalog_revision = $2, terms_revision = $3, taken = $4, ceiling = $5,
            status = $6, starts_at = $7, ends_at = $8, place = $9, branch_id = $10, mode = $11, counts = $12,
            seats = $13, walk_in = $14, queue = $15, party_max = $16, late_cancel_hours = $17,
            booked_by = $18, meeting_link = $19, meeting_number = $20
        WHERE id = $1
        RETURNING revision
        """,
        session.id,
        locked.catalog_revision,
        locked.terms_revision,
        session.taken,
        session.ceiling,
        *_terms(session.terms),
    )
    return revision


async def add_session(conn: Connection, session: Session, catalog_revision: int) -> bool:
    """Store a session seen for the first time; tells whether another delivery was quicker."""
    return bool(
        await conn.fetchval(
            """
            INSERT INTO session (
                id, revision, catalog_revision, terms_revision, taken, ceiling,
                status, starts_at, ends_at, place, branch_id, mode, counts,
                seats, walk_in, queue, party_max, late_cancel_hours, booked_by, meeting_link, meeting_number
            )
            VALUES ($1, 1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
            ON CONFLICT (id) DO NOTHING RETURNING true
            """,
            session.id,
            catalog_revision,
            session.taken,
            session.ceiling,
            *_terms(session.terms),
        )
    )


def _terms(terms: Terms) -> tuple[Any, ...]:
    """In the order of the columns above, which is that of the class."""
    return tuple(getattr(terms, name) for name in Terms.__slots__)


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


async def add_contact(conn: Connection, ref: UUID, name: str, reach: Reach, language: str) -> str:
    """Store how to reach a person, under a code nobody else has; gives the code."""
    while True:
        code = codes.new_code()
        fresh = await conn.fetchval(
            """
            INSERT INTO contact (ref, code, name, reach, phone, email, language) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (code) DO NOTHING RETURNING true
            """,
            ref,
            code,
            name,
            reach.by,
            reach.phone,
            reach.email,
            language,
        )
        if fresh:
            return code


@dataclass(frozen=True, kw_only=True, slots=True)
class Booking:
    """A booking without the person: what the rules and events need."""

    id: UUID
    session_id: UUID
    contact_ref: UUID
    language: str
    state: str
    revision: int
    adults: int
    children: int
    seats: int

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> "Booking":
        """Read a row that has these columns."""
        return cls(**{name: row[name] for name in cls.__slots__})

    @property
    def party(self) -> Party:
        """Who comes."""
        return Party(adults=self.adults, children=self.children)


async def add_booking(conn: Connection, booking: Booking, person: bytes | None, *, notice: str) -> None:
    """Store a confirmed booking.

    Raises:
        AlreadyBooked: the same person has a seat in this session.
    """
    try:
        await conn.execute(
            """
            INSERT INTO booking (
                id, session_id, contact_ref, language, state, revision, adults, children, seats, person, notice
            )
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            booking.id,
            booking.session_id,
            booking.contact_ref,
            booking.language,
            booking.state,
            booking.revision,
            booking.adults,
            booking.children,
            booking.seats,
            person,
            notice,
        )
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "booking_one_per_person":
            raise AlreadyBooked("you have a seat already") from error
        raise


async def has_seat(conn: Connection, session_id: UUID, person: bytes) -> bool:
    """Whether this person has a seat in this session."""
    return bool(
        await conn.fetchval(
            "SELECT true FROM booking WHERE session_id = $1 AND person = $2 AND state = 'confirmed'",
            session_id,
            person,
        )
    )


async def confirmed(conn: Connection, session_id: UUID) -> list[Booking]:
    """Everybody who has a seat, in the order they came; stable while the session's row is held."""
    rows = await conn.fetch(
        """
        SELECT id, session_id, contact_ref, language, state, revision, adults, children, seats
        FROM booking WHERE session_id = $1 AND state = 'confirmed' ORDER BY id
        """,
        session_id,
    )
    return [Booking.from_row(row) for row in rows]


async def booking_now(conn: Connection, booking_id: UUID) -> Booking:
    """A booking as it is now that its session's row is held."""
    row = await conn.fetchrow(
        """
        SELECT id, session_id, contact_ref, language, state, revision, adults, children, seats
        FROM booking WHERE id = $1
        """,
        booking_id,
    )
    if row is None:
        raise LookupError(booking_id)
    return Booking.from_row(row)


async def cancel_booking(conn: Connection, booking_id: UUID, by: By, *, late: bool) -> Booking:
    """Mark a booking as given back; its session's row is held."""
    row = await conn.fetchrow(
        """
        UPDATE booking SET
            state = 'cancelled', revision = revision + 1, cancelled_at = clock_timestamp(), cancelled_by = $2, late = $3
        WHERE id = $1
        RETURNING id, session_id, contact_ref, language, state, revision, adults, children, seats
        """,
        booking_id,
        by,
        late,
    )
    if row is None:
        raise LookupError(booking_id)
    return Booking.from_row(row)


async def shrink_booking(conn: Connection, booking_id: UUID, party: Party, seats: int) -> Booking:
    """Have fewer people come on a booking; its session's row is held."""
    row = await conn.fetchrow(
        """
        UPDATE booking SET adults = $2, children = $3, seats = $4, revision = revision + 1
        WHERE id = $1
        RETURNING id, session_id, contact_ref, language, state, revision, adults, children, seats
        """,
        booking_id,
        party.adults,
        party.children,
        seats,
    )
    if row is None:
        raise LookupError(booking_id)
    return Booking.from_row(row)


async def touch_bookings_of(conn: Connection, reach: Reach, at_most: int) -> list[Booking]:
    """Raise the revision of the next bookings that anybody with this number or address can be sent messages about.

    One statement, whether there are any or not. It takes no turn with their sessions, whose seats stay as they are:
    who asks for a code must not hold up who books. A booking cancelled meanwhile is left out.
    """
    rows = await conn.fetch(
        """
        WITH next AS (
            SELECT b.id, s.starts_at
            FROM contact c JOIN booking b ON b.contact_ref = c.ref JOIN session s ON s.id = b.session_id
            WHERE (c.phone = $1 OR lower(c.email COLLATE "C") = $2) AND c.reach IN ('sms', 'email', 'proxy')
                AND b.state = 'confirmed' AND s.ends_at > statement_timestamp()
            ORDER BY s.starts_at, b.id LIMIT $3
            FOR UPDATE OF b
        ), touched AS (
            UPDATE booking b SET revision = revision + 1 FROM next WHERE b.id = next.id
            RETURNING b.id, session_id, contact_ref, language, state, revision, adults, children, seats
        )
        SELECT id, session_id, contact_ref, language, state, revision, adults, children, seats
        FROM touched JOIN next USING (id) ORDER BY starts_at, id
        """,
        reach.phone,
        reach.email and reach.email.casefold(),
        at_most,
    )
    return [Booking.from_row(row) for row in rows]


async def touch_booking(conn: Connection, booking_id: UUID) -> int:
    """Raise a booking's revision for an event that leaves it as it is."""
    return int(
        await conn.fetchval(
            "UPDATE booking SET revision = revision + 1 WHERE id = $1 RETURNING revision",
            booking_id,
        )
    )


async def note_message(conn: Connection, booking_id: UUID, message_id: UUID, revision: int, notice: str) -> None:
    """Remember what became of the newest message about a booking; older news changes nothing.

    Message ids are UUIDv7: a newer message sorts after an older one.
    """
    await conn.execute(
        """
        UPDATE booking SET notice = $4, notice_message = $2, notice_revision = $3
        WHERE id = $1 AND (
            notice_message IS NULL OR notice_message < $2 OR (notice_message = $2 AND notice_revision < $3)
        )
        """,
        booking_id,
        message_id,
        revision,
        notice,
    )


def booking(session_id: UUID, contact_ref: UUID, language: str, *, adults: int, children: int, seats: int) -> Booking:
    """A new confirmed booking."""
    return Booking(
        id=new_id(),
        session_id=session_id,
        contact_ref=contact_ref,
        language=language,
        state="confirmed",
        revision=1,
        adults=adults,
        children=children,
        seats=seats,
    )
