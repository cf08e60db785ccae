"""Who helps, as they and those who coordinate them see it: what they gave of their time, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.volunteers.queries.hours import GIVEN
from services.volunteers.store.candidates import year_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What somebody gives of their time in this calendar year, in minutes."""

    year: int
    done: int
    planned: int
    """What they said yes to, or are asked for, and is still to come."""
    budget: int | None
    """What they give at most; None where nobody set a limit."""


async def given(conn: Connection, volunteer_ids: Sequence[UUID], zone: ZoneInfo) -> dict[UUID, Given]:
    """What these people give in the calendar year it is here."""
    now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    begins, ends = year_of(now, zone)
    rows = await conn.fetch(
        f"""
        SELECT v.id, minutes_given(v.id, $2, $3) AS total, coalesce(v.hours_a_year, p.hours_a_year) * 60 AS budget, (
            SELECT coalesce(sum(g.minutes), 0)::int FROM ({GIVEN}) g
            WHERE g.volunteer_id = v.id AND lower(g.during) >= $2 AND lower(g.during) < $3
        ) AS done
        FROM volunteer v LEFT JOIN partner p ON p.id = v.partner_id WHERE v.id = ANY($1)
        """,  # noqa: S608 - a constant of ours
        volunteer_ids,
        begins,
        ends,
    )
    return {
        row["id"]: Given(
            year=now.astimezone(zone).year,
            done=row["done"],
            planned=row["total"] - row["done"],
            budget=row["budget"],
        )
        for row in rows
    }


async def partner_name(conn: Connection, partner_id: UUID | None) -> str | None:
    """What a partner is called."""
    name: str | None = await conn.fetchval("SELECT name FROM partner WHERE id = $1", partner_id)
    return name
