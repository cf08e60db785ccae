"""Who is asked to help a visitor: rules that nobody passes, and a fair and repeatable order."""

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.volunteers.domain.matching import (
    ANY_TOPIC,
    Candidate,
    Level,
    Unfit,
    Wish,
    choose,
    match,
    ranked,
    unfit,
)
from services.volunteers.domain.matching import given as after_asking

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
SLOT = 40

languages = st.dictionaries(st.sampled_from(["sv", "ar", "so"]), st.sampled_from(["some", "good", "native"]))
candidates = st.builds(
    Candidate,
    volunteer_id=st.integers(1, 40).map(lambda number: UUID(int=number)),
    active=st.sampled_from([True, True, True, False]),
    languages=languages,
    topics=st.frozensets(st.sampled_from(["bankid", "email", "swish"])),
    share=st.integers(0, 5).map(lambda slots: slots * SLOT),
    last_assigned_at=st.none() | st.integers(0, 30).map(lambda days: NOW - timedelta(days=days)),
    minutes=st.integers(0, 5).map(lambda slots: slots * SLOT),
    budget=st.none() | st.integers(0, 6).map(lambda slots: slots * SLOT),
    note_until=st.none() | st.dates(DAY - timedelta(days=2), DAY + timedelta(days=2)),
    busy=st.booleans(),
)
people = st.lists(candidates, max_size=12, unique_by=lambda one: one.volunteer_id)
wishes = st.builds(
    Wish,
    language=st.none() | st.sampled_from(["sv", "ar", "ti"]),
    topic=st.none() | st.sampled_from(["bankid", "email", "printing", ANY_TOPIC]),
    minutes=st.just(SLOT),
    day=st.just(DAY),
    register_note=st.booleans(),
    asked=st.frozensets(st.integers(1, 40).map(lambda number: UUID(int=number)), max_size=4),
)


def person(number: int, **values: object) -> Candidate:
    """Somebody who can do all of it, unless it is said otherwise."""
    usual = Candidate(
        volunteer_id=UUID(int=number),
        languages={"sv": "native"},
        topics=frozenset({"bankid"}),
        note_until=DAY,
    )
    return _replaced(usual, values)


def _replaced(usual: Candidate, values: dict[str, object]) -> Candidate:
    kept = {name: getattr(usual, name) for name in Candidate.__slots__}
    return Candidate(**(kept | values))


def wish(**values: object) -> Wish:
    usual = {"language": "sv", "topic": "bankid", "minutes": SLOT, "day": DAY}
    return Wish(**(usual | values))  # type: ignore[arg-type] # checked by the class


@pytest.mark.parametrize(
    ("values", "wanted", "why"),
    [
        ({"active": False}, {}, "not_active"),
        ({"topics": frozenset({"email"})}, {}, "topic"),
        ({"topics": frozenset()}, {"topic": ANY_TOPIC}, None),
        ({"topics": frozenset()}, {"topic": None}, None),
        ({"minutes": 81, "budget": 120}, {}, "hours"),
        ({"minutes": 80, "budget": 120}, {}, None),
        ({"note_until": None}, {"register_note": True}, "register_note"),
        ({"note_until": DAY - timedelta(days=1)}, {"register_note": True}, "register_note"),
        ({"note_until": DAY}, {"register_note": True}, None),
        ({"note_until": None}, {}, None),
        ({"busy": True}, {}, "busy"),
        ({}, {"asked": frozenset({UUID(int=1)})}, "asked"),
        ({}, {"asked": frozenset({UUID(int=2)})}, None),
    ],
)
def test_each_rule_keeps_somebody_from_being_asked(
    values: dict[str, object], wanted: dict[str, object], why: Unfit | None
) -> None:
    assert unfit(person(1, **values), wish(**wanted)) == why
    assert (choose([person(1, **values)], wish(**wanted)) is None) == (why is not None)


def test_language_comes_first_then_the_share_then_who_waited_longest_then_the_id() -> None:
    levels: list[tuple[int, Level]] = [(4, "some"), (3, "good"), (2, "native")]
    speakers = [person(number, languages={"ar": level}, share=number) for number, level in levels]
    nobody = person(1, share=0)
    assert [one.volunteer_id.int for one in ranked([nobody, *speakers], wish(language="ar"))] == [2, 3, 4, 1]
    long_ago, lately = NOW - timedelta(days=9), NOW
    line = [
        person(1, share=40),
        person(2, last_assigned_at=lately),
        person(4, last_assigned_at=long_ago),
        person(3, last_assigned_at=long_ago),
        person(5),
    ]
    assert [one.volunteer_id.int for one in ranked(line, wish())] == [5, 3, 4, 2, 1]


