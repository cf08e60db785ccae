"""Hours given, by calendar year of the clock on the wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

from services.volunteers.domain.refusals import UnknownVolunteer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from shared.db import Connection

GIVEN: LiteralString = """
    SELECT a.volunteer_id, a.during, a.minutes, a.given_through, s.task, s.facts
    FROM assignment a JOIN session s ON s.id = a.session_id
    WHERE a.state = 'done' AND a.outcome <> 'not_held'
    UNION ALL
    SELECT f.volunteer_id, f.during, f.minutes, f.given_through, s.task, s.facts
    FROM shift f JOIN session s ON s.id = f.session_id
    WHERE f.state = 'done' AND f.minutes > 0
"""
"""What was given, by occasion: a matched session's helper gives by visitor, everybody else by shift."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ByTask:
    """What was given to one task."""

    task: str
    times: int
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """What somebody gave in a calendar year."""

    year: int
    tasks: Sequence[ByTask]
    planned: int
    """Minutes that they said yes to, or are asked for, and that are still to come."""
    budget_hours: int | None
    """What they give in a year; None: as many as they like."""

    @property
    def minutes(self) -> int:
        """What was given."""
        return sum(each.minutes for each in self.tasks)


async def branches(conn: Connection, volunteer_id: UUID) -> frozenset[str]:
    """The libraries that a volunteer chose.

    Raises:
        UnknownVolunteer: there is none of that id.
    """
    chosen: list[str] | None = await conn.fetchval("SELECT branches FROM volunteer WHERE id = $1", volunteer_id)
    if chosen is None:
        raise UnknownVolunteer("there is no such volunteer")
    return frozenset(chosen)


async def years(conn: Connection, volunteer_id: UUID, zone: str) -> list[int]:
    """The calendar years in which somebody gave anything, the latest first."""
    rows = await conn.fetch(
        f"""
        SELECT DISTINCT extract(year FROM lower(g.during) AT TIME ZONE $2)::int AS year
        FROM ({GIVEN}) g WHERE g.volunteer_id = $1 ORDER BY year DESC
        """,  # noqa: S608 - a constant of this file
        volunteer_id,
        zone,
    )
    return [row["year"] for row in rows]


async def hours(conn: Connection, volunteer_id: UUID, year: int, zone: str) -> Hours:
    """What a volunteer gave in a year.

    Raises:
        UnknownVolunteer: there is none of that id.
    """
    known = await conn.fetchrow(
        """
        SELECT coalesce(v.hours_a_year, p.hours_a_year) AS budget_hours
        FROM volunteer v LEFT JOIN partner p ON p.id = v.partner_id WHERE v.id = $1
        """,
        volunteer_id,
    )
    if known is None:
        raise UnknownVolunteer("there is no such volunteer")
    planned: int = await conn.fetchval(
        """
        SELECT coalesce(sum(extract(epoch FROM upper(during) - lower(during))::int / 60), 0) FROM (
            SELECT during FROM assignment WHERE volunteer_id = $1 AND state IN ('proposed', 'accepted')
            UNION ALL
            SELECT f.during FROM shift f JOIN session s ON s.id = f.session_id
            WHERE f.volunteer_id = $1 AND f.state = 'on_duty' AND NOT s.matched
        ) live WHERE extract(year FROM lower(during) AT TIME ZONE $3) = $2
        """,
        volunteer_id,
        year,
        zone,
    )
    rows = await conn.fetch(
        f"""
        SELECT coalesce(g.task, 'other') AS task, count(*)::int AS times, sum(g.minutes)::int AS minutes
        FROM ({GIVEN}) g
        WHERE g.volunteer_id = $1 AND extract(year FROM lower(g.during) AT TIME ZONE $3) = $2
        GROUP BY 1 ORDER BY minutes DESC, task
        """,  # noqa: S608 - a constant of this file
        volunteer_id,
        year,
        zone,
    )
    return Hours(
        year=year,
        tasks=[ByTask(**row) for row in rows],
        planned=planned,
        budget_hours=known["budget_hours"],
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Certified:
    """What a certificate can tell of somebody."""

    name: str | None
    """None once they are erased."""
    language: str | None
    branches: frozenset[str]
    partner: str | None
    """Through whom all of it was given; None where that was nobody, or several."""
    tasks: Sequence[ByTask]
    libraries: Sequence[str]
    """Names, the one with the most minutes first."""
    first: datetime | None
    """When the first of it was."""
    now: datetime


async def certified(conn: Connection, volunteer_id: UUID, since: datetime | None, until: datetime) -> Certified:
    """What a volunteer gave from ``since`` (None: ever) until before ``until``, by task.

    Raises:
        UnknownVolunteer: there is none of that id.
    """
    who = await conn.fetchrow(
        """
        SELECT c.name, c.language, v.branches, clock_timestamp() AS now
        FROM volunteer v LEFT JOIN contact c ON c.ref = v.contact_ref WHERE v.id = $1
        """,
        volunteer_id,
    )
    if who is None:
        raise UnknownVolunteer("there is no such volunteer")
    rows = await conn.fetch(
        f"""
        SELECT coalesce(g.task, 'other') AS task, g.facts -> 'branch' ->> 'name' AS library, p.name AS partner,
            count(*)::int AS times, sum(g.minutes)::int AS minutes, min(lower(g.during)) AS first
        FROM ({GIVEN}) g LEFT JOIN partner p ON p.id = g.given_through
        WHERE g.volunteer_id = $1 AND ($2::timestamptz IS NULL OR lower(g.during) >= $2) AND lower(g.during) < $3
        GROUP BY 1, 2, 3 ORDER BY minutes DESC, 1, 2, 3
        """,  # noqa: S608 - a constant of this file
        volunteer_id,
        since,
        until,
    )
    partners: set[str | None] = {row["partner"] for row in rows}
    tasks: dict[str, ByTask] = {}
    libraries: dict[str, int] = {}
    for row in rows:
        before = tasks.get(row["task"], ByTask(task=row["task"], times=0, minutes=0))
        tasks[before.task] = ByTask(
            task=before.task, times=before.times + row["times"], minutes=before.minutes + row["minutes"]
        )
        if row["library"]:
            libraries[row["library"]] = libraries.get(row["library"], 0) + row["minutes"]
    return Certified(
        name=who["name"],
        language=who["language"],
        branches=frozenset(who["branches"]),
        partner=partners.pop() if len(partners) == 1 else None,
        tasks=sorted(tasks.values(), key=lambda each: (-each.minutes, each.task)),
        libraries=sorted(libraries, key=lambda name: (-libraries[name], name)),
        first=min((row["first"] for row in rows), default=None),
        now=who["now"],
    )
