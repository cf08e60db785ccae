"""What staff look for at the desk."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from services.booking.domain import UnknownSession
from services.booking.reach import Reach
from services.booking.store import walk_ins as store
from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """What somebody at the desk may mean by what they typed; at least one of these."""

    name: str | None = None
    """The beginning of a word of the name, or of several."""
    code: str | None = None
    digits: str | None = None
    """The last ones of a phone number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundBooking:
    """A booking with its person and its time, for staff at the desk."""

    id: UUID
    session_id: UUID
    starts_at: datetime
    ends_at: datetime
    code: str
    name: str
    reach: Reach
    language: str
    adults: int
    children: int
    seats: int
    state: str
    answer_by: datetime | None
    """Until when a seat that is offered may be accepted; None until the person was told of it."""
    attendance: str | None

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> "FoundBooking":
        """Read what :func:`found` selected."""
        columns = dict(row)
        reach = Reach(by=columns.pop("reach"), phone=columns.pop("phone"), email=columns.pop("email"))
        return cls(**columns, reach=reach)


async def found(conn: Connection, branch: str, sought: Sought, since: datetime, at_most: int) -> list[FoundBooking]:
    """Bookings of one library's sessions that end after ``since``, the first one first; by a code older ones too, last.

    It reads the people of those sessions, which an index finds, those whom a code names, and no others.
    """
    rows = await conn.fetch(
        r"""
        WITH named AS (
            SELECT ref FROM contact WHERE code = $3
        ), meant AS (
            SELECT b.id FROM named JOIN booking b ON b.contact_ref = named.ref
            UNION
            SELECT b.id FROM named
            JOIN series_booking sb ON sb.contact_ref = named.ref JOIN booking b ON b.series_booking_id = sb.id
            UNION
            SELECT b.id FROM session s JOIN booking b ON b.session_id = s.id JOIN contact c ON c.ref = b.contact_ref
            WHERE s.branch_id = $1 AND s.ends_at >= $2 AND (right(c.phone, length($4)) = $4 OR position(
                -- Without case and accents, each word after a space.
                ' ' || translate(
                    lower(regexp_replace(normalize($5, NFKD), '[\u0300-\u036f]', '', 'g')), '-''’.', '    '
                )
                IN
                ' ' || translate(
                    lower(regexp_replace(normalize(c.name, NFKD), '[\u0300-\u036f]', '', 'g')), '-''’.', '    '
                )
            ) > 0)
        )
        SELECT b.id, b.session_id, s.starts_at, s.ends_at, c.code, c.name, c.reach, c.phone, c.email, b.language,
            b.adults, b.children, b.seats, b.state, CASE b.state WHEN 'offered' THEN b.answer_by END AS answer_by,
            b.attendance
        FROM meant
        JOIN booking b USING (id) JOIN session s ON s.id = b.session_id JOIN contact c ON c.ref = b.contact_ref
        WHERE s.branch_id = $1
        ORDER BY s.ends_at < $2, s.starts_at, c.name, b.id LIMIT $6
        """,
        branch,
        since,
        sought.code,
        sought.digits,
        sought.name,
        at_most,
    )
    return [FoundBooking.from_row(row) for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class WalkIns:
    """How many walked into a session, and how much of its reserve that is."""

    session_id: UUID
    child: int
    young: int
    adult: int
    reserve: int | None
    """None where no seats are kept for them."""
    used: int


async def walk_ins(conn: Connection, session_id: UUID) -> WalkIns:
    """How many walked into a session.

    Raises:
        UnknownSession: nobody knows it.
    """
    session = await conn.fetchrow("SELECT mode, counts, walk_in FROM session WHERE id = $1", session_id)
    if session is None:
        raise UnknownSession("there is no such session")
    counts = await store.counts(conn, session_id)
    children = counts.child + counts.young
    return WalkIns(
        session_id=session_id,
        child=counts.child,
        young=counts.young,
        adult=counts.adult,
        reserve=session["walk_in"] if session["mode"] == "mixed" else None,
        used=children if session["counts"] == "children" else children + counts.adult,
    )
