from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.catalog import queries, usecases
from services.catalog.http.api import STAFF, api
from services.catalog.http.bodies import terms_change
from services.catalog.inputs import KindPatch
from services.catalog.permissions import permit_administrator
from services.catalog.views import KindInUse, Kinds
from shared.keys import DATABASE

if TYPE_CHECKING:
    from shared.db import Connection


@api.get("/v1/kinds")
async def kinds(request: web.Request) -> Kinds:
    """Explain the kinds of activity, and tell what their new activities start from."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.kinds(conn)


@api.get("/v1/kinds/{id}", problems=("unknown-kind",))
async def kind(request: web.Request) -> KindInUse:
    """Explain a kind of activity, and tell what its new activities start from and how many there are."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.kind(conn, request.match_info["id"])


@api.patch("/v1/kinds/{id}", problems=("unauthorized", "forbidden", "unknown-kind", "stale-revision", "invalid"))
async def change_kind(request: web.Request, body: KindPatch) -> KindInUse:
    """Change what new activities of a kind start from (administrators); those there are keep what they have."""
    permit_administrator(request[STAFF])
    id_ = request.match_info["id"]

    async def work(conn: Connection) -> KindInUse:
        await usecases.change_kind(
            conn, request[STAFF], id_, terms_change(body), minutes=body.minutes, revision=body.revision
        )
        return await queries.kind(conn, id_)

    return await request.app[DATABASE].transact(work)
