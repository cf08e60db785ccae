"""How many came to many sessions, in sums that tell nothing of a few people (how: :mod:`bundles`)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from uuid import UUID

from services.booking.domain.bundles import OTHER, Bundle, Spot, bundled

AGES = ("adults", "children")
CHANNELS = ("web", "desk", "series")
"""By which somebody booked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """A session that is over, as far as it is counted."""

    id: UUID
    spot: Spot
    state: Literal["held", "not_held", "not_closed"]
    seats: int
    counts: Literal["persons", "children", "bookings"]
    """What takes a seat."""
    adults: int = 0
    children: int = 0
    bookings: int = 0
    """Parties that were there."""
    no_shows: int = 0
    """Persons, as everything else."""
    unmet: int = 0
    """Who wanted a seat and was never offered one."""
    channels: Mapping[str, int] = field(default_factory=dict)
    """Who was there with a booking, by how it was made."""
    drop_in: int = 0
    """Who came without one."""
    languages: Mapping[str, int] = field(default_factory=dict)
    """Of those with a booking."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """How many, as far as it may be told."""

    count: int | None
    """None where it is less than five, or would tell of so few."""
    whole: bool
    """Whether that is all. Otherwise it is the least: some sessions are told of in a wider sum only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sums:
    """What may be told of some sessions."""

    held: int
    not_held: int
    not_closed: int
    """Over, and nobody has said how they went: nothing of them is in the numbers."""
    seats: int
    """Of those that were held."""
    visitors: Number
    ages: Mapping[str, Number]
    fill: Number
    """Percent of the seats that somebody was there for; not ``whole`` where it is that of some sessions only."""
    no_shows: Number
    unmet: Number
    channels: Mapping[str, Number]
    """``drop_in`` is without a booking; ``other``, as of languages, are those that are too few to be told apart."""
    languages: Mapping[str, Number]


Unit: TypeAlias = frozenset[UUID]
"""Sessions that are told of together so far."""

_BOOKED, _DROP_IN = "booked", "drop_in"


def _groups(way: str, one: Occasion) -> Mapping[str, int]:
    """How many people of each group there were; where they are not divided, also when there were none."""
    match way:
        case "visitors":
            return {way: one.adults + one.children}
        case "no_shows":
            return {way: one.no_shows}
        case "unmet":
            return {way: one.unmet}
        case "ages":
            groups: Mapping[str, int] = {"adults": one.adults, "children": one.children}
        case "booked":
            groups = {_BOOKED: sum(one.channels.values()), _DROP_IN: one.drop_in}
        case "channels":
            groups = one.channels
        case _:
            groups = one.languages
    return {name: people for name, people in groups.items() if people}


