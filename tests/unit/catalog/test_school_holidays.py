from datetime import date, timedelta
from itertools import pairwise

import pytest

from services.catalog.school_holidays import CALENDARS, Municipality

EACH = pytest.mark.parametrize("municipality", CALENDARS)


@EACH
def test_holidays_are_in_order_and_end_as_far_as_is_known(municipality: Municipality) -> None:
    """Fails when a year is written twice, days are swapped, or what is known is said to go further than it does."""
    calendar = CALENDARS[municipality]

    assert all(holiday.first <= holiday.last <= calendar.known_until for holiday in calendar.holidays)
    assert all(before.last < after.first for before, after in pairwise(calendar.holidays))
    assert calendar.known_until - calendar.holidays[-1].last <= timedelta(days=60)


def test_weeks_are_those_of_stockholm() -> None:
    """Fails when sportlov is not week 9, or höstlov not week 44."""
    for holiday in CALENDARS["stockholm"].holidays:
        week = {"Sportlov": 9, "Höstlov": 44}.get(holiday.names["sv"])
        if week:
            assert {day.isocalendar().week for day in (holiday.first, holiday.last)} == {week}
            assert (holiday.first.isoweekday(), holiday.last.isoweekday()) == (1, 5)


def test_both_ends_count_and_each_municipality_has_its_own() -> None:
    spring = (date(2027, 2, 26), date(2027, 3, 1))

    assert list(CALENDARS["stockholm"].between(*spring)) == [date(2027, 3, 1)]
    assert list(CALENDARS["halmstad"].between(*spring)) == [date(2027, 2, 26)]
    assert CALENDARS["stockholm"].between(date(2027, 3, 5), date(2027, 3, 5)) == {
        date(2027, 3, 5): {"sv": "Sportlov", "en": "Winter school break"}
    }
