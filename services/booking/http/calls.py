"""Whom staff have to ring or tell at the door."""

from typing import Literal
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, Field

from services.booking.domain import calls as rules
from services.booking.domain.calls import Outcome, UnknownCall
from services.booking.http.api import HOURS, Party, State, api
from services.booking.http.desk.permitted import IDENTITY, BranchId, at_branch
from services.booking.reach import By
from services.booking.store import calls
from services.booking.store.calls import Entry
from services.booking.usecases import calls as usecases
from shared import audit
from shared.auth import Staff, forbidden
from shared.db import Connection
from shared.http import path_id
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import Problem


class CallView(Model):
    """Somebody who has to be told by voice."""

    id: UUID
    booking_id: UUID
    session_id: UUID
    starts_at: AwareDatetime
    """When the session begins, by when they have to know."""
    state: State
    """What their booking is."""
    name: str
    by: By
    phone: str | None
    at_door: bool
    """Nobody can be rung: there is no number, or it is somebody else's."""
    language: str
    party: Party
    template: str
    """Why: the message that did not arrive ..."""
    reason: Literal["refused", "unreachable", "unknown", "no_address", "limit"]
    """... and why it did not."""
    message_id: UUID | None
    """The message whose words notify gives (``GET /v1/messages/{id}/words``)."""
    offer: bool
    """A seat is kept for them: their time to answer runs from when they are told."""
    since: AwareDatetime
    attempts: int
    tried_at: AwareDatetime | None
    outcome: Outcome | None
    """What came of the last attempt."""
    open: bool
    """Whether they still have to be told."""

    @classmethod
    def of(cls, entry: Entry) -> "CallView":
        """Show an entry."""
        return cls(
            id=entry.id,
            booking_id=entry.booking_id,
            session_id=entry.call.session_id,
            starts_at=entry.starts_at,
            state=entry.now.state,
            name=entry.name,
            by=entry.by,
            phone=entry.phone,
            at_door=entry.phone is None,
            language=entry.language,
            party=Party(adults=entry.adults, children=entry.children),
            template=entry.call.template,
            reason=entry.reason,
            message_id=entry.call.message_id,
            offer=rules.untold_offer(entry.now),
            since=entry.since,
            attempts=entry.attempts,
            tried_at=entry.tried_at,
            outcome=entry.outcome,
            open=not entry.ticked and rules.of_use(entry.call, entry.now),
        )


class CallList(Model):
    """Who has to be told, the next session first."""

    items: list[CallView]
    next: None = None


class OfBranch(Strict):
    """Whose call list."""

    branch: BranchId


@api.get("/v1/calls", problems=("unauthorized", "forbidden", "invalid"))
async def call_list(request: web.Request, query: OfBranch) -> CallList:
    """Who has to be told by voice about coming sessions, why and by when (staff of the branch). The audit keeps it."""
    staff = await at_branch(request, query.branch)

    async def work(conn: Connection) -> CallList:
        await audit.note(conn, staff, "calls-read", "branch", query.branch, branch=query.branch)
        found = [CallView.of(entry) for entry in await calls.of_branch(conn, query.branch)]
        return CallList(items=[entry for entry in found if entry.open])

    return await request.app[DATABASE].transact(work)


class Ticked(Strict):
    """What came of it."""

    outcome: Outcome


@api.post("/v1/calls/{call}", problems=("unauthorized", "forbidden", "unknown-call", "call-over", "invalid"))
async def tick_call(request: web.Request, body: Ticked) -> CallView:
    """Keep what came of a call (staff of the branch).

    ``no_answer`` keeps it open; so does ``wrong_number``, to be told at the door; and ``left_message`` where a seat is
    on offer. Who was reached on an offer has their time to answer from now.
    """
    staff = await request.app[IDENTITY].staff(request)
    call_id = _call_of(request)

    async def work(conn: Connection) -> CallView:
        branch = await _branch(conn, staff, call_id)
        ticked = await usecases.tick(conn, call_id, body.outcome, request.app[HOURS])
        await audit.note(conn, staff, "called", "call", call_id, branch=branch, fields=("outcome",))
        return CallView.of(ticked)

    return await request.app[DATABASE].transact(work)


class TakenBack(Strict):
    """Which attempt is taken back."""

    attempts: int = Field(ge=1, le=1_000_000)
    """How many there were with it."""


@api.post("/v1/calls/{call}/undo", problems=("unauthorized", "forbidden", "unknown-call", "call-over", "invalid"))
async def take_back(request: web.Request, body: TakenBack) -> CallView:
    """Take the last attempt back, as after a slip of the finger (staff of the branch); the same again changes nothing.

    Not where their time to answer an offer runs already, nor where nothing is to be told any more.
    """
    staff = await request.app[IDENTITY].staff(request)
    call_id = _call_of(request)

    async def work(conn: Connection) -> CallView:
        branch = await _branch(conn, staff, call_id)
        entry = await usecases.take_back(conn, call_id, body.attempts)
        await audit.note(conn, staff, "call-undone", "call", call_id, branch=branch, fields=("outcome",))
        return CallView.of(entry)

    return await request.app[DATABASE].transact(work)


def _call_of(request: web.Request) -> UUID:
    return path_id(request, "call", Problem("unknown-call", 404, "There is no such call"))


async def _branch(conn: Connection, staff: Staff, call_id: UUID) -> str:
    """The library whose call it is, if whoever asks works there.

    Raises:
        UnknownCall: there is no such entry.
        Problem: 403.
    """
    entry = await calls.find(conn, call_id)
    if entry is None:
        raise UnknownCall("there is no such call")
    if not staff.may(entry.branch_id, "staff"):
        raise forbidden("only this branch's staff and administrators see and change its bookings")
    return entry.branch_id
