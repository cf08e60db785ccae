from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from services.catalog import queries, usecases
from services.catalog.http.api import SETTINGS, STAFF, api, branch_id
from services.catalog.inputs import ClosureBody
from services.catalog.opening import Closure
from services.catalog.permissions import permit, permit_administrator
from services.catalog.views import ClosureOfAll, ClosurePreview, Closures, NewClosure
from shared import audit, idempotency
from shared.http import path_id
from shared.ids import new_id
from shared.keys import DATABASE
from shared.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

    from shared.db import Connection


@api.get("/v1/branches/{id}/closures", problems=("unknown-branch",))
async def closures(request: web.Request) -> Closures:
    """List on which days a library is shut that are not over; red days are none of them."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.branch_closures(conn, branch_id(request), request.app[SETTINGS].timezone)


@api.post(
    "/v1/branches/{id}/closures",
    status=201,
    reply=NewClosure,
    problems=("unauthorized", "forbidden", "unknown-branch", "invalid"),
)
async def create_closure(request: web.Request, body: ClosureBody) -> web.Response:
    """Shut a library for some days (its staff); what is planned then is named, and stays until it is called off."""
    branch = branch_id(request)
    permit(request[STAFF], branch)
    zone = request.app[SETTINGS].timezone
    closure = _closure(body, branch)

    async def work(conn: Connection) -> NewClosure:
        await usecases.create_closure(conn, closure, zone)
        await audit.note(conn, request[STAFF], "shut", "closure", closure.id, branch=branch)
        return await queries.new_closure(conn, closure, zone)

    return await idempotency.perform(request, work, status=201)


@api.delete("/v1/branches/{id}/closures/{closure}", problems=("unauthorized", "forbidden", "unknown-closure"))
async def delete_closure(request: web.Request) -> web.Response:
    """Take back a closure of a library's own (its staff); a closure of all libraries stays."""
    branch = branch_id(request)
    permit(request[STAFF], branch)
    id_ = _closure_id(request)

    async def work(conn: Connection) -> None:
        await usecases.delete_closure(conn, branch, id_)
        await audit.note(conn, request[STAFF], "opened", "closure", id_, branch=branch)

    await request.app[DATABASE].transact(work)
    return web.Response(status=HTTPStatus.NO_CONTENT)


@api.get("/v1/closures")
async def closures_of_all(request: web.Request) -> Closures:
    """List on which days all libraries are shut that are not over; red days are none of them."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.closures_of_all(conn, request.app[SETTINGS].timezone)


@api.post("/v1/closures", status=201, reply=ClosureOfAll, problems=("unauthorized", "forbidden", "invalid"))
async def create_closure_of_all(request: web.Request, body: ClosureBody) -> web.Response:
    """Shut all libraries for some days (administrators); what is planned then is counted, and stays."""
    permit_administrator(request[STAFF])
    zone = request.app[SETTINGS].timezone
    closure = _closure(body, None)

    async def work(conn: Connection) -> ClosureOfAll:
        await usecases.create_closure(conn, closure, zone)
        await audit.note(conn, request[STAFF], "shut", "closure", closure.id, branch=None)
        return await queries.closure_of_all(conn, closure, zone)

    return await idempotency.perform(request, work, status=201)


@api.post("/v1/closures/preview", problems=("unauthorized", "forbidden", "invalid"))
async def preview_closure_of_all(request: web.Request, body: ClosureBody) -> ClosurePreview:
    """Count what is planned on days when all libraries would be shut (administrators); nothing is kept."""
    permit_administrator(request[STAFF])
    zone = request.app[SETTINGS].timezone
    closure = _closure(body, None)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        await usecases.check_closure(conn, closure, zone)
        return await queries.closure_preview(conn, closure, zone)


@api.delete("/v1/closures/{closure}", problems=("unauthorized", "forbidden", "unknown-closure"))
async def delete_closure_of_all(request: web.Request) -> web.Response:
    """Take back a closure of all libraries (administrators)."""
    permit_administrator(request[STAFF])
    id_ = _closure_id(request)

    async def work(conn: Connection) -> None:
        await usecases.delete_closure_of_all(conn, id_)
        await audit.note(conn, request[STAFF], "opened", "closure", id_, branch=None)

    await request.app[DATABASE].transact(work)
    return web.Response(status=HTTPStatus.NO_CONTENT)


def _closure(body: ClosureBody, branch: str | None) -> Closure:
    return Closure(
        id=new_id(), branch_id=branch, first_day=body.first, last_day=body.last or body.first, reasons=body.reasons
    )


def _closure_id(request: web.Request) -> UUID:
    return path_id(request, "closure", Problem("unknown-closure", 404, "There is no such closure"))
