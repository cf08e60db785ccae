"""How staffed sessions are, whom nobody helps yet, and who could be asked: for staff."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, Field

from services.volunteers.domain.assigning import UnknownSession
from services.volunteers.http.api import HOURS, IDENTITY, api
from services.volunteers.http.asking import libraries, of_library, session_id
from services.volunteers.http.bodies import Branch
from services.volunteers.http.places import SessionView
from services.volunteers.queries import staffing as queries
from services.volunteers.store import sessions
from shared.http import slug
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import Problem

_LONGEST = 130
"""Days that are shown at once: four months, as a rota has them."""


class StaffingQuery(Strict):
    """Which days, of which library: of all of one's own, if none is named."""

    from_: date = Field(alias="from")
    to: date
    """The first day that is not shown any more."""
    branch: Branch | None = None


class OnDutyView(Model):
    """Somebody in a session."""

    shift_id: UUID
    volunteer_id: UUID
    name: str | None
    """None once they were erased."""
    state: str
    looking_for_stand_in: bool
    covers: UUID | None
    """The shift that they would take over."""


class NeedView(Model):
    """A visitor who wants a helper of their own; who they are, booking knows."""

    booking_id: UUID
    state: str
    language: str
    topic: str | None
    asked: int
    """How many were asked so far."""
    alarmed_at: AwareDatetime | None
    wakes_at: AwareDatetime | None
    """When time alone takes it further: a question runs out, or the visitor is told."""
    assignment_id: UUID | None
    volunteer_id: UUID | None
    """Who is asked, or does it."""
    name: str | None
    why: dict[str, Any] | None
    """Why it is they: words and numbers."""


class StaffedView(Model):
    """A session and its helpers."""

    session: SessionView
    status: str
    needed: int
    helpers: int
    asked: int
    offered: int
    gap: int
    matched: bool
    register_note: bool
    people: list[OnDutyView]
    needs: list[NeedView]


class StaffingView(Model):
    """Sessions that need helpers, in order."""

    items: list[StaffedView]
    next: None = None


class AtRiskView(Model):
    """A visitor to come whom nobody has said yes to."""

    session: SessionView
    need: NeedView


class AtRiskList(Model):
    """The nearest first."""

    items: list[AtRiskView]
    next: None = None


class CandidateView(Model):
    """Somebody who does such things there, and whether they can be asked."""

    volunteer_id: UUID
    name: str | None
    languages: dict[str, str]
    share: int
    """Minutes given, as the fair queue counts them."""
    last_assigned_at: AwareDatetime | None
    budget_left: int | None
    """Minutes left of their year."""
    available: bool | None
    """By what they said of their week; none where they said nothing."""
    state: str | None
    """Of their shift in this session, also one that is over."""
    why_not: str | None
    """The problem type that asking them would be."""


class Candidates(Model):
    """The first to be asked first."""

    items: list[CandidateView]
    next: None = None


@api.get("/v1/staffing", problems=("unauthorized", "forbidden", "invalid"))
async def staffing(request: web.Request, query: StaffingQuery) -> StaffingView:
    """Who is on duty when, where somebody is missing, and what visitors need (staff)."""
    where = libraries(await request.app[IDENTITY].staff(request), query.branch)
    zone = request.app[HOURS].zone
    if not 0 <= (query.to - query.from_).days <= _LONGEST:
        raise Problem("invalid", 422, "Something in the request is not right", field="to", detail="too many days")
    since, until = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (query.from_, query.to))
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = await queries.staffing(conn, since, until, where)
    return StaffingView(items=[StaffedView.model_validate(one, from_attributes=True) for one in found])


@api.get("/v1/at-risk", problems=("unauthorized", "forbidden"))
async def at_risk(request: web.Request) -> AtRiskList:
    """Visitors to come whom nobody has said yes to (staff)."""
    where = libraries(await request.app[IDENTITY].staff(request))
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = await queries.at_risk(conn, await conn.fetchval("SELECT clock_timestamp()"), where)
    return AtRiskList(items=[AtRiskView.model_validate(one, from_attributes=True) for one in found])


@api.get("/v1/sessions/{id}/candidates", problems=("unauthorized", "forbidden", "unknown-session"))
async def candidates(request: web.Request) -> Candidates:
    """Who could be asked to be on duty, ranked, and at the end who cannot, and why (staff of the branch)."""
    staff = await request.app[IDENTITY].staff(request)
    id_ = session_id(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        await of_library(conn, staff, id_)
        session = await sessions.find(conn, id_)
        if session is None:
            raise UnknownSession("there is no such session")
        found = await queries.askable(conn, session, request.app[HOURS].zone)
    return Candidates(items=[_candidate(one) for one in found])


def _candidate(one: queries.Askable) -> CandidateView:
    names = ("volunteer_id", "name", "languages", "share", "last_assigned_at", "budget_left", "available", "state")
    return CandidateView(
        **{name: getattr(one, name) for name in names},
        why_not=slug(type(one.refusal)) if one.refusal else None,
    )
