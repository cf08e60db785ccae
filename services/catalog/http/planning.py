from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.catalog import queries, usecases
from services.catalog.domain import NOTHING, Cancelling, Edit, NewSession, SessionChange
from services.catalog.http.api import SETTINGS, STAFF, api, session_id
from services.catalog.http.bodies import meeting_of, session_terms
from services.catalog.inputs import CancelBody, NewSessionBody, NewSittingBody, SessionPatch
from services.catalog.permissions import permit
from services.catalog.views import ChangedSession, Sitting, StaffSessionView
from shared import audit, idempotency
from shared.ids import new_id
from shared.keys import DATABASE

if TYPE_CHECKING:
    from shared.db import Connection


@api.post("/v1/sessions", status=201, reply=StaffSessionView, problems=("unauthorized", "forbidden", "invalid"))
async def create_session(request: web.Request, body: NewSessionBody) -> web.Response:
    """Offer a session (staff of the branch)."""
    new = _new_session(request, body)

    async def work(conn: Connection) -> StaffSessionView:
        await usecases.create_session(conn, new)
        await audit.note(conn, request[STAFF], "planned", "session", new.id, branch=new.branch_id)
        return await queries.staff_session(conn, new.id)

    return await idempotency.perform(request, work, status=201)


@api.post("/v1/sittings", status=201, reply=Sitting, problems=("unauthorized", "forbidden", "invalid"))
async def create_sitting(request: web.Request, body: NewSittingBody) -> web.Response:
    """Offer a session in slots that follow each other, each booked on its own (staff of the branch)."""
    new = _new_session(request, body)

    async def work(conn: Connection) -> Sitting:
        ids = await usecases.create_sitting(conn, new, body.slot_minutes)
        await audit.note(conn, request[STAFF], "planned", "sitting", new.id, branch=new.branch_id)
        return Sitting(id=new.id, sessions=await queries.staff_sessions(conn, ids))

    return await idempotency.perform(request, work, status=201)


def _new_session(request: web.Request, body: NewSessionBody) -> NewSession:
    """The session that is wished for at a branch where whoever wishes it may."""
    permit(request[STAFF], body.branch_id)
    return NewSession(
        id=new_id(),
        activity_id=body.activity_id,
        branch_id=body.branch_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        place=body.place,
        room=body.room,
        host=body.host,
        status=body.status,
        terms=session_terms(body),
        theme=body.theme,
        meeting=meeting_of(body.meeting),
        helpers=body.helpers,
        opens_at=body.opens_at,
        closes_at=body.closes_at,
    )


@api.patch(
    "/v1/sessions/{id}",
    problems=("unauthorized", "forbidden", "unknown-session", "stale-revision", "closed", "invalid"),
)
async def change_session(request: web.Request, body: SessionPatch) -> ChangedSession:
    """Change, publish or withdraw a session (staff of the branch).

    With a ``scope``, all others that it means get the same change or none does: a start moves by as much for each, by
    calendar and clock. Those that have begun or are cancelled stay as they are, and are named.
    """
    id_ = session_id(request)
    change = SessionChange(
        activity_id=body.activity_id,
        branch_id=body.branch_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        place=body.place,
        room=body.room,
        host=body.host,
        status=body.status,
        theme=body.theme,
        meeting=meeting_of(body.meeting),
        helpers=NOTHING if "helpers" in body.taken_away else body.helpers,
        opens_at=NOTHING if "opens_at" in body.taken_away else body.opens_at,
        closes_at=NOTHING if "closes_at" in body.taken_away else body.closes_at,
    )

    edit = Edit(change=change, terms=session_terms(body), revision=body.revision, scope=body.scope)

    async def work(conn: Connection) -> ChangedSession:
        result = await usecases.change_session(conn, request[STAFF], id_, edit, request.app[SETTINGS].timezone)
        return await queries.changed_session(conn, id_, result)

    return await request.app[DATABASE].transact(work)


@api.post("/v1/sessions/{id}/cancel", problems=("unauthorized", "forbidden", "unknown-session", "closed"))
async def cancel_session(request: web.Request, body: CancelBody) -> ChangedSession:
    """Call a session off (staff of the branch), and with a ``scope`` others; a second time changes nothing."""
    id_ = session_id(request)
    wish = Cancelling(reason=body.reason, scope=body.scope)

    async def work(conn: Connection) -> ChangedSession:
        result = await usecases.cancel_session(conn, request[STAFF], id_, wish, request.app[SETTINGS].timezone)
        return await queries.changed_session(conn, id_, result)

    return await request.app[DATABASE].transact(work)
