from __future__ import annotations

import asyncio
from datetime import time
from typing import TYPE_CHECKING

from aiohttp import web

from services.catalog import queries, recurrence, usecases
from services.catalog.domain import NewSeries
from services.catalog.http.api import SETTINGS, STAFF, api
from services.catalog.http.bodies import meeting_of, session_terms
from services.catalog.inputs import SeriesBody
from services.catalog.permissions import permit
from services.catalog.school_holidays import CALENDARS
from services.catalog.views import SeriesPreview, SeriesView, StaffSeries
from shared import audit, idempotency
from shared.http import path_id
from shared.ids import new_id
from shared.keys import DATABASE
from shared.problems import Problem

if TYPE_CHECKING:
    from services.catalog.domain import Why
    from shared.db import Connection


@api.post(
    "/v1/activities/{id}/series", status=201, reply=StaffSeries, problems=("unauthorized", "forbidden", "invalid")
)
async def create_series(request: web.Request, body: SeriesBody) -> web.Response:
    """Offer an activity on all dates of a rule, at the same time by the clock on the wall (staff of the branch).

    Dates that are red, shut, school holidays where that is asked for, or left out by hand are named with the reason.
    """
    new = await _new_series(request, body)
    settings = request.app[SETTINGS]

    async def work(conn: Connection) -> StaffSeries:
        plan = await usecases.create_series(conn, new, settings.timezone, CALENDARS[settings.municipality])
        await audit.note(conn, request[STAFF], "planned", "series", new.id, branch=new.branch_id)
        sessions = await queries.staff_sessions(conn, [session.id for session in plan.sessions])
        return StaffSeries(id=new.id, rule=new.rule, sessions=sessions, skipped=queries.skipped_dates(plan.series))

    return await idempotency.perform(request, work, status=201)


@api.post("/v1/activities/{id}/series/preview", problems=("unauthorized", "forbidden", "invalid"))
async def preview_series(request: web.Request, body: SeriesBody) -> SeriesPreview:
    """Show what a series would be, and which dates fall away; nothing is kept (staff of the branch)."""
    new = await _new_series(request, body)
    settings = request.app[SETTINGS]
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        plan = await usecases.plan_series(conn, new, settings.timezone, CALENDARS[settings.municipality])
        return await queries.preview(conn, plan)


@api.get("/v1/series/{id}", problems=("unknown-series",))
async def series(request: web.Request) -> SeriesView:
    """Show a series, with its sessions to come and the coming dates on which there is none."""
    id_ = path_id(request, "id", Problem("unknown-series", 404, "There is no such series"))
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.public_series(conn, id_, request.app[SETTINGS].timezone)


async def _new_series(request: web.Request, body: SeriesBody) -> NewSeries:
    """The series that is wished for at a branch where whoever wishes it may."""
    permit(request[STAFF], body.branch_id)
    at = time.fromisoformat(body.time)
    # In a thread, as a rule may take a while to give no date at all.
    days = await asyncio.to_thread(recurrence.dates, body.rule, body.first, at, request.app[SETTINGS].timezone)
    skip: dict[Why, bool] = {
        "closure": body.skip.closures,
        "red_day": body.skip.red_days,
        "school_holiday": body.skip.school_holidays,
    }
    return NewSeries(
        id=new_id(),
        activity_id=path_id(request, "id", Problem("invalid", 422, "There is no such activity", field="activity_id")),
        branch_id=body.branch_id,
        rule=body.rule,
        days=days,
        at=at,
        minutes=body.minutes,
        slot_minutes=body.slot_minutes,
        skip=frozenset(why for why, wished in skip.items() if wished),
        exceptions={left_out.date: left_out.reason for left_out in body.except_},
        place=body.place,
        room=body.room,
        host=body.host,
        status=body.status,
        terms=session_terms(body),
        meeting=meeting_of(body.meeting),
        opens_days_before=body.opens_days_before,
    )
