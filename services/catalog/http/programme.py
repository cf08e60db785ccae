"""A branch's programme as a table: out to Excel, and in from it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.catalog import queries, sheets, usecases
from services.catalog.domain.sessions import FURTHEST_AHEAD
from services.catalog.http.api import IDENTITY, SETTINGS, STAFF, api, branch_id
from services.catalog.inputs import ExportQuery, ImportQuery
from services.catalog.permissions import permit
from services.catalog.views import Imported, LineErrorView
from shared import audit
from shared.http import BODY_WITHIN
from shared.keys import DATABASE
from shared.problems import Problem

if TYPE_CHECKING:
    from services.catalog.usecases import Additions
    from shared.db import Connection

_TABLES = {sheets.CSV.media, sheets.XLSX.media, "application/vnd.ms-excel", "application/octet-stream"}
"""What browsers call them; what a file is, its first bytes tell."""


@api.get(
    "/v1/branches/{id}/programme.csv",
    media=sheets.CSV.media,
    problems=("unauthorized", "forbidden", "unknown-branch", "too-many-lines", "invalid"),
)
async def programme_csv(request: web.Request, query: ExportQuery) -> web.Response:
    """Give a branch's programme as CSV for Excel (staff of the branch)."""
    return await _exported(request, query, sheets.CSV)


@api.get(
    "/v1/branches/{id}/programme.xlsx",
    media=sheets.XLSX.media,
    problems=("unauthorized", "forbidden", "unknown-branch", "too-many-lines", "invalid"),
)
async def programme_xlsx(request: web.Request, query: ExportQuery) -> web.Response:
    """Give a branch's programme as an Excel workbook (staff of the branch)."""
    return await _exported(request, query, sheets.XLSX)


@api.post(
    "/v1/branches/{id}/programme",
    problems=(
        "unauthorized",
        "forbidden",
        "unknown-branch",
        "unsupported-media-type",
        "too-large",
        "unreadable-file",
        "too-many-lines",
        "wrong-columns",
        "unfit-lines",
        "invalid",
    ),
)
async def import_programme(request: web.Request, query: ImportQuery) -> Imported:
    """Add sessions from a CSV or XLSX file in the body, all or none (staff of the branch).

    What is there already stays as it is, so the same file may come twice. With ``preview`` nothing is added, and what
    is wrong is told line by line.
    """
    branch, zone = branch_id(request), request.app[SETTINGS].timezone
    permit(request[STAFF], branch)
    lines = await asyncio.to_thread(sheets.read, await _file(request))
    use = usecases.preview_programme if query.preview else usecases.import_programme

    async def work(conn: Connection) -> Additions:
        additions = await use(conn, branch, lines, zone)
        if additions.new and not query.preview:
            await audit.note(conn, request[STAFF], "imported", "branch", branch, branch=branch)
        return additions

    additions = await request.app[DATABASE].transact(work)
    return Imported(
        rows=additions.rows,
        to_create=len(additions.new),
        unchanged=additions.unchanged,
        errors=tuple(LineErrorView.model_validate(error, from_attributes=True) for error in additions.errors),
        sessions=() if query.preview else tuple(new.id for new in additions.new),
    )


async def _exported(request: web.Request, query: ExportQuery, form: sheets.Format) -> web.Response:
    branch, zone = branch_id(request), request.app[SETTINGS].timezone
    permit(await request.app[IDENTITY].staff(request), branch)
    first = query.from_ or datetime.now(UTC).astimezone(zone).date()
    after = query.to or first + FURTHEST_AHEAD + timedelta(days=1)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        begins, ends = (datetime.combine(day, time(), zone) for day in (first, after))
        rows = await queries.programme_rows(conn, branch, begins, ends, zone)
    name = f"{branch}-{first}.{form.suffix}"
    return web.Response(
        body=await asyncio.to_thread(form.written, rows),
        content_type=form.media,
        charset="utf-8" if form is sheets.CSV else None,
        headers={hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"', hdrs.CACHE_CONTROL: "no-store"},
    )


async def _file(request: web.Request) -> bytes:
    """The body, unless it is too large: no more of it is read than may be kept.

    Raises:
        Problem: 415 for another content type, 413 for one that is too large, 408 for one that never ends.
    """
    if request.content_type not in _TABLES:
        raise Problem(
            "unsupported-media-type",
            415,
            "Send a table",
            detail=f"Content-Type must be {sheets.CSV.media} or {sheets.XLSX.media}",
        )
    read = bytearray()
    try:
        async with asyncio.timeout(BODY_WITHIN):
            async for chunk in request.content.iter_any():
                read += chunk
                if len(read) > sheets.LARGEST:
                    raise _too_large()
    except TimeoutError as error:
        raise Problem("timeout", 408, "The body took too long", headers={hdrs.CONNECTION: "close"}) from error
    return bytes(read)


def _too_large() -> Problem:
    megabytes = sheets.LARGEST // 1024**2
    detail = f"at most {sheets.MOST_LINES} lines in {megabytes} MB fit; send the months one by one"
    return Problem(
        "too-large", 413, "The file is too large", detail=detail, field="body", headers={hdrs.CONNECTION: "close"}
    )
