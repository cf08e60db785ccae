from __future__ import annotations

import asyncio
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.catalog import feeds, queries, usecases
from services.catalog.domain import (
    Activity,
    Invalid,
    Meeting,
    NewSession,
    SessionChange,
    TermsChange,
    UnknownBranch,
    adapted,
)
from services.catalog.inputs import (
    ActivityBody,
    AvailabilityQuery,
    BranchCalendarQuery,
    CalendarQuery,
    CancelBody,
    MeetingBody,
    NewSessionBody,
    PageQuery,
    PlacesQuery,
    SessionPatch,
    SessionsQuery,
    WishesQuery,
)
from services.catalog.kinds import KINDS
from services.catalog.permissions import permit, permit_somewhere
from services.catalog.settings import CatalogSettings
from services.catalog.views import (
    Activities,
    ActivityView,
    Alternatives,
    Availabilities,
    Branches,
    BranchPage,
    Choices,
    Kinds,
    Nearest,
    Places,
    Sessions,
    SessionView,
    StaffSessionView,
)
from shared import calendars, idempotency
from shared.auth import IdentityProvider, Staff
from shared.http import Api, path_id
from shared.ids import new_id
from shared.keys import DATABASE
from shared.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

    from aiohttp.typedefs import Handler

    from services.catalog.queries import Subscribed, Wanted
    from shared.db import Connection

SETTINGS = web.AppKey("settings", CatalogSettings)
IDENTITY = web.AppKey("identity", IdentityProvider)
STAFF = web.RequestKey("staff", Staff)

_FRESH = 300
"""Seconds for which nobody need ask again for a calendar: programs ask once an hour or less, caches for all of them."""

api = Api()


@web.middleware
async def signed_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whoever changes the programme signs in first: before their request is read, or said to be wrong."""
    changes = request.match_info.http_exception is None and request.method not in {hdrs.METH_GET, hdrs.METH_HEAD}
    if changes:
        request[STAFF] = await request.app[IDENTITY].staff(request)
    return await handler(request)


@api.get("/v1/kinds")
async def kinds(_: web.Request) -> Kinds:
    """Explain the kinds of activity."""
    return queries.kinds()


@api.get("/v1/branches")
async def branches(request: web.Request) -> Branches:
    """List the libraries."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.branches(conn)


@api.get("/v1/branches/{id}", problems=("unknown-branch",))
async def branch(request: web.Request) -> BranchPage:
    """Show a library: where it is, when it is open, and on which days of the coming 60 it is not."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.branch_page(conn, _branch_id(request), request.app[SETTINGS].timezone)


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


@api.get("/v1/activities")
async def activities(request: web.Request, query: PageQuery) -> Activities:
    """List the activities."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.activities(conn, query.cursor, query.limit)


@api.get("/v1/sessions", problems=("invalid",))
async def sessions(request: web.Request, query: SessionsQuery) -> Sessions:
    """Search the programme, in order of start.

    ``from`` and ``to`` are local dates, ``to`` exclusive; ``near`` is a place, a library or a district, or how its
    name begins, and finds what is at the five nearest libraries; ``free`` leaves out what is full. ``activity`` asks
    for the times of one activity, wherever it is. With ``cancelled`` also what was called off is listed, until its
    time is over; none of it is ``free``. ``page`` counts from 1 and gives the ``total``; without it, ``cursor`` is the
    ``next`` of the page before.
    """
    part = queries.Slice(limit=query.limit, page=query.page, cursor=query.cursor)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        wanted = replace(_wanted(query), activity=query.activity, cancelled=query.cancelled)
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
        return await queries.public_session(conn, _session_id(request))


@api.get("/v1/sessions/{id}/alternatives", problems=("unknown-session",))
async def alternatives(request: web.Request) -> Alternatives:
    """Offer what one gets into now instead of a session, at most six: other times first, then other libraries."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.alternatives(conn, _session_id(request))


@api.get("/v1/availability", problems=("invalid",))
async def availability(request: web.Request, query: AvailabilityQuery) -> Availabilities:
    """Tell how full sessions are; those nobody may see are left out."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.availability(conn, query.session)


@api.get("/v1/calendar.ics", media=calendars.MEDIA, problems=("invalid",))
async def calendar(request: web.Request, query: CalendarQuery) -> web.Response:
    """Follow the programme in a calendar: what is coming, and what was called off."""
    wanted = queries.Subscribed(branch=query.branch, kind=query.kind, language=query.language, lang=query.lang)
    try:
        return await _calendar(request, wanted)
    except UnknownBranch as error:
        raise Invalid(str(error), "branch") from error


@api.get("/v1/branches/{id}/calendar.ics", media=calendars.MEDIA, problems=("unknown-branch", "invalid"))
async def branch_calendar(request: web.Request, query: BranchCalendarQuery) -> web.Response:
    """Follow a library's programme in a calendar: what is coming, and what was called off."""
    wanted = queries.Subscribed(branch=_branch_id(request), kind=query.kind, lang=query.lang)
    return await _calendar(request, wanted)


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
        terms=adapted(kind.terms, _activity_terms(body)),
    )

    async def work(conn: Connection) -> ActivityView:
        await usecases.create_activity(conn, activity)
        return queries.activity_view(activity)

    return await idempotency.perform(request, work, status=201)


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
        terms=_session_terms(body),
        theme=body.theme,
        meeting=_meeting(body.meeting),
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
    session_id = _session_id(request)
    change = SessionChange(
        activity_id=body.activity_id,
        branch_id=body.branch_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        place=body.place,
        room=body.room,
        status=body.status,
        theme=body.theme,
        meeting=_meeting(body.meeting),
    )

    async def work(conn: Connection) -> StaffSessionView:
        await usecases.change_session(conn, request[STAFF], session_id, change, _session_terms(body), body.revision)
        return await queries.staff_session(conn, session_id)

    return await request.app[DATABASE].transact(work)


@api.post("/v1/sessions/{id}/cancel", problems=("unauthorized", "forbidden", "unknown-session", "closed"))
async def cancel_session(request: web.Request, body: CancelBody) -> StaffSessionView:
    """Call a session off (staff of the branch); a second time changes nothing."""
    session_id = _session_id(request)

    async def work(conn: Connection) -> StaffSessionView:
        await usecases.cancel_session(conn, request[STAFF], session_id, body.reason)
        return await queries.staff_session(conn, session_id)

    return await request.app[DATABASE].transact(work)


def _branch_id(request: web.Request) -> str:
    """The branch a path names; what the database could not even be asked for names none."""
    branch_id = request.match_info["id"]
    if not branch_id.isprintable():
        raise UnknownBranch("there is no such branch")
    return branch_id


def _session_id(request: web.Request) -> UUID:
    """The session a path names; what is no id names none."""
    return path_id(request, "id", Problem("unknown-session", 404, "There is no such session"))


def _wanted(query: WishesQuery) -> Wanted:
    return queries.Wanted(**{name: getattr(query, name) for name in WishesQuery.model_fields})


async def _calendar(request: web.Request, wanted: Subscribed) -> web.Response:
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


def _meeting(body: MeetingBody | None) -> Meeting | None:
    return Meeting(link=body.link, number=body.number) if body else None


def _activity_terms(body: ActivityBody) -> TermsChange:
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
    )


def _session_terms(body: NewSessionBody | SessionPatch) -> TermsChange:
    return TermsChange(
        mode=body.mode,
        seats=body.capacity.seats,
        walk_in=body.capacity.walk_in,
        queue=body.capacity.queue,
    )
