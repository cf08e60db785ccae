"""What changes made different about a session or what else is kept, field by field, in the words of the API."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time
from operator import attrgetter
from typing import Any, Literal, Protocol, TypeAlias, TypeVar
from uuid import UUID

from services.catalog.domain.activities import Activity
from services.catalog.domain.refusals import Refusal
from services.catalog.domain.sessions import Session
from services.catalog.domain.terms import Terms

Json: TypeAlias = str | int | float | bool | Sequence["Json"] | Mapping[str, "Json"] | None

Role: TypeAlias = Literal["staff", "admin", "coordinator"]

_CAPACITY = {"seats", "walk_in", "queue"}
UNTOLD = {"id", "revision", "terms", "struck_out", "closed", "ask", "series_id", "series_date", "sitting_id"}
"""What no change of a session makes different, or what follows from what does."""


class HasTerms(Protocol):
    """Whatever is booked on terms, or passes them on."""

    @property
    def terms(self) -> Terms:
        """How it is booked."""


TOLD_OF_TERMS: Mapping[str, Callable[[HasTerms], Any]] = {
    f"capacity.{term.name}" if term.name in _CAPACITY else term.name: attrgetter(f"terms.{term.name}")
    for term in fields(Terms)
    if term.name not in UNTOLD
}
"""The terms whose changes are kept, by the names under which they are sent."""

TOLD: Mapping[str, Callable[[Session], Any]] = {
    **{own.name: attrgetter(own.name) for own in fields(Session) if own.name not in UNTOLD},
    **TOLD_OF_TERMS,
}
"""The same of a session."""

TOLD_OF_ACTIVITIES: Mapping[str, Callable[[Activity], Any]] = {
    **{own.name: attrgetter(own.name) for own in fields(Activity) if own.name not in {*UNTOLD, "kind"}},
    **TOLD_OF_TERMS,
}
"""The same of an activity; its kind never changes."""

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One field that a change made different."""

    field: str
    was: Json
    is_: Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One difference, and which revision brought it, when, and by somebody in which role. Nobody's name."""

    revision: int
    difference: Difference
    at: datetime
    by: Role


class StaleRevision(Refusal):
    """Somebody else changed it after it was read; ``members`` tells what is different since then."""

    def __init__(self, revision: int, changes: Iterable[Change]) -> None:
        super().__init__(f"it is at revision {revision}", "revision")
        self.members = {"revision": revision, "changes": [_member(change) for change in together(changes)]}


def differences(before: Session, after: Session) -> tuple[Difference, ...]:
    """What is different about a session, in the order of the fields."""
    return compared(before, after, TOLD)


def activity_differences(before: Activity, after: Activity) -> tuple[Difference, ...]:
    """What is different about an activity, in the order of the fields."""
    return compared(before, after, TOLD_OF_ACTIVITIES)


def compared(before: R, after: R, told: Mapping[str, Callable[[R], Any]]) -> tuple[Difference, ...]:
    """What is different, of what ``told`` reads, in its order."""
    read_twice = ((name, read(before), read(after)) for name, read in told.items())
    return tuple(Difference(field=name, was=_json(was), is_=_json(is_)) for name, was, is_ in read_twice if was != is_)


def together(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Several changes in the order of their revisions as one: each field as it was at first and is at last.

    The newest change of a field tells when and by whom; what was changed back is no difference.
    """
    found: dict[str, Change] = {}
    for change in changes:
        field = change.difference.field
        was = found[field].difference.was if field in found else change.difference.was
        difference = Difference(field=field, was=was, is_=change.difference.is_)
        found[field] = Change(revision=change.revision, difference=difference, at=change.at, by=change.by)
    return tuple(change for change in found.values() if change.difference.was != change.difference.is_)


def _member(change: Change) -> Json:
    difference = change.difference
    return {
        "field": difference.field,
        "was": difference.was,
        "is": difference.is_,
        "revision": change.revision,
        "at": _json(change.at),
        "by": change.by,
    }


def _json(value: Any) -> Json:  # noqa: ANN401 - whatever a field holds
    """A value as an answer shows it."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, tuple):
        return [_json(part) for part in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, UUID | date):
        return str(value)
    if is_dataclass(value):
        return {own.name: _json(getattr(value, own.name)) for own in fields(value)}
    return dict(value) if isinstance(value, Mapping) else value
