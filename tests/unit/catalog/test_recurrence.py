"""Dates of a rule: the right ones, and a name for what is wrong with it, at once."""

from datetime import date, time, timedelta
from time import thread_time
from zoneinfo import ZoneInfo

import pytest

from services.catalog import recurrence
from services.catalog.domain import Invalid

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST = date(2027, 1, 12)
"""A Tuesday."""


def dates(rule: str, first: date = FIRST, at: time = time(17)) -> list[str]:
    return [day.isoformat() for day in recurrence.dates(rule, first, at, STOCKHOLM)]


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=2027-02-02", ["2027-01-12", "2027-01-19", "2027-01-26", "2027-02-02"]),
        ("freq=weekly;until=20270126", ["2027-01-12", "2027-01-19", "2027-01-26"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3", ["2027-01-12", "2027-01-26", "2027-02-09"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3", ["2027-01-13", "2027-01-18", "2027-01-20"]),
        ("FREQ=MONTHLY;BYDAY=1TU;COUNT=3", ["2027-02-02", "2027-03-02", "2027-04-06"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["2027-01-29", "2027-02-26"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", ["2027-01-31", "2027-03-31", "2027-05-31"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", ["2027-01-29", "2027-02-26"]),
        ("FREQ=DAILY;COUNT=2", ["2027-01-12", "2027-01-13"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;UNTIL=2028-12-31", ["2028-02-29"]),
    ],
)
def test_a_rule_gives_its_dates(rule: str, given: list[str]) -> None:
    assert dates(rule) == given


def test_an_end_with_a_time_is_compared_to_the_clock_on_the_wall() -> None:
    """Fails when a moment in UTC is read as local: in summer 15.00 UTC is 17.00 in Stockholm."""
    assert dates("FREQ=DAILY;UNTIL=20270613T150000Z", date(2027, 6, 12)) == ["2027-06-12", "2027-06-13"]
    assert dates("FREQ=DAILY;UNTIL=20270613T145959Z", date(2027, 6, 12)) == ["2027-06-12"]
    assert dates("FREQ=DAILY;UNTIL=20270613T165959", date(2027, 6, 12)) == ["2027-06-12"]


def test_leap_days_and_weekdays_are_those_of_the_year_that_is_meant() -> None:
    """Fails when the years in which dates are looked for are not the same to the day."""
    for year in range(2026, 2126):
        first = date(year, 2, 27)
        assert dates("FREQ=DAILY;COUNT=3", first) == [str(first + timedelta(days=number)) for number in range(3)]
        (monday,) = dates("FREQ=WEEKLY;BYDAY=MO;COUNT=1", first)
        assert date.fromisoformat(monday).weekday() == 0


NO_RULES = [
    "WEEKLY",
    "FREQ=WEEKLY",
    "FREQ=HOURLY;COUNT=2",
    "COUNT=3",
    "FREQ=WEEKLY;COUNT=3;UNTIL=2027-06-01",
    "FREQ=WEEKLY;COUNT=3;COUNT=4",
    "FREQ=WEEKLY;COUNT=0",
    "FREQ=WEEKLY;COUNT=-1",
    "FREQ=WEEKLY;COUNT=٣",
    "FREQ=WEEKLY;INTERVAL=0;COUNT=3",
    "FREQ=WEEKLY;BYDAY=XX;COUNT=3",
    "FREQ=WEEKLY;BYDAY=2TU;COUNT=3",
    "FREQ=MONTHLY;BYMONTHDAY=99;COUNT=3",
    "FREQ=MONTHLY;BYDAY=9MO;COUNT=3",
    "FREQ=DAILY;BYHOUR=9,17;COUNT=3",
    "FREQ=WEEKLY;BYEASTER=0;COUNT=3",
    "FREQ=WEEKLY;UNTIL=2027-02-31",
    "FREQ=WEEKLY;UNTIL=20270231T170000Z",
    "FREQ=WEEKLY;UNTIL=2027-01-11",
    "FREQ=WEEKLY;UNTIL=2054-01-11",
    "FREQ=WEEKLY;COUNT=3;",
    "FREQ=WEEKLY;COUNT=3\nDTSTART:20270101",
    "RRULE:FREQ=WEEKLY;COUNT=3",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31;COUNT=3",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;COUNT=3",
    "FREQ=DAILY;INTERVAL=7;BYDAY=WE;COUNT=3",
    "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=50;COUNT=3",
    "FREQ=DAILY;BYMONTH=13;COUNT=3",
    "FREQ=DAILY;COUNT=10000",
    "FREQ=DAILY;COUNT=401",
    "FREQ=DAILY;UNTIL=2028-12-31",
]


@pytest.mark.parametrize("rule", NO_RULES)
def test_what_is_no_rule_or_gives_no_dates_or_too_many_is_refused_at_once(rule: str) -> None:
    """Fails when a rule without dates is searched until the year 9999, or ten thousand dates are made."""
    started = thread_time()
    with pytest.raises(Invalid) as refused:
        dates(rule)

    assert refused.value.field == "rule"
    assert thread_time() - started < 2


def test_four_hundred_dates_fit() -> None:
    assert len(dates("FREQ=DAILY;COUNT=400")) == 400


@pytest.mark.parametrize(
    ("rule", "shift", "expected", "starts"),
    [
        ("FREQ=WEEKLY;COUNT=4", 0, "FREQ=WEEKLY;BYDAY=TU;UNTIL=2027-06-06", date(2027, 1, 12)),
        ("FREQ=WEEKLY;BYDAY=TU,SU;UNTIL=2026-12-01", 0, "FREQ=WEEKLY;BYDAY=TU,SU;UNTIL=2027-06-06", date(2027, 1, 12)),
        ("FREQ=WEEKLY;BYDAY=TU,SU", 1, "FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=2027-06-06", date(2027, 1, 11)),
        ("freq=weekly;interval=2;byday=MO", -1, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;UNTIL=2027-06-06", date(2027, 1, 17)),
        ("FREQ=MONTHLY;COUNT=3", 0, "FREQ=MONTHLY;BYMONTHDAY=1;UNTIL=2027-06-06", date(2027, 1, 11)),
        ("FREQ=MONTHLY;BYDAY=1TU;COUNT=3", 3, "FREQ=MONTHLY;BYDAY=1TU;UNTIL=2027-06-06", date(2027, 1, 11)),
        ("FREQ=YEARLY;COUNT=2", 0, "FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=9;UNTIL=2027-06-06", date(2027, 1, 11)),
        ("FREQ=DAILY;COUNT=9", 0, "FREQ=DAILY;UNTIL=2027-06-06", date(2027, 1, 11)),
    ],
)
def test_a_rule_goes_on_in_a_later_term(rule: str, shift: int, expected: str, starts: date) -> None:
    """Fails when what the first date said is lost, or a rhythm is counted from another day than its first one."""
    found = recurrence.again(rule, date(2026, 9, 1), shift, date(2027, 1, 11), date(2027, 6, 6))

    assert found == (expected, starts)
