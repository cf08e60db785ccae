from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.booking.queries.bookings import proven_contact
from services.booking.reach import Reach
from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownDate:
    """One of several dates that were booked together, for its person's eyes."""

    session_id: UUID
    starts_at: datetime
    code: str
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedDate:
    """A date that was not booked with the others."""

    session_id: UUID
    starts_at: datetime
    why: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownSeries:
    """Several dates that were booked together, with the person."""

    id: UUID
    revision: int
    series_id: UUID
    state: str
    adults: int
    children: int
    answers: dict[str, object]
    language: str
    notice: str
    wanted: int
    """How many dates were asked for."""
    code: str | None
    name: str | None
    reach: Reach | None
    """None, as name and code, once the person was erased, or where nothing was booked."""


async def proven_series(conn: Connection, code: str, proof: str) -> UUID | None:
    """What was booked together under this code, for somebody who can prove that it is theirs; None for all others."""
    ref = await proven_contact(conn, code, proof)
    found: UUID | None = await conn.fetchval("SELECT id FROM series_booking WHERE contact_ref = $1", ref)
    return found


async def series_by_id(conn: Connection, series_booking_id: UUID) -> KnownSeries:
    """What was booked together, for who may see it."""
    row = await conn.fetchrow(
        """
        SELECT sb.id, sb.revision, sb.series_id, sb.state, sb.adults, sb.children, sb.answers, sb.language, sb.notice,
            (SELECT count(*) FROM series_date WHERE series_booking_id = sb.id) AS wanted,
            c.code, c.name, c.reach, c.phone, c.email, c.behalf_of
        FROM series_booking sb LEFT JOIN contact c ON c.ref = sb.contact_ref WHERE sb.id = $1
        """,
        series_booking_id,
    )
    if row is None:
        raise LookupError(series_booking_id)
    columns = dict(row)
    by, phone, email, behalf_of = (columns.pop(name) for name in ("reach", "phone", "email", "behalf_of"))
    reach = Reach(by=by, phone=phone, email=email, behalf_of=behalf_of) if by else None
    return KnownSeries(**columns, reach=reach)


async def dates_as_told(conn: Connection, series_booking_id: UUID) -> list[KnownDate]:
    """What was booked, as who booked it was told: what came later changes nothing."""
    rows = await conn.fetch(
        """
        SELECT d.session_id, d.starts_at, c.code, 'confirmed' AS state
        FROM series_date d JOIN booking b ON b.id = d.booking_id JOIN contact c ON c.ref = b.contact_ref
        WHERE d.series_booking_id = $1 ORDER BY d.starts_at, d.session_id
        """,
        series_booking_id,
    )
    return [KnownDate(**dict(row)) for row in rows]


async def dates_now(conn: Connection, series_booking_id: UUID) -> list[KnownDate]:
    """What was booked, as it is now: also what was given back, or changed to another session."""
    rows = await conn.fetch(
        """
        SELECT b.session_id, s.starts_at, c.code, b.state
        FROM booking b JOIN session s ON s.id = b.session_id JOIN contact c ON c.ref = b.contact_ref
        WHERE b.series_booking_id = $1 ORDER BY s.starts_at, b.id
        """,
        series_booking_id,
    )
    return [KnownDate(**dict(row)) for row in rows]


async def dates_refused(conn: Connection, series_booking_id: UUID) -> list[RefusedDate]:
    """What was not booked with the others, and why."""
    rows = await conn.fetch(
        """
        SELECT session_id, starts_at, why, detail FROM series_date
        WHERE series_booking_id = $1 AND why IS NOT NULL ORDER BY starts_at, session_id
        """,
        series_booking_id,
    )
    return [RefusedDate(**dict(row)) for row in rows]
