"""After the start: who is missed, and who gets their seat."""

from datetime import timedelta

import pytest

from services.booking import domain
from services.booking.domain import Command, MarkAbsent, MarkPresent, SeatStandby
from tests.unit.booking.samples import START, one, refusal, session

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("command", "minutes", "expected"),
    [
        (MarkAbsent(seats=1), 9, domain.TooEarly),
        (MarkAbsent(seats=1), 10, None),
        (MarkAbsent(seats=1), 600, None),  # corrected in the evening
        (SeatStandby(seats=1), -1, domain.TooEarly),
        (SeatStandby(seats=1), 0, domain.SoldOut),
        (SeatStandby(seats=1), 90, domain.Closed),
    ],
)
def test_when_it_may_be_said(command: Command, minutes: int, expected: type[Exception] | None) -> None:
    full = session(seats=2).with_taken(2)
    assert refusal(one(full, command, START + minutes * MINUTE)[1]) == expected


def test_the_seat_of_who_is_absent_goes_to_who_stands_by_and_does_not_come_back() -> None:
    later = START + 10 * MINUTE
    state, _ = one(session(seats=2).with_taken(2), MarkAbsent(seats=2), later)
    assert state.taken == 0
    state, _ = one(state, SeatStandby(seats=1), later)
    assert refusal(one(state, MarkPresent(seats=2), later)[1]) is domain.SoldOut
    state, _ = one(state, MarkPresent(seats=1), later)
    assert state.taken == 2


def test_nobody_is_seated_above_capacity_because_staff_lowered_it() -> None:
    later = START + 10 * MINUTE
    state = session(seats=2).with_taken(3)
    state, _ = one(state, MarkAbsent(seats=1), later)
    assert refusal(one(state, SeatStandby(seats=1), later)[1]) is domain.SoldOut
