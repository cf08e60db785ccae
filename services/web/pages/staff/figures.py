"""Figures: how many came, in a chart and in tables, and as a table for Excel."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, get_args
from urllib.parse import urlencode

from aiohttp import hdrs, web
from babel.numbers import format_decimal

from services.web.charts import Value, columns
from services.web.faults import Fault
from services.web.keys import SITE
from services.web.pages.staff import spans
from services.web.pages.staff.spans import Span
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import branch_of, libraries, page, services, to
from services.web.upstream import ActivityTitles, Figures, FiguresBy, FiguresRow, Kind, Kinds, Number, Sums
from services.web.wishes import local_day
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from services.web.charts import Chart

BYS: tuple[FiguresBy, ...] = get_args(FiguresBy)
MOST_COLUMNS = 60
"""More would be thinner than a finger, or a mouse, finds."""
_MOST_TITLES = 60
"""More are not asked for one by one; then the kind is named."""

_OTHER = "other"
"""Languages that are too few to be told apart."""

_FIRST = msgid("Skriv den första dagen så här: 2026-01-31.")
_LAST = msgid("Skriv den sista dagen så här: 2026-12-31.")
_BACKWARDS = msgid("Den sista dagen är före den första.")
_TOO_LONG = msgid("Välj högst två år.")
_TOO_MANY = msgid("Det blir för många rader. Välj ett bibliotek, eller en kortare tid.")


class Form(NamedTuple):
    """What is asked for, as it was typed."""

    first: str
    last: str
    by: str
    kind: str

    @classmethod
    def of(cls, request: web.Request) -> Form:
        """What an address asks for; without days it is the term."""
        given = request.query
        term = spans.term(request.app[SITE].now().date())
        if "first" not in given and "last" not in given:
            first, last = f"{term.first}", f"{term.last}"
        else:
            first, last = given.get("first", "").strip(), given.get("last", "").strip()
        by = given.get("by", "")
        return cls(first, last, by if by in BYS else "month", given.get("kind", ""))

    @property
    def address(self) -> str:
        """The query of an address that asks for this."""
        return urlencode({name: value for name, value in self._asdict().items() if value})

    def days(self, span: Span) -> Form:
        """The same of other days."""
        return self._replace(first=f"{span.first}", last=f"{span.last}")

    def rows(self, by: FiguresBy) -> Form:
        """The same in other rows."""
        return self._replace(by=by)

    def understood(self) -> tuple[Span | None, list[Fault]]:
        """The days that are meant, or what is wrong with them."""
        first, last = local_day(self.first), local_day(self.last)
        faults = [
            Fault(field=name, text=text)
            for name, text, day in (("first", _FIRST, first), ("last", _LAST, last))
            if day is None
        ]
        if first is None or last is None:
            return None, faults
        if last < first:
            return None, [Fault(field="last", text=_BACKWARDS)]
        return Span(first, last), []

    def asked(self, span: Span, branch: str | None) -> dict[str, str]:
        """The same for booking."""
        asked = {"from": f"{span.first}", "to": f"{span.last + timedelta(days=1)}", "by": self.by}
        return asked | {name: value for name, value in (("kind", self.kind), ("branch", branch)) if value}


class Row(NamedTuple):
    """A row of the table."""

    first: date
    label: str
    short: str
    """What the chart has room for."""
    detail: str
    sums: Sums
    session_id: UUID | None

    @property
    def is_untold(self) -> bool:
        """Whether all that is counted of it is told of in wider sums only."""
        sums = self.sums
        numbers = (sums.visitors, *sums.ages.values(), sums.no_shows, sums.unmet)
        return all(number.count is None for number in numbers)


class Seen(NamedTuple):
    """What there is to see."""

    days: str
    by: FiguresBy
    rows: Sequence[Row]
    total: Sums
    channels: Sequence[tuple[str, Number]]
    languages: Sequence[tuple[str, Number]]
    chart: Chart | None
    most: int
    """Visitors of the library that had most, where there is no chart but bars in the table; else 0."""


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [web.get(home + "/figures", figures), web.get(home + "/figures.csv", table)]


async def figures(request: web.Request) -> web.Response:
    """``GET .../figures``: how many came in some days."""
    form = Form.of(request)
    kinds = (await services(request).catalog.get(Kinds, "/v1/kinds")).items
    span, faults = form.understood()
    if span is None:
        return _page(request, form, kinds, faults=faults)
    try:
        found = await services(request).booking.get(Figures, "/v1/figures", params=form.asked(span, branch_of(request)))
    except Problem as problem:
        return _page(request, form, kinds, faults=[_fault(problem)])
    titles = await _titles(request, found) if found.by == "session" else {}
    return _page(request, form, kinds, _seen(request, span, found, _rows(request, found, kinds, titles)))


async def table(request: web.Request) -> web.Response:
    """``GET .../figures.csv``: the same for Excel."""
    form = Form.of(request)
    span, _ = form.understood()
    if span is None:
        return to(request, f"/figures?{form.address}")
    _, body, headers = await services(request).booking.raw(
        "GET", "/v1/figures.csv", params=form.asked(span, branch_of(request))
    )
    kept = {name: headers[name] for name in (hdrs.CONTENT_TYPE, hdrs.CONTENT_DISPOSITION) if name in headers}
    return web.Response(body=body, headers=kept | {hdrs.CACHE_CONTROL: "no-store"})


def _fault(problem: Problem) -> Fault:
    """What booking could not take of what was asked.

    Raises:
        Problem: It is nothing that whoever asks could put right here.
    """
    match problem.document.field:
        case "to" | "from":
            return Fault(field="last", text=_TOO_LONG)
        case "by":
            return Fault(field="by", text=_TOO_MANY)
    raise problem


def _page(
    request: web.Request, form: Form, kinds: Sequence[Kind], seen: Seen | None = None, *, faults: Sequence[Fault] = ()
) -> web.Response:
    language, today = request[LANGUAGE], request.app[SITE].now().date()
    context = {
        "form": form,
        "kinds": kinds,
        "faults": faults,
        "seen": seen,
        "usual": [(one.name, form.days(one.span)) for one in spans.usual(today)],
        "decimal": partial(format_decimal, locale=language.locale),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/figures.html", context, status=status)


def _seen(request: web.Request, span: Span, found: Figures, rows: Sequence[Row]) -> Seen:
    """With a chart of visitors where time goes by; libraries have names that are too long for that."""
    language = request[LANGUAGE]
    today = request.app[SITE].now().date()
    rows = [row for row in rows if row.first <= today]
    seen = [row for row in rows if row.session_id is None or row.sums.held]
    values = [Value(row.short, row.sums.visitors.count, row.sums.visitors.whole) for row in seen]
    drawn = found.by != "branch" and 1 < len(values) <= MOST_COLUMNS
    chart = columns(values, language.direction) if drawn else None
    return Seen(
        days=spans.in_words(span, language),
        by=found.by,
        rows=rows,
        total=found.total,
        channels=list(found.total.channels.items()),
        languages=sorted(found.total.languages.items(), key=lambda one: (one[0] == _OTHER, -(one[1].count or 0))),
        chart=chart,
        most=max((value.number or 0 for value in values), default=0) if found.by == "branch" else 0,
    )


async def _titles(request: web.Request, found: Figures) -> dict[UUID, str]:
    """What activities are called, as far as catalog can say now."""
    ids = {row.activity_id for row in found.items if row.activity_id}
    if len(ids) > _MOST_TITLES:
        return {}
    language = request[LANGUAGE]

    async def title(id_: UUID) -> tuple[UUID, str] | None:
        try:
            known = await services(request).catalog.get(ActivityTitles, f"/v1/activities/{id_}")
        except Problem:
            return None
        return id_, known.titles.get(language.tag) or known.titles["sv"]

    return dict(one for one in await asyncio.gather(*map(title, ids)) if one)


def _rows(request: web.Request, found: Figures, kinds: Iterable[Kind], titles: Mapping[UUID, str]) -> list[Row]:
    language, zone = request[LANGUAGE], request.app[SITE].zone
    names = libraries(request)
    labels = {kind.id: kind.labels.get(language.tag) or kind.labels["sv"] for kind in kinds}
    years = len({row.first.year for row in found.items}) > 1

    def named(row: FiguresRow) -> tuple[str, str, str]:
        """What it is called, in short, and in more words."""
        span = Span(row.first, row.last)
        branch = names.get(row.branch_id or "", row.branch_id or "")
        match found.by:
            case "month":
                return spans.month_in_words(span, language), spans.month_in_short(span, language, years=years), ""
            case "week":
                return spans.in_words(span, language), spans.week_in_words(span, language), ""
            case "branch":
                return branch, "", ""
            case "session":
                title = (row.activity_id and titles.get(row.activity_id)) or labels.get(row.kind or "", "")
                at = f"{language.day(row.first, zone)} {language.time(row.starts_at, zone) if row.starts_at else ''}"
                where = "" if branch_of(request) else branch
                return at, spans.day_in_short(row.first, language), " · ".join(filter(None, (title, where)))

    order = {branch: n for n, branch in enumerate(names)}
    items = found.items
    if found.by == "branch":
        items = tuple(sorted(items, key=lambda row: order.get(row.branch_id or "", len(order))))
    return [Row(row.first, *named(row), row.sums, row.session_id) for row in items]
