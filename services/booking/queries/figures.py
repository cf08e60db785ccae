"""What is counted of sessions that are over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any
from uuid import UUID

import asyncpg

from services.booking.domain import Occasion, Spot
from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """A session that is over: when it was, and what is counted of it."""

    starts_at: datetime
    activity_id: UUID | None
    occasion: Occasion

    @classmethod
    def from_row(cls, row: asyncpg.Record, zone: tzinfo) -> "Past":
        """Read what :func:`past` selected."""
        spot = Spot(branch=row["branch_id"], kind=row["kind"], day=row["starts_at"].astimezone(zone).date())
        occasion = Occasion(
            id=row["id"],
            spot=spot,
            state=row["state"],
            seats=row["seats"],
            counts=row["counts"],
            adults=row["adults"],
            children=row["children"],
            **_counted(row["figures"]),
        )
        return cls(starts_at=row["starts_at"], activity_id=row["activity_id"], occasion=occasion)


def _counted(figures: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures of one session by what is asked of them."""
    people = {(one["figure"], one["value"]): one["total"] for one in figures}
    return {
        "bookings": sum(one["bookings"] for one in figures if one["value"] in {"came", "seated"}),
        "no_shows": people.get(("outcome", "no_show"), 0),
        "unmet": people.get(("outcome", "unmet"), 0),
        "channels": {value: total for (figure, value), total in people.items() if figure == "channel"},
        "drop_in": sum(total for (figure, _), total in people.items() if figure == "walk_in"),
        "languages": {value: total for (figure, value), total in people.items() if figure == "language"},
    }


async def past(
    conn: Connection, first: date, after: date, zone: tzinfo, branches: Collection[str] | None
) -> list[Past]:
    """The sessions of these days that are over, of these libraries, in the order of time; None is every library.

    One that was cancelled was not held, whether or not staff closed it; a withdrawn one that nobody had booked was no
    session at all. What was counted of one that nobody closed tells nothing yet.
    """
    rows = await conn.fetch(
        """
        SELECT s.id, s.branch_id, s.activity_id, k.kind, s.starts_at, s.counts, coalesce(f.seats, s.seats) AS seats,
            CASE
                WHEN c.held THEN 'held' WHEN NOT c.held OR s.status = 'cancelled' THEN 'not_held' ELSE 'not_closed'
            END AS state,
            coalesce(c.adults, 0) AS adults, coalesce(c.children, 0) AS children,
            CASE WHEN c.session_id IS NULL THEN '[]' ELSE coalesce(f.figures, '[]') END AS figures
        FROM session s
            LEFT JOIN closing c ON c.session_id = s.id
            LEFT JOIN activity_kind k ON k.activity_id = s.activity_id
            LEFT JOIN LATERAL (
                SELECT sum(total) FILTER (WHERE figure = 'capacity')::int AS seats,
                    jsonb_agg(jsonb_build_object(
                        'figure', figure, 'value', value, 'bookings', bookings, 'total', total
                    )) FILTER (WHERE figure IN ('outcome', 'channel', 'language', 'walk_in')) AS figures
                FROM figure WHERE session_id = s.id
            ) f ON true
        WHERE s.starts_at >= $1 AND s.starts_at < $2 AND ($3::text[] IS NULL OR s.branch_id = ANY($3))
            AND (c.session_id IS NOT NULL OR s.ends_at <= clock_timestamp())
            AND (
                c.session_id IS NOT NULL OR s.status <> 'withdrawn'
                OR EXISTS (SELECT FROM booking WHERE session_id = s.id AND state = 'confirmed')
            )
        ORDER BY s.starts_at, s.id
        """,
        datetime.combine(first, time(), zone),
        datetime.combine(after, time(), zone),
        None if branches is None else list(branches),
    )
    return [Past.from_row(row, zone) for row in rows]
