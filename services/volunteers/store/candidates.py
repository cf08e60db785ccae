"""Volunteers, as far as it matters for who can help where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING
from uuid import UUID

from services.volunteers.domain.assigning import Able, note_until
from services.volunteers.domain.matching import Candidate
from services.volunteers.domain.refusals import UnknownVolunteer

if TYPE_CHECKING:
    from services.volunteers.store.sessions import Session
    from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A volunteer, as far as it matters for whether they can be on duty somewhere, and whether at once."""

    able: Able
    branches: frozenset[str]
    tasks: frozenset[str]


async def on_duty(conn: Connection, session: Session, zone: tzinfo) -> list[Candidate]:
    """Who is on duty in a session whose turn is ours; their rows are held until commit, in the order of their ids.

    So nobody else can give them another visitor, or more than their hours, meanwhile.
    """
    held = await conn.fetch(
        """
        SELECT v.id FROM shift s JOIN volunteer v ON v.id = s.volunteer_id
        WHERE s.session_id = $1 AND s.state = 'on_duty' ORDER BY v.id FOR UPDATE OF v
        """,
        session.id,
    )
    if not held:
        return []
    begins, ends = year_of(session.starts_at, zone)
    rows = await conn.fetch(
        """
        SELECT v.id, s.id AS shift_id, v.state = 'active' AND coalesce(p.active, true) AS active, v.topics, v.share,
            v.last_assigned_at,
            coalesce(v.hours_a_year, p.hours_a_year) * 60 AS budget, n.seen_on, minutes_given(v.id, $2, $3) AS minutes,
            (SELECT array_agg(ARRAY[l.language, l.level]) FROM volunteer_language l WHERE l.volunteer_id = v.id)
                AS languages,
            EXISTS (
                SELECT FROM assignment a
                WHERE a.volunteer_id = v.id AND a.state IN ('proposed', 'accepted', 'done') AND a.during && s.during
            ) AS busy
        FROM shift s JOIN volunteer v ON v.id = s.volunteer_id
        LEFT JOIN partner p ON p.id = v.partner_id
        LEFT JOIN register_note n ON n.volunteer_id = v.id
        WHERE s.session_id = $1 AND s.state = 'on_duty' ORDER BY v.id
        """,
        session.id,
        begins,
        ends,
    )
    return [
        Candidate(
            volunteer_id=row["id"],
            shift_id=row["shift_id"],
            active=row["active"],
            languages=dict(row["languages"] or ()),
            topics=frozenset(row["topics"]),
            share=row["share"],
            last_assigned_at=row["last_assigned_at"],
            minutes=row["minutes"],
            budget=row["budget"],
            note_until=note_until(row["seen_on"]),
            busy=row["busy"],
        )
        for row in rows
    ]


async def lock(conn: Connection, volunteer_id: UUID, session: Session, zone: tzinfo) -> Known:
    """A volunteer, held until commit, as far as it matters for whether they can be on duty in a session.

    Raises:
        UnknownVolunteer: there is none of that id.
    """
    await conn.execute("SELECT FROM volunteer WHERE id = $1 FOR UPDATE", volunteer_id)
    begins, ends = year_of(session.starts_at, zone)
    row = await conn.fetchrow(
        """
        SELECT v.id, v.state = 'active' AND coalesce(p.active, true) AS active, v.branches, v.tasks,
            coalesce(v.hours_a_year, p.hours_a_year) * 60 AS budget, n.seen_on, minutes_given(v.id, $2, $3) AS minutes,
            EXISTS (
                SELECT FROM shift s
                WHERE s.volunteer_id = v.id AND s.state IN ('on_duty', 'done') AND s.during && tstzrange($4, $5)
            ) AS busy
        FROM volunteer v
        LEFT JOIN partner p ON p.id = v.partner_id
        LEFT JOIN register_note n ON n.volunteer_id = v.id
        WHERE v.id = $1
        """,
        volunteer_id,
        begins,
        ends,
        session.starts_at,
        session.ends_at,
    )
    if row is None:
        raise UnknownVolunteer("there is no such volunteer")
    return Known(
        able=Able(
            volunteer_id=row["id"],
            active=row["active"],
            note_until=note_until(row["seen_on"]),
            minutes=row["minutes"],
            budget=row["budget"],
            busy=row["busy"],
        ),
        branches=frozenset(row["branches"]),
        tasks=frozenset(row["tasks"]),
    )


def year_of(at: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """When the calendar year of a moment begins and ends, by the clock on the wall."""
    year = at.astimezone(zone).year
    return datetime(year, 1, 1, tzinfo=zone).astimezone(UTC), datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC)


async def contact_of(conn: Connection, volunteer_id: UUID) -> UUID:
    """How a volunteer is told something.

    Raises:
        UnknownVolunteer: there is none of that id.
    """
    found: UUID | None = await conn.fetchval("SELECT contact_ref FROM volunteer WHERE id = $1", volunteer_id)
    if found is None:
        raise UnknownVolunteer("there is no such volunteer")
    return found


async def partner_of(conn: Connection, volunteer_id: UUID) -> UUID | None:
    """Whose volunteer somebody is, if a partner's."""
    found: UUID | None = await conn.fetchval("SELECT partner_id FROM volunteer WHERE id = $1", volunteer_id)
    return found


async def coordinators(conn: Connection, branch_id: str) -> list[UUID]:
    """Who coordinates a library's volunteers: their contacts."""
    rows = await conn.fetch(
        """
        SELECT contact_ref FROM coordinator
        WHERE active AND partner_id IS NULL AND (branches = '{}' OR $1 = ANY(branches))
        ORDER BY contact_ref
        """,
        branch_id,
    )
    return [row["contact_ref"] for row in rows]
