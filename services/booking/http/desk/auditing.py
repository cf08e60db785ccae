"""Who did and who read what, for administrators."""

from typing import Annotated

from aiohttp import web
from pydantic import AwareDatetime, Field

from services.booking.http.api import api
from services.booking.http.desk.permitted import IDENTITY
from services.booking.store import audit
from shared.auth import forbidden
from shared.keys import DATABASE
from shared.models import Model, Strict

_PAGE = 100


class AuditQuery(Strict):
    """What to look for; everything is left open that is not given."""

    branch: str | None = Field(default=None, max_length=60)
    from_: AwareDatetime | None = Field(default=None, alias="from")
    to: AwareDatetime | None = None
    action: audit.Action | None = None
    object: str | None = Field(default=None, max_length=60)
    """The id of a session, booking or ticket, or a branch."""
    cursor: Annotated[int, Field(gt=0, lt=2**63)] | None = None


class AuditEntry(Model):
    """Something that somebody did or read."""

    id: int
    at: AwareDatetime
    subject: str
    """Who, as the identity provider calls them."""
    role: str
    branch_id: str | None
    action: audit.Action
    kind: audit.Kind
    object: str
    fields: list[str]
    over: int | None
    """Of an override: how many seats more than staff set; 0 where it passed the waiting list only."""


class AuditPage(Model):
    """What was done, the newest first."""

    items: list[AuditEntry]
    next: int | None
    """The ``cursor`` of what was done before."""


@api.get("/v1/audit", problems=("unauthorized", "forbidden", "invalid"))
async def audited(request: web.Request, query: AuditQuery) -> AuditPage:
    """Who did and who read what (administrators): actions, ids and names of fields. Kept for a year."""
    staff = await request.app[IDENTITY].staff(request)
    if staff.role != "admin":
        raise forbidden("only administrators see who did what")
    wanted = audit.Wanted(
        branch=query.branch,
        since=query.from_,
        until=query.to,
        action=query.action,
        object=query.object,
        before=query.cursor,
    )
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = await audit.entries(conn, wanted, _PAGE + 1)
    items = [AuditEntry.model_validate(one, from_attributes=True) for one in found[:_PAGE]]
    return AuditPage(items=items, next=items[-1].id if len(found) > _PAGE else None)
