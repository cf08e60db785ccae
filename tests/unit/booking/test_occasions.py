"""What is told of many sessions: right sums, and none that tells of a few people, whatever one adds and takes away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain, combinations, product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.domain import CHANNELS, FEWEST, OTHER, Number, Occasion, Spot, Telling

SPRING = date(2026, 3, 2)
HIDDEN = Number(count=None, whole=False)


def occasion(n: int, **changes: object) -> Occasion:
    """A language café of 12 adults, the ``n``th of one library."""
    facts: dict[str, object] = {
        "id": UUID(int=n),
        "spot": Spot(branch="kista", kind="language_cafe", day=SPRING + timedelta(days=n)),
        "state": "held",
        "seats": 15,
        "counts": "persons",
        "adults": 12,
        "channels": {"web": 12},
        "languages": {"sv": 12},
    }
    return Occasion(**facts | changes)  # type: ignore[arg-type]  # fields of an occasion


def whole(count: int) -> Number:
    return Number(count=count, whole=True)


def test_what_is_large_enough_is_told_of_each_session_and_of_all() -> None:
    held = occasion(1, adults=9, children=6, no_shows=5, unmet=7, channels={"web": 10}, drop_in=5)
    telling = Telling(
        [
            held,
            occasion(2, no_shows=6, unmet=5),
            occasion(3, state="not_held", unmet=9),
            occasion(4, state="not_closed"),
        ]
    )
    one = telling.of([held.id])
    assert (one.visitors, one.no_shows, one.unmet, one.fill) == (whole(15), whole(5), whole(7), whole(100))
    assert one.ages == {"adults": whole(9), "children": whole(6)}
    assert one.channels == {
        "web": whole(10),
        "desk": whole(0),
        "series": whole(0),
        "drop_in": whole(5),
        OTHER: whole(0),
    }
    both = telling.of(telling.bundles["visitors"])
    assert (both.visitors, both.seats, both.fill) == (whole(27), 30, whole(90))
    every = telling.of(UUID(int=n) for n in range(1, 5))
    assert (every.held, every.not_held, every.not_closed, every.visitors) == (2, 1, 1, whole(27))


def test_a_small_session_is_told_of_in_a_sum_with_another_that_is_then_not_told_of_alone() -> None:
    """Fails when the sum minus the others tells how few came."""
    telling = Telling([occasion(1), occasion(2, adults=3), occasion(3)])
    ids = [UUID(int=n) for n in (1, 2, 3)]
    assert [telling.of([id_]).visitors for id_ in ids] == [HIDDEN, HIDDEN, whole(12)]
    assert telling.of(ids).visitors == whole(27)
    assert telling.of(ids[1:]).visitors == Number(count=12, whole=False), "at least, with what is told elsewhere"


def test_small_sessions_are_told_of_together() -> None:
    telling = Telling([occasion(1), *(occasion(n, adults=1) for n in range(2, 9))])
    assert telling.of([UUID(int=1)]).visitors == whole(12)
    assert telling.of(UUID(int=n) for n in range(2, 9)).visitors == whole(7)


def test_all_that_small_sessions_can_have_had_would_tell_of_each() -> None:
    telling = Telling([occasion(1, adults=4), occasion(2, adults=4)])
    assert telling.of([UUID(int=1), UUID(int=2)]).visitors == HIDDEN


def test_ages_are_not_told_where_one_of_them_is_small() -> None:
    telling = Telling([occasion(1, adults=20, children=2), occasion(2, adults=20, children=3, unmet=1)])
    one = telling.of([UUID(int=1)])
    assert (one.visitors, one.ages["adults"], one.ages["children"]) == (whole(22), HIDDEN, HIDDEN)
    both = telling.of([UUID(int=1), UUID(int=2)])
    assert (both.ages["adults"], both.ages["children"]) == (whole(40), whole(5))
    assert both.unmet == HIDDEN


def test_what_is_small_over_a_whole_term_is_told_with_others() -> None:
    spoken = {"sv": 60, "ar": 20, "so": 6, "fi": 1}
    telling = Telling([occasion(1, adults=87, channels={"web": 87}, languages=spoken)])
    languages = telling.of([UUID(int=1)], ["ti"]).languages
    assert languages == {"ar": whole(20), "sv": whole(60), "ti": HIDDEN, OTHER: whole(7)}
    ages = Telling([occasion(1, adults=80, children=2)]).of([UUID(int=1)]).ages
    assert ages == {"adults": HIDDEN, "children": HIDDEN}


@pytest.mark.parametrize(
    ("counts", "changes", "fill"),
    [
        ("persons", {"adults": 6, "children": 6}, 80),
        ("children", {"adults": 5, "children": 9}, 60),
        ("bookings", {"adults": 5, "children": 25, "bookings": 1, "seats": 1}, 100),
    ],
)
def test_how_full_it_was_is_counted_as_its_seats_are(counts: str, changes: Mapping[str, object], fill: int) -> None:
    telling = Telling([occasion(1, counts=counts, **changes)])
    assert telling.of([UUID(int=1)]).fill == whole(fill)


def test_where_nothing_was_held_nobody_is_hidden() -> None:
    telling = Telling([occasion(1, state="not_held", adults=0)])
    sums = telling.of([UUID(int=1)])
    assert (sums.visitors, sums.no_shows, sums.fill.count) == (whole(0), whole(0), None)
    assert sums.unmet == HIDDEN, "who wanted a seat there did not get one"


FEW = st.integers(0, 9)


@st.composite
def years(draw: st.DrawFn) -> list[Occasion]:
    """A few sessions of two libraries, two kinds and three months."""
    made = []
    for n in range(draw(st.integers(1, 6))):
        channels = draw(st.dictionaries(st.sampled_from(("web", "desk", "series")), FEW))
        drop_in, booked = draw(FEW), sum(channels.values())
        swedish = draw(st.integers(0, booked))
        arabic = draw(st.integers(0, booked - swedish))
        children = draw(st.integers(0, booked + drop_in))
        spot = Spot(
            branch=draw(st.sampled_from(("kista", "husby"))),
            kind=draw(st.sampled_from(("language_cafe", "story_time"))),
            day=SPRING + timedelta(days=draw(st.integers(0, 150))),
        )
        made.append(
            occasion(
                n,
                spot=spot,
                adults=booked + drop_in - children,
                children=children,
                channels=channels,
                drop_in=drop_in,
                languages={"sv": swedish, "ar": arabic, "fi": booked - swedish - arabic},
                no_shows=draw(FEW),
                unmet=draw(FEW),
                counts=draw(st.sampled_from(("persons", "children"))),
            )
        )
    return made


def asked(occasions: Sequence[Occasion]) -> Iterator[list[Occasion]]:
    """Everything that can be asked for: any days, of a library or a kind or all."""
    days = sorted({one.spot.day for one in occasions})
    for first, last in product(days, days):
        among = [one for one in occasions if first <= one.spot.day <= last]
        for branch, kind in product((None, "kista", "husby"), (None, "language_cafe", "story_time")):
            yield [one for one in among if branch in {None, one.spot.branch} and kind in {None, one.spot.kind}]


def numbers(occasions: Sequence[Occasion], telling: Telling) -> Iterator[tuple[Number, int]]:
    """Each number that is told of these, and what it would be if nothing were hidden."""
    sums = telling.of(one.id for one in occasions)
    yield sums.visitors, sum(one.adults + one.children for one in occasions)
    yield sums.no_shows, sum(one.no_shows for one in occasions)
    yield sums.unmet, sum(one.unmet for one in occasions)
    yield sums.ages["adults"], sum(one.adults for one in occasions)
    yield sums.ages["children"], sum(one.children for one in occasions)
    yield sums.channels["drop_in"], sum(one.drop_in for one in occasions)
    for channel in CHANNELS:
        yield sums.channels[channel], sum(one.channels.get(channel, 0) for one in occasions)
    for language, number in sums.languages.items():
        if language != OTHER:
            yield number, sum(one.languages.get(language, 0) for one in occasions)


@given(years())
@settings(deadline=None)
def test_what_is_told_is_true_and_never_small(occasions: list[Occasion]) -> None:
    telling = Telling(occasions)
    for some in asked(occasions):
        for number, truth in numbers(some, telling):
            if number.count is None:
                assert not number.whole
            else:
                assert number.count == 0 or number.count >= FEWEST
                assert number.count == truth if number.whole else number.count <= truth


@given(years())
@settings(deadline=None)
def test_what_a_library_tells_follows_from_its_own_sessions(occasions: list[Occasion]) -> None:
    """Fails when it depends on who asks: two answers to one question would tell more than each."""
    here = [one for one in occasions if one.spot.branch == "kista"]
    alone, together = Telling(here), Telling(occasions)
    assert alone.of(one.id for one in here) == together.of(one.id for one in here)


Cell = tuple[str, UUID, str]
"""A group of a session, in one of the ways in which its people are divided."""


def cells(occasions: Iterable[Occasion]) -> dict[Cell, int]:
    """How many people are in each of the smallest groups that there are."""
    found: dict[Cell, int] = {}
    for one in occasions:
        ways = {
            "ages": {"adults": one.adults, "children": one.children},
            "channels": {**dict.fromkeys(CHANNELS, 0), **one.channels, "drop_in": one.drop_in},
            "languages": {**dict.fromkeys(("sv", "ar", "fi"), 0), **one.languages},
        }
        found |= {(way, one.id, name): number for way, groups in ways.items() for name, number in groups.items()}
    return found


def named(way: str, cell: Cell) -> str | None:
    """What a cell is told as, where people are divided in this way; None where they are others."""
    divided, _, name = cell
    if way == "visitors":
        return way if divided == "ages" else None
    if way == "booked" and divided == "channels":
        return name if name == "drop_in" else way
    return name if divided == way and (way, name) != ("channels", "drop_in") else None


def known(occasions: Sequence[Occasion], telling: Telling) -> Iterator[dict[Cell, int]]:
    """Every equation that somebody could set up who has seen everything there is to see.

    Whatever is shown is a sum of what is told of bundles. That nobody is in a group is known as well, and that all
    ways divide the same people.
    """
    everything = cells(occasions)
    for way in ("visitors", "ages", "booked", "channels", "languages"):
        for bundle in {one.sessions: one for one in telling.bundles[way].values()}.values():
            groups: dict[str, list[Cell]] = {}
            for cell in everything:
                if cell[1] in bundle.sessions and (name := named(way, cell)) is not None:
                    groups.setdefault(
                        name if OTHER not in bundle.groups or name in bundle.groups else OTHER, []
                    ).append(cell)
            for name, members in groups.items():
                if name in bundle.groups:
                    yield dict.fromkeys(members, 1)
                else:
                    yield from ({cell: 1} for cell in members)
    for one in occasions:
        here = [cell for cell in everything if cell[1] == one.id]
        yield {cell: 1 if cell[0] == "ages" else -1 for cell in here if cell[0] != "languages"}
        yield {cell: 1 if cell[0] == "languages" else -1 for cell in here if cell[0] != "ages" and cell[2] != "drop_in"}


class Space:
    """What follows from equations by adding and taking away, any number of times."""

    def __init__(self, equations: Iterable[Mapping[Cell, int]]) -> None:
        self._rows: dict[Cell, dict[Cell, Fraction]] = {}
        for equation in equations:
            rest = self._reduced(equation)
            if rest:
                pivot = next(iter(rest))
                self._rows[pivot] = {cell: factor / rest[pivot] for cell, factor in rest.items()}

    def _reduced(self, equation: Mapping[Cell, int]) -> dict[Cell, Fraction]:
        rest = {cell: Fraction(factor) for cell, factor in equation.items() if factor}
        while shared := next((cell for cell in rest if cell in self._rows), None):
            factor = rest[shared]
            for cell, other in self._rows[shared].items():
                rest[cell] = rest.get(cell, Fraction()) - factor * other
            rest = {cell: left for cell, left in rest.items() if left}
        return rest

    def tells(self, some: Iterable[Cell]) -> bool:
        """Whether the number of people in these cells follows."""
        return not self._reduced(dict.fromkeys(some, 1))


@given(years())
@settings(deadline=None)
def test_nothing_that_is_told_adds_up_to_a_few_people(occasions: list[Occasion]) -> None:
    """Fails when totals and what is shown beside them tell what is left out."""
    space = Space(known(occasions, Telling(occasions)))
    people = {cell: number for cell, number in cells(occasions).items() if 0 < number < FEWEST}
    for some in chain.from_iterable(combinations(people, size) for size in (1, 2, 3)):
        if len({cell[0] for cell in some}) == 1 and sum(people[cell] for cell in some) < FEWEST:
            assert not space.tells(some), some


@pytest.mark.parametrize("months", [(3, 3, 3), (3, 3, 4), (3, 4, 5)])
def test_who_knows_the_rule_learns_no_more(months: tuple[int, int, int]) -> None:
    """Whatever is shown, another truth would have looked the same, and in it the few would have been others."""
    most = 14
    truths: dict[frozenset[tuple[frozenset[UUID], int]], list[tuple[int, ...]]] = {}
    for people in product(range(most), repeat=len(months)):
        sessions = [
            occasion(n, adults=number, spot=Spot(branch="kista", kind=None, day=date(2026, month, 1 + n)))
            for n, (number, month) in enumerate(zip(people, months, strict=True))
        ]
        told = Telling(sessions).bundles["visitors"].values()
        truths.setdefault(frozenset((one.sessions, one.size) for one in told), []).append(people)
    for told_of, possible in truths.items():
        if any(size >= most - 1 and len(sessions) > 1 for sessions, size in told_of):
            continue  # some of what looks the same is beyond what was tried
        for some in chain.from_iterable(combinations(range(len(months)), size) for size in (1, 2)):
            together = {sum(people[n] for n in some) for people in possible}
            assert len(together) > 1 or not 0 < min(together) < FEWEST, (told_of, possible, some)
