from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import store
from services.catalog.queries.conflicts import conflict_views
from services.catalog.queries.planning import manner_values
from services.catalog.queries.series import skipped_dates
from services.catalog.views import ConflictView, CopiedDate, CopiedSeries, CopiedTerm

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from services.catalog.domain import Activity, GoingOn, NewTerm
    from shared.db import Connection


async def copied_term(conn: Connection, term: NewTerm, zone: ZoneInfo, *, kept: bool) -> CopiedTerm:
    """A term that is made like an earlier one, or would be."""
    activities = await store.activities(conn, {one.held.series.activity_id for one in term.series})
    conflicts = await conflict_views(conn, term.conflicts)
    series = (_series(one, activities[one.held.series.activity_id], conflicts, zone) for one in term.series)
    return CopiedTerm(kept=kept, series=tuple(sorted(series, key=lambda one: (one.weekdays, one.at))))


def _series(
    one: GoingOn, activity: Activity, conflicts: Mapping[UUID, tuple[ConflictView, ...]], zone: ZoneInfo
) -> CopiedSeries:
    plan = one.plan
    sessions = plan.sessions if plan else ()
    return CopiedSeries(
        **manner_values(one.how, sessions or one.held.sessions, zone),
        source=one.held.series.id,
        activity_id=activity.id,
        kind=activity.kind,
        titles=dict(activity.titles),
        state="new" if plan else "there" if one.there else "refused",
        id=plan.series.id if plan else one.there,
        refusal=str(one.refusal) if one.refusal else None,
        rule=plan.series.rule if plan else None,
        sessions=tuple(
            CopiedDate(starts_at=found.starts_at, ends_at=found.ends_at, conflicts=conflicts.get(found.id, ()))
            for found in sessions
        ),
        skipped=skipped_dates(plan.series) if plan else (),
    )
