from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import store
from services.catalog.domain import UnknownSeries, occupied
from services.catalog.kinds import KINDS
from services.catalog.queries.branch import branch_view
from services.catalog.queries.conflicts import conflicts_of
from services.catalog.queries.session import COMING, SHOWN, session_view
from services.catalog.views import PlannedSession, SeriesPreview, SeriesView, SkippedDate

if TYPE_CHECKING:
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from services.catalog.domain import PlannedSeries, Series
    from shared.db import Connection


async def public_series(conn: Connection, series_id: UUID, zone: ZoneInfo) -> SeriesView:
    """A series as anybody may see it, with what is to come.

    Raises:
        UnknownSeries: there is none of that id, or all of it are drafts.
    """
    row = await conn.fetchrow(
        """
        SELECT series.id, series.rule, series.skipped, series.activity_id, series.branch_id,
            a.kind, a.titles, a.summaries,
            b.name, b.phone, b.address, b.district, b.stop_kind, b.stop_name
        FROM series
        JOIN activity a ON a.id = series.activity_id
        JOIN branch b ON b.id = series.branch_id
        WHERE series.id = $1
            AND EXISTS (SELECT FROM session WHERE session.series_id = series.id AND session.status <> 'draft')
        """,
        series_id,
    )
    if row is None:
        raise UnknownSeries("there is no such series")
    sessions = await conn.fetch(
        SHOWN + "WHERE s.series_id = $1 AND " + COMING + " ORDER BY s.starts_at, s.id", series_id
    )
    today = (await store.now(conn)).astimezone(zone).date()
    skipped = (SkippedDate.model_validate(kept) for kept in row["skipped"])
    values = {
        **row,
        "kind_labels": KINDS[row["kind"]].labels,
        "branch": branch_view(row, id_="branch_id"),
        "sessions": tuple(map(session_view, sessions)),
        "skipped": tuple(kept for kept in skipped if kept.date >= today),
    }
    return SeriesView(**values)


async def preview(conn: Connection, plan: PlannedSeries) -> SeriesPreview:
    """What a series would be, and what is in the way of its dates."""
    conflicts = await conflicts_of(conn, [occupied(session) for session in plan.sessions])
    return SeriesPreview(
        rule=plan.series.rule,
        sessions=tuple(
            PlannedSession(
                starts_at=session.starts_at, ends_at=session.ends_at, conflicts=conflicts.get(session.id, ())
            )
            for session in plan.sessions
        ),
        skipped=skipped_dates(plan.series),
    )


def skipped_dates(series: Series) -> tuple[SkippedDate, ...]:
    """The dates on which nothing is held."""
    return tuple(SkippedDate(date=kept.day, why=kept.why, names=dict(kept.names)) for kept in series.skipped)
