from __future__ import annotations

from aiohttp import web

from services.catalog import queries
from services.catalog.http.api import SETTINGS, api, branch_id
from services.catalog.inputs import PlacesQuery
from services.catalog.views import Branches, BranchPage, Choices, Places
from shared.keys import DATABASE


@api.get("/v1/branches")
async def branches(request: web.Request) -> Branches:
    """List the libraries."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.branches(conn)


@api.get("/v1/branches/{id}", problems=("unknown-branch",))
async def branch(request: web.Request) -> BranchPage:
    """Show a library: where it is, when it is open, and on which days of the coming 60 it is not."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.branch_page(conn, branch_id(request), request.app[SETTINGS].timezone)


@api.get("/v1/choices")
async def choices(request: web.Request) -> Choices:
    """Offer what one can look for: kinds, libraries, and the languages and days of what is coming."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.choices(conn, request.app[SETTINGS].timezone)


@api.get("/v1/places", problems=("invalid",))
async def places(request: web.Request, query: PlacesQuery) -> Places:
    """Suggest what somebody may have meant whose words ``near`` does not know: at most three names that it does."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.places(conn, query.q)
