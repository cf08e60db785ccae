"""The plan, as those see it who make it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from services.catalog import domain, store
from services.catalog.domain import Status, on_the_wall
from services.catalog.queries.cursors import BEGINNING, Position, cursor_of, position_of
from services.catalog.queries.series import skipped_dates
from services.catalog.queries.session import staff_sessions
from services.catalog.views import (
    PlannedSeriesList,
    PlannedSeriesView,
    PlannedSessions,
    Tally,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from services.catalog.domain import Activity, HeldSeries, Manner, Session
    from shared.db import Connection

_STATES: tuple[Status, ...] = ("draft", "published", "withdrawn", "cancelled")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Which sessions of the plan somebody wants to see; None leaves a thing open."""

    branches: Collection[str] | None
    first: datetime
    after: datetime
    """The moment before which they start."""
    statuses: Collection[str] | None = None
    activity: UUID | None = None
    series: UUID | None = None


async def planned_sessions(conn: Connection, asked: Asked, cursor: str | None, limit: int) -> PlannedSessions:
    """A page of the plan, in the order of starts.

    Raises:
        Invalid: the cursor is none of ours.
    """
    last = position_of(cursor) if cursor else BEGINNING
    rows = await conn.fetch(
        """
        SELECT id, starts_at FROM session
        WHERE ($1::text[] IS NULL OR branch_id = ANY ($1)) AND starts_at >= $2 AND starts_at < $3
            AND ($4::text[] IS NULL OR status = ANY ($4)) AND ($5::uuid IS NULL OR activity_id = $5)
            AND ($6::uuid IS NULL OR series_id = $6) AND (starts_at, id) > ($7, $8)
        ORDER BY starts_at, id LIMIT $9
        """,
        asked.branches,
        asked.first,
        asked.after,
        asked.statuses,
        asked.activity,
        asked.series,
        *last,
        limit + 1,
    )
    shown = rows[:limit]
    more = len(rows) > limit
    return PlannedSessions(
        items=await staff_sessions(conn, [row["id"] for row in shown]),
        next=cursor_of(Position(shown[-1]["starts_at"], shown[-1]["id"])) if more else None,
    )


async def planned_series(
    conn: Connection, branches: Collection[str] | None, first: date, last: date, zone: ZoneInfo
) -> PlannedSeriesList:
    """The series that have a date between two days, in the order of weekday and time."""
    held = await store.held_series(conn, branches, first, last)
    activities = await store.activities(conn, {one.series.activity_id for one in held})
    now = await store.now(conn)
    shown = [_series_view(one, activities[one.series.activity_id], (first, last), now, zone) for one in held]
    return PlannedSeriesList(items=tuple(sorted(shown, key=lambda one: (one.weekdays, one.at, one.branch_id))))


def manner_values(how: Manner, sessions: Iterable[Session], zone: ZoneInfo) -> dict[str, Any]:
    """How a series is held, as it is shown."""
    like, terms = how.like, how.like.terms
    starts = (on_the_wall(session.starts_at, zone) for session in sessions)
    return {
        "at": how.when.at,
        "minutes": how.when.minutes,
        "slot_minutes": how.when.slot_minutes,
        "weekdays": tuple(sorted({at.weekday() for at in starts})),
        "place": like.place,
        "room": like.room,
        "host": like.host,
        "mode": terms.mode,
        "seats": terms.seats,
        "walk_in": terms.walk_in,
        "queue": terms.queue,
    }


def _series_view(
    held: HeldSeries, activity: Activity, days: tuple[date, date], now: datetime, zone: ZoneInfo
) -> PlannedSeriesView:
    series, sessions = held.series, held.sessions
    on = [session for session in sessions if session.status != "cancelled"] or list(sessions)
    dates = [session.series_date for session in sessions if session.series_date]
    states = Counter(session.status for session in sessions)
    coming = (session.id for session in on if session.starts_at > now and session.status != "cancelled")
    first, last = days
    return PlannedSeriesView(
        **manner_values(domain.manner(on, zone), on, zone),
        id=series.id,
        rule=series.rule,
        activity_id=activity.id,
        kind=activity.kind,
        titles=dict(activity.titles),
        branch_id=series.branch_id,
        first=min(dates),
        last=max(dates),
        sessions=Tally(**{state: states[state] for state in _STATES}),
        coming=next(coming, None),
        skipped=tuple(one for one in skipped_dates(series) if first <= one.date <= last),
        copied_from=series.copied_from,
    )
