"""Which sessions are told of together, so that no number, and no difference of numbers, tells of a few people.

A session that few came to is not told of alone but in a bundle with others. Bundles follow from what was counted, never
from what somebody asks for. Every number that is shown is a sum of whole bundles, each of five people or more, so that
whatever is added to or taken from each other, what is left are whole bundles again.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from itertools import chain
from typing import TypeAlias
from uuid import UUID

from services.booking.domain.figures import FEWEST

OTHER = "other"
"""The groups that are too small to be told apart, even over a term."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where and when a session was."""

    branch: str
    kind: str | None
    """None where booking has never heard of it."""
    day: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Bundle:
    """Sessions that are told of together, and how many people of each group they had."""

    sessions: frozenset[UUID]
    spots: frozenset[Spot]
    """Where and when they were."""
    since: tuple[date, UUID]
    """The first of them."""
    groups: Mapping[str, int]
    parts: int = 1
    """Of how many it is put together."""

    @property
    def size(self) -> int:
        """All people of it."""
        return sum(self.groups.values())

    @property
    def may_be_told(self) -> bool:
        """Whether no group of it is small, nor follows from the number of parts.

        Where there are two groups, each part that is small has people of both.
        """
        parts = {self.parts} if self.parts > 1 and len(self.groups) == _TWO else set()
        return all(people >= FEWEST and people not in parts for people in self.groups.values())

    def with_(self, other: "Bundle") -> "Bundle":
        """This and another as one."""
        names = self.groups.keys() | other.groups.keys()
        return Bundle(
            sessions=self.sessions | other.sessions,
            spots=self.spots | other.spots,
            since=min(self.since, other.since),
            groups={name: self.groups.get(name, 0) + other.groups.get(name, 0) for name in sorted(names)},
            parts=self.parts + other.parts,
        )

    @property
    def may_be_told_roughly(self) -> bool:
        """Whether some of it can be told: of two groups, one could not be left out without the other."""
        return len(self.groups) > _TWO

    def roughly(self) -> "Bundle":
        """The same with its small groups in one, which the next smallest joins until it is no small group itself."""
        rest: list[str] = []
        for name in sorted(self.groups, key=lambda name: (self.groups[name], name)):
            if self.groups[name] >= FEWEST and len(rest) > 1 and sum(map(self.groups.__getitem__, rest)) >= FEWEST:
                break
            rest.append(name)
        named = {name: people for name, people in self.groups.items() if name not in rest}
        return replace(self, groups=named | {OTHER: self.size - sum(named.values())})


_TWO = 2

_Place: TypeAlias = Callable[[Spot], Hashable]


def _month(spot: Spot) -> Hashable:
    return spot.branch, spot.kind, spot.day.year, spot.day.month


def _month_of_all_kinds(spot: Spot) -> Hashable:
    return spot.branch, spot.day.year, spot.day.month


def _term(spot: Spot) -> Hashable:
    return spot.branch, half_year(spot.day)


_PLACES: Sequence[_Place] = (_month, _month_of_all_kinds, _term)
"""Within what sessions are bundled, the narrowest first; each lies within the next. None is wider than a term of one
library: what is told of it follows from its own sessions, whoever asks."""


def half_year(day: date) -> tuple[date, date]:
    """The term that a day is in, for people who count: its first day, and the first of the next."""
    if day.month < _JULY:
        return date(day.year, 1, 1), date(day.year, _JULY, 1)
    return date(day.year, _JULY, 1), date(day.year + 1, 1, 1)


_JULY = 7


def bundled(units: Iterable[Bundle]) -> tuple[list[Bundle], list[Bundle]]:
    """What may be told, put together from ``units`` where they are too small, and what even over a term may not.

    Each of ``units`` is within one library's term. All small ones of a place are one bundle; where that is too small
    itself, what could be told of alone is put to it, the first in time: this costs less than a sum in which something
    is missing. How large somebody is decides nothing but whether they are small, so that from what was put together
    nothing follows.
    """
    told: list[Bundle] = []
    small: list[Bundle] = []
    for unit in units:
        (told if unit.may_be_told else small).append(unit)
    for place in _PLACES:
        here, small = _by_place(small, place)
        around, told = _by_place(told, place)
        for where, parts in here.items():
            bundle = reduce(Bundle.with_, parts)
            if bundle.may_be_told and not _is_full(bundle, parts):
                told.append(bundle)
            elif (host := _host(around.get(where, []), bundle)) is not None:
                around[where].remove(host)
                told.append(host.with_(bundle))
            else:
                small.append(replace(bundle, parts=1))
        told += chain.from_iterable(around.values())
    return told, small


def _is_full(bundle: Bundle, parts: Sequence[Bundle]) -> bool:
    """Whether there are as many people as small parts have at most, so that each has as many."""
    most = (FEWEST - 1) * len(parts)
    return most in bundle.groups.values() or any(part.may_be_told for part in parts)


def _host(told: Iterable[Bundle], small: Bundle) -> Bundle | None:
    """The first that can take this in; one that was put together itself rather than one that is told of alone."""
    fitting = (one for one in told if one.with_(small).may_be_told)
    return min(fitting, key=lambda one: one.parts == 1, default=None)


def _by_place(bundles: Iterable[Bundle], place: _Place) -> tuple[dict[Hashable, list[Bundle]], list[Bundle]]:
    """The bundles by their place, in the order of time, and those that reach beyond one."""
    found: dict[Hashable, list[Bundle]] = {}
    beyond: list[Bundle] = []
    for bundle in sorted(bundles, key=lambda bundle: bundle.since):
        places = {place(spot) for spot in bundle.spots}
        if len(places) == 1:
            found.setdefault(places.pop(), []).append(bundle)
        else:
            beyond.append(bundle)
    return found, beyond