def test_why_somebody_is_asked_is_told_in_words_and_numbers() -> None:
    line = [
        person(1, languages={"ar": "native"}, share=120, budget=960, minutes=60, last_assigned_at=NOW),
        person(2, languages={"ar": "native"}, share=160),
        person(3, busy=True),
        person(4, topics=frozenset()),
    ]
    found = choose(line, wish(language="ar"))
    assert found
    assert found.why == {
        "language": "ar",
        "level": "native",
        "topic": "bankid",
        "candidates": 2,
        "share": 120,
        "next_share": 160,
        "last_assigned_at": "2026-03-01T10:00:00+00:00",
        "budget_left": 900,
        "others": {"busy": 1, "topic": 1},
    }


@given(people, wishes, st.randoms(use_true_random=False))
def test_the_order_in_which_people_are_looked_at_decides_nothing(
    line: list[Candidate], wanted: Wish, shuffled: random.Random
) -> None:
    """Fails when two who are alike are told apart by their place in the list."""
    other = list(line)
    shuffled.shuffle(other)
    assert choose(line, wanted) == choose(other, wanted)
    assert ranked(line, wanted) == ranked(other, wanted)


@given(people, st.lists(wishes, max_size=6))
def test_the_same_again_gives_the_same(line: list[Candidate], wanted: list[Wish]) -> None:
    assert match(line, wanted) == match(list(line), list(wanted))


@given(people, st.lists(wishes, max_size=8))
def test_nobody_is_asked_against_a_rule_or_twice_at_a_time(line: list[Candidate], wanted: list[Wish]) -> None:
    found = match(line, wanted)
    chosen = [choice.candidate.volunteer_id for choice in found if choice]
    assert len(chosen) == len(set(chosen))
    for choice, one in zip(found, wanted, strict=True):
        if choice:
            assert unfit(choice.candidate, one) is None
        else:
            left = [candidate for candidate in line if candidate.volunteer_id not in chosen]
            assert not ranked(left, one), "somebody could have been asked"


@settings(max_examples=60)
@given(
    st.integers(2, 8).flatmap(
        lambda size: st.tuples(
            st.just(size),
            st.lists(
                st.tuples(
                    st.frozensets(st.integers(0, size - 1), min_size=1),
                    st.sampled_from([20, 40, 60]),
                ),
                max_size=120,
            ),
        )
    )
)
def test_over_many_visitors_nobody_goes_over_their_hours(
    story: tuple[int, list[tuple[frozenset[int], int]]],
) -> None:
    size, visits = story
    budget = 300
    line = [person(number + 1, budget=budget) for number in range(size)]
    for on_duty, minutes in visits:
        found = choose([line[index] for index in sorted(on_duty)], wish(minutes=minutes))
        if found is None:
            assert all(line[index].minutes + minutes > budget for index in on_duty)
            continue
        index = found.candidate.volunteer_id.int - 1
        line[index] = _replaced(after_asking(line[index], minutes), {"busy": False})
        assert line[index].minutes <= budget


@settings(max_examples=60)
@given(st.integers(2, 8), st.integers(1, 100), st.integers(0, 400))
def test_nobody_starves(size: int, visits: int, start: int) -> None:
    """Fails when somebody who can is passed over while others are asked twice: shares drift apart by a slot at most.

    ``start`` is where a newcomer begins: where the others are.
    """
    line = [person(number + 1, share=start) for number in range(size)]
    gap = dict.fromkeys(range(size), 0)
    for number in range(visits):
        found = choose(line, wish())
        assert found
        index = found.candidate.volunteer_id.int - 1
        at = NOW + timedelta(days=number)
        line[index] = _replaced(after_asking(line[index], SLOT), {"busy": False, "last_assigned_at": at})
        gap = {one: 0 if one == index else since + 1 for one, since in gap.items()}
        assert max(gap.values()) < size, "passed over more often than there are others"
        shares = [one.share for one in line]
        assert max(shares) - min(shares) <= SLOT


def test_a_newcomer_does_not_get_all_of_it() -> None:
    """Who begins where the smallest share is takes turns from then on, and does not first make up for years."""
    line = [person(1, share=4000), person(2, share=4000), person(3, share=4000)]
    asked = []
    for _ in range(6):
        found = choose(line, wish())
        assert found
        index = found.candidate.volunteer_id.int - 1
        asked.append(index)
        line[index] = _replaced(after_asking(line[index], SLOT), {"busy": False})
    assert sorted(asked) == [0, 0, 1, 1, 2, 2]
