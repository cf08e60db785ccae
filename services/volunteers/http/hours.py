"""Hours: one's own, a volunteer's, and a partner's people's."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from aiohttp import hdrs, web
from pydantic import Field

from services.volunteers.domain.refusals import Forbidden
from services.volunteers.http import helper
from services.volunteers.http.api import IDENTITY, api
from services.volunteers.http.days import LocalDate, Period, midnight
from services.volunteers.queries import hours as queries
from services.volunteers.queries import report as reports
from services.volunteers.store import partners as partner_store
from shared.http import path_id
from shared.i18n import swedish_order
from shared.keys import DATABASE, ZONE
from shared.models import Model, Strict
from shared.problems import Problem
from shared.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.volunteers.queries.hours import Hours
    from shared.auth import Staff

_HOUR = 60
_FORGOTTEN = "Tidigare volontär"


class YearQuery(Strict):
    """Which calendar year; left out: this one."""

    year: Annotated[int, Field(ge=2000, le=2199)] | None = None


class TaskHours(Model):
    """What was given to one task."""

    task: str
    times: int
    minutes: int


class HoursView(Model):
    """What somebody gave in a calendar year, and gives."""

    year: int
    years: tuple[int, ...]
    """In which they gave anything, the latest first."""
    tasks: tuple[TaskHours, ...]
    minutes: int
    planned_minutes: int
    budget_hours: int | None
    """None: as many as they like."""
    left_minutes: int | None
    """Of the budget, with what is planned taken off."""


class Person(Model):
    """What one of a partner's people gave in one calendar year."""

    volunteer_id: UUID
    name: str | None
    """None once they are erased: the hours stay."""
    year: int
    times: int
    minutes: int
    budget_hours: int


class Report(Model):
    """What a partner's people gave, in Swedish alphabetical order; of visitors it knows nothing."""

    partner_id: UUID
    partner: str
    since: LocalDate
    until: LocalDate
    """Exclusive."""
    minutes: int
    items: tuple[Person, ...]
    next: None = None


@api.get("/v1/me/hours", problems=("unauthorized", "forbidden", "invalid"))
async def my_hours(request: web.Request, query: YearQuery) -> HoursView:
    """Give one's own hours of a calendar year."""
    return await _hours(request, await helper.volunteer(request), query)


