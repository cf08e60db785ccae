"""When a library is open: on a day, the next time, and in an ordinary week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from services.web.upstream import BranchDetail, OpenHours

_WEEK = range(7)
_LOOKED_AHEAD = range(1, 61)
"""Days: catalog tells the closures of so many."""


class Open(NamedTuple):
    """One day at a library: its hours in order, none when it is closed; ``reasons`` say why where that is told."""

    date: date
    hours: tuple[OpenHours, ...]
    reasons: Mapping[str, str]

    @property
    def staffed(self) -> list[OpenHours]:
        """The hours in which somebody is there to ask."""
        return [span for span in self.hours if span.staffed]

    @property
    def unstaffed(self) -> list[OpenHours]:
        """The hours in which those who have agreed with the library let themselves in."""
        return [span for span in self.hours if not span.staffed]


def on(branch: BranchDetail, day: date) -> Open:
    """What a day is like."""
    for closure in branch.closures:
        if closure.first <= day <= closure.last:
            return Open(day, (), closure.reasons)
    return Open(day, week(branch)[day.weekday()], {})


def staffed_next(branch: BranchDetail, day: date) -> Open | None:
    """The first day after ``day`` on which everybody may come in; None when none is known."""
    coming = (on(branch, day + timedelta(days=ahead)) for ahead in _LOOKED_AHEAD)
    return next((found for found in coming if found.staffed), None)


def week(branch: BranchDetail) -> list[tuple[OpenHours, ...]]:
    """An ordinary week, from Monday on."""
    ordered = sorted(branch.hours, key=attrgetter("weekday", "opens"))
    by_day = {day: tuple(spans) for day, spans in groupby(ordered, key=attrgetter("weekday"))}
    return [by_day.get(weekday, ()) for weekday in _WEEK]
