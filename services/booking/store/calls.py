"""The call list: one open entry for a booking, the message it stands for, and what came of ringing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

import asyncpg

from services.booking.domain.calls import Call, Circumstances
from shared.db import Connection
from shared.ids import new_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """A booking that a message about did not arrive."""

    by: str
    """How its person is reached."""
    now: Circumstances
    standing: Call | None
    """What they are to be told already."""


async def failed(conn: Connection, booking_id: UUID) -> Failed | None:
    """What is known of a booking, whose row is held from now on; None for none of ours, and for who was erased."""
    row = await conn.fetchrow(
        """
        SELECT c.reach, b.session_id, b.state, b.told_at IS NOT NULL AS offer_told, b.told_by,
            s.starts_at <= clock_timestamp() AS begun
        FROM booking b JOIN contact c ON c.ref = b.contact_ref JOIN session s ON s.id = b.session_id
        WHERE b.id = $1 FOR NO KEY UPDATE OF b
        """,
        booking_id,
    )
    if row is None:
        return None
    open_ = await conn.fetchrow(
        "SELECT message_id, template, session_id FROM call WHERE booking_id = $1 AND ticked_at IS NULL", booking_id
    )
    return Failed(by=row["reach"], now=_circumstances(row), standing=Call(**dict(open_)) if open_ else None)


async def put(conn: Connection, booking_id: UUID, call: Call, reason: str) -> None:
    """Have somebody told by voice, instead of what they were to be told before. What is older than a tick is over."""
    await conn.execute(
        """
        INSERT INTO call (id, booking_id, session_id, message_id, template, reason)
        SELECT $1, $2, $3, $4, $5, $6
        WHERE NOT EXISTS (
            SELECT FROM call WHERE booking_id = $2 AND ticked_at IS NOT NULL AND message_id >= $4
        )
        ON CONFLICT (booking_id) WHERE ticked_at IS NULL DO UPDATE SET
            session_id = excluded.session_id, message_id = excluded.message_id, template = excluded.template,
            reason = excluded.reason, since = clock_timestamp(), attempts = 0, tried_at = NULL, outcome = NULL
        """,
        new_id(),
        booking_id,
        call.session_id,
        call.message_id,
        call.template,
        reason,
    )


async def note_told(conn: Connection, booking_id: UUID, message_id: UUID) -> None:
    """Keep that a message about a booking left: older ones need no call any more."""
    await conn.execute(
        "UPDATE booking SET told_by = greatest(told_by, $2) WHERE id = $1 AND told_by IS DISTINCT FROM $2",
        booking_id,
        message_id,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Somebody who may have to be told by voice."""

    id: UUID
    booking_id: UUID
    name: str
    by: str
    phone: str | None
    """None where nobody can be rung: then they are told at the door."""
    language: str
    adults: int
    children: int
    branch_id: str
    call: Call
    reason: str
    since: datetime
    starts_at: datetime
    attempts: int
    tried_at: datetime | None
    ticked: bool
    outcome: str | None
    now: Circumstances

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> "Entry":
        """Read what :data:`_ENTRY` selected."""
        names = ("id", "booking_id", "name", "phone", "language", "adults", "children", "branch_id", "reason")
        return cls(
            **{name: row[name] for name in (*names, "since", "starts_at", "attempts", "tried_at", "ticked", "outcome")},
            by=row["reach"],
            call=Call(message_id=row["message_id"], template=row["template"], session_id=row["for_session_id"]),
            now=_circumstances(row),
        )


def _circumstances(row: asyncpg.Record) -> Circumstances:
    return Circumstances(**{name: row[name] for name in Circumstances.__slots__})


_ENTRY: LiteralString = """
    SELECT call.id, call.booking_id, c.name, c.reach, CASE WHEN NOT call.wrong_number THEN c.phone END AS phone,
        c.language, b.adults, b.children, s.branch_id, call.message_id, call.template,
        call.session_id AS for_session_id, call.reason, call.since, s.starts_at, call.attempts, call.tried_at,
        call.ticked_at IS NOT NULL AS ticked, call.outcome, b.session_id, b.state, b.told_at IS NOT NULL AS offer_told,
        b.told_by, s.starts_at <= clock_timestamp() AS begun
    FROM call
    JOIN booking b ON b.id = call.booking_id
    JOIN contact c ON c.ref = b.contact_ref
    JOIN session s ON s.id = b.session_id
"""
"""Who was erased is not called any more."""


