from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
    Publish,
    Refused,
    Republished,
    Seated,
    Session,
    Terms,
    decide,
)

START = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
BEFORE = START - timedelta(days=3)
TERMS = Terms(
    status="published",
    starts_at=START,
    ends_at=START + timedelta(minutes=90),
    place="branch/kista/",
    branch_id="kista",
    mode="booking",
    counts="persons",
    seats=15,
    walk_in=0,
    queue=8,
    party_max=4,
    late_cancel_hours=24,
)


def session(**changes: object) -> Session:
    return Session.new(UUID(int=1), replace(TERMS, **changes))  # type: ignore[arg-type]  # any field of Terms


def one(state: Session, command: Command, now: datetime = BEFORE) -> tuple[Session, domain.Outcome]:
    state, [outcome] = decide(state, [command], now)
    return state, outcome


def refusal(outcome: domain.Outcome) -> type[Exception] | None:
    return type(outcome.refusal) if isinstance(outcome, Refused) else None


def test_a_party_takes_its_seats() -> None:
    after, outcome = one(session(), Book(adults=2, children=1))
    assert outcome == Seated(seats=3)
    assert (after.taken, after.left) == (3, 12)


@pytest.mark.parametrize(
    ("changes", "adults", "children", "now", "expected"),
    [
        ({"seats": 2}, 3, 0, BEFORE, domain.SoldOut),
        ({"seats": 5, "walk_in": 3}, 3, 0, BEFORE, domain.SoldOut),
        ({"mode": "drop_in"}, 1, 0, BEFORE, domain.NotOpen),
        ({"status": "withdrawn"}, 1, 0, BEFORE, domain.Closed),
        ({"status": "cancelled"}, 1, 0, BEFORE, domain.Closed),
        ({}, 1, 0, START, domain.Closed),
        ({}, 1, 0, START - timedelta(microseconds=1), None),
        ({}, 3, 2, BEFORE, domain.PartyTooLarge),
        ({}, 0, 0, BEFORE, domain.PartyEmpty),
        ({"counts": "children"}, 2, 0, BEFORE, domain.PartyEmpty),
        ({"counts": "children", "seats": 1}, 2, 1, BEFORE, None),
        ({"counts": "bookings", "seats": 1, "party_max": 40}, 2, 30, BEFORE, None),
    ],
)
def test_who_gets_in(
    changes: dict[str, object], adults: int, children: int, now: datetime, expected: type[Exception] | None
) -> None:
    before = session(**changes)
    after, outcome = one(before, Book(adults=adults, children=children), now)
    assert refusal(outcome) == expected
    assert (after == before) == (expected is not None)


def test_a_whole_party_or_nobody() -> None:
    state, outcomes = decide(session(seats=5), [Book(adults=3, children=0)] * 2 + [Book(adults=2, children=0)], BEFORE)
    assert [refusal(outcome) for outcome in outcomes] == [None, domain.SoldOut, None]
    assert state.taken == 5


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
    state, _ = one(state, GiveBack(seats=3, by="visitor"))
    assert (state.taken, state.ceiling, state.left) == (7, 7, 0)
    state, _ = one(state, GiveBack(seats=3, by="visitor"))
    assert (state.taken, state.ceiling, state.left) == (4, 6, 2)


def test_people_are_told_of_another_time_or_place_and_of_nothing_else() -> None:
    later = replace(TERMS, starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=2))
    assert one(session(), Publish(terms=later))[1] == Republished(changed=("time",))
    assert one(session(), Publish(terms=replace(later, place="branch/kista/2")))[1] == Republished(
        changed=("time", "place")
    )
    assert one(session(), Publish(terms=replace(TERMS, seats=3, party_max=1)))[1] == Republished(changed=())


commands = st.lists(
    st.one_of(
        st.builds(Book, adults=st.integers(0, 5), children=st.integers(0, 5)),
        st.builds(lambda seats: Publish(terms=replace(TERMS, seats=seats)), st.integers(0, 20)),
        st.just("give back"),
    ),
    max_size=40,
)


@given(commands)
def test_never_a_seat_too_many(steps: list[Command | str]) -> None:
    """Fails when the comparison with the capacity is left out, or when a lowered ceiling does not shrink."""
    state = session(seats=8)
    parties: list[int] = []
    for step in steps:
        before = state
        if isinstance(step, str):
            if not parties:
                continue
            state, outcome = one(state, GiveBack(seats=parties.pop(), by="visitor"))
        else:
            state, outcome = one(state, step)
        if isinstance(outcome, Seated):
            parties.append(outcome.seats)
            assert state.taken <= state.terms.capacity
        assert state.taken == sum(parties)
        assert 0 <= state.taken <= state.ceiling
        assert state.left == max(0, state.terms.capacity - state.taken)
        assert state.ceiling <= max(before.ceiling, state.terms.capacity)
