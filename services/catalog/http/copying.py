from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.catalog import queries, usecases
from services.catalog.http.api import SETTINGS, STAFF, api, branch_id
from services.catalog.inputs import TermCopyBody
from services.catalog.permissions import permit
from services.catalog.school_holidays import CALENDARS
from services.catalog.usecases import TermCopy
from services.catalog.views import CopiedTerm
from shared import idempotency
from shared.keys import DATABASE

if TYPE_CHECKING:
    from shared.db import Connection


@api.post(
    "/v1/branches/{id}/terms",
    reply=CopiedTerm,
    problems=("unauthorized", "forbidden", "unknown-branch", "invalid"),
)
async def copy_term(request: web.Request, body: TermCopyBody) -> web.Response | CopiedTerm:
    """Plan a term like an earlier one (staff of the branch): its series again, with the later term's own days off.

    What goes on already is not made twice. With ``preview`` nothing is kept; conflicts are told and stop nothing.
    """
    branch = branch_id(request)
    permit(request[STAFF], branch)
    settings = request.app[SETTINGS]
    zone, schools = settings.timezone, CALENDARS[settings.municipality]
    wish = TermCopy(
        branch_id=branch,
        from_=body.from_,
        to=body.to,
        first=body.first,
        last=body.last,
        series=None if body.series is None else frozenset(body.series),
        status=body.status,
    )

    async def preview(conn: Connection) -> CopiedTerm:
        term = await usecases.plan_term(conn, wish, zone, schools)
        return await queries.copied_term(conn, term, zone, kept=False)

    async def work(conn: Connection) -> CopiedTerm:
        term = await usecases.copy_term(conn, request[STAFF], wish, zone, schools)
        return await queries.copied_term(conn, term, zone, kept=True)

    if body.preview:
        return await request.app[DATABASE].transact(preview)
    return await idempotency.perform(request, work, status=200)
