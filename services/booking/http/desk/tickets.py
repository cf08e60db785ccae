"""Queue tickets over HTTP: staff draw and call, and everybody may see whose turn it is."""

import hashlib
from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import hdrs, web
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from services.booking.domain import UnknownTicket
from services.booking.domain.tickets import Tap
from services.booking.http.api import HOURS, api
from services.booking.http.desk.permitted import IDENTITY, BranchId, at_branch
from services.booking.store import tickets
from services.booking.usecases import desk_tickets
from shared import audit, idempotency
from shared.auth import Staff, forbidden
from shared.db import Connection
from shared.http import path_id
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import Problem

_FRESH = 2
"""Seconds for which a page that shows whose turn it is may be old."""

_BRANCH = TypeAdapter[str](BranchId)

TicketState = Literal["waiting", "called", "served", "gave-up"]


class TicketView(Model):
    """A number, and nothing of who holds it."""

    id: UUID
    branch_id: str
    day: date
    number: int
    state: TicketState
    place: int | None
    """At which desk it was called."""
    drawn_at: AwareDatetime
    called_at: AwareDatetime | None
    calls: int

    @classmethod
    def of(cls, ticket: tickets.Ticket) -> "TicketView":
        """Show a ticket to staff."""
        return cls.model_validate(ticket, from_attributes=True)


class Serving(Model):
    """Whose turn it is at a desk."""

    number: int
    place: int | None
    called_at: AwareDatetime


class TicketLine(Model):
    """How a library's line stands today."""

    branch_id: str
    day: date
    now_serving: list[Serving]
    """The newest call first, one for each desk."""
    waiting: int
    last_drawn: int
    """0 before the first."""


class TicketDay(Model):
    """A library's tickets of today."""

    items: list[TicketView]
    next: None = None


class DrawBody(Strict):
    """In which library somebody wants a number."""

    branch_id: BranchId


class NextBody(DrawBody):
    """... and at which desk somebody is free."""

    place: Annotated[int, Field(ge=1, le=99)] | None = None


@api.post(
    "/v1/tickets", status=201, reply=TicketView, problems=("unauthorized", "forbidden", "invalid", "still-running")
)
async def draw(request: web.Request, body: DrawBody) -> web.Response:
    """Give somebody the next number of the day (staff of the branch). With an Idempotency-Key they get one only."""
    staff = await at_branch(request, body.branch_id)

    async def work(conn: Connection) -> TicketView:
        drawn = await desk_tickets.draw(conn, body.branch_id, request.app[HOURS].zone)
        await audit.note(conn, staff, "ticket-drawn", "ticket", drawn.id, branch=drawn.branch_id)
        return TicketView.of(drawn)

    return await idempotency.perform(request, work, status=201)


@api.post("/v1/tickets/next", reply=TicketView, problems=("unauthorized", "forbidden", "invalid", "nobody-waits"))
async def call_next(request: web.Request, body: NextBody) -> web.Response:
    """Call whoever has waited longest (staff of the branch). With an Idempotency-Key only once."""
    staff = await at_branch(request, body.branch_id)

    async def work(conn: Connection) -> TicketView:
        called = await desk_tickets.call_next(conn, body.branch_id, body.place, request.app[HOURS].zone)
        await audit.note(conn, staff, "ticket-called", "ticket", called.id, branch=called.branch_id)
        return TicketView.of(called)

    return await idempotency.perform(request, work, status=200)


_TAPS = ("unauthorized", "forbidden", "unknown-ticket", "ticket-over")


async def _tapped(request: web.Request, what: Tap, action: str) -> TicketView:
    """Tap on a ticket, for the staff of its library."""
    ticket_id = path_id(request, "ticket", Problem("unknown-ticket", 404, "There is no such ticket"))
    staff = await request.app[IDENTITY].staff(request)

    async def work(conn: Connection) -> TicketView:
        await _require(conn, staff, ticket_id)
        ticket = await desk_tickets.tap(conn, ticket_id, what, request.app[HOURS].zone)
        await audit.note(conn, staff, action, "ticket", ticket.id, branch=ticket.branch_id)
        return TicketView.of(ticket)

    return await request.app[DATABASE].transact(work)


async def _require(conn: Connection, staff: Staff, ticket_id: UUID) -> None:
    """Let only the staff of a ticket's library pass.

    Raises:
        UnknownTicket: there is none.
        Problem: 403.
    """
    ticket = await tickets.find(conn, ticket_id)
    if ticket is None:
        raise UnknownTicket("there is no such ticket")
    if not staff.may(ticket.branch_id, "staff"):
        raise forbidden("only this branch's staff and administrators do this")


@api.post("/v1/tickets/{ticket}/served", problems=(*_TAPS, "ticket-not-called", "ticket-done"))
async def served(request: web.Request) -> TicketView:
    """Note that who held this number has been helped (staff of the branch)."""
    return await _tapped(request, "served", "ticket-served")


@api.post("/v1/tickets/{ticket}/gave-up", problems=(*_TAPS, "ticket-done"))
async def gave_up(request: web.Request) -> TicketView:
    """Note that who held this number is gone (staff of the branch)."""
    return await _tapped(request, "gave-up", "ticket-gave-up")


@api.post("/v1/tickets/{ticket}/again", problems=(*_TAPS, "ticket-not-called"))
async def again(request: web.Request) -> TicketView:
    """Call a number once more, also one that was over (staff of the branch)."""
    return await _tapped(request, "again", "ticket-again")


@api.post("/v1/tickets/{ticket}/undo", problems=(*_TAPS, "nothing-to-undo"))
async def undo(request: web.Request) -> TicketView:
    """Take the last tap on this number back (staff of the branch)."""
    return await _tapped(request, "undo", "ticket-undone")


class TicketsQuery(Strict):
    """Of which library."""

    branch: BranchId


@api.get("/v1/tickets", problems=("unauthorized", "forbidden", "invalid"))
async def of_today(request: web.Request, query: TicketsQuery) -> TicketDay:
    """All of today's numbers (staff of the branch)."""
    await at_branch(request, query.branch)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        day = await tickets.today(conn, request.app[HOURS].zone)
        return TicketDay(items=[TicketView.of(ticket) for ticket in await tickets.of_day(conn, query.branch, day)])


@api.get("/v1/branches/{branch}/tickets", problems=("unknown-branch",))
async def line(request: web.Request) -> web.Response:
    """Whose turn it is now, at which desk, and how many wait; for anybody, and a moment old at most.

    Booking knows no list of libraries: one where nobody has drawn a number has an empty line.
    """
    try:
        branch = _BRANCH.validate_python(request.match_info["branch"])
    except ValidationError as error:
        raise Problem("unknown-branch", 404, "There is no such branch") from error
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        day = await tickets.today(conn, request.app[HOURS].zone)
        found = await tickets.line(conn, branch, day)
    serving = [Serving.model_validate(ticket, from_attributes=True) for ticket in found.serving]
    shown = TicketLine(
        branch_id=branch, day=day, now_serving=serving, waiting=found.waiting, last_drawn=found.drawn
    ).model_dump_json()
    etag = hashlib.sha256(shown.encode()).hexdigest()
    headers = {hdrs.CACHE_CONTROL: f"public, max-age={_FRESH}"}
    if any(known.value in {etag, "*"} for known in request.if_none_match or ()):
        response = web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    else:
        response = web.json_response(text=shown, headers=headers)
    response.etag = etag
    return response
