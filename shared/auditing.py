"""Who did and who read what, for administrators: the endpoint that every service with an audit has."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import AwareDatetime, Field, StringConstraints

from shared import audit
from shared.auth import IdentityProvider
from shared.http import Api
from shared.keys import DATABASE
from shared.models import Model, Strict

_PAGE = 100

Word = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]


class AuditQuery(Strict):
    """What to look for; everything is left open that is not given."""

    subject: str | None = Field(default=None, max_length=200)
    """Who, as the identity provider calls them."""
    branch: str | None = Field(default=None, max_length=60)
    from_: AwareDatetime | None = Field(default=None, alias="from")
    to: AwareDatetime | None = None
    action: Word | None = None
    kind: Word | None = None
    object: str | None = Field(default=None, max_length=60)
    """The id of what it was done to: a session, booking or ticket, or a branch."""
    cursor: Annotated[int, Field(gt=0, lt=2**63)] | None = None


class AuditEntry(Model):
    """Something that somebody did or read."""

    id: int
    at: AwareDatetime
    subject: str
    """Who, as the identity provider calls them."""
    role: str
    branch_id: str | None
    """At which library; none where it is the whole installation's business."""
    action: str
    kind: str
    """What it was done to."""
    object: str
    fields: list[str]
    over: int | None
    """Of an override: how many seats more than staff set; 0 where it passed the waiting list only."""


class AuditPage(Model):
    """What was done, the newest first."""

    items: list[AuditEntry]
    next: int | None
    """The ``cursor`` of what was done before."""


def serve(api: Api, identity: web.AppKey[IdentityProvider]) -> None:
    """Let a service's API answer who did and who read what in it."""

    @api.get("/v1/audit", problems=("unauthorized", "forbidden", "invalid"))
    async def audited(request: web.Request, query: AuditQuery) -> AuditPage:
        """Who did and who read what (administrators): actions, ids and names of fields. Kept for a year."""
        await request.app[identity].administrator(request, "only administrators see who did what")
        wanted = audit.Wanted(
            subject=query.subject,
            branch=query.branch,
            since=query.from_,
            until=query.to,
            action=query.action,
            kind=query.kind,
            object=query.object,
            before=query.cursor,
        )
        async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
            found = await audit.entries(conn, wanted, _PAGE + 1)
        items = [AuditEntry.model_validate(one, from_attributes=True) for one in found[:_PAGE]]
        return AuditPage(items=items, next=items[-1].id if len(found) > _PAGE else None)
