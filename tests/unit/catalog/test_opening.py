from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.catalog.opening import Closure, Hours, Opening

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY = date(2026, 3, 2)


def hours(weekday: int, opens: int, closes: int, *, staffed: bool = True) -> Hours:
    return Hours(branch_id="kista", weekday=weekday, opens=time(opens), closes=time(closes), staffed=staffed)


def closure(first: date, last: date, branch: str | None = "kista") -> Closure:
    return Closure(id=UUID(int=1), branch_id=branch, first_day=first, last_day=last, reasons={"sv": "Vi flyttar"})


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=STOCKHOLM)


KISTA = Opening([hours(0, 10, 18), hours(0, 18, 21, staffed=False), hours(1, 10, 18)], (), ())


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        (at(10), at(18), True),
        (at(9, 59), at(11), False),
        (at(17), at(18, 1), False),
        (at(18), at(20), False),
        (at(17), at(11, day=date(2026, 3, 3)), False),
        (at(12, day=date(2026, 3, 4)), at(13, day=date(2026, 3, 4)), False),
    ],
)
def test_what_needs_staff_fits_into_staffed_hours_of_one_day(start: datetime, end: datetime, fits: bool) -> None:  # noqa: FBT001 - a column of the table
    """Fails when an edge of the hours is off, unstaffed ones count, or something runs into the next day."""
    assert KISTA.is_open("kista", start, end, staffed=True) is fits


def test_what_needs_no_staff_may_be_in_the_evening_too() -> None:
    """Fails when unstaffed hours are shut for those who may use them, or another branch's hours count."""
    assert KISTA.is_open("kista", at(18), at(20), staffed=False)
    assert KISTA.is_open("kista", at(11), at(12), staffed=False)
    assert not KISTA.is_open("kista", at(20), at(22), staffed=False)
    assert not KISTA.is_open("husby", at(11), at(12), staffed=False)


def test_a_branch_is_shut_on_both_ends_of_its_closure_and_the_others_are_not() -> None:
    """Fails when a closure is short by a day, or shuts a branch that it is not about."""
    opening = Opening([hours(0, 10, 18)], [closure(date(2026, 3, 1), MONDAY)], ())

    assert [opening.shut("kista", date(2026, 3, day)) for day in (1, 2, 3)] == [True, True, False]
    assert not opening.shut("husby", MONDAY)
    assert not opening.is_open("kista", at(11), at(12), staffed=True)


def test_every_branch_is_shut_on_red_days_and_when_a_closure_names_none() -> None:
    """Fails when a closure of all is taken for one of none."""
    assert Opening((), [closure(MONDAY, MONDAY, None)], ()).shut("husby", MONDAY)
    assert Opening((), (), {MONDAY}).shut("husby", MONDAY)
