"""How many came to what was offered: for the library, its head, and the municipality's follow-up."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from aiohttp import hdrs, web
from pydantic import Field

from services.booking import queries
from services.booking.domain import Telling, half_year
from services.booking.http.api import HOURS, api
from services.booking.http.desk.permitted import IDENTITY, BranchId
from services.booking.http.figures import sheet
from services.booking.http.figures.views import By, Figures, RowView, SumsView
from services.booking.queries import Past
from shared.auth import Staff, forbidden
from shared.keys import DATABASE
from shared.models import Strict
from shared.problems import Problem

LONGEST = timedelta(days=2 * 366)
MOST_ROWS = 2000

_Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class FiguresQuery(Strict):
    """Of which days, library and kind; ``to`` is the day after the last."""

    from_: Annotated[_Day, Field(alias="from")]
    to: _Day
    branch: BranchId | None = None
    """None: all of those where one works."""
    kind: Annotated[str | None, Field(max_length=60)] = None
    by: By = "month"


@dataclass(frozen=True, slots=True)
class _Row:
    first: date
    last: date
    sessions: Sequence[Past]


_PROBLEMS = ("unauthorized", "forbidden", "invalid")


@api.get("/v1/figures", problems=_PROBLEMS)
async def figures(request: web.Request, query: FiguresQuery) -> Figures:
    """How many came to what is over, where one works (staff), or anywhere (administrators).

    Groups of fewer than five are not told, nor follow from anything that is: see docs/decisions/0030.
    """
    return await _reported(request, query)


@api.get("/v1/figures.csv", media=sheet.MEDIA, problems=_PROBLEMS)
async def figures_csv(request: web.Request, query: FiguresQuery) -> web.Response:
    """Give the same as a table for Excel.

    ``..`` is what is not told, ``≥`` stands before what is the least, ``≈`` before a percent of only what can be told.
    """
    report = await _reported(request, query)
    name = f"plats-{query.branch or 'alla'}-{query.from_}-{query.to - timedelta(days=1)}.csv"
    return web.Response(
        body=sheet.written(report, request.app[HOURS].zone),
        content_type=sheet.MEDIA,
        charset="utf-8",
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"',
            hdrs.CACHE_CONTROL: "no-store",
        },
    )


async def _reported(request: web.Request, query: FiguresQuery) -> Figures:
    branches = _where(await request.app[IDENTITY].staff(request), query.branch)
    if not timedelta() < query.to - query.from_ <= LONGEST:
        raise _invalid("to", "choose a day after the first, two years later at most")
    last = query.to - timedelta(days=1)
    zone = request.app[HOURS].zone
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        sessions = await queries.past(conn, half_year(query.from_)[0], half_year(last)[1], zone, branches)
    return await asyncio.to_thread(_figures, query, sessions)


def _where(staff: Staff, branch: str | None) -> Collection[str] | None:
    """The libraries that somebody sees the figures of; None is every library.

    Raises:
        Problem: 403.
    """
    if branch is None and staff.role != "coordinator":
        return None if staff.role == "admin" else staff.branches
    if branch is None or not staff.may(branch, "staff"):
        raise forbidden("only a library's staff and administrators see its figures")
    return [branch]


def _invalid(field: str, detail: str) -> Problem:
    return Problem("invalid", 422, "Some of this cannot be right", detail=detail, field=field)


def _figures(query: FiguresQuery, sessions: Sequence[Past]) -> Figures:
    """What is told of the days asked for; of which sessions together follows from the whole terms.

    Raises:
        Problem: 422 where there is too much of it.
    """
    telling = Telling([one.occasion for one in sessions])
    asked = [
        one
        for one in sessions
        if query.from_ <= one.occasion.spot.day < query.to and query.kind in {None, one.occasion.spot.kind}
    ]
    rows = _rows(query, asked)
    if len(rows) > MOST_ROWS:
        raise _invalid("by", "these are too many rows: choose a library, or a shorter time")
    total = telling.of([one.occasion.id for one in asked])
    languages = tuple(total.languages)
    return Figures(
        by=query.by,
        items=[_shown(row, query, telling, languages) for row in rows],
        total=SumsView.of(total),
    )


def _rows(query: FiguresQuery, asked: Sequence[Past]) -> list[_Row]:
    last = query.to - timedelta(days=1)
    match query.by:
        case "session":
            return [_Row(one.occasion.spot.day, one.occasion.spot.day, [one]) for one in asked]
        case "branch":
            branches = sorted({one.occasion.spot.branch for one in asked})
            of = {branch: [one for one in asked if one.occasion.spot.branch == branch] for branch in branches}
            return [_Row(query.from_, last, of[branch]) for branch in branches]
        case "week" | "month":
            return [
                _Row(first, end, [one for one in asked if first <= one.occasion.spot.day <= end])
                for first, end in _periods(query.by, query.from_, last)
            ]


def _periods(by: Literal["week", "month"], first: date, last: date) -> list[tuple[date, date]]:
    """The weeks or months of a time, its first and last as far as they are of it."""
    periods = []
    while first <= last:
        end = first + timedelta(days=6 - first.weekday()) if by == "week" else _end_of_month(first)
        periods.append((first, min(end, last)))
        first = end + timedelta(days=1)
    return periods


def _end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _shown(row: _Row, query: FiguresQuery, telling: Telling, languages: Collection[str]) -> RowView:
    session = row.sessions[0] if query.by == "session" else None
    branch = row.sessions[0].occasion.spot.branch if query.by in {"session", "branch"} else query.branch
    return RowView(
        first=row.first,
        last=row.last,
        branch_id=branch,
        session_id=session and session.occasion.id,
        activity_id=session and session.activity_id,
        kind=session and session.occasion.spot.kind,
        starts_at=session and session.starts_at,
        sums=SumsView.of(telling.of([one.occasion.id for one in row.sessions], languages)),
    )
