from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, LiteralString
from uuid import UUID

import asyncpg

from services.booking import domain
from services.booking.domain import WrongProof
from services.booking.domain.calls import of_use
from services.booking.reach import Reach
from services.booking.store import calls
from services.booking.store.helpers import Helper
from shared import codes, installation
from shared.db import Connection
from shared.hours import PermittedHours

_BOOKING: LiteralString = """
    -- A certificate is for who was there, once it is over, unless staff say that it was not held.
    -- The meeting leaves the database for those only who have a seat; in a cancelled session nobody has.
    SELECT b.id, b.revision, b.session_id, b.state, b.adults, b.children, b.language, b.notice, b.late, b.cancelled_by,
           b.attendance,
           CASE b.state WHEN 'cancelled' THEN coalesce(b.was, 'confirmed') END AS was,
           b.answers, s.certificate AND coalesce(b.attendance, '') = 'came' AND s.ends_at <= clock_timestamp()
               AND NOT EXISTS (SELECT FROM closing WHERE session_id = s.id AND NOT held) AS certificate,
           c.code, c.name, c.reach, c.phone, c.email, s.activity_id,
           (
               SELECT whole.code FROM series_booking sb JOIN contact whole ON whole.ref = sb.contact_ref
               WHERE sb.id = b.series_booking_id
           ) AS series_code,
           CASE WHEN b.state = 'confirmed' AND s.matched THEN coalesce(b.helper, 'sought') END AS helper,
           CASE b.state WHEN 'confirmed' THEN s.meeting_link END AS meeting_link,
           CASE b.state WHEN 'confirmed' THEN s.meeting_number END AS meeting_number,
           CASE b.state WHEN 'offered' THEN b.answer_by END AS answer_by,
           CASE b.state WHEN 'queued' THEN (
               SELECT count(*) FROM booking before
               WHERE before.session_id = b.session_id AND before.state = 'queued' AND before.joined <= b.joined
           ) END AS position
    FROM contact c JOIN booking b ON b.contact_ref = c.ref JOIN session s ON s.id = b.session_id
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownBooking:
    """A booking with the person it is for, for that person's eyes."""

    id: UUID
    revision: int
    session_id: UUID
    activity_id: UUID | None
    state: str
    position: int | None
    """Where it stands in the waiting list, 1 for its head; None when it does not wait."""
    answer_by: datetime | None
    """Until when an offer may be answered; None unless somebody was told of one."""
    adults: int
    children: int
    language: str
    notice: str
    late: bool
    cancelled_by: Literal["visitor", "staff", "library"] | None
    was: Literal["confirmed", "queued", "offered"] | None
    """What was given back; None unless it was."""
    attendance: domain.Attendance | None
    answers: domain.Answers
    certificate: bool
    """Whether it may be had now that they were there."""
    code: str
    series_code: str | None
    """What stands for all dates with which it was booked; None where it was booked alone."""
    name: str
    reach: Reach
    helper: Helper | None
    """How it stands with who helps them; None where nobody of their own does, or without a seat."""
    meeting_link: str | None
    """How to get into an online session; None without a seat in one that is held."""
    meeting_number: str | None

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> "KnownBooking":
        """Read what :data:`_BOOKING` selected."""
        columns = dict(row)
        reach = Reach(by=columns.pop("reach"), phone=columns.pop("phone"), email=columns.pop("email"))
        return cls(**columns, reach=reach)


_NO_CODE = ""
_NOBODY = ("", "+46700000000")


async def proven_booking(conn: Connection, code: str, proof: str) -> KnownBooking | None:
    """The booking with this code, for somebody who can prove that it is theirs.

    None when there is no such code or the proof does not fit. Neither answer nor time tells which: also for
    a code that cannot be one the same is asked of the database, and a proof is compared.

    Raises:
        SeriesCode: it is theirs, and stands for several bookings.
    """
    ref = await proven_contact(conn, code, proof)
    booking = await conn.fetchrow(_BOOKING + "WHERE c.ref = $1", ref) if ref else None
    if ref and booking is None and await conn.fetchval("SELECT true FROM series_booking WHERE contact_ref = $1", ref):
        raise domain.SeriesCode("this code stands for several times that were booked together")
    return KnownBooking.from_row(booking) if booking else None


async def proven_contact(conn: Connection, code: str, proof: str) -> UUID | None:
    """Whose code it is, for somebody who can prove that it is theirs; None for all others."""
    row = await conn.fetchrow(
        "SELECT ref, name, phone FROM contact WHERE code = $1",
        codes.read(code) or _NO_CODE,
    )
    name, phone = (row["name"], row["phone"]) if row else _NOBODY
    proven = codes.proves(proof, name=name, phone=phone)
    return row["ref"] if row and proven else None


