"""Libraries as administrators keep them."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING

from aiohttp import web

from services.catalog import queries, usecases
from services.catalog.domain import Invalid, Library, LibraryChange, Stretch
from services.catalog.http.api import SETTINGS, STAFF, api, branch_id
from services.catalog.inputs import BranchPatch, NewBranchBody, StretchBody
from services.catalog.permissions import permit_administrator
from services.catalog.search import fold
from services.catalog.views import BranchPage, BranchPreview, ChangedBranch
from shared import idempotency
from shared.keys import DATABASE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.db import Connection

_LONGEST_ID = 60
"""Letters."""


@api.post(
    "/v1/branches",
    status=201,
    reply=BranchPage,
    problems=("unauthorized", "forbidden", "branch-exists", "name-taken", "invalid"),
)
async def create_branch(request: web.Request, body: NewBranchBody) -> web.Response:
    """Add a library (administrators). Its id stays what it is, also when its name changes."""
    permit_administrator(request[STAFF])
    new = Library(
        id=body.id or _id_from(body.name),
        name=body.name,
        sms_name=body.sms_name,
        phone=body.phone,
        address=body.address,
        district=body.district,
        stop_kind=body.stop_kind,
        stop_name=body.stop_name,
        latitude=body.latitude,
        longitude=body.longitude,
        hours=_stretches(body.hours),
    )

    async def work(conn: Connection) -> BranchPage:
        await usecases.create_library(conn, request[STAFF], new)
        return await queries.branch_page(conn, new.id, request.app[SETTINGS].timezone)

    return await idempotency.perform(request, work, status=201)


@api.patch(
    "/v1/branches/{id}",
    problems=("unauthorized", "forbidden", "unknown-branch", "name-taken", "stale-revision", "invalid"),
)
async def change_branch(request: web.Request, body: BranchPatch) -> ChangedBranch:
    """Change a library (administrators); its coming sessions show a new name, telephone number and address.

    Nobody is told of it apart: messages sent from now on say what is new.
    """
    permit_administrator(request[STAFF])
    id_ = branch_id(request)

    async def work(conn: Connection) -> ChangedBranch:
        sessions = await usecases.change_library(conn, request[STAFF], id_, _change(body), body.revision)
        return await queries.changed_branch(conn, id_, sessions, request.app[SETTINGS].timezone)

    return await request.app[DATABASE].transact(work)


@api.post("/v1/branches/{id}/preview", problems=("unauthorized", "forbidden", "unknown-branch", "invalid"))
async def preview_branch(request: web.Request, body: BranchPatch) -> BranchPreview:
    """Tell what a change of a library would mean (administrators); nothing is kept."""
    permit_administrator(request[STAFF])
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.branch_preview(conn, branch_id(request), _change(body), request.app[SETTINGS].timezone)


def _id_from(name: str) -> str:
    """The id of a library that nobody chose one for.

    Raises:
        Invalid: the name has no letter that an address can hold.
    """
    made = "-".join(re.findall(r"[a-z0-9]+", fold(name)))[:_LONGEST_ID].strip("-")
    if not made:
        raise Invalid("choose an id: the name has no letters from a to z", "id")
    return made


def _change(body: BranchPatch) -> LibraryChange:
    return LibraryChange(
        name=body.name,
        sms_name=body.sms_name,
        phone=body.phone,
        address=body.address,
        district=body.district,
        stop_kind=body.stop_kind,
        stop_name=body.stop_name,
        latitude=body.latitude,
        longitude=body.longitude,
        hours=None if body.hours is None else _stretches(body.hours),
    )


def _stretches(hours: Iterable[StretchBody]) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(
            weekday=stretch.weekday,
            opens=time.fromisoformat(stretch.opens),
            closes=time.fromisoformat(stretch.closes),
            staffed=stretch.staffed,
        )
        for stretch in hours
    )
