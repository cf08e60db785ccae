from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.catalog import queries, usecases
from services.catalog.domain import Activity, TermsChange, adapted
from services.catalog.http.api import STAFF, api
from services.catalog.inputs import ActivityBody, PageQuery
from services.catalog.kinds import KINDS
from services.catalog.permissions import permit_somewhere
from services.catalog.views import Activities, ActivityView
from shared import audit, idempotency
from shared.ids import new_id
from shared.keys import DATABASE

if TYPE_CHECKING:
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
    activity = Activity(
        id=new_id(),
        kind=kind.id,
        titles=body.titles,
        sms_titles=body.sms_titles or kind.sms_labels,
        summaries=body.summaries,
        audiences=body.audiences,
        bring=body.bring,
        led_by=body.led_by,
        languages=body.languages,
        level=body.level,
        minutes=body.minutes or kind.minutes,
        terms=adapted(kind.terms, _terms(body)),
    )

    async def work(conn: Connection) -> ActivityView:
        await usecases.create_activity(conn, activity)
        await audit.note(conn, request[STAFF], "created", "activity", activity.id, branch=None)
        return queries.activity_view(activity)

    return await idempotency.perform(request, work, status=201)


def _terms(body: ActivityBody) -> TermsChange:
    return TermsChange(
        mode=body.mode,
        counts=body.counts,
        seats=body.capacity.seats,
        walk_in=body.capacity.walk_in,
        queue=body.capacity.queue,
        party_max=body.party_max,
        children=body.children,
        late_cancel_hours=body.late_cancel_hours,
        fill_from_hours=body.fill_from_hours,
        offer_minutes=body.offer_minutes,
        reminder_hours=body.reminder_hours,
        reconfirm=body.reconfirm,
        booked_by=body.booked_by,
        certificate=body.certificate,
        capacity_from=body.capacity_from,
    )
