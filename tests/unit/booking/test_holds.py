"""Seats are kept while somebody types, and not for longer."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.booking import domain
from services.booking.domain import (
    Book,
    Holding,
    Offered,
    Party,
    Queued,
    ReleaseHold,
    Seated,
    Session,
    TakeHold,
    decide,
)
from tests.unit.booking.samples import BEFORE, START, after, one, refusal, session

MINE, THEIRS, WAITING = UUID(int=20), UUID(int=21), UUID(int=22)
MINUTE = timedelta(minutes=1)


def two(adults: int = 2) -> Party:
    return Party(adults=adults, children=0)


def held(state: Session, now: datetime = BEFORE, *, hold: UUID = MINE, adults: int = 2) -> Session:
    return after(state, TakeHold(id=hold, party=two(adults)), now=now).session


def test_held_seats_are_nobody_else_s() -> None:
    state = held(session(seats=3))
    assert (state.taken, state.left) == (2, 1)
    assert refusal(one(state, Book(party=two()))[1]) is domain.SoldOut
    assert refusal(one(state, TakeHold(id=THEIRS, party=two()))[1]) is domain.SoldOut


def test_who_held_seats_books_them() -> None:
    state, outcome = one(held(session(seats=2)), Book(party=two(), hold=MINE))
    assert outcome == Seated(seats=2)
    assert (state.taken, state.holds) == (2, ())


def test_who_comes_with_more_than_was_held_needs_free_seats_for_those() -> None:
    assert isinstance(one(held(session(seats=3)), Book(party=two(3), hold=MINE))[1], Seated)
    state, outcome = one(held(session(seats=2)), Book(party=two(3), hold=MINE))
    assert refusal(outcome) is domain.SoldOut
    assert state.hold(MINE), "what was held still is"


def test_who_comes_with_fewer_gives_the_rest_back() -> None:
    state, _ = one(held(session(seats=2)), Book(party=two(1), hold=MINE))
    assert (state.taken, state.left) == (1, 1)


def test_who_held_seats_is_not_overtaken_by_who_came_to_wait_meanwhile() -> None:
    state = after(held(session(seats=2)), Book(party=two(1), queue_as=WAITING)).session
    assert isinstance(one(state, Book(party=two(), hold=MINE))[1], Seated)


def test_who_waits_after_all_holds_nothing() -> None:
    state, outcome = one(held(session(seats=2)), Book(party=two(3), hold=MINE, queue_as=WAITING))
    assert refusal(outcome) is domain.SoldOut, "three will never fit into two"
    state = after(session(seats=4), TakeHold(id=THEIRS, party=two())).session
    state, outcome = one(held(state), Book(party=two(3), hold=MINE, queue_as=WAITING))
    assert outcome == Queued(seats=3)
    assert [one.id for one in state.holds] == [THEIRS]


def test_a_hold_lasts_a_quarter_of_an_hour_and_with_signs_of_life_an_hour() -> None:
    state = held(session())
    assert decide(state, [], BEFORE + 15 * MINUTE).session.taken == 0
    for minutes in (14, 28, 42, 56):
        state = held(state, BEFORE + minutes * MINUTE)
    mine = state.hold(MINE)
    assert mine is not None
    assert mine.until == mine.longest == BEFORE + 60 * MINUTE == state.wakes_at(BEFORE)
    assert decide(state, [], BEFORE + 60 * MINUTE).session.holds == ()


def test_what_ends_is_offered_to_who_waits() -> None:
    state = after(held(session(seats=2)), Book(party=two(1), queue_as=WAITING)).session
    assert decide(state, [], BEFORE + 15 * MINUTE).happened == (Offered(id=WAITING),)
    assert after(state, ReleaseHold(id=MINE)).happened == (Offered(id=WAITING),)


def test_a_hold_may_grow_and_shrink_with_the_party() -> None:
    state = held(session(seats=3))
    assert held(state, adults=3).taken == 3
    assert held(state, adults=1).taken == 1
    grown, outcome = one(state, TakeHold(id=MINE, party=two(4)))
    assert refusal(outcome) is domain.SoldOut
    assert grown.taken == 2


def test_at_the_start_nothing_is_held_any_more() -> None:
    state = held(session(), START - MINUTE)
    assert decide(state, [], START).session.taken == 0


@pytest.mark.parametrize(
    ("changes", "adults", "now", "expected"),
    [
        ({}, 1, START, domain.Closed),
        ({"mode": "drop_in"}, 1, BEFORE, domain.NotOpen),
        ({}, 5, BEFORE, domain.PartyTooLarge),
        ({}, 0, BEFORE, domain.PartyEmpty),
        ({"counts": "children"}, 2, BEFORE, domain.PartyEmpty),
    ],
)
def test_nothing_is_held_for_who_could_not_book(
    changes: dict[str, object], adults: int, now: datetime, expected: type[Exception]
) -> None:
    state, outcome = one(session(**changes), TakeHold(id=MINE, party=two(adults)), now)
    assert refusal(outcome) is expected
    assert state.taken == 0


def test_one_that_is_gone_is_taken_anew_under_its_old_name() -> None:
    state, outcome = one(session(), TakeHold(id=MINE, party=two()))
    assert isinstance(outcome, Holding)
    lapsed = decide(state, [], BEFORE + 20 * MINUTE).session
    _, outcome = one(lapsed, TakeHold(id=MINE, party=two()), BEFORE + 20 * MINUTE)
    assert isinstance(outcome, Holding)
    assert outcome.held.since == BEFORE + 20 * MINUTE
