"""Who helps a visitor, put there by hand, with who was asked and why; and what is given to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, Field

from services.volunteers.domain.assigning import RegisterNoteMissing, UnknownNeed
from services.volunteers.domain.refusals import Forbidden, NotPossibleNow, Refusal, UnknownVolunteer
from services.volunteers.http.api import HOURS, IDENTITY, api
from services.volunteers.http.asking import assignment_id, booking_id, libraries, of_library
from services.volunteers.http.helper import coordinator
from services.volunteers.http.people import volunteer_id
from services.volunteers.http.places import SessionView
from services.volunteers.http.staffing import NeedView
from services.volunteers.queries import history
from services.volunteers.queries import staffing as queries
from services.volunteers.store import assignments, candidates, needs
from services.volunteers.usecases import handing_over
from shared import audit
from shared.http import slug
from shared.keys import DATABASE
from shared.models import Model, Strict

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from shared.db import Connection

_CANNOT = ("already-busy", "over-budget", "register-note-missing", "not-active", "not-possible-now")
_NOT_YOURS = "there is no such volunteer among yours"


class AssignBody(Strict):
    """With whom it was agreed."""

    volunteer_id: UUID


class HandOverBody(Strict):
    """Whose is given to whom."""

    from_: UUID = Field(alias="from")
    to: UUID | None = None
    """None: whoever is found."""
    assignments: list[UUID] | None = Field(default=None, max_length=200)
    shifts: list[UUID] | None = Field(default=None, max_length=200)
    """All that is theirs, if neither is named."""


class AskedView(Model):
    """Somebody who was asked, or who does it."""

    id: UUID
    volunteer_id: UUID
    name: str | None
    state: str
    ended: str | None
    """Why it is not theirs any more."""
    why: dict[str, Any]
    """Why it was they: words and numbers."""
    stand_in: bool
    looking_for_stand_in: bool
    proposed_at: AwareDatetime
    told_at: AwareDatetime | None
    answer_by: AwareDatetime | None
    answered_at: AwareDatetime | None


class NeedHistory(Model):
    """Who was asked for a visitor, in order."""

    session: SessionView
    need: NeedView
    asked: list[AskedView]


class NotHandedOver(Model):
    """What stayed as it was."""

    id: UUID
    type: str
    """The problem type that says why."""


class HandedOver(Model):
    """How many sessions' work went to others."""

    moved: int
    refused: list[NotHandedOver]


class HeldView(Model):
    """What somebody said yes to, as the coordinator of their organisation sees it.

    Nothing of a visitor is shown but what whoever takes over has to be able to.
    """

    kind: Literal["shift", "visitor"]
    id: UUID
    session: SessionView
    state: str
    language: str | None
    """In which the visitor would like to be helped."""


class HeldList(Model):
    """All that can be handed over, the latest first."""

    items: list[HeldView]
    next: None = None


