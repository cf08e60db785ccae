"""Who came, who did not, and why: what may be said, and what it means for seats."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.booking.domain import (
    Closed,
    Closing,
    MarkAbsent,
    MarkPresent,
    NotBegun,
    NotHeld,
    NotSeated,
    TooEarly,
    command_for,
    corrected,
    decide,
    may_be_closed,
    may_be_marked,
    of_late_cancel,
)
from services.booking.domain.commands import GiveBack
from tests.unit.booking.samples import BEFORE, START, TERMS, one, refusal, session

OVER = TERMS.ends_at


@pytest.mark.parametrize(
    ("before", "mark", "expected"),
    [
        (None, "came", None),
        (None, "no_show", MarkAbsent(seats=2)),
        (None, "excused", MarkAbsent(seats=2, excused=True)),
        ("came", "no_show", MarkAbsent(seats=2)),
        ("no_show", "excused", None),
        ("excused", "no_show", None),
        ("no_show", "came", MarkPresent(seats=2)),
        ("excused", None, MarkPresent(seats=2)),
        (None, "revoked", GiveBack(seats=2, by="staff")),
        ("no_show", "revoked", GiveBack(seats=0, by="staff")),
    ],
)
def test_what_staff_say_means_for_seats(before: str | None, mark: object, expected: object) -> None:
    assert command_for(before, mark, 2) == expected  # type: ignore[arg-type]  # a mark


@pytest.mark.parametrize(
    ("excused", "at", "expected"),
    [
        (True, START - timedelta(seconds=1), TooEarly),
        (True, START, None),
        (False, START + timedelta(minutes=10) - timedelta(seconds=1), TooEarly),
        (False, START + timedelta(minutes=10), None),
    ],
)
def test_who_said_why_need_not_be_waited_for(*, excused: bool, at: object, expected: object) -> None:
    taken = session().with_taken(2)
    after, outcome = one(taken, MarkAbsent(seats=2, excused=excused), at)  # type: ignore[arg-type]  # a time
    assert refusal(outcome) == expected
    assert after.taken == (2 if expected else 0)


def test_no_seat_is_taken_away_from_who_is_there_nor_afterwards() -> None:
    may_be_marked(TERMS, None, "revoked", BEFORE)
    may_be_marked(TERMS, "no_show", "revoked", OVER - timedelta(seconds=1))
    with pytest.raises(Closed):
        may_be_marked(TERMS, "came", "revoked", START)
    with pytest.raises(Closed):
        may_be_marked(TERMS, None, "revoked", OVER)
    with pytest.raises(TooEarly):
        may_be_marked(TERMS, None, "came", START - timedelta(minutes=61))
    may_be_marked(TERMS, None, "came", START - timedelta(minutes=60))


def test_a_late_cancellation_may_be_excused_and_nothing_else() -> None:
    assert of_late_cancel("excused") == "excused"
    assert of_late_cancel(None) == "late_cancel"
    for mark in ("came", "no_show", "revoked"):
        with pytest.raises(NotSeated):
            of_late_cancel(mark)


HELD = Closing(
    held=True,
    adults=9,
    children=2,
    staff_involved=True,
    organiser="library",
    place="branch",
    closed_group=False,
)


def test_a_session_is_closed_once_it_has_begun() -> None:
    may_be_closed(TERMS, HELD, START)
    not_held = corrected(HELD, {"held": False})
    assert (not_held.adults, not_held.children) == (0, 0)
    may_be_closed(TERMS, not_held, START)
    for closing in (HELD, not_held):
        with pytest.raises(NotBegun):
            may_be_closed(TERMS, closing, START - timedelta(seconds=1))


@pytest.mark.parametrize(("people", "field"), [({"adults": 1}, "adults"), ({"children": 1}, "children")])
def test_nobody_comes_to_what_is_not_held(people: dict[str, int], field: str) -> None:
    with pytest.raises(NotHeld) as wrong:
        may_be_closed(TERMS, corrected(HELD, {"held": False} | people), OVER)
    assert wrong.value.field == field


def test_what_was_cancelled_was_not_held() -> None:
    cancelled = session(status="cancelled").terms
    may_be_closed(cancelled, corrected(HELD, {"held": False}), OVER)
    with pytest.raises(NotHeld) as wrong:
        may_be_closed(cancelled, HELD, OVER)
    assert wrong.value.field == "held"


def test_seats_of_the_excused_are_offered_to_nobody_by_themselves() -> None:
    state = session(seats=2, queue=4).with_taken(2)
    decision = decide(state, [MarkAbsent(seats=2, excused=True)], START)
    assert decision.happened == ()
    assert decision.session.id == UUID(int=1)
