"""Bookings: what becomes of each. The row of their session is held by whoever changes their seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, LiteralString, TypeAlias
from uuid import UUID

import asyncpg

from services.booking.domain import AlreadyBooked, Answers, Attendance, By, Party
from shared.db import Connection
from shared.ids import new_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Booking:
    """A booking without the person: what the rules and events need."""

    id: UUID
    session_id: UUID
    contact_ref: UUID
    language: str
    state: Literal["confirmed", "queued", "offered", "cancelled", "declined", "expired", "closed"]
    revision: int
    adults: int
    children: int
    seats: int
    series_booking_id: UUID | None
    """With which other dates it was made, if with any."""
    answers: Answers
    helper: Literal["sought", "found", "missing"] | None
    """How it stands with who helps, as far as was told."""

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> "Booking":
        """Read a row that has these columns."""
        return cls(**{name: row[name] for name in cls.__slots__})

    @property
    def left_alone(self) -> bool:
        """Whether it has its seat and nobody will help: who gives it back then never does so late."""
        return self.state == "confirmed" and self.helper == "missing"

    @property
    def party(self) -> Party:
        """Who comes."""
        return Party(adults=self.adults, children=self.children)


def made(  # noqa: PLR0913 - each is named at the call
    booking_id: UUID,
    session_id: UUID,
    contact_ref: UUID,
    language: str,
    *,
    state: Literal["confirmed", "queued"],
    party: Party,
    seats: int,
    series_booking_id: UUID | None,
    answers: Answers,
) -> Booking:
    """A new booking."""
    return Booking(
        id=booking_id,
        session_id=session_id,
        contact_ref=contact_ref,
        language=language,
        state=state,
        revision=1,
        adults=party.adults,
        children=party.children,
        seats=seats,
        series_booking_id=series_booking_id,
        answers=answers,
        helper=None,
    )


def new_booking_id() -> UUID:
    """An id for a booking that is about to be made."""
    return new_id()


Channel: TypeAlias = Literal["web", "desk", "series"]


async def add(
    conn: Connection,
    booking: Booking,
    person: bytes | None,
    *,
    channel: Channel,
    notice: str,
    remind_at: datetime | None,
) -> None:
    """Store a booking: with its seats, or at the end of the line.

    Raises:
        AlreadyBooked: the same person has a seat in this session or waits for one.
    """
    try:
        await conn.execute(
            """
            INSERT INTO booking (
                id, session_id, contact_ref, language, state, revision, adults, children, seats, person, notice,
                remind_at, answers, channel, series_booking_id, joined
            )
            VALUES (
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
                $12, $13, $14, $15, CASE WHEN $5 = 'queued' THEN nextval('booking_joined') END
            )
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
            remind_at,
            booking.answers,
            channel,
            booking.series_booking_id,
        )
    except asyncpg.UniqueViolationError as error:
        raise _already_booked(error) from error


def _already_booked(error: asyncpg.UniqueViolationError) -> Exception:
    """The refusal that a broken rule stands for; the error itself where it is another one."""
    if error.constraint_name == "booking_one_per_person":
        return AlreadyBooked("you have a seat already, or wait for one")
    return error


async def is_active(conn: Connection, session_id: UUID, person: bytes) -> bool:
    """Whether this person has a seat in this session, or waits for one."""
    return bool(
        await conn.fetchval(
            """
            SELECT true FROM booking
            WHERE session_id = $1 AND person = $2 AND state IN ('confirmed', 'queued', 'offered')
            """,
            session_id,
            person,
        )
    )


async def waiting(conn: Connection, session_id: UUID, person: bytes) -> Booking | None:
    """With what this person waits for a seat in this session, or has one on offer; stable while its row is held."""
    row = await conn.fetchrow(
        """
        SELECT id, session_id, contact_ref, language, state, revision, adults, children, seats, series_booking_id,
            answers, helper
        FROM booking WHERE session_id = $1 AND person = $2 AND state IN ('queued', 'offered')
        """,
        session_id,
        person,
    )
    return Booking.from_row(row) if row else None


