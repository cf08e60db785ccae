"""What is planned, for who plans more."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

import asyncpg

from services.catalog.domain import HeldSeries, Occupied, Series, Skipped
from services.catalog.store.columns import session_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID

    from shared.db import Connection


async def held_series(
    conn: Connection, branches: Collection[str] | None, first: date, last: date
) -> tuple[HeldSeries, ...]:
    """The series of some libraries, or of all, with what there is of each from a day to another, whatever its state."""
    rows = await conn.fetch(
        """
        SELECT id, revision, status, activity_id, branch_id, place, room, host, starts_at, ends_at, cancel_reason,
            struck_out, theme, meeting_link, meeting_number, helpers, opens_at, closes_at, closed,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, fill_from_hours,
            offer_minutes, reminder_hours, reconfirm, booked_by, ask, certificate, capacity_from,
            helpers_needed, register_note, series_id, series_date, sitting_id
        FROM session
        WHERE series_date BETWEEN $2 AND $3 AND ($1::text[] IS NULL OR branch_id = ANY ($1))
        ORDER BY series_id, starts_at, id
        """,
        branches,
        first,
        last,
    )
    sessions = {id_: tuple(map(session_of, found)) for id_, found in groupby(rows, lambda row: row["series_id"])}
    kept = await conn.fetch(
        """
        SELECT id, activity_id, branch_id, rule, skipped, skip, copied_from FROM series
        WHERE id = ANY ($1) ORDER BY created_at, id
        """,
        list(sessions),
    )
    return tuple(HeldSeries(series=_series_of(row), sessions=sessions[row["id"]]) for row in kept)


async def copies(conn: Connection, series: Collection[UUID], first: date, last: date) -> Mapping[UUID, UUID]:
    """Which series have a date between two days already, themselves or as a copy of theirs; by their ids."""
    rows = await conn.fetch(
        """
        SELECT source, min(id::text)::uuid AS id
        FROM (
            SELECT copied_from AS source, id FROM series WHERE copied_from = ANY ($1)
            UNION ALL SELECT id, id FROM series WHERE id = ANY ($1)
        ) going_on
        WHERE EXISTS (
            SELECT FROM session
            WHERE session.series_id = going_on.id AND series_date BETWEEN $2 AND $3 AND status <> 'cancelled'
        )
        GROUP BY source
        """,
        series,
        first,
        last,
    )
    return {row["source"]: row["id"] for row in rows}


async def occupied(
    conn: Connection, branches: Collection[str], hosts: Collection[str], first: datetime, last: datetime
) -> list[Occupied]:
    """What takes a room of some libraries, or one of these people anywhere, at some time between two moments."""
    rows = await conn.fetch(
        """
        SELECT id, activity_id, branch_id, place, room, host, starts_at, ends_at FROM session
        WHERE starts_at < $4 AND starts_at > $3::timestamptz - interval '24 hours' AND ends_at > $3
            AND status <> 'cancelled' AND branch_id = ANY ($1) AND room <> ''
        UNION
        SELECT id, activity_id, branch_id, place, room, host, starts_at, ends_at FROM session
        WHERE starts_at < $4 AND starts_at > $3::timestamptz - interval '24 hours' AND ends_at > $3
            AND status <> 'cancelled' AND host <> ''
            AND lower(host) IN (SELECT lower(name) FROM unnest($2::text[]) name)
        """,
        branches,
        hosts,
        first,
        last,
    )
    return [Occupied(**row) for row in rows]


def _series_of(row: asyncpg.Record) -> Series:
    return Series(
        id=row["id"],
        activity_id=row["activity_id"],
        branch_id=row["branch_id"],
        rule=row["rule"],
        skipped=tuple(_skipped_of(kept) for kept in row["skipped"]),
        skip=frozenset(row["skip"]),
        copied_from=row["copied_from"],
    )


def _skipped_of(kept: Mapping[str, Any]) -> Skipped:
    return Skipped(day=date.fromisoformat(kept["date"]), why=kept["why"], names=kept["names"])
