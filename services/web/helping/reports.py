"""What a partner's people gave, for those who look after partners and for the partner's own coordinator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from aiohttp import hdrs, web

from services.web.faults import Fault
from services.web.rendering import msgid
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.staff import StaffService

_DAY = timedelta(days=1)
_NO_DAYS = msgid("Skriv dagarna som 2026-03-24, den första före den sista.")


class Given(Model):
    """What somebody gave in one calendar year."""

    volunteer_id: UUID
    name: str | None
    """None once they are erased: the hours stay."""
    year: int
    times: int
    minutes: int
    budget_hours: int


class Report(Model):
    """What a partner's people gave. Of visitors it knows nothing."""

    partner: str
    minutes: int
    items: tuple[Given, ...]


class Wanted(NamedTuple):
    """The days that a report is about, as they were typed: both are included."""

    first: str
    last: str

    @classmethod
    def of(cls, query: Mapping[str, str], today: date) -> Wanted:
        """What an address asks for; this year where it asks for nothing."""
        return cls(
            query.get("first", "").strip() or today.replace(month=1, day=1).isoformat(),
            query.get("last", "").strip() or today.isoformat(),
        )

    def asked(self) -> dict[str, str] | None:
        """The same for volunteers, whose last day is not included; None where they are no days."""
        try:
            first, last = date.fromisoformat(self.first), date.fromisoformat(self.last)
            return {"from": first.isoformat(), "to": (last + _DAY).isoformat()} if first <= last else None
        except (ValueError, OverflowError):
            return None


class Shown(NamedTuple):
    """A report to show, or what is wrong with what was typed."""

    report: Report | None
    faults: tuple[Fault, ...] = ()


async def report(volunteers: StaffService, path: str, wanted: Wanted) -> Shown:
    """The report at a path of volunteers."""
    asked = wanted.asked()
    if asked is None:
        return Shown(None, (Fault("first", _NO_DAYS),))
    try:
        return Shown(await volunteers.get(Report, path, params=asked))
    except Problem as problem:
        if problem.document.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        return Shown(None, (Fault("first", _NO_DAYS),))


async def sheet(volunteers: StaffService, path: str, wanted: Wanted) -> web.Response:
    """The same as a table for Excel.

    Raises:
        web.HTTPBadRequest: our pages send nothing like it.
    """
    asked = wanted.asked()
    if asked is None:
        raise web.HTTPBadRequest
    _, body, headers = await volunteers.raw("GET", path, params=asked)
    return web.Response(
        body=body,
        content_type="text/csv",
        charset="utf-8",
        headers={hdrs.CONTENT_DISPOSITION: headers.get(hdrs.CONTENT_DISPOSITION, "attachment")},
    )
