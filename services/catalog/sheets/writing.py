"""A table as Excel opens it, in which nothing is a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from services.catalog.domain import Listed, on_the_wall
from services.catalog.sheets.columns import COLUMNS, MODES, PLACES, STATUSES
from shared.quoting import quoted

_HEADINGS = tuple(column.heading for column in COLUMNS)


@dataclass(frozen=True, slots=True)
class Format:
    """One of the kinds of file that a table is written as."""

    suffix: str
    media: str
    written: Callable[[Iterable[Sequence[str]]], bytes]


def cells(listed: Listed, activity: str, zone: ZoneInfo) -> tuple[str, ...]:
    """A session as a row, in the order of the columns and by the clock on the wall."""
    starts = on_the_wall(listed.starts_at, zone)
    ends = on_the_wall(listed.ends_at, zone) if listed.ends_at else None
    written = {
        "activity": activity,
        "date": f"{starts:%Y-%m-%d}",
        "starts": f"{starts:%H:%M}",
        "ends": (f"{ends:%H:%M}" if ends.date() == starts.date() else f"{ends:%Y-%m-%d %H:%M}") if ends else "",
        "seats": str(listed.seats),
        "walk_in": str(listed.walk_in),
        "queue": str(listed.queue),
        "mode": _word(MODES, listed.mode),
        "place": _word(PLACES, listed.place),
        "room": listed.room,
        "theme": listed.theme,
        "status": _word(STATUSES, listed.status),
    }
    return tuple(written[column.id] for column in COLUMNS)


def _word(words: Mapping[str, str], meant: str | None) -> str:
    return next(word for word, means in words.items() if means == meant)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    """With a mark that makes Excel read UTF-8, and the semicolons that a Swedish one expects."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(_HEADINGS)
    writer.writerows([quoted(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """All cells are text, so that nothing is turned into a date of another format, or run."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Program")
    sheet.freeze_panes = "A2"
    for row in ([_HEADINGS], rows):
        for cells in row:
            sheet.append([_text(sheet, quoted(cell)) for cell in cells])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _text(sheet: object, value: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


CSV = Format("csv", "text/csv", _csv)
XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx)
