"""What a line of the table asks for, or what is wrong with it and in which column."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from services.catalog.domain import Invalid, Listed, Status, moment_of
from services.catalog.inputs import NewSessionBody
from services.catalog.search import fold
from services.catalog.sheets.columns import COLUMNS, MODES, PLACES, STATUSES
from services.catalog.sheets.reading import Line
from shared.quoting import unquoted

_HEADINGS = {column.id: column.heading for column in COLUMNS}
_COLUMN_OF = {
    "activity_id": "activity",
    "starts_at": "starts",
    "ends_at": "ends",
    "capacity": "seats",
    "capacity.seats": "seats",
    "capacity.walk_in": "walk_in",
    "capacity.queue": "queue",
}
"""The column that a field of a request comes from, where it is called otherwise."""

T = TypeVar("T")

Called = Mapping[str, Collection[UUID]]
"""The activities by title and by id, folded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LineError:
    """What is wrong with a line."""

    line: int
    column: str
    """Its heading."""
    detail: str

    @classmethod
    def about(cls, line: int, field: str | None, detail: str) -> "LineError":
        """What the rules refuse, under the column that the field comes from."""
        column = _COLUMN_OF.get(field or "", field or "activity")
        return cls(line=line, column=_HEADINGS.get(column, column), detail=detail)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """A session that a line asks for."""

    line: int
    body: NewSessionBody
    status: Status
    """As the line says; of what is there already also what no new session can be."""

    @property
    def listed(self) -> Listed:
        """The session as a list shows it."""
        body = self.body
        return Listed(
            activity_id=body.activity_id,
            starts_at=body.starts_at,
            ends_at=body.ends_at,
            seats=body.capacity.seats,
            walk_in=body.capacity.walk_in,
            queue=body.capacity.queue,
            mode=body.mode,
            place=body.place,
            room=body.room,
            theme=body.theme.get("sv", ""),
            status=self.status,
        )


def wishes(lines: Iterable[Line], branch_id: str, called: Called, zone: ZoneInfo) -> Iterator[Wish | LineError]:
    """Each line as what it asks for, or all that is wrong with it."""
    for line in lines:
        found = _Cells(line)
        body = {
            "branch_id": branch_id,
            "activity_id": found.value("activity", lambda text: _activity(text, called)),
            **found.times(zone),
            "capacity": {name: found.value(name, _number) for name in ("seats", "walk_in", "queue")},
            "mode": found.word("mode", MODES),
            "place": found.word("place", PLACES) or "branch",
            "room": unquoted(found.text("room")),
            "theme": {"sv": unquoted(found.text("theme"))} if found.text("theme") else {},
        }
        status = found.word("status", STATUSES) or "published"
        checked = found.checked(body)
        yield from found.errors
        if checked is not None and not found.errors:
            yield Wish(line=line.number, body=checked, status=status)


class _Cells:
    """The cells of a line, and what is wrong with them as far as they were read."""

    def __init__(self, line: Line) -> None:
        self.errors: list[LineError] = []
        self._line = line

    def text(self, column: str) -> str:
        return self._line.cells.get(column, "")

    def value(self, column: str, parse: Callable[[str], T]) -> T | None:
        """What a cell says; None where it is empty or wrong."""
        try:
            return parse(self.text(column)) if self.text(column) else None
        except (ValueError, Invalid) as error:
            self._wrong(column, str(error))
            return None

    def word(self, column: str, words: Mapping[str, T]) -> T | None:
        """One of a few words, in Swedish or as in the API."""
        return self.value(column, lambda text: _word(text, words))

    def times(self, zone: ZoneInfo) -> dict[str, datetime | None]:
        """Start and end by the clock on the wall."""
        for column in ("activity", "date", "starts"):
            if not self.text(column):
                self._wrong(column, "this is needed")
        day = self.value("date", _day)
        if day is None:
            return {}
        return {
            "starts_at": self.value("starts", lambda text: moment_of(_clock(text, day), zone, "starts")),
            "ends_at": self.value("ends", lambda text: moment_of(_clock(text, day), zone, "ends")),
        }

    def checked(self, body: dict[str, Any]) -> NewSessionBody | None:
        """The line as a request for a session, by the same rules as one; a cell that was wrong before stays out."""
        if self.errors:
            return None
        try:
            return NewSessionBody.model_validate(body)
        except ValidationError as error:
            for item in error.errors(include_input=False, include_url=False, include_context=False):
                field = ".".join(str(part) for part in item["loc"][:2] if part != "sv")
                self.errors.append(LineError.about(self._line.number, field, item["msg"].removeprefix("Value error, ")))
            return None

    def _wrong(self, column: str, detail: str) -> None:
        self.errors.append(LineError.about(self._line.number, column, detail))


def _activity(text: str, called: Called) -> UUID:
    found = called.get(fold(unquoted(text)), ())
    if len(found) > 1:
        ids = " or ".join(sorted(str(id_) for id_ in found))
        raise ValueError(f"several activities are called so; write its id: {ids}")
    for id_ in found:
        return id_
    raise ValueError("no activity is called so, or has that id")


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - the clock on the wall has no zone
    except ValueError as error:
        raise ValueError("a day of the calendar fits, like 2027-01-31") from error


def _clock(text: str, day: datetime) -> datetime:
    """A time on that day, or on another one that is named before it."""
    named, _, time = text.rpartition(" ")
    try:
        shown = datetime.strptime(time.replace(".", ":"), "%H:%M")  # noqa: DTZ007 - the same
    except ValueError as error:
        raise ValueError("a time fits, like 17:30") from error
    return (_day(named) if named else day).replace(hour=shown.hour, minute=shown.minute)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):  # noqa: PLR2004 - what int() may be asked to read
        raise ValueError("a whole number fits")
    return int(text)


def _word(text: str, words: Mapping[str, T]) -> T:
    for word, means in words.items():
        if text.casefold() in {word, means}:
            return means
    raise ValueError(f"one of these fits: {', '.join(words)}")
