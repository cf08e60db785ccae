"""A table as somebody saved it, line by line. Whoever sends one may mean harm: nothing in it is run or trusted.

How much is read is limited before it is read: a small file can hold gigabytes, and a short one a million lines.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from services.catalog.domain import TooManyLines, UnreadableFile, WrongColumns
from services.catalog.sheets.columns import BY_HEADING, COLUMNS, Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_LINES = 2_000
"""A year at a busy library, and as many as are planned and told within a client's patience."""
LARGEST = 1024 * 1024
"""Bytes of a file."""
_UNPACKED = 16 * 1024 * 1024
"""Bytes of what is packed into one; as many lines as fit have 2 MB."""
_PARTS = 200
"""Files packed into one."""
_MOST_ROWS = 20_000
"""Rows that are looked at, most of them empty."""
_MOST_CELLS = 100
"""Columns that are looked at: more than any table of ours has, so that one with others is told which do not belong."""

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    TypeError,
    ValueError,
)
"""What the reader of workbooks raises for one that is none, or whose parts are not what they should be."""
_AS_UTF_8 = "In Excel: Save as, and choose CSV UTF-8 (comma delimited). Or send the workbook itself, as .xlsx"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line that is not empty; its number as the program shows it that wrote the table."""

    number: int
    cells: "Mapping[str, str]"
    """By the column's id; what is empty is left out."""


def read(file: bytes) -> list[Line]:
    """Read a table.

    Raises:
        UnreadableFile: it is no CSV in UTF-8 and no workbook; says what to do.
        TooManyLines: there are more than fit.
        WrongColumns: one is missing, unknown or there twice; says which.
    """
    if file.startswith(_OLD_EXCEL):
        raise UnreadableFile(
            "this is an old or locked workbook; in Excel: Save as, and choose .xlsx, without a password"
        )
    try:
        rows = _workbook_rows(file) if file.startswith(_ZIP) else _csv_rows(file)
        return list(_lines(rows))
    except csv.Error as error:
        raise UnreadableFile(f"this is no CSV: {error}") from error


def _lines(rows: Iterator[tuple[int, "Sequence[str]"]]) -> Iterator[Line]:
    _, headings = next(rows, (1, ()))
    columns = _columns(headings)
    for seen, (number, row) in enumerate(((number, row) for number, row in rows if any(row)), start=1):
        if seen > MOST_LINES:
            raise TooManyLines(f"at most {MOST_LINES} lines fit; send the months one by one", "body")
        if len(row) > len(columns) and any(row[len(columns) :]):
            raise UnreadableFile(f"line {number} has more cells than there are headings")
        filled = ((column.id, text) for column, text in zip(columns, row, strict=False) if column and text)
        yield Line(number=number, cells=dict(filled))


def _columns(headings: "Sequence[str]") -> "list[Column | None]":
    """The column under each heading; nothing stands under what has none."""
    named = [heading.casefold() for heading in headings]
    while named and not named[-1]:
        named.pop()
    found = [BY_HEADING.get(heading) for heading in named]
    unknown = [heading for heading, column in zip(named, found, strict=True) if column is None]
    missing = [column.heading for column in COLUMNS if column.required and column not in found]
    twice = [column.heading for column in COLUMNS if found.count(column) > 1]
    if unknown or missing or twice:
        raise WrongColumns(missing=missing, unknown=[name or "(empty)" for name in unknown], twice=twice)
    return found


def _csv_rows(file: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = file.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"line {line} is not in UTF-8, so letters would be wrong. {_AS_UTF_8}") from error
    if "\0" in text:
        raise UnreadableFile(f"this is no text. {_AS_UTF_8}")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count), strict=True)
    before = 0
    for row in reader:
        yield before + 1, [_written(cell) for cell in row]
        before = reader.line_num


def _workbook_rows(file: bytes) -> Iterator[tuple[int, list[str]]]:
    """The first sheet's rows, with what formulas gave when the workbook was saved; nothing is reckoned here."""
    try:
        _check_packed(file)
        book = load_workbook(io.BytesIO(file), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a workbook says of its size may be a million columns
        rows: Iterable[Sequence[object]] = sheet.iter_rows(max_col=_MOST_CELLS, values_only=True)
        for number, row in enumerate(rows, start=1):  # those that are left out come as well, empty
            if number > _MOST_ROWS:
                raise UnreadableFile("this sheet goes on far below; copy the table into a new one")
            yield number, _without_tail([_written(cell) for cell in row])
    except _BROKEN as error:
        raise UnreadableFile("this is no workbook that can be read; in Excel: Save as, and choose .xlsx") from error


def _check_packed(file: bytes) -> None:
    parts = zipfile.ZipFile(io.BytesIO(file)).infolist()
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
        raise UnreadableFile("far too much is packed into this workbook; copy the table into a new one")


def _without_tail(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _written(cell: object) -> str:
    """A cell as one would type it."""
    if isinstance(cell, datetime) and cell.time() == time(0):
        cell = cell.date()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    match cell:
        case None:
            return ""
        case datetime():
            return cell.isoformat(" ", "minutes")
        case time():
            return cell.isoformat("minutes")
        case _:
            return str(cell).strip()
