from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aiohttp import web

from services.catalog import queries
from services.catalog.http.api import SETTINGS, api, session_id
from services.catalog.inputs import AvailabilityQuery, SessionsQuery, WishesQuery
from services.catalog.views import Alternatives, Availabilities, Nearest, Sessions, SessionView
from shared.keys import DATABASE

if TYPE_CHECKING:
    from services.catalog.queries import Wanted


_NO_WISHES = ("activity", "series", "sitting", "cancelled")
"""What narrows or widens a search, and is never given up."""


@api.get("/v1/sessions", problems=("invalid",))
async def sessions(request: web.Request, query: SessionsQuery) -> Sessions:
    """Search the programme, in order of start.

    ``from`` and ``to`` are local dates, ``to`` exclusive; ``near`` is a place, a library or a district, or how its
    name begins, and finds what is at the five nearest libraries; ``free`` leaves out what is full. ``activity`` asks
    for the times of one activity, wherever it is, ``series`` for the dates of a series and ``sitting`` for the slots of
    a sitting. With ``cancelled`` also what was called off is listed, until its
    time is over; none of it is ``free``. ``page`` counts from 1 and gives the ``total``; without it, ``cursor`` is the
    ``next`` of the page before.
    """
    part = queries.Slice(limit=query.limit, page=query.page, cursor=query.cursor)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        wanted = replace(_wanted(query), **{name: getattr(query, name) for name in _NO_WISHES})
        return await queries.sessions(conn, wanted, part, request.app[SETTINGS].timezone)


@api.get("/v1/sessions/nearest", problems=("invalid",))
async def nearest_sessions(request: web.Request, query: WishesQuery) -> Nearest:
    """Find what is nearest to a search that finds nothing.

    Wishes are given up one after the other until something is found, at most six sessions; ``dropped`` tells which.
    """
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.nearest(conn, _wanted(query), request.app[SETTINGS].timezone)


@api.get("/v1/sessions/{id}", problems=("unknown-session",))
async def session(request: web.Request) -> SessionView:
    """Show a session."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.public_session(conn, session_id(request))


@api.get("/v1/sessions/{id}/alternatives", problems=("unknown-session",))
async def alternatives(request: web.Request) -> Alternatives:
    """Offer what one gets into now instead of a session, at most six: other times first, then other libraries."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.alternatives(conn, session_id(request))


@api.get("/v1/availability", problems=("invalid",))
async def availability(request: web.Request, query: AvailabilityQuery) -> Availabilities:
    """Tell how full sessions are; those nobody may see are left out."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.availability(conn, query.session)


def _wanted(query: WishesQuery) -> Wanted:
    return queries.Wanted(**{name: getattr(query, name) for name in WishesQuery.model_fields})