async def active(conn: Connection, session_id: UUID) -> list[Booking]:
    """Everybody who has a seat or waits for one, in the order they came; stable while the session's row is held."""
    rows = await conn.fetch(
        """
        SELECT id, session_id, contact_ref, language, state, revision, adults, children, seats, series_booking_id,
            answers, helper
        FROM booking WHERE session_id = $1 AND state IN ('confirmed', 'queued', 'offered') ORDER BY id
        """,
        session_id,
    )
    return [Booking.from_row(row) for row in rows]


async def session_of(conn: Connection, booking_id: UUID) -> UUID | None:
    """Which session a booking is for, as far as one can say without its row; None for no booking of ours."""
    found: UUID | None = await conn.fetchval("SELECT session_id FROM booking WHERE id = $1", booking_id)
    return found


async def find(conn: Connection, booking_id: UUID) -> Booking | None:
    """A booking as far as one can say without its session's row; None for no booking of ours."""
    row = await conn.fetchrow(
        """
        SELECT id, session_id, contact_ref, language, state, revision, adults, children, seats, series_booking_id,
            answers, helper
        FROM booking WHERE id = $1
        """,
        booking_id,
    )
    return Booking.from_row(row) if row else None


async def now(conn: Connection, booking_id: UUID) -> Booking:
    """A booking as it is now that its session's row is held."""
    found = await find(conn, booking_id)
    if found is None:
        raise LookupError(booking_id)
    return found


def _found(row: asyncpg.Record | None, booking_id: UUID) -> Booking:
    if row is None:
        raise LookupError(booking_id)
    return Booking.from_row(row)


_UPDATE: LiteralString = "UPDATE booking SET revision = revision + 1, "
_ONE: LiteralString = """
    WHERE id = $1
    RETURNING id, session_id, contact_ref, language, state, revision, adults, children, seats, series_booking_id,
        answers, helper
"""
"""Around every change of a booking that others hear of."""


async def cancel(conn: Connection, booking_id: UUID, by: By, *, late: bool, attendance: Attendance | None) -> Booking:
    """Mark a booking as given back."""
    row = await conn.fetchrow(
        _UPDATE
        + """
        state = 'cancelled', was = state, cancelled_at = clock_timestamp(), cancelled_by = $2, late = $3,
        remind_at = NULL, attendance = $4
        """
        + _ONE,
        booking_id,
        by,
        late,
        attendance,
    )
    return _found(row, booking_id)


async def offer(conn: Connection, booking_id: UUID) -> Booking:
    """Keep seats for a party that waits; it has not been told yet."""
    row = await conn.fetchrow(_UPDATE + "state = 'offered', offered_at = clock_timestamp()" + _ONE, booking_id)
    return _found(row, booking_id)


async def confirm(conn: Connection, booking_id: UUID, remind_at: datetime | None) -> Booking:
    """Give a party the seats it waited for."""
    row = await conn.fetchrow(_UPDATE + "state = 'confirmed', remind_at = $2" + _ONE, booking_id, remind_at)
    return _found(row, booking_id)


async def end(conn: Connection, booking_id: UUID, state: Literal["declined", "expired", "closed"]) -> Booking:
    """Mark that a party no longer waits, and why."""
    row = await conn.fetchrow(_UPDATE + "state = $2" + _ONE, booking_id, state)
    return _found(row, booking_id)


async def seat(conn: Connection, booking_id: UUID, party: Party, seats: int, remind_at: datetime | None) -> Booking:
    """Give a party that waits its seats, for as many as have come to the desk."""
    row = await conn.fetchrow(
        _UPDATE + "state = 'confirmed', adults = $2, children = $3, seats = $4, remind_at = $5" + _ONE,
        booking_id,
        party.adults,
        party.children,
        seats,
        remind_at,
    )
    return _found(row, booking_id)


