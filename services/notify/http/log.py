"""The message log: what was sent about a booking, when and how it went; never the words, nor where they went."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime

from services.notify import queries
from services.notify.domain import Channel, Receipt, State
from services.notify.http.api import IDENTITY, api
from services.notify.queries import Logged
from shared import audit
from shared.auth import forbidden
from shared.db import Connection
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import Problem

Outcome = Literal["sent", "again", "refused", "unknown", "notfound", "gone", "needless", "lease_expired"]


class LogQuery(Strict):
    """About which booking."""

    booking: UUID


class ReceiptView(Model):
    """What the provider says became of it."""

    status: Receipt
    at: AwareDatetime


class Attempt(Model):
    """One try to hand it over."""

    number: int
    channel: Channel
    started_at: AwareDatetime
    ended_at: AwareDatetime | None
    outcome: Outcome | None
    """``again``: not taken, and tried again; ``unknown``: nobody can say whether it was taken; ``notfound``: the
    provider's history says that it was not; ``lease_expired``: whoever tried stopped in the middle. None: under way."""
    detail: str
    """A status code or the name of an error; may be empty."""
    receipts: list[ReceiptView]


class LoggedMessage(Model):
    """Something that was to be told."""

    id: UUID
    template: str
    """What it is about: the name of the text."""
    together: bool
    """Whether it tells of all dates that were booked together."""
    session_id: UUID
    titles: Mapping[str, str] | None
    starts_at: AwareDatetime | None
    """Which session it was about, as that is now; None where we were never told."""
    state: State
    channel: Channel | None
    """None until it has one, and where somebody gets no messages."""
    why: str | None
    """Why it failed, was left out or goes by another way: ``no_address``, ``limit``, ``superseded`` ..."""
    decided_at: AwareDatetime
    waits_until: AwareDatetime | None
    """When it is tried next: of what still waits."""
    sent_at: AwareDatetime | None
    attempts: list[Attempt]

    @classmethod
    def of(cls, message: Logged) -> "LoggedMessage":
        """Show a message without its words."""
        return cls(
            id=message.id,
            template=message.template,
            together=message.together,
            session_id=message.session_id,
            titles=message.titles,
            starts_at=message.starts_at,
            state=message.state,
            channel=message.channel,
            why=message.reason,
            decided_at=message.created_at,
            waits_until=message.next_at if message.state == "pending" else None,
            sent_at=message.sent_at,
            attempts=[_attempt(attempt) for attempt in message.attempts],
        )


class MessageLog(Model):
    """Everything that was to be told about a booking, the newest first."""

    items: list[LoggedMessage]
    next: None = None


def _attempt(kept: Mapping[str, Any]) -> Attempt:
    outcome, _, detail = (kept["outcome"] or "").partition(" ")
    return Attempt.model_validate({**kept, "outcome": outcome or None, "detail": detail})


@api.get("/v1/messages", problems=("unauthorized", "forbidden", "unknown-booking", "invalid"))
async def message_log(request: web.Request, query: LogQuery) -> MessageLog:
    """What was sent about a booking, with attempts and receipts (staff of the branch). The audit keeps who looked."""
    staff = await request.app[IDENTITY].staff(request)

    async def work(conn: Connection) -> MessageLog:
        branch = await queries.branch_of(conn, query.booking)
        if branch is None:
            raise Problem("unknown-booking", 404, "There is no such booking", field="booking")
        if not staff.may(branch, "staff"):
            raise forbidden("only this branch's staff and administrators see what its visitors were told")
        await audit.note(conn, staff, "messages-read", "booking", query.booking, branch=branch or None)
        return MessageLog(items=[LoggedMessage.of(message) for message in await queries.told_of(conn, query.booking)])

    return await request.app[DATABASE].transact(work)
