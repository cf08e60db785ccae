from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking import domain
from services.booking.domain import (
    Book,
    Command,
    GiveBack,
    GivenBack,
    Party,
    Publish,
    Republished,
    Seated,
    Session,
    Shrink,
    Shrunk,
    decide,
)
from tests.unit.booking.samples import BEFORE, START, TERMS, one, refusal, session


def test_a_party_takes_its_seats() -> None:
    after, outcome = one(session(), Book(party=Party(adults=2, children=1)))
    assert outcome == Seated(seats=3)
    assert (after.taken, after.left) == (3, 12)


@pytest.mark.parametrize(
    ("changes", "adults", "children", "now", "expected"),
    [
        ({"seats": 2}, 3, 0, BEFORE, domain.SoldOut),
        ({"seats": 5, "walk_in": 3}, 3, 0, BEFORE, domain.SoldOut),
        ({"mode": "drop_in"}, 1, 0, BEFORE, domain.NotOpen),
        ({"booked_by": "staff"}, 1, 0, BEFORE, domain.NotOpen),
        ({"booked_by": "staff"}, 1, 0, START, domain.Closed),
        ({"status": "withdrawn"}, 1, 0, BEFORE, domain.Closed),
        ({"status": "cancelled"}, 1, 0, BEFORE, domain.Closed),
        ({}, 1, 0, START, domain.Closed),
        ({}, 1, 0, START - timedelta(microseconds=1), None),
        ({}, 3, 2, BEFORE, domain.PartyTooLarge),
        ({}, 0, 0, BEFORE, domain.PartyEmpty),
        ({"counts": "children"}, 2, 0, BEFORE, domain.PartyEmpty),
        ({"counts": "children", "seats": 1}, 2, 1, BEFORE, None),
        ({"counts": "children"}, 0, 2, BEFORE, domain.AdultMissing),
        ({"counts": "children"}, 0, 0, BEFORE, domain.PartyEmpty),
        ({}, 0, 2, BEFORE, None),
        ({"counts": "bookings", "party_max": 40}, 0, 30, BEFORE, None),
        ({"counts": "bookings", "seats": 1, "party_max": 40}, 2, 30, BEFORE, None),
    ],
)
def test_who_gets_in(
    changes: dict[str, object], adults: int, children: int, now: datetime, expected: type[Exception] | None
) -> None:
    before = session(**changes)
    after, outcome = one(before, Book(party=Party(adults=adults, children=children)), now)
    assert refusal(outcome) == expected
    assert (after == before) == (expected is not None)


def test_a_whole_party_or_nobody() -> None:
    decision = decide(
        session(seats=5),
        [Book(party=Party(adults=3, children=0))] * 2 + [Book(party=Party(adults=2, children=0))],
        BEFORE,
    )
    assert [refusal(outcome) for outcome in decision.outcomes] == [None, domain.SoldOut, None]
    assert decision.session.taken == 5


@pytest.mark.parametrize(
    ("hours_before", "late"),
    [(72, False), (24, False), (23.9, True), (0.1, True)],
)
def test_a_late_cancellation_is_only_classed(hours_before: float, late: bool) -> None:  # noqa: FBT001 - a table's column
    state = session().with_taken(2)
    after, outcome = one(state, GiveBack(seats=2, by="visitor"), START - timedelta(hours=hours_before))
    assert outcome == GivenBack(late=late)
    assert after.taken == 0


def test_after_the_start_only_the_library_takes_seats_back() -> None:
    state = session().with_taken(2)
    assert refusal(one(state, GiveBack(seats=2, by="visitor"), START)[1]) is domain.Closed
    assert one(state, GiveBack(seats=2, by="library"), START)[1] == GivenBack(late=False)


def test_lowering_the_capacity_throws_nobody_out_and_its_ceiling_shrinks_as_seats_come_back() -> None:
    state = session().with_taken(10)
    state, outcome = one(state, Publish(terms=replace(TERMS, seats=6)))
    assert outcome == Republished(changed=())
    assert (state.taken, state.ceiling, state.left) == (10, 10, 0)
    state, _ = one(state, GiveBack(seats=1, by="visitor"))
    assert (state.taken, state.ceiling, state.left) == (9, 9, 0)
    trio, single = Party(adults=3, children=0), Party(adults=1, children=0)
    state, _ = one(state, Shrink(id=UUID(int=3), seats=3, booked=trio, coming=single))
    assert (state.taken, state.ceiling, state.left) == (7, 7, 0)
    state, _ = one(state, GiveBack(seats=3, by="visitor"))
    assert (state.taken, state.ceiling, state.left) == (4, 6, 2)


def shrink(
    was: tuple[int, int],
    to: tuple[int, int],
    changes: Mapping[str, object],
    now: datetime = BEFORE,
    *,
    seats: int | None = None,
) -> tuple[Session, domain.Outcome]:
    """Have a party (adults, children) that is alone in a session become another one."""
    terms = replace(TERMS, **changes)  # type: ignore[arg-type]  # any field of Terms
    booked, coming = (Party(adults=adults, children=children) for adults, children in (was, to))
    held = domain.seats_of(terms, booked) if seats is None else seats
    state = Session.new(UUID(int=1), terms, BEFORE).with_taken(held)
    return one(state, Shrink(id=UUID(int=3), seats=held, booked=booked, coming=coming), now)


