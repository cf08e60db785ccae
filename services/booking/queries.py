"""Read-side SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, LiteralString
from uuid import UUID

import asyncpg

from services.booking import codes
from services.booking.domain import WrongProof
from services.booking.reach import Reach
from shared.db import Connection

_BOOKING: LiteralString = """
    -- The meeting leaves the database for those only who have a seat; in a cancelled session nobody has.
    SELECT b.id, b.revision, b.session_id, b.state, b.adults, b.children, b.language, b.notice, b.late, b.cancelled_by,
           c.code, c.name, c.reach, c.phone, c.email, s.meeting_link, s.meeting_number
    FROM contact c JOIN booking b ON b.contact_ref = c.ref
        LEFT JOIN session s ON s.id = b.session_id AND b.state = 'confirmed'
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownBooking:
    """A booking with the person it is for, for that person's eyes."""

    id: UUID
    revision: int
    session_id: UUID
    state: str
    adults: int
    children: int
    language: str
    notice: str
    late: bool
    cancelled_by: Literal["visitor", "staff", "library"] | None
    code: str
    name: str
    reach: Reach
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
    """
    row = await conn.fetchrow(
        "SELECT ref, name, phone FROM contact WHERE code = $1",
        codes.read(code) or _NO_CODE,
    )
    name, phone = (row["name"], row["phone"]) if row else _NOBODY
    proven = codes.proves(proof, name=name, phone=phone)
    if row is None or not proven:
        return None
    booking = await conn.fetchrow(_BOOKING + "WHERE c.ref = $1", row["ref"])
    return KnownBooking.from_row(booking) if booking else None


async def booking_by_id(conn: Connection, booking_id: UUID) -> KnownBooking:
    """A booking whose right to be seen was shown before.

    Raises:
        WrongProof: the person was erased meanwhile.
    """
    row = await conn.fetchrow(_BOOKING + "WHERE b.id = $1", booking_id)
    if row is None:
        raise WrongProof("the code and the proof do not belong together")
    return KnownBooking.from_row(row)


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


async def reachable(conn: Connection, refs: Sequence[UUID]) -> list[ReachablePerson]:
    """How to reach these people; whoever was erased is left out."""
    rows = await conn.fetch(
        "SELECT ref, name, phone, email, reach AS by, code, language FROM contact WHERE ref = ANY($1)",
        refs,
    )
    return [ReachablePerson(**dict(row) | {"code": codes.shown(row["code"])}) for row in rows]
