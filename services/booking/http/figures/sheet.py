"""Figures as a table for Excel. Nothing in it is typed by anybody, so that nothing could be run as a formula."""

import csv
import io
from collections.abc import Iterator
from datetime import tzinfo

from services.booking.domain import OTHER
from services.booking.http.figures.views import Figures, NumberView, RowView, SumsView

MEDIA = "text/csv"

HIDDEN = ".."
"""What Swedish statistics write where a figure is not told."""

_CHANNELS = {
    "web": "på webben",
    "desk": "i disken",
    "series": "hela serien",
    OTHER: "bokade på annat sätt",
    "drop_in": "drop-in",
}


def written(report: Figures, zone: tzinfo) -> bytes:
    """With a mark that makes Excel read UTF-8, and the semicolons that a Swedish one expects."""
    languages = list(report.total.languages)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    spoken = ["andra språk" if name == OTHER else f"språk {name}" for name in languages]
    writer.writerow([*_HEADINGS, *_CHANNELS.values(), *spoken])
    for row in report.items:
        writer.writerow([*_of_row(row, zone), *_of_people(row.sums, languages)])
    writer.writerow(["summa", *[""] * (len(_OF_ROW) - 1), *_of_people(report.total, languages)])
    return text.getvalue().encode("utf-8-sig")


_OF_ROW = ("från", "till", "bibliotek", "sort", "börjar", "tillfälle")
_HEADINGS = (
    *_OF_ROW,
    "hölls",
    "hölls inte",
    "inte avslutade",
    "platser",
    "besökare",
    "vuxna",
    "barn",
    "fyllda procent",
    "uteblev",
    "fick ingen plats",
)


def _of_row(row: RowView, zone: tzinfo) -> Iterator[str]:
    yield f"{row.first}"
    yield f"{row.last}"
    yield row.branch_id or ""
    yield row.kind or ""
    yield f"{row.starts_at.astimezone(zone):%H:%M}" if row.starts_at else ""
    yield f"{row.session_id or ''}"


def _of_people(sums: SumsView, languages: list[str]) -> Iterator[str]:
    yield from map(str, (sums.held, sums.not_held, sums.not_closed, sums.seats))
    yield _number(sums.visitors)
    yield from (_number(sums.ages[age]) for age in ("adults", "children"))
    yield _number(sums.fill, "≈")
    yield from map(_number, (sums.no_shows, sums.unmet))
    yield from (_number(sums.channels[channel]) for channel in _CHANNELS)
    yield from (_number(sums.languages[language]) for language in languages)


def _number(number: NumberView, where_some_are_missing: str = "≥") -> str:
    if number.count is None:
        return HIDDEN
    return f"{number.count}" if number.whole else f"{where_some_are_missing}{number.count}"
