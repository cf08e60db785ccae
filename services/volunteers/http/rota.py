"""The hours without staff: the rota of a library's friends, and swaps between them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, Field, StringConstraints

from services.volunteers import limits
from services.volunteers.domain import rota as rules
from services.volunteers.domain.refusals import Forbidden
from services.volunteers.http.api import HOURS, IDENTITY, api
from services.volunteers.http.days import LocalDate, midnight
from services.volunteers.http.helper import volunteer
from services.volunteers.queries import rota as queries
from services.volunteers.usecases import friends as usecases
from shared import audit
from shared.http import path_id, reply
from shared.keys import DATABASE, SECRET, ZONE
from shared.limits import spend
from shared.models import Model, Strict
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.volunteers.queries.rota import Kept
    from services.volunteers.usecases.friends import Plan
    from shared.auth import Staff
    from shared.db import Connection

AHEAD = timedelta(weeks=17)
"""Four months: what friends know beforehand."""

_DAY = timedelta(days=1)

_BranchId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class RotaQuery(Strict):
    """Which library's rota: local days, ``to`` exclusive; left out, four months from today."""

    branch: _BranchId
    from_: Annotated[LocalDate | None, Field(alias="from")] = None
    to: LocalDate | None = None


class RotaBody(RotaQuery):
    """For which chairs friends are to be asked."""

    send: bool = False
    """Whether they are asked; else it is only told who would be."""


class PlacedView(Model):
    """Somebody in a session, or who was asked for it."""

    shift_id: UUID | None
    """None of who is only proposed."""
    volunteer_id: UUID
    name: str | None
    state: str
    """``proposed``, or the shift's."""
    why: dict[str, Any]
    """Why they: ``can`` (weekly, exception, untold), ``turns``, ``last``, ``sooner`` and ``others``; empty where staff
    asked."""


class KeptView(Model):
    """A session that friends keep open."""

    session_id: UUID
    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    needed: int
    gap: int
    """How many more have to say yes."""
    people: list[PlacedView]


class FriendView(Model):
    """Somebody who may be asked, and how often they come."""

    volunteer_id: UUID
    name: str | None
    turns: int
    """Lately and from now on, those that they are asked for among them."""
    last: AwareDatetime | None
    next: AwareDatetime | None


class Rota(Model):
    """A library's hours without staff, and who keeps them open."""

    branch: str
    since: LocalDate
    until: LocalDate
    """Exclusive."""
    items: list[KeptView]
    friends: list[FriendView]
    asked: int
    """How many were asked now."""
    next: None = None


class SwapBody(Strict):
    """With whom: for a turn of theirs, or that they take one's own; naming neither, whoever's turn it would be."""

    with_: Annotated[UUID | None, Field(alias="with")] = None
    """The shift of theirs."""
    to: UUID | None = None


class SwapView(Model):
    """What another friend is asked."""

    shift_id: UUID
    """The shift that becomes theirs if they say yes."""
    state: str


class ExchangeView(Model):
    """A turn of another friend's that could be had for one's own; of them only the first name."""

    shift_id: UUID
    first_name: str
    title: str
    branch_id: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class Exchanges(Model):
    """All of them, the nearest first."""

    items: list[ExchangeView]
    next: None = None


@api.get("/v1/rota", problems=("unauthorized", "forbidden", "invalid"))
async def rota(request: web.Request, query: RotaQuery) -> Rota:
    """Give a library's rota of friends, and how often each comes (staff of the branch)."""
    await _at_branch(request, query.branch)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        since, until = await _days(request, conn, query)
        kept = await queries.kept(conn, query.branch, midnight(since, request.app[ZONE]), _end(request, until))
        known = await queries.friends(conn, query.branch)
        now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    plan = usecases.Plan(kept=kept, friends=known, turns=())
    return _view(query.branch, (since, until), plan, now, asked=0)


@api.post("/v1/rota/propose", problems=("unauthorized", "forbidden", "invalid"))
async def propose(request: web.Request, body: RotaBody) -> Rota:
    """Tell who would be asked for the empty chairs, or ask them: the same people, by the same rule (staff)."""
    staff = await _at_branch(request, body.branch)
    hours, zone = request.app[HOURS], request.app[ZONE]

    async def work(conn: Connection) -> Rota:
        since, until = await _days(request, conn, body)
        do = usecases.ask_all if body.send else usecases.plan
        plan = await do(conn, body.branch, midnight(since, zone), _end(request, until), hours)
        if body.send:
            await audit.note(conn, staff, "asked", "rota", body.branch, branch=body.branch)
        now: datetime = await conn.fetchval("SELECT clock_timestamp()")
        return _view(body.branch, (since, until), plan, now, asked=len(plan.turns) if body.send else 0)

    return await request.app[DATABASE].transact(work)


