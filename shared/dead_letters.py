"""Dead messages over HTTP, for administrators: the endpoints that every service with an inbox has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, Field, StringConstraints

from shared import audit, dead
from shared.auth import IdentityProvider
from shared.db import Connection
from shared.dead import Letter, Warrant
from shared.http import Api, path_id
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import Problem

_AT_MOST = 200
_ONLY = "only administrators look after dead messages"
_REFUSALS = ("unauthorized", "forbidden", "invalid")

_Do: TypeAlias = Callable[[Connection, Sequence[UUID], Warrant], Awaitable[list[UUID]]]


class DeadQuery(Strict):
    """Which ones to show."""

    dropped: bool = False
    """Those that somebody dropped lately instead."""


class DeadMessage(Model):
    """A message that has no effect, and why."""

    id: UUID
    event_id: UUID | None
    type: str | None
    """None where it could not be read so far."""
    state: Literal["waiting", "retry", "dead", "dropped"]
    attempts: int
    error: str
    """The name of an error; never its words, which could be somebody's."""
    since: AwareDatetime
    changed_at: AwareDatetime
    """When it was tried last, or dropped."""

    @classmethod
    def of(cls, letter: Letter) -> DeadMessage:
        """Show a message without what is in it."""
        return cls(**_told(letter))


class Deed(Model):
    """What somebody did about a dead message."""

    action: Literal["replay", "drop", "restore"]
    who: str
    why: str
    at: AwareDatetime


class WholeDeadMessage(DeadMessage):
    """A message with what is in it: ids and facts, as events carry nothing of people."""

    body: str
    history: list[Deed]


class DeadMessages(Model):
    """The newest ones, the newest first; at most 200."""

    items: list[DeadMessage]
    next: None = None


class Wish(Strict):
    """Which messages something is done about, and why: whoever looks at it later has to understand it."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=_AT_MOST)]
    why: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Done(Model):
    """Those about which it was done: others are gone, are being tried, or somebody else was quicker."""

    ids: list[UUID]


def serve(api: Api, identity: web.AppKey[IdentityProvider]) -> None:
    """Let a service's API show its dead messages, give them back to it and drop them."""
    _serve_looking(api, identity)
    _serve_acting(api, identity)


def _serve_looking(api: Api, identity: web.AppKey[IdentityProvider]) -> None:
    @api.get("/v1/dead", problems=_REFUSALS)
    async def dead_messages(request: web.Request, query: DeadQuery) -> DeadMessages:
        """Which messages have no effect, and why (administrators)."""
        await request.app[identity].administrator(request, _ONLY)
        async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
            letters = await dead.letters(conn, dropped=query.dropped, at_most=_AT_MOST)
        return DeadMessages(items=[DeadMessage.of(letter) for letter in reversed(letters)])

    @api.get("/v1/dead/{id}", problems=("unauthorized", "forbidden", "unknown-message"))
    async def dead_message(request: web.Request) -> WholeDeadMessage:
        """A message with what is in it and what was done about it (administrators). The audit keeps who looked."""
        staff = await request.app[identity].administrator(request, _ONLY)
        unknown = Problem("unknown-message", 404, "There is no such message")
        id_ = path_id(request, "id", unknown)

        async def work(conn: Connection) -> WholeDeadMessage:
            found = [letter for letter in await dead.find(conn, [id_]) if letter.id == id_]
            if not found:
                raise unknown
            history = [Deed.model_validate(deed, from_attributes=True) for deed in await dead.history(conn, id_)]
            await audit.note(conn, staff, "dead-read", "dead-message", id_, branch=None)
            return WholeDeadMessage(**_told(found[0]), body=dead.readable(found[0].body), history=history)

        return await request.app[DATABASE].transact(work)


def _serve_acting(api: Api, identity: web.AppKey[IdentityProvider]) -> None:
    async def act(request: web.Request, body: Wish, do: _Do, action: str) -> Done:
        staff = await request.app[identity].administrator(request, _ONLY)

        async def work(conn: Connection) -> Done:
            done = await do(conn, body.ids, Warrant(who=staff.subject, why=body.why))
            for id_ in done:
                await audit.note(conn, staff, action, "dead-message", id_, branch=None)
            return Done(ids=done)

        return await request.app[DATABASE].transact(work)

    @api.post("/v1/dead/replay", problems=_REFUSALS)
    async def replay(request: web.Request, body: Wish) -> Done:
        """Let the service try messages once more, now; what was dropped is brought back first (administrators)."""
        return await act(request, body, dead.replay, "replayed")

    @api.post("/v1/dead/drop", problems=_REFUSALS)
    async def drop(request: web.Request, body: Wish) -> Done:
        """Take dead messages out of sight; they can be brought back for a month (administrators)."""
        return await act(request, body, dead.drop, "dropped")

    @api.post("/v1/dead/restore", problems=_REFUSALS)
    async def restore(request: web.Request, body: Wish) -> Done:
        """Bring back what was dropped, as dead as it was (administrators)."""
        return await act(request, body, dead.restore, "restored")


def _told(letter: Letter) -> dict[str, object]:
    return {
        "id": letter.id,
        "event_id": letter.event_id,
        "type": letter.type,
        "state": letter.state,
        "attempts": letter.attempts,
        "error": letter.error,
        "since": letter.created_at,
        "changed_at": letter.updated_at,
    }