async def seat_at_door(conn: Connection, booking_id: UUID) -> Booking:
    """Give a party a seat that stands at the door: it is there."""
    row = await conn.fetchrow(_UPDATE + "state = 'confirmed', attendance = 'came'" + _ONE, booking_id)
    return _found(row, booking_id)


async def shrink(conn: Connection, booking_id: UUID, party: Party, seats: int) -> Booking:
    """Have fewer people come on a booking, or wait with it."""
    row = await conn.fetchrow(
        _UPDATE + "adults = $2, children = $3, seats = $4" + _ONE,
        booking_id,
        party.adults,
        party.children,
        seats,
    )
    return _found(row, booking_id)


async def move(
    conn: Connection, left: Booking, session_id: UUID, seats: int, remind_at: datetime | None, *, late: bool
) -> Booking:
    """Have a booking be for another session, with seats; the rows of both sessions are held.

    Raises:
        AlreadyBooked: the same person has a seat there or waits for one.
    """
    try:
        row = await conn.fetchrow(
            _UPDATE
            + """
            session_id = $2, state = 'confirmed', seats = $3, remind_at = $4, attendance = NULL, late = false,
            joined = NULL, offered_at = NULL, told_at = NULL, answer_by = NULL,
            reconfirmed_at = NULL, helper = NULL, helper_at = NULL, helper_revision = NULL,
            helper_told = NULL, helper_next = NULL
            """
            + _ONE,
            left.id,
            session_id,
            seats,
            remind_at,
        )
    except asyncpg.UniqueViolationError as error:
        raise _already_booked(error) from error
    await conn.execute(
        "INSERT INTO move (booking_id, from_session_id, to_session_id, seats, late) VALUES ($1, $2, $3, $4, $5)",
        left.id,
        left.session_id,
        session_id,
        left.seats,
        late,
    )
    return _found(row, left.id)


async def touch(conn: Connection, booking_id: UUID) -> Booking:
    """Raise a booking's revision for an event that leaves it as it is."""
    row = await conn.fetchrow(
        """
        UPDATE booking SET revision = revision + 1 WHERE id = $1
        RETURNING id, session_id, contact_ref, language, state, revision, adults, children, seats, series_booking_id,
            answers, helper
        """,
        booking_id,
    )
    return _found(row, booking_id)


async def note_told(conn: Connection, booking_id: UUID, at: datetime, answer_by: datetime) -> None:
    """Keep since when somebody knows of the seat they are offered, and until when they may answer."""
    await conn.execute(
        "UPDATE booking SET told_at = $2, answer_by = $3 WHERE id = $1",
        booking_id,
        at,
        answer_by,
    )


async def reached_by(conn: Connection, refs: Sequence[UUID], person: bytes | None) -> None:
    """Keep by what the person of these contacts is known again since their number or address changed.

    Raises:
        AlreadyBooked: that person has a seat in one of these sessions or waits for one.
    """
    try:
        await conn.execute(
            """
            UPDATE booking SET person = $2
            WHERE contact_ref = ANY($1) AND EXISTS (SELECT FROM contact WHERE ref = contact_ref)
            """,
            refs,
            person,
        )
    except asyncpg.UniqueViolationError as error:
        raise _already_booked(error) from error


async def cap_answers(conn: Connection, session_id: UUID, starts_at: datetime) -> None:
    """Let no offer outlast a start that was moved forward."""
    await conn.execute(
        "UPDATE booking SET answer_by = $2 WHERE session_id = $1 AND state = 'offered' AND answer_by > $2",
        session_id,
        starts_at,
    )


async def set_attendance(conn: Connection, booking_id: UUID, attendance: str | None) -> None:
    """Keep whether somebody came; nobody else hears of it, and the seats are counted by the session's row."""
    await conn.execute("UPDATE booking SET attendance = $2 WHERE id = $1", booking_id, attendance)


async def attendance(conn: Connection, booking_id: UUID) -> str | None:
    """Whether somebody came, as far as staff have said; stable while the session's row is held."""
    found: str | None = await conn.fetchval("SELECT attendance FROM booking WHERE id = $1", booking_id)
    return found