@api.get("/v1/needs/{booking}", problems=("unauthorized", "forbidden", "unknown-need"))
async def need_history(request: web.Request) -> NeedHistory:
    """Who was asked for a visitor, what they said, and why it was they (staff of the branch)."""
    staff = await request.app[IDENTITY].staff(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await _history(conn, booking_id(request), libraries(staff))


async def _history(conn: Connection, id_: UUID, where: Collection[str] | None) -> NeedHistory:
    found = await queries.history(conn, id_)
    if found is None:
        raise UnknownNeed("nobody seeks help under this booking")
    known, branch, asked = found
    if where is not None and branch not in where:
        raise Forbidden("only this branch's staff and administrators see who helps there")
    return NeedHistory(
        session=SessionView.model_validate(known.session, from_attributes=True),
        need=NeedView.model_validate(known.need, from_attributes=True),
        asked=[AskedView.model_validate(one, from_attributes=True) for one in asked],
    )


@api.put(
    "/v1/needs/{booking}/assignment",
    problems=("unauthorized", "forbidden", "unknown-need", "unknown-volunteer", *_CANNOT, "invalid"),
)
async def assign(request: web.Request, body: AssignBody) -> NeedHistory:
    """Have somebody help a visitor, as was agreed with them; who was asked or did it is released (staff)."""
    staff = await request.app[IDENTITY].staff(request)
    id_, hours, where = booking_id(request), request.app[HOURS], libraries(staff)

    async def work(conn: Connection) -> NeedHistory:
        need = await needs.find(conn, id_)
        if need is None or need.session_id is None:
            raise UnknownNeed("nobody seeks help under this booking")
        branch = await of_library(conn, staff, need.session_id)
        await handing_over.assign(conn, id_, body.volunteer_id, hours)
        await audit.note(conn, staff, "assigned", "booking", id_, branch=branch)
        return await _history(conn, id_, where)

    return await request.app[DATABASE].transact(work)


@api.post(
    "/v1/assignments/{id}/release", problems=("unauthorized", "forbidden", "unknown-assignment", "not-possible-now")
)
async def release(request: web.Request) -> NeedHistory:
    """Take an assignment back: it goes to the next, and its helper is told (staff of the branch)."""
    staff = await request.app[IDENTITY].staff(request)
    id_, hours, where = assignment_id(request), request.app[HOURS], libraries(staff)

    async def work(conn: Connection) -> NeedHistory:
        made = await assignments.find(conn, id_)
        branch = await of_library(conn, staff, made.session_id) if made else None
        await handing_over.release(conn, id_, hours)
        if made is None:
            raise UnknownNeed("nobody seeks help under this booking")
        await audit.note(conn, staff, "released", "assignment", id_, branch=branch)
        return await _history(conn, made.booking_id, where)

    return await request.app[DATABASE].transact(work)


@api.post("/v1/hand-over", problems=("unauthorized", "forbidden", "unknown-volunteer", "invalid"))
async def hand_over(request: web.Request, body: HandOverBody) -> HandedOver:
    """Give what somebody has before them to somebody else, or to whoever is found; both are told once (staff).

    At the libraries of who asks.
    """
    staff = await request.app[IDENTITY].staff(request)
    where, hours = libraries(staff), request.app[HOURS]

    async def work(conn: Connection) -> HandedOver:
        outcome = await handing_over.hand_over(conn, body.from_, body.to, hours, only=_only(body), where=where)
        await audit.note(conn, staff, "handed-over", "volunteer", body.from_, branch=None)
        return _shown(outcome)

    return await request.app[DATABASE].transact(work)


@api.get("/v1/me/people/{id}/assignments", problems=("unauthorized", "forbidden", "unknown-volunteer"))
async def held_by(request: web.Request) -> HeldList:
    """List what one of one's own people said yes to and has before them (coordinators)."""
    asks = await coordinator(request)
    id_ = volunteer_id(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        if asks.partner_id is None or await candidates.partner_of(conn, id_) != asks.partner_id:
            raise UnknownVolunteer(_NOT_YOURS)
        now: datetime = await conn.fetchval("SELECT clock_timestamp()")
        found = await history.assigned(conn, id_)
    held = [one for one in found if one.state in {"on_duty", "accepted"} and one.session.starts_at > now]
    return HeldList(items=[HeldView.model_validate(one, from_attributes=True) for one in held])


@api.post("/v1/me/hand-over", problems=("unauthorized", "forbidden", "unknown-volunteer", "invalid"))
async def hand_over_own(request: web.Request, body: HandOverBody) -> HandedOver:
    """Give what one of one's own people has before them to another of them, or to whoever is found (coordinators)."""
    asks = await coordinator(request)
    hours = request.app[HOURS]

    async def work(conn: Connection) -> HandedOver:
        for id_ in filter(None, (body.from_, body.to)):
            if asks.partner_id is None or await candidates.partner_of(conn, id_) != asks.partner_id:
                raise UnknownVolunteer(_NOT_YOURS)
        outcome = await handing_over.hand_over(conn, body.from_, body.to, hours, only=_only(body))
        return _shown(outcome, hidden=(RegisterNoteMissing,))  # coordinators know nothing of the register

    return await request.app[DATABASE].transact(work)


def _only(body: HandOverBody) -> set[UUID] | None:
    if body.assignments is None and body.shifts is None:
        return None
    return {*(body.assignments or ()), *(body.shifts or ())}


def _shown(outcome: handing_over.HandedOver, hidden: tuple[type[Refusal], ...] = ()) -> HandedOver:
    """Tell what came of it; of what is ``hidden`` from who asks, only that it cannot be."""
    return HandedOver(
        moved=outcome.moved,
        refused=[
            NotHandedOver(id=id_, type=slug(NotPossibleNow if isinstance(refusal, hidden) else type(refusal)))
            for id_, refusal in outcome.refused
        ],
    )