class Telling:
    """What may be told of the sessions of whole terms: of any of them, and whatever else is told of them."""

    def __init__(self, occasions: Sequence[Occasion]) -> None:
        self._occasions = {one.id: one for one in occasions}
        self.bundles: dict[str, Mapping[UUID, Bundle]] = {}
        """With what each session is told of, by what is told; nothing else is ever known of it."""
        held = [frozenset({one.id}) for one in occasions if one.state == "held"]
        closed = [frozenset({one.id}) for one in occasions if one.state != "not_closed"]
        self._held, self._closed = frozenset().union(*held), frozenset().union(*closed)
        self._bundle("no_shows", held)
        self._bundle("unmet", closed)
        # The same people, divided in different ways: one way must not tell what another hides. What is told together in
        # one is told together in those after it, and where it is not told how many there are, they are not divided.
        visitors, _ = self._bundle("visitors", held)
        ages, of_some_age = self._bundle("ages", visitors)
        booked, _ = self._bundle("booked", [*ages, *of_some_age])
        channels, by_some_channel = self._bundle("channels", booked)
        self._bundle("languages", [*channels, *by_some_channel])

    def _bundle(
        self, way: str, units: Iterable[frozenset[UUID]]
    ) -> tuple[list[frozenset[UUID]], list[frozenset[UUID]]]:
        """Put together what is told in one way; gives the sessions of what is told, and of what is too small."""
        told, small = bundled([self._unit(way, unit) for unit in units])
        told += [one.roughly() for one in small if one.may_be_told_roughly]
        self.bundles[way] = {id_: one for one in told for id_ in one.sessions}
        return [one.sessions for one in told], [one.sessions for one in small if not one.may_be_told_roughly]

    def _unit(self, way: str, sessions: frozenset[UUID]) -> Bundle:
        people = Counter[str]()
        occasions = [self._occasions[id_] for id_ in sessions]
        for one in occasions:
            people.update(_groups(way, one))
        return Bundle(
            sessions=sessions,
            spots=frozenset(one.spot for one in occasions),
            since=min((one.spot.day, one.id) for one in occasions),
            groups=people,
        )

    def of(self, sessions: Iterable[UUID], languages: Collection[str] = ()) -> Sums:
        """What may be told of these; of ``languages`` also where nobody speaks one."""
        asked = frozenset(sessions)
        among = [self._occasions[id_] for id_ in asked]
        return Sums(
            held=sum(one.state == "held" for one in among),
            not_held=sum(one.state == "not_held" for one in among),
            not_closed=sum(one.state == "not_closed" for one in among),
            seats=sum(one.seats for one in among if one.state == "held"),
            visitors=self._number("visitors", asked, "visitors"),
            ages=self._numbers("ages", asked, AGES),
            fill=self._fill(asked),
            no_shows=self._number("no_shows", asked, "no_shows"),
            unmet=self._number("unmet", asked, "unmet"),
            channels=self._numbers("channels", asked, (*CHANNELS, OTHER))
            | {_DROP_IN: self._number("booked", asked, _DROP_IN)},
            languages=self._numbers("languages", asked, languages),
        )

    def _covered(self, way: str, asked: frozenset[UUID]) -> tuple[list[Bundle], bool]:
        """The bundles that lie within what is asked for, and whether they are all of it."""
        known = self.bundles[way]
        counted = asked & (self._closed if way == "unmet" else self._held)
        bundles = {id(known[id_]): known[id_] for id_ in counted if id_ in known and known[id_].sessions <= asked}
        return list(bundles.values()), sum(len(one.sessions) for one in bundles.values()) == len(counted)

    def _number(self, way: str, asked: frozenset[UUID], name: str) -> Number:
        bundles, whole = self._covered(way, asked)
        count = sum(one.groups.get(name, 0) for one in bundles)
        if name != OTHER:
            whole = whole and all(name in one.groups or OTHER not in one.groups for one in bundles)
        return Number(count=count if whole or count else None, whole=whole)

    def _numbers(self, way: str, asked: frozenset[UUID], always: Collection[str]) -> dict[str, Number]:
        bundles, _ = self._covered(way, asked)
        names = {*always, *(name for one in bundles for name in one.groups)}
        return {name: self._number(way, asked, name) for name in sorted(names, key=lambda name: (name == OTHER, name))}

    def _fill(self, asked: frozenset[UUID]) -> Number:
        """From whole bundles of sessions that count alike, so that it tells no more than they do."""
        filled = seats = told = 0
        for counts, way in (("persons", "visitors"), ("children", "ages"), ("bookings", "visitors")):
            for bundle in self._covered(way, asked)[0]:
                of = [self._occasions[id_] for id_ in bundle.sessions]
                if any(one.counts != counts for one in of):
                    continue
                told += len(of)
                seats += sum(one.seats for one in of)
                filled += (
                    sum(one.bookings for one in of)
                    if counts == "bookings"
                    else bundle.groups.get("children" if counts == "children" else "visitors", 0)
                )
        whole = told == len(asked & self._held)
        return Number(count=round(100 * filled / seats) if seats else None, whole=whole)