_SWAP = ("unauthorized", "forbidden", "unknown-shift")


@api.get("/v1/shifts/{id}/swaps", problems=_SWAP)
async def exchanges(request: web.Request) -> Exchanges:
    """Give the turns of other friends that could be had for one's own (volunteers)."""
    me, id_ = await volunteer(request), _shift_id(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = await queries.exchanges(conn, id_, me)
    return Exchanges(items=[ExchangeView.model_validate(one, from_attributes=True) for one in found])


@api.post(
    "/v1/shifts/{id}/swap",
    status=HTTPStatus.CREATED,
    reply=SwapView,
    problems=(
        *_SWAP,
        "unknown-volunteer",
        "not-possible-now",
        "already-answered",
        "already-busy",
        "not-active",
        "over-budget",
        "register-note-missing",
        "too-many-requests",
        "invalid",
    ),
)
async def swap(request: web.Request, body: SwapBody) -> web.Response:
    """Ask another friend to swap, or to take one's turn; it stays one's own until they say yes (volunteers)."""
    me, id_, hours = await volunteer(request), _shift_id(request), request.app[HOURS]
    if body.with_ and body.to:
        raise Problem("invalid", 422, "Something in the request is not right", field="to", detail="not both")

    asked = limits.of_swap(request.app[SECRET], me)

    async def work(conn: Connection) -> SwapView:
        await spend(conn, asked)
        if body.with_:
            made = await usecases.ask_for_swap(conn, id_, me, body.with_, hours)
        else:
            made = await usecases.ask_to_take(conn, id_, me, body.to, hours)
        return SwapView(shift_id=made.id, state=made.state)

    return reply(await request.app[DATABASE].transact(work), HTTPStatus.CREATED)


@api.delete("/v1/shifts/{id}/swap", problems=_SWAP)
async def withdraw_swap(request: web.Request) -> web.Response:
    """Ask nobody any more to swap or to take one's turn (volunteers)."""
    me, id_, hours = await volunteer(request), _shift_id(request), request.app[HOURS]
    await request.app[DATABASE].transact(lambda conn: usecases.withdraw(conn, id_, me, hours))
    return web.Response(status=HTTPStatus.NO_CONTENT)


async def _at_branch(request: web.Request, branch: str) -> Staff:
    staff = await request.app[IDENTITY].staff(request)
    if not staff.may(branch, "staff"):
        raise Forbidden("only this branch's staff and administrators see who keeps it open")
    return staff


async def _days(request: web.Request, conn: Connection, asked: RotaQuery) -> tuple[date, date]:
    """From when until before when.

    Raises:
        Problem: that is nothing, or more than a year.
    """
    now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    since = asked.from_ or now.astimezone(request.app[ZONE]).date()
    until = asked.to or since + AHEAD
    if not since < until <= since + 3 * AHEAD:
        raise Problem("invalid", 422, "Something in the request is not right", field="to", detail="at most a year")
    return since, until


def _end(request: web.Request, until: date) -> datetime:
    return midnight(until, request.app[ZONE])


def _view(branch: str, days: tuple[date, date], plan: Plan, now: datetime, *, asked: int) -> Rota:
    names = {one.friend.id: one.name for one in plan.friends}
    proposed: dict[UUID, list[PlacedView]] = {}
    for turn in plan.turns if not asked else ():
        proposed.setdefault(turn.hours_id, []).append(
            PlacedView(
                shift_id=None,
                volunteer_id=turn.friend_id,
                name=names.get(turn.friend_id),
                state="proposed",
                why=dict(rules.why(turn)),
            )
        )
    return Rota(
        branch=branch,
        since=days[0],
        until=days[1],
        items=[_kept(one, proposed) for one in plan.kept],
        friends=[
            FriendView(
                volunteer_id=one.friend.id,
                name=one.name,
                turns=len(one.friend.turns),
                last=max((at for at in one.friend.turns if at <= now), default=None),
                next=min((at for at in one.friend.turns if at > now), default=None),
            )
            for one in plan.friends
        ],
        asked=asked,
    )


def _kept(one: Kept, proposed: Mapping[UUID, list[PlacedView]]) -> KeptView:
    return KeptView(
        session_id=one.session_id,
        title=one.title,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        needed=one.needed,
        gap=one.gap,
        people=[
            *(PlacedView.model_validate(each, from_attributes=True) for each in one.people),
            *proposed.get(one.session_id, ()),
        ],
    )


def _shift_id(request: web.Request) -> UUID:
    return path_id(request, "id", Problem("unknown-shift", 404, "There is no such shift"))