@pytest.mark.parametrize(
    ("counts", "was", "to", "expected"),
    [
        ("persons", (3, 1), (2, 0), Shrunk(seats=2, given_back=2)),
        ("persons", (1, 2), (1, 1), Shrunk(seats=2, given_back=1)),
        ("children", (2, 3), (1, 1), Shrunk(seats=1, given_back=2)),
        ("children", (2, 1), (1, 1), Shrunk(seats=1, given_back=0)),
        ("children", (0, 2), (0, 1), Shrunk(seats=1, given_back=1)),  # booked before that was refused
        ("bookings", (2, 30), (2, 25), Shrunk(seats=1, given_back=0)),
    ],
)
def test_a_party_that_shrinks_keeps_the_seats_of_those_who_come(
    counts: str, was: tuple[int, int], to: tuple[int, int], expected: Shrunk
) -> None:
    after, outcome = shrink(was, to, {"counts": counts})
    assert outcome == expected
    assert after.taken == expected.seats


@pytest.mark.parametrize(
    ("changes", "to", "now", "expected"),
    [
        ({}, (3, 1), BEFORE, domain.PartyGrows),
        ({}, (1, 2), BEFORE, domain.PartyGrows),  # fewer in all, but another child
        ({"counts": "children"}, (3, 1), BEFORE, domain.PartyGrows),  # although the seats stay
        ({}, (0, 0), BEFORE, domain.PartyEmpty),
        ({"counts": "children"}, (1, 0), BEFORE, domain.PartyEmpty),
        ({"counts": "children"}, (0, 1), BEFORE, domain.AdultMissing),
        ({}, (0, 1), BEFORE, None),
        ({}, (1, 0), START, domain.Closed),
        ({}, (1, 0), START - timedelta(microseconds=1), None),
        ({"status": "cancelled"}, (1, 0), BEFORE, domain.Closed),
        ({"status": "withdrawn"}, (1, 0), BEFORE, None),
        ({"party_max": 1}, (2, 0), BEFORE, None),  # lowered since: what is fewer is welcome
        ({"mode": "drop_in"}, (1, 0), BEFORE, None),
    ],
)
def test_who_may_not_shrink(
    changes: dict[str, object], to: tuple[int, int], now: datetime, expected: type[Exception] | None
) -> None:
    after, outcome = shrink((2, 1), to, changes, now)
    assert refusal(outcome) == expected
    assert (after.taken == domain.seats_of(after.terms, Party(adults=2, children=1))) == (expected is not None)


def test_a_party_that_would_need_more_seats_than_it_has_does_not_shrink() -> None:
    """The session has come to count otherwise. Fails when only people are compared: it would take seats."""
    after, outcome = shrink((2, 1), (2, 0), {}, seats=1)
    assert refusal(outcome) is domain.PartyGrows
    assert after.taken == 1


def test_people_are_told_of_another_time_or_place_and_of_nothing_else() -> None:
    later = replace(TERMS, starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=2))
    assert one(session(), Publish(terms=later))[1] == Republished(changed=("time",))
    assert one(session(), Publish(terms=replace(later, place="branch/kista/2")))[1] == Republished(
        changed=("time", "place")
    )
    assert one(session(), Publish(terms=replace(TERMS, seats=3, party_max=1)))[1] == Republished(changed=())


parties = st.builds(Party, adults=st.integers(0, 5), children=st.integers(0, 5))
steps_of_a_day = st.lists(
    st.one_of(
        st.builds(Book, party=parties),
        st.builds(lambda seats: Publish(terms=replace(TERMS, seats=seats)), st.integers(0, 20)),
        parties,
        st.just("give back"),
    ),
    max_size=40,
)


@given(steps_of_a_day)
def test_never_a_seat_too_many(steps: list[Command | Party | str]) -> None:
    """Each step is a command, what the newest party shrinks to, or that it gives its seats back.

    Fails when the comparison with the capacity is left out, when a lowered ceiling does not shrink, or when a party
    may grow.
    """
    state = session(seats=8)
    booked: list[tuple[Party, int]] = []
    for step in steps:
        before = state
        match step:
            case str() | Party() if not booked:
                continue
            case str():
                _, seats = booked.pop()
                state, outcome = one(state, GiveBack(seats=seats, by="visitor"))
            case Party():
                party, seats = booked[-1]
                state, outcome = one(state, Shrink(id=UUID(int=3), seats=seats, booked=party, coming=step))
                if isinstance(outcome, Shrunk):
                    assert outcome.given_back == seats - outcome.seats >= 0
                    booked[-1] = (step, outcome.seats)
            case _:
                state, outcome = one(state, step)
        if isinstance(step, Book) and isinstance(outcome, Seated):
            booked.append((step.party, outcome.seats))
            assert state.taken <= state.terms.capacity
        assert state.taken == sum(seats for _, seats in booked)
        assert 0 <= state.taken <= state.ceiling
        assert state.left == max(0, state.terms.capacity - state.taken)
        assert state.ceiling <= max(before.ceiling, state.terms.capacity)