@api.get("/v1/volunteers/{id}/hours", problems=("unauthorized", "forbidden", "unknown-volunteer", "invalid"))
async def hours(request: web.Request, query: YearQuery) -> HoursView:
    """Give a volunteer's hours of a calendar year (staff of one of their libraries)."""
    staff = await request.app[IDENTITY].staff(request)
    id_ = volunteer_id(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        of_ours(staff, await queries.branches(conn, id_))
    return await _hours(request, id_, query)


async def _hours(request: web.Request, volunteer_id: UUID, query: YearQuery) -> HoursView:
    zone = request.app[ZONE]
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        now: datetime = await conn.fetchval("SELECT clock_timestamp()")
        found = await queries.hours(conn, volunteer_id, query.year or now.astimezone(zone).year, zone.key)
        years = await queries.years(conn, volunteer_id, zone.key)
    return _hours_view(found, years)


def _hours_view(found: Hours, years: Sequence[int]) -> HoursView:
    budget = found.budget_hours
    return HoursView(
        year=found.year,
        years=tuple(years),
        tasks=tuple(TaskHours.model_validate(each, from_attributes=True) for each in found.tasks),
        minutes=found.minutes,
        planned_minutes=found.planned,
        budget_hours=budget,
        left_minutes=None if budget is None else max(0, budget * _HOUR - found.minutes - found.planned),
    )


@api.get("/v1/partners/{id}/report", problems=("unauthorized", "forbidden", "unknown-partner", "invalid"))
async def partner_report(request: web.Request, query: Period) -> Report:
    """Give what a partner's people gave (staff of a library and administrators)."""
    return await _report(request, await _partner_for_staff(request), query)


@api.get(
    "/v1/partners/{id}/report.csv",
    media="text/csv",
    problems=("unauthorized", "forbidden", "unknown-partner", "invalid"),
)
async def partner_sheet(request: web.Request, query: Period) -> web.Response:
    """Give the same as a table for Excel."""
    return _table(await _report(request, await _partner_for_staff(request), query))


@api.get("/v1/me/report", problems=("unauthorized", "forbidden", "invalid"))
async def my_report(request: web.Request, query: Period) -> Report:
    """Give what one's own people gave (coordinators of a partner)."""
    return await _report(request, await _partner_of_coordinator(request), query)


@api.get("/v1/me/report.csv", media="text/csv", problems=("unauthorized", "forbidden", "invalid"))
async def my_sheet(request: web.Request, query: Period) -> web.Response:
    """Give the same as a table for Excel."""
    return _table(await _report(request, await _partner_of_coordinator(request), query))


async def _partner_for_staff(request: web.Request) -> UUID:
    staff = await request.app[IDENTITY].staff(request)
    if staff.role != "admin" and not (staff.role == "staff" and staff.branches):
        raise Forbidden("only staff of a library and administrators see partners")
    return path_id(request, "id", Problem("unknown-partner", 404, "There is no such partner"))


async def _partner_of_coordinator(request: web.Request) -> UUID:
    coordinates = await helper.coordinator(request)
    if coordinates.partner_id is None:
        raise Forbidden("a library's coordinators read partners' reports as staff")
    return coordinates.partner_id


async def _report(request: web.Request, partner_id: UUID, query: Period) -> Report:
    zone = request.app[ZONE]
    if not query.from_ < query.to:
        raise Problem("invalid", 422, "Something in the request is not right", field="to", detail="it is before from")
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        partner = await partner_store.partner(conn, partner_id)
        since, until = midnight(query.from_, zone), midnight(query.to, zone)
        given = await reports.report(conn, partner_id, since, until, zone.key)
    given = sorted(given, key=lambda one: (one.name is None, swedish_order(one.name or ""), one.volunteer_id, one.year))
    return Report(
        partner_id=partner_id,
        partner=partner.name,
        since=query.from_,
        until=query.to,
        minutes=sum(one.minutes for one in given),
        items=tuple(Person.model_validate(one, from_attributes=True) for one in given),
    )


def _table(report: Report) -> web.Response:
    """A report with a mark that makes Excel read UTF-8, the semicolons it expects, and nothing that it would run."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(("namn", "år", "tillfällen", "minuter", "timmar", "timmar per år"))
    for one in report.items:
        hours = f"{one.minutes / _HOUR:.2f}".replace(".", ",")
        cells = (one.name or _FORGOTTEN, one.year, one.times, one.minutes, hours, one.budget_hours)
        writer.writerow([quoted(str(cell)) for cell in cells])
    headers = {hdrs.CONTENT_DISPOSITION: file_name("timmar", "csv", report.since), hdrs.CACHE_CONTROL: "no-store"}
    body = text.getvalue().encode("utf-8-sig")
    return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)


def file_name(name: str, suffix: str, day: date) -> str:
    """What a browser is to call a file that it keeps."""
    return f'attachment; filename="{name}-{day:%Y-%m-%d}.{suffix}"'


def volunteer_id(request: web.Request) -> UUID:
    """The volunteer whom a request's path names.

    Raises:
        Problem: 404 for what is no id.
    """
    return path_id(request, "id", Problem("unknown-volunteer", 404, "There is no such volunteer"))


def of_ours(staff: Staff, branches: frozenset[str]) -> None:
    """Let administrators pass, and staff of a library that the volunteer helps at; who named none helps at any.

    Raises:
        Forbidden: the person is neither.
    """
    ours = not branches or staff.branches.intersection(branches)
    if staff.role != "admin" and not (staff.role == "staff" and staff.branches and ours):
        raise Forbidden("only staff of one of their libraries see a volunteer")
