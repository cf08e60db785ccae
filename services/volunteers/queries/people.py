"""Who helps, as they and those who coordinate them see it: what they gave of their time, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What somebody gives of their time in this calendar year, in minutes."""

    volunteer_id: UUID
    year: int
    done: int
    planned: int
    """What they said yes to and is still to come, or to be noted."""
    budget: int | None
    """What they give at most; None where nobody set a limit."""


async def given(conn: Connection, volunteer_ids: Sequence[UUID], zone: ZoneInfo) -> dict[UUID, Given]:
    """What these people give in the calendar year it is here; where visitors are matched, the time of each visitor."""
    rows = await conn.fetch(
        """
        WITH year AS (
            SELECT date_trunc('year', clock_timestamp() AT TIME ZONE $2) AS begins
        ), bounds AS (
            SELECT tstzrange(begins AT TIME ZONE $2, (begins + interval '1 year') AT TIME ZONE $2) AS whole,
                extract(year FROM begins)::int AS year
            FROM year
        ), spent AS (
            SELECT volunteer_id, state = 'done' AS done, minutes, during FROM assignment
            WHERE volunteer_id = ANY($1) AND state IN ('accepted', 'done')
            UNION ALL
            SELECT s.volunteer_id, s.state = 'done', s.minutes, s.during
            FROM shift s JOIN session o ON o.id = s.session_id
            WHERE s.volunteer_id = ANY($1) AND s.state IN ('on_duty', 'done') AND NOT o.matched
        )
        SELECT v.id AS volunteer_id, b.year,
            coalesce(sum(t.minutes) FILTER (WHERE t.done), 0)::int AS done,
            coalesce(sum(extract(epoch FROM upper(t.during) - lower(t.during)) / 60) FILTER (WHERE NOT t.done), 0)::int
                AS planned,
            coalesce(v.hours_a_year, p.hours_a_year) * 60 AS budget
        FROM volunteer v CROSS JOIN bounds b LEFT JOIN partner p ON p.id = v.partner_id
        LEFT JOIN spent t ON t.volunteer_id = v.id AND lower(t.during) <@ b.whole
        WHERE v.id = ANY($1)
        GROUP BY v.id, b.year, p.hours_a_year
        """,
        volunteer_ids,
        zone.key,
    )
    return {row["volunteer_id"]: Given(**row) for row in rows}


async def partner_name(conn: Connection, partner_id: UUID | None) -> str | None:
    """What a partner is called."""
    name: str | None = await conn.fetchval("SELECT name FROM partner WHERE id = $1", partner_id)
    return name
