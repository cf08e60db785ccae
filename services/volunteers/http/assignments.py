"""What is a volunteer's own: questions, promises, and what they give back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, Field

from services.volunteers.http.api import HOURS, api
from services.volunteers.http.asking import about, assignment_id
from services.volunteers.http.helper import volunteer
from services.volunteers.http.places import SessionView
from services.volunteers.queries import staffing as queries
from services.volunteers.usecases import answers, handing_over
from shared import audit, codes
from shared.keys import DATABASE
from shared.models import Model, Strict

if TYPE_CHECKING:
    from datetime import datetime

    from shared.db import Connection

_ANSWER = (
    "unauthorized",
    "forbidden",
    "unknown-assignment",
    "already-answered",
    "too-late",
)
_CANNOT = ("already-busy", "over-budget", "register-note-missing", "not-active", "full", "not-possible-now")


class DoingView(Model):
    """What somebody is asked to do, does or did: to be on duty, or to help one visitor."""

    kind: Literal["shift", "visitor"]
    id: UUID
    session: SessionView
    state: str
    code: str | None
    """With which an SMS answers."""
    answer_by: AwareDatetime | None
    booking_id: UUID | None
    language: str | None
    """In which the visitor would like to be helped."""
    topic: str | None
    pledged: bool
    looking_for_stand_in: bool
    in_return: AwareDatetime | None
    """When the turn of one's own begins that another takes for this one: a question to swap."""
    passing_on: bool
    """Whether another friend is asked to take it, or to swap."""
    outcome: str | None
    minutes: int | None

    @classmethod
    def of(cls, one: queries.Doing) -> DoingView:
        """Show it to the volunteer."""
        view = cls.model_validate(one, from_attributes=True)
        return view.model_copy(update={"code": codes.shown(one.code) if one.code else None})


class MyAssignments(Model):
    """Everything that is somebody's."""

    questions: list[DoingView]
    today: list[DoingView]
    """Also offers of their own that staff have not answered yet; so in ``next``."""
    next: list[DoingView]
    past: list[DoingView]
    """The newest first."""


class AcceptBody(Strict):
    """A yes."""

    pledge: int | None = Field(default=None, ge=1, le=1000)
    """Which version of the rules of bank-neutral help was read and accepted, for a visitor's coaching."""


class IllBody(Strict):
    """When somebody is ill."""

    day: date | None = None
    """Today, if none is named."""


class PassedOn(Model):
    """How much was passed on."""

    count: int


class Done(Model):
    """It is so now."""

    id: UUID


@api.get("/v1/me/assignments", problems=("unauthorized", "forbidden"))
async def my_assignments(request: web.Request) -> MyAssignments:
    """Everything that is one's own: what one is asked, has before one, and did (volunteers)."""
    me = await volunteer(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        now: datetime = await conn.fetchval("SELECT clock_timestamp()")
        found = await queries.doings(conn, me, now)
    today = now.astimezone(request.app[HOURS].zone).date()
    questions, on_day, later, past = [], [], [], []
    for one in found:
        view = DoingView.of(one)
        day = one.session.starts_at.astimezone(request.app[HOURS].zone).date()
        if one.state in {"asked", "proposed"}:
            if one.session.starts_at > now:
                questions.append(view)
        elif one.session.ends_at <= now or one.state == "done":
            past.append(view)
        elif day <= today:
            on_day.append(view)
        else:
            later.append(view)
    return MyAssignments(questions=questions, today=on_day, next=later, past=past[::-1])


@api.post("/v1/assignments/{id}/accept", problems=(*_ANSWER, *_CANNOT, "pledge-missing", "invalid"))
async def accept_assignment(request: web.Request, body: AcceptBody) -> Done:
    """Say yes, to a visitor or to being on duty: whose it is, or staff for them."""
    asks = await about(request)
    hours = request.app[HOURS]

    async def work(conn: Connection) -> None:
        await answers.accept(conn, asks.id, hours, by=asks.volunteer_id, pledge=body.pledge)
        if asks.staff:
            await audit.note(conn, asks.staff, "accepted", "assignment", asks.id, branch=asks.branch)

    await request.app[DATABASE].transact(work)
    return Done(id=asks.id)


@api.post("/v1/assignments/{id}/decline", problems=_ANSWER)
async def decline_assignment(request: web.Request) -> Done:
    """Say no, also after a yes: it goes to the next. Whose it is, or staff for them."""
    asks = await about(request)
    hours = request.app[HOURS]

    async def work(conn: Connection) -> None:
        await answers.decline(conn, asks.id, hours, by=asks.volunteer_id)
        if asks.staff:
            await audit.note(conn, asks.staff, "declined", "assignment", asks.id, branch=asks.branch)

    await request.app[DATABASE].transact(work)
    return Done(id=asks.id)


@api.post("/v1/assignments/{id}/stand-in", problems=(*_ANSWER, "not-possible-now"))
async def seek_stand_in(request: web.Request) -> Done:
    """Have a stand-in sought; one stays responsible until somebody says yes (volunteers)."""
    return await _seek(request, looking=True)


@api.delete("/v1/assignments/{id}/stand-in", problems=(*_ANSWER, "not-possible-now"))
async def seek_no_stand_in(request: web.Request) -> web.Response:
    """Do it oneself after all (volunteers)."""
    await _seek(request, looking=False)
    return web.Response(status=204)


async def _seek(request: web.Request, *, looking: bool) -> Done:
    me = await volunteer(request)
    id_, hours = assignment_id(request), request.app[HOURS]

    async def work(conn: Connection) -> None:
        await answers.seek_stand_in(conn, id_, hours, by=me, looking=looking)

    await request.app[DATABASE].transact(work)
    return Done(id=id_)


@api.post("/v1/me/ill", problems=("unauthorized", "forbidden", "invalid"))
async def ill(request: web.Request, body: IllBody) -> PassedOn:
    """Pass on all that one has on a day, today or one to come, with this one answer (volunteers)."""
    me = await volunteer(request)
    hours = request.app[HOURS]

    async def work(conn: Connection) -> PassedOn:
        return PassedOn(count=await handing_over.ill(conn, me, body.day, hours))

    return await request.app[DATABASE].transact(work)
