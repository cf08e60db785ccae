"""What is kept of how it went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.volunteers.domain.after import Slot
from services.volunteers.domain.refusals import UnknownAssignment, UnknownShift

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from services.volunteers.domain.after import Outcome
    from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Assigned:
    """An assignment as what is said of it afterwards needs it."""

    id: UUID
    session_id: UUID
    booking_id: UUID
    volunteer_id: UUID
    branch_id: str
    slot: Slot
    state: str
    outcome: Outcome | None
    minutes: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Worked:
    """A shift as what is said of it afterwards needs it."""

    id: UUID
    branch_id: str
    slot: Slot
    state: str
    matched: bool
    """Whether its time is counted by what visitors were helped with."""
    counted_by: str | None


async def now(conn: Connection) -> datetime:
    """The database's clock."""
    at: datetime = await conn.fetchval("SELECT clock_timestamp()")
    return at


async def lock_assignment(conn: Connection, assignment_id: UUID) -> Assigned:
    """Lock an assignment, and first its session and the need that it is for, as whoever changes it does.

    Raises:
        UnknownAssignment: there is none of that id.
    """
    await conn.execute(
        "SELECT FROM session WHERE id = (SELECT session_id FROM assignment WHERE id = $1) FOR UPDATE", assignment_id
    )
    await conn.execute(
        "SELECT FROM need WHERE booking_id = (SELECT booking_id FROM assignment WHERE id = $1) FOR UPDATE",
        assignment_id,
    )
    row = await conn.fetchrow(
        """
        SELECT a.id, a.session_id, a.booking_id, a.volunteer_id, coalesce(s.branch_id, '') AS branch_id, a.state,
            a.outcome, a.minutes, lower(a.during) AS starts_at, upper(a.during) AS ends_at
        FROM assignment a JOIN session s ON s.id = a.session_id WHERE a.id = $1 FOR UPDATE OF a
        """,
        assignment_id,
    )
    if row is None:
        raise UnknownAssignment("there is no such assignment")
    return Assigned(
        id=row["id"],
        session_id=row["session_id"],
        booking_id=row["booking_id"],
        volunteer_id=row["volunteer_id"],
        branch_id=row["branch_id"],
        slot=Slot(starts_at=row["starts_at"], ends_at=row["ends_at"]),
        state=row["state"],
        outcome=row["outcome"],
        minutes=row["minutes"],
    )


async def tell_outcome(conn: Connection, told: Assigned, outcome: Outcome, minutes: int) -> None:
    """Keep how an assignment went whose row the caller has locked: nobody is sought for its booking any more."""
    await conn.execute(
        """
        UPDATE assignment
        SET state = 'done', outcome = $2, minutes = $3, counted_by = 'person', hand_over = false,
            given_through = coalesce(given_through, (SELECT partner_id FROM volunteer WHERE id = volunteer_id)),
            revision = revision + 1
        WHERE id = $1
        """,
        told.id,
        outcome,
        minutes,
    )
    await conn.execute(
        """
        UPDATE need SET state = 'over', wakes_at = NULL, revision = revision + 1
        WHERE booking_id = $1 AND state <> 'over'
        """,
        told.booking_id,
    )
    counted = told.slot.minutes if told.minutes is None else told.minutes
    await conn.execute("UPDATE volunteer SET share = share + $2 WHERE id = $1", told.volunteer_id, minutes - counted)


async def lock_shift(conn: Connection, shift_id: UUID) -> Worked:
    """Lock a shift, and first its session, as whoever changes who is on duty does.

    Raises:
        UnknownShift: there is none of that id.
    """
    await conn.execute(
        "SELECT FROM session WHERE id = (SELECT session_id FROM shift WHERE id = $1) FOR UPDATE", shift_id
    )
    row = await conn.fetchrow(
        """
        SELECT f.id, coalesce(s.branch_id, '') AS branch_id, f.state, s.matched, f.counted_by,
            lower(f.during) AS starts_at, upper(f.during) AS ends_at
        FROM shift f JOIN session s ON s.id = f.session_id WHERE f.id = $1 FOR UPDATE OF f
        """,
        shift_id,
    )
    if row is None:
        raise UnknownShift("there is no such shift")
    return Worked(
        id=row["id"],
        branch_id=row["branch_id"],
        slot=Slot(starts_at=row["starts_at"], ends_at=row["ends_at"]),
        state=row["state"],
        matched=row["matched"],
        counted_by=row["counted_by"],
    )


