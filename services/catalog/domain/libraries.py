"""A library as administrators keep it: what it is called, where it is and when it is open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import time
from itertools import pairwise
from operator import attrgetter
from typing import Any, Literal, TypeAlias

from services.catalog.domain.changes import changed_by
from services.catalog.domain.refusals import Invalid

StopKind: TypeAlias = Literal["metro", "tram", "train", "bus", "boat", ""]

STOPS: Mapping[StopKind, str] = {
    "metro": "Tunnelbana",
    "tram": "Tvärbana",
    "train": "Pendeltåg",
    "bus": "Buss",
    "boat": "Båt",
    "": "",
}
"""What stops there, in Swedish, for those who show it as one text."""

LONGEST_SMS_NAME = 16
"""Letters, so that a confirmation fits one SMS."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Stretch:
    """A stretch of a weekday when one may come in, by the clock on the wall."""

    weekday: int
    """0 is Monday."""
    opens: time
    closes: time
    staffed: bool
    """Not staffed is meröppet: for those with an agreement and a card."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Library:
    """A library, as it is kept."""

    id: str
    revision: int = 1
    name: str
    sms_name: str
    phone: str
    address: str
    district: str
    stop_kind: StopKind
    stop_name: str
    latitude: float
    longitude: float
    hours: tuple[Stretch, ...]

    @property
    def stop(self) -> str:
        """What stops near it and what the stop is called, in Swedish; empty where none is known."""
        return stop_of(self.stop_kind, self.stop_name)


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryChange:
    """What somebody wants different about a library; None is as it was."""

    name: str | None = None
    sms_name: str | None = None
    phone: str | None = None
    address: str | None = None
    district: str | None = None
    stop_kind: StopKind | None = None
    stop_name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    hours: tuple[Stretch, ...] | None = None


TOLD_OF_LIBRARY: Mapping[str, Callable[[Library], Any]] = {
    own.name: attrgetter(own.name) for own in fields(Library) if own.name not in {"id", "revision"}
}
"""The fields whose changes are kept, by the names under which they are sent."""

_IN_MESSAGES = {"name", "sms_name", "phone", "address"}
"""What sessions carry of their library, so that messages and slips can name it."""


def stop_of(kind: StopKind, name: str) -> str:
    """A stop in one text, in Swedish."""
    return f"{STOPS[kind]} {name}".strip()


def checked_library(library: Library) -> Library:
    """A library with its hours in order.

    Raises:
        Invalid: a stop has no kind or no name, or hours overlap or end before they begin.
    """
    if (library.stop_kind == "") != (library.stop_name == ""):
        raise Invalid("a stop has a kind and a name, or there is none", "stop_name")
    hours = tuple(sorted(library.hours))
    for stretch in hours:
        if stretch.closes <= stretch.opens:
            raise Invalid("the library closes after it opens", "hours")
    for earlier, later in pairwise(hours):
        if earlier.weekday == later.weekday and later.opens < earlier.closes:
            raise Invalid("two stretches of a day overlap", "hours")
    return replace(library, hours=hours)


def changed_library(library: Library, change: LibraryChange) -> Library:
    """The library with a change made; the same object when it makes nothing different.

    Raises:
        Invalid: see :func:`checked_library`.
    """
    result = checked_library(changed_by(library, change))
    return library if result == library else replace(result, revision=library.revision + 1)


def told_of(before: Library, after: Library) -> bool:
    """Whether a change makes something different that sessions carry."""
    return any(getattr(before, name) != getattr(after, name) for name in _IN_MESSAGES)
