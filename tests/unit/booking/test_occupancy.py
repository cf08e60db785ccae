"""How a session stands with newcomers, and what is above what staff set."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.booking.domain import Occupancy
from tests.unit.booking.samples import BEFORE, START

SEEN = Occupancy(
    session_id=UUID(int=1),
    branch_id="kista",
    revision=4,
    status="published",
    starts_at=START,
    ends_at=START + timedelta(minutes=90),
    opens_at=None,
    closes_at=None,
    mode="mixed",
    counts="persons",
    seats=15,
    walk_in=5,
    queue=8,
    ceiling=10,
    taken=7,
    confirmed=5,
    held=1,
    offered=1,
    queued=0,
    queued_seats=0,
    walk_ins=2,
    came=0,
    closed=False,
)


def seen(**changes: object) -> Occupancy:
    return replace(SEEN, **changes)  # type: ignore[arg-type]  # any field of Occupancy


@pytest.mark.parametrize(
    ("changes", "now", "standing"),
    [
        ({}, BEFORE, "open"),
        ({"opens_at": BEFORE + timedelta(hours=1)}, BEFORE, "later"),
        ({"opens_at": BEFORE}, BEFORE, "open"),
        ({"closes_at": BEFORE}, BEFORE, "shut"),
        ({"closes_at": BEFORE}, START, "begun"),
        ({}, START + timedelta(minutes=89), "begun"),
        ({}, START + timedelta(minutes=90), "over"),
        ({"status": "withdrawn"}, START + timedelta(days=1), "withdrawn"),
        ({"status": "cancelled"}, BEFORE, "cancelled"),
    ],
)
def test_how_it_stands_with_newcomers(changes: dict[str, object], now: datetime, standing: str) -> None:
    assert seen(**changes).standing(now) == standing


@pytest.mark.parametrize(
    ("changes", "numbers"),
    [
        ({}, (10, 3, 0)),
        ({"seats": 10}, (5, 0, 2)),
        ({"mode": "drop_in", "taken": 0}, (0, 0, 0)),
        ({"mode": "drop_in"}, (0, 0, 7)),
    ],
)
def test_seats_that_can_be_booked_are_free_or_were_taken_above_what_staff_set(
    changes: dict[str, object], numbers: tuple[int, int, int]
) -> None:
    one = seen(**changes)
    assert (one.capacity, one.free, one.overhang) == numbers