async def of_branch(conn: Connection, branch_id: str) -> Sequence[Entry]:
    """Who may have to be told about coming sessions of a library, the next session first."""
    rows = await conn.fetch(
        _ENTRY
        + """
        WHERE call.ticked_at IS NULL AND s.branch_id = $1 AND s.starts_at > clock_timestamp()
        ORDER BY s.starts_at, call.since, call.id
        """,
        branch_id,
    )
    return [Entry.from_row(row) for row in rows]


async def of_sessions(conn: Connection, session_ids: Collection[UUID]) -> Sequence[Entry]:
    """Who may have to be told about these sessions."""
    rows = await conn.fetch(_ENTRY + "WHERE call.ticked_at IS NULL AND call.session_id = ANY ($1)", list(session_ids))
    return [Entry.from_row(row) for row in rows]


async def find(conn: Connection, call_id: UUID) -> Entry | None:
    """An entry, as far as one can say without holding it."""
    row = await conn.fetchrow(_ENTRY + "WHERE call.id = $1", call_id)
    return Entry.from_row(row) if row else None


async def lock(conn: Connection, call_id: UUID) -> Entry | None:
    """An entry as it is now that it is held: who ticks it at the same time comes after us, or came before."""
    await conn.execute("SELECT FROM call WHERE id = $1 FOR UPDATE", call_id)
    return await find(conn, call_id)


async def note_attempt(conn: Connection, call_id: UUID, outcome: str, *, ends: bool) -> None:
    """Keep that somebody tried to tell them, and whether that is the end of it."""
    await conn.execute(
        """
        UPDATE call SET attempts = attempts + 1, tried_at = clock_timestamp(), outcome = $2,
            wrong_number = wrong_number OR $2 = 'wrong_number',
            ticked_at = CASE WHEN $3 THEN clock_timestamp() END
        WHERE id = $1
        """,
        call_id,
        outcome,
        ends,
    )


async def lock_booking(conn: Connection, booking_id: UUID) -> bool:
    """Hold a booking, as whoever puts it on the list does; tells whether something else is to be told by now."""
    await conn.execute("SELECT FROM booking WHERE id = $1 FOR NO KEY UPDATE", booking_id)
    return bool(
        await conn.fetchval("SELECT EXISTS (SELECT FROM call WHERE booking_id = $1 AND ticked_at IS NULL)", booking_id)
    )


async def take_back(conn: Connection, call_id: UUID) -> None:
    """Forget the last attempt. What came of the one before it is not known any more, only that there was one."""
    await conn.execute(
        """
        UPDATE call SET attempts = attempts - 1, tried_at = NULL, outcome = NULL, ticked_at = NULL,
            wrong_number = wrong_number AND outcome <> 'wrong_number'
        WHERE id = $1
        """,
        call_id,
    )


async def take_untold(conn: Connection, booking_id: UUID, *, unwritten: bool) -> bool:
    """Have an offer told again by message that staff were to tell; tells whether there is one.

    ``unwritten`` is of a person whom no message was written to until now.
    """
    return bool(
        await conn.fetchval(
            """
            WITH offer AS (
                SELECT id FROM booking WHERE id = $1 AND state = 'offered' AND told_at IS NULL
            ), gone AS (
                DELETE FROM call USING offer WHERE booking_id = offer.id AND ticked_at IS NULL RETURNING call.id
            )
            SELECT true FROM offer WHERE $2 OR EXISTS (SELECT FROM gone)
            """,
            booking_id,
            unwritten,
        )
    )


async def try_another_number(conn: Connection, booking_id: UUID) -> None:
    """Have somebody rung again whose number was wrong and is another now."""
    await conn.execute(
        "UPDATE call SET wrong_number = false WHERE booking_id = $1 AND ticked_at IS NULL AND wrong_number", booking_id
    )
