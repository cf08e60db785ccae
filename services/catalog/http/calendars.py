from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.catalog import feeds, queries
from services.catalog.domain import Invalid, UnknownBranch
from services.catalog.http.api import SETTINGS, api, branch_id
from services.catalog.inputs import BranchCalendarQuery, CalendarQuery
from shared import calendars
from shared.keys import DATABASE

if TYPE_CHECKING:
    from services.catalog.queries import Subscribed

_FRESH = 300
"""Seconds for which nobody need ask again for a calendar: programs ask once an hour or less, caches for all of them."""


@api.get("/v1/calendar.ics", media=calendars.MEDIA, problems=("invalid",))
async def calendar(request: web.Request, query: CalendarQuery) -> web.Response:
    """Follow the programme in a calendar: what is coming, and what was called off."""
    wanted = queries.Subscribed(branch=query.branch, kind=query.kind, language=query.language, lang=query.lang)
    try:
        return await _answer(request, wanted)
    except UnknownBranch as error:
        raise Invalid(str(error), "branch") from error


@api.get("/v1/branches/{id}/calendar.ics", media=calendars.MEDIA, problems=("unknown-branch", "invalid"))
async def branch_calendar(request: web.Request, query: BranchCalendarQuery) -> web.Response:
    """Follow a library's programme in a calendar: what is coming, and what was called off."""
    wanted = queries.Subscribed(branch=branch_id(request), kind=query.kind, lang=query.lang)
    return await _answer(request, wanted)


async def _answer(request: web.Request, wanted: Subscribed) -> web.Response:
    """A feed, or word that the asker has it already."""
    settings = request.app[SETTINGS]
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        feed = await queries.feed(conn, wanted, settings.timezone, settings.public_url)
    file = await asyncio.to_thread(feeds.written, feed)
    known = request.if_none_match or ()
    headers = {hdrs.CACHE_CONTROL: f"public, max-age={_FRESH}"}
    if any(etag.value in {file.etag, "*"} for etag in known):
        response = web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    else:
        response = web.Response(body=file.body, content_type=calendars.MEDIA, charset="utf-8", headers=headers)
    response.etag = file.etag
    return response