async def booking_by_id(conn: Connection, booking_id: UUID) -> KnownBooking:
    """A booking whose right to be seen was shown before.

    Raises:
        WrongProof: the person was erased meanwhile.
    """
    found = await desk_booking(conn, booking_id)
    if found is None:
        raise WrongProof("the code and the proof do not belong together")
    return found


async def desk_booking(conn: Connection, booking_id: UUID) -> KnownBooking | None:
    """A booking that staff may see; None once its person was erased."""
    row = await conn.fetchrow(_BOOKING + "WHERE b.id = $1", booking_id)
    return KnownBooking.from_row(row) if row else None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReachablePerson:
    """Who to write to, and how, for the moment of sending."""

    ref: UUID
    name: str
    phone: str | None
    email: str | None
    by: str
    code: str
    language: str
    answer_by: datetime | None
    """Until when they may answer who are told now that a seat is offered to them; None where none is."""


async def reachable(conn: Connection, refs: Sequence[UUID], hours: PermittedHours) -> list[ReachablePerson]:
    """How to reach these people; whoever was erased is left out.

    ``hours`` count until administrators decide others.
    """
    rows = await conn.fetch(
        """
        SELECT c.ref, c.name, c.phone, c.email, c.reach AS by, c.code, c.language,
            b.state = 'offered' AS offered, b.answer_by, s.starts_at, s.offer_minutes, clock_timestamp() AS now
        FROM contact c
        LEFT JOIN booking b ON b.contact_ref = c.ref
        LEFT JOIN session s ON s.id = b.session_id
        WHERE c.ref = ANY($1)
        """,
        refs,
    )
    permitted = await installation.hours(conn, hours)
    return [_reachable(row, permitted) for row in rows]


def _reachable(row: asyncpg.Record, hours: PermittedHours) -> ReachablePerson:
    ends = None
    if row["offered"]:
        window = timedelta(minutes=row["offer_minutes"])
        ends = row["answer_by"] or domain.answer_by(row["starts_at"], window, row["now"], hours)
    person = {name: row[name] for name in ("ref", "name", "phone", "email", "by", "language")}
    return ReachablePerson(**person, code=codes.shown(row["code"]), answer_by=ends)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedBooking:
    """A booking with its person, for staff at the desk."""

    id: UUID
    code: str | None
    name: str | None
    reach: Reach | None
    """None once the person was erased."""
    language: str
    adults: int
    children: int
    seats: int
    state: str
    position: int | None
    answer_by: datetime | None
    to_call: bool
    reconfirmed: bool
    attendance: str | None
    answers: domain.Answers


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionBookings:
    """The people of a session."""

    capacity: int
    taken: int
    bookings: list[ListedBooking]


async def session_bookings(conn: Connection, session_id: UUID) -> SessionBookings:
    """Who has a seat, by name; then who has an offer and who waits, in order; then who stands by; then the others.

    To be called are those whom the call list names.
    """
    session = await conn.fetchrow(
        """
        SELECT CASE mode WHEN 'drop_in' THEN 0 ELSE seats - walk_in END AS capacity, taken FROM session WHERE id = $1
        """,
        session_id,
    )
    rows = await conn.fetch(
        """
        SELECT b.id, c.code, c.name, c.reach, c.phone, c.email, b.language, b.adults, b.children, b.seats, b.state,
            CASE b.state WHEN 'queued' THEN
                row_number() OVER (PARTITION BY b.state ORDER BY b.joined)
            END AS position,
            CASE b.state WHEN 'offered' THEN b.answer_by END AS answer_by,
            b.reconfirmed_at IS NOT NULL AS reconfirmed, b.attendance, b.answers
        FROM booking b LEFT JOIN contact c ON c.ref = b.contact_ref
        WHERE b.session_id = $1 AND NOT EXISTS (
            SELECT FROM series_booking sb WHERE sb.id = b.series_booking_id AND sb.state = 'refused'
        )
        ORDER BY array_position(ARRAY['confirmed', 'offered', 'queued', 'closed'], b.state), b.joined, c.name, b.id
        """,
        session_id,
    )
    if session is None:
        raise LookupError(session_id)
    called = {one.booking_id for one in await calls.of_sessions(conn, [session_id]) if of_use(one.call, one.now)}
    return SessionBookings(
        capacity=session["capacity"],
        taken=session["taken"],
        bookings=[_listed(row, to_call=row["id"] in called) for row in rows],
    )


def _listed(row: asyncpg.Record, *, to_call: bool) -> ListedBooking:
    columns = dict(row) | {"to_call": to_call}
    by, phone, email = (columns.pop(name) for name in ("reach", "phone", "email"))
    return ListedBooking(**columns, reach=Reach(by=by, phone=phone, email=email) if by else None)