async def tell_shift(conn: Connection, shift_id: UUID, state: str, minutes: int) -> None:
    """Keep whether somebody came to their shift, whose row the caller has locked."""
    await conn.execute(
        """
        UPDATE shift
        SET state = $2, minutes = $3, counted_by = 'person', wakes_at = NULL, revision = revision + 1,
            given_through = coalesce(given_through, (SELECT partner_id FROM volunteer WHERE id = volunteer_id))
        WHERE id = $1
        """,
        shift_id,
        state,
        minutes,
    )


async def learn_closing(conn: Connection, session_id: UUID, revision: int, *, held: bool) -> bool:
    """Keep how a session went, unless something newer is known; tells whether it was news."""
    news: bool | None = await conn.fetchval(
        """
        INSERT INTO closing AS c (session_id, revision, held) VALUES ($1, $2, $3)
        ON CONFLICT (session_id) DO UPDATE SET revision = $2, held = $3 WHERE c.revision < $2
        RETURNING true
        """,
        session_id,
        revision,
        held,
    )
    return bool(news)


async def count_shifts(conn: Connection, session_id: UUID, *, held: bool) -> None:
    """Count those who were on duty in a session; where nobody said otherwise, they came.

    Their own session's length, or nothing where it did not take place or their time is counted by visitor.
    """
    await conn.execute(
        """
        UPDATE shift f
        SET state = 'done', counted_by = 'closing', wakes_at = NULL, revision = f.revision + 1,
            given_through = coalesce(f.given_through, (SELECT partner_id FROM volunteer WHERE id = f.volunteer_id)),
            minutes = CASE WHEN $2 AND NOT s.matched
                THEN extract(epoch FROM upper(f.during) - lower(f.during))::int / 60 ELSE 0 END
        FROM session s
        WHERE s.id = f.session_id AND f.session_id = $1
            AND (f.state = 'on_duty' OR (f.state = 'done' AND f.counted_by = 'closing'))
        """,
        session_id,
        held,
    )


async def strike_out(conn: Connection, session_id: UUID) -> None:
    """Nobody was helped in a session that did not take place: what its helpers were to give is given back to them."""
    await conn.execute(
        """
        WITH struck AS (
            UPDATE assignment a
            SET state = 'done', outcome = 'not_held', minutes = 0, counted_by = 'closing', hand_over = false,
                revision = a.revision + 1
            WHERE a.session_id = $1 AND a.state = 'accepted'
            RETURNING a.booking_id, a.volunteer_id,
                extract(epoch FROM upper(a.during) - lower(a.during))::int / 60 AS slot
        ), ended AS (
            UPDATE need n SET state = 'over', wakes_at = NULL, revision = n.revision + 1
            FROM struck WHERE n.booking_id = struck.booking_id AND n.state <> 'over'
        )
        UPDATE volunteer v SET share = v.share - given.slot
        FROM (SELECT volunteer_id, sum(slot) AS slot FROM struck GROUP BY volunteer_id) given
        WHERE v.id = given.volunteer_id
        """,
        session_id,
    )


async def put_back(conn: Connection, session_id: UUID) -> None:
    """A session took place after all: how its visitors were helped is still to be said."""
    await conn.execute(
        """
        WITH back AS (
            UPDATE assignment a
            SET state = 'accepted', outcome = NULL, minutes = NULL, counted_by = NULL, revision = a.revision + 1
            WHERE a.session_id = $1 AND a.state = 'done' AND a.counted_by = 'closing'
            RETURNING a.booking_id, a.volunteer_id,
                extract(epoch FROM upper(a.during) - lower(a.during))::int / 60 AS slot
        ), covered AS (
            UPDATE need n SET state = 'covered', revision = n.revision + 1
            FROM back WHERE n.booking_id = back.booking_id
        )
        UPDATE volunteer v SET share = v.share + given.slot
        FROM (SELECT volunteer_id, sum(slot) AS slot FROM back GROUP BY volunteer_id) given
        WHERE v.id = given.volunteer_id
        """,
        session_id,
    )


async def lock_session(conn: Connection, session_id: UUID) -> bool:
    """Lock a session's row until the transaction ends; tells whether it is known."""
    return bool(await conn.fetchval("SELECT true FROM session WHERE id = $1 FOR UPDATE", session_id))


async def close_session(conn: Connection, session_id: UUID) -> None:
    """Keep that a session is not changed any more; one that was called off stays so."""
    await conn.execute(
        "UPDATE session SET status = 'closed' WHERE id = $1 AND status IN ('published', 'withdrawn')", session_id
    )
