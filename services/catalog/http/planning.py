from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.catalog import queries, usecases
from services.catalog.domain import NOTHING, NewSession, SessionChange
from services.catalog.http.api import STAFF, api, session_id
from services.catalog.http.bodies import meeting_of, session_terms
from services.catalog.inputs import CancelBody, NewSessionBody, SessionPatch
from services.catalog.permissions import permit
from services.catalog.views import StaffSessionView
from shared import idempotency
from shared.ids import new_id
from shared.keys import DATABASE

if TYPE_CHECKING:
    from shared.db import Connection


@api.post("/v1/sessions", status=201, reply=StaffSessionView, problems=("unauthorized", "forbidden", "invalid"))
async def create_session(request: web.Request, body: NewSessionBody) -> web.Response:
    """Offer a session (staff of the branch)."""
    permit(request[STAFF], body.branch_id)
    new = NewSession(
        id=new_id(),
        activity_id=body.activity_id,
        branch_id=body.branch_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        place=body.place,
        room=body.room,
        status=body.status,
        terms=session_terms(body),
        theme=body.theme,
        meeting=meeting_of(body.meeting),
        helpers=body.helpers,
        opens_at=body.opens_at,
        closes_at=body.closes_at,
    )

    async def work(conn: Connection) -> StaffSessionView:
        await usecases.create_session(conn, new)
        return await queries.staff_session(conn, new.id)

    return await idempotency.perform(request, work, status=201)


@api.patch(
    "/v1/sessions/{id}",
    problems=("unauthorized", "forbidden", "unknown-session", "stale-revision", "closed", "invalid"),
)
async def change_session(request: web.Request, body: SessionPatch) -> StaffSessionView:
    """Change, publish or withdraw a session (staff of the branch)."""
    id_ = session_id(request)
    change = SessionChange(
        activity_id=body.activity_id,
        branch_id=body.branch_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        place=body.place,
        room=body.room,
        status=body.status,
        theme=body.theme,
        meeting=meeting_of(body.meeting),
        helpers=NOTHING if "helpers" in body.taken_away else body.helpers,
        opens_at=NOTHING if "opens_at" in body.taken_away else body.opens_at,
        closes_at=NOTHING if "closes_at" in body.taken_away else body.closes_at,
    )

    async def work(conn: Connection) -> StaffSessionView:
        await usecases.change_session(conn, request[STAFF], id_, change, session_terms(body), body.revision)
        return await queries.staff_session(conn, id_)

    return await request.app[DATABASE].transact(work)


@api.post("/v1/sessions/{id}/cancel", problems=("unauthorized", "forbidden", "unknown-session", "closed"))
async def cancel_session(request: web.Request, body: CancelBody) -> StaffSessionView:
    """Call a session off (staff of the branch); a second time changes nothing."""
    id_ = session_id(request)

    async def work(conn: Connection) -> StaffSessionView:
        await usecases.cancel_session(conn, request[STAFF], id_, body.reason)
        return await queries.staff_session(conn, id_)

    return await request.app[DATABASE].transact(work)
