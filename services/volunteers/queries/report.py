"""What a partner's people gave: persons, years and hours, and nothing of any visitor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.volunteers.queries.hours import GIVEN

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What one person gave in one calendar year."""

    volunteer_id: UUID
    name: str | None
    """None once they are erased: the hours stay."""
    year: int
    times: int
    minutes: int
    budget_hours: int


async def report(conn: Connection, partner_id: UUID, since: datetime, until: datetime, zone: str) -> list[Given]:
    """Who of a partner gave what from ``since`` until before ``until``, by year; of those who gave anything.

    Also of who is another's by now: what was given through a partner stays in its report.
    """
    rows = await conn.fetch(
        f"""
        SELECT v.id AS volunteer_id, c.name, g.year, g.times, g.minutes,
            coalesce(v.hours_a_year, p.hours_a_year) AS budget_hours
        FROM (
            SELECT g.volunteer_id, extract(year FROM lower(g.during) AT TIME ZONE $4)::int AS year,
                count(*)::int AS times, sum(g.minutes)::int AS minutes
            FROM ({GIVEN}) g
            WHERE g.given_through = $1 AND lower(g.during) >= $2 AND lower(g.during) < $3
            GROUP BY 1, 2
        ) g JOIN volunteer v ON v.id = g.volunteer_id JOIN partner p ON p.id = $1
        LEFT JOIN contact c ON c.ref = v.contact_ref
        """,  # noqa: S608 - a constant of this service
        partner_id,
        since,
        until,
        zone,
    )
    return [Given(**row) for row in rows]
