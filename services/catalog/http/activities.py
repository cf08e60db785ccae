from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.catalog import queries, store, usecases
from services.catalog.domain import NOTHING, Activity, ActivityChange, ActivityEdit, adapted
from services.catalog.http.api import STAFF, api
from services.catalog.http.bodies import terms_change
from services.catalog.inputs import ActivityBody, ActivityPatch, PageQuery
from services.catalog.kinds import KINDS
from services.catalog.permissions import permit_somewhere
from services.catalog.views import Activities, ActivityView
from shared import audit, idempotency
from shared.http import path_id
from shared.ids import new_id
from shared.keys import DATABASE
from shared.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

    from shared.db import Connection


@api.get("/v1/activities")
async def activities(request: web.Request, query: PageQuery) -> Activities:
    """List the activities."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.activities(conn, query.cursor, query.limit)


@api.post("/v1/activities", status=201, reply=ActivityView, problems=("unauthorized", "forbidden", "invalid"))
async def create_activity(request: web.Request, body: ActivityBody) -> web.Response:
    """Add an activity (staff)."""
    permit_somewhere(request[STAFF])
    kind = KINDS[body.kind]
    id_ = new_id()

    async def work(conn: Connection) -> ActivityView:
        usual = await store.usual(conn, kind.id)
        activity = Activity(
            id=id_,
            kind=kind.id,
            titles=body.titles,
            sms_titles=body.sms_titles or kind.sms_labels,
            summaries=body.summaries,
            audiences=body.audiences,
            bring=body.bring,
            led_by=body.led_by,
            languages=body.languages,
            level=body.level,
            minutes=body.minutes or usual.minutes,
            terms=adapted(usual.terms, terms_change(body)),
        )
        await usecases.create_activity(conn, activity)
        await audit.note(conn, request[STAFF], "created", "activity", activity.id, branch=None)
        return queries.activity_view(activity)

    return await idempotency.perform(request, work, status=201)


@api.get("/v1/activities/{id}", problems=("unknown-activity",))
async def activity(request: web.Request) -> ActivityView:
    """Show an activity."""
    id_ = _activity_id(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.activity(conn, id_)


@api.patch(
    "/v1/activities/{id}", problems=("unauthorized", "forbidden", "unknown-activity", "stale-revision", "invalid")
)
async def change_activity(request: web.Request, body: ActivityPatch) -> ActivityView:
    """Change an activity's texts or terms, put it away or take it up again (staff, where no other library holds it).

    Texts come whole. Sessions to come are told of again under their new name; their terms stay as they were booked.
    """
    id_ = _activity_id(request)
    change = ActivityChange(
        titles=body.titles,
        sms_titles=body.sms_titles,
        summaries=body.summaries,
        audiences=body.audiences,
        bring=body.bring,
        led_by=body.led_by,
        languages=body.languages,
        level=NOTHING if body.without_level else body.level,
        minutes=body.minutes,
        archived=body.archived,
    )
    edit = ActivityEdit(change=change, terms=terms_change(body), revision=body.revision)

    async def work(conn: Connection) -> ActivityView:
        return queries.activity_view(await usecases.change_activity(conn, request[STAFF], id_, edit))

    return await request.app[DATABASE].transact(work)


def _activity_id(request: web.Request) -> UUID:
    return path_id(request, "id", Problem("unknown-activity", 404, "There is no such activity"))
