"""The plan, for those who make it: drafts and what was called off among it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from services.catalog import queries
from services.catalog.domain import Occupied
from services.catalog.http.api import IDENTITY, SETTINGS, STAFF, api
from services.catalog.inputs import ConflictsBody, PlannedQuery, PlannedSessionsQuery
from services.catalog.permissions import permit, permitted
from services.catalog.queries import Asked
from services.catalog.views import ConflictingTimes, PlannedSeriesList, PlannedSessions
from shared.ids import new_id
from shared.keys import DATABASE

if TYPE_CHECKING:
    from uuid import UUID


@api.get("/v1/planning/sessions", problems=("unauthorized", "forbidden", "invalid"))
async def planned_sessions(request: web.Request, query: PlannedSessionsQuery) -> PlannedSessions:
    """List the sessions of a plan by their starts, in whatever state they are (staff; own libraries)."""
    branches = permitted(await request.app[IDENTITY].staff(request), query.branch)
    zone = request.app[SETTINGS].timezone
    asked = Asked(
        branches=branches,
        first=datetime.combine(query.from_, time(), zone),
        after=datetime.combine(query.to + timedelta(days=1), time(), zone),
        statuses=query.status or None,
        activity=query.activity,
        series=query.series,
    )
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.planned_sessions(conn, asked, query.cursor, query.limit)


@api.get("/v1/planning/series", problems=("unauthorized", "forbidden", "invalid"))
async def planned_series(request: web.Request, query: PlannedQuery) -> PlannedSeriesList:
    """List the series that have a date within some days: how each is held, and what became of it (staff)."""
    branches = permitted(await request.app[IDENTITY].staff(request), query.branch)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.planned_series(conn, branches, query.from_, query.to, request.app[SETTINGS].timezone)


@api.post("/v1/planning/conflicts", problems=("unauthorized", "forbidden", "invalid"))
async def conflicts(request: web.Request, body: ConflictsBody) -> ConflictingTimes:
    """Tell what else is in a room, or who of the staff is busy, at some times; nothing is refused for it (staff)."""
    permit(request[STAFF], body.branch_id)
    nothing = new_id()
    wanted = [
        Occupied(
            id=new_id(),
            activity_id=nothing,
            branch_id=body.branch_id,
            place=body.place,
            room=body.room,
            host=body.host,
            starts_at=times.starts_at,
            ends_at=times.ends_at,
        )
        for times in body.times
    ]
    besides: frozenset[UUID] = frozenset(body.besides)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.conflicting_times(conn, wanted, besides)
