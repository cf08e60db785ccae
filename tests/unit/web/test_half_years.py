"""The half-years that libraries plan by."""

from datetime import date, timedelta

import pytest

from services.web.staff.planning import HalfYear, half_year_called, half_year_of

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("day", "half"),
    [
        (date(2026, 1, 1), "2026-spring"),
        (date(2026, 6, 30), "2026-spring"),
        (date(2026, 7, 1), "2026-autumn"),
        (date(2026, 12, 31), "2026-autumn"),
    ],
)
def test_every_day_is_in_one(day: date, half: str) -> None:
    found = half_year_of(day)

    assert found.id == half
    assert found.first <= day <= found.last
    assert found.first <= found.begins < found.ends <= found.last


def test_they_follow_each_other_without_a_gap() -> None:
    autumn = HalfYear(2026, "autumn")

    assert autumn.following == HalfYear(2027, "spring")
    assert autumn.following.before == autumn
    assert autumn.following.following == HalfYear(2027, "autumn")
    assert autumn.following.first == autumn.last + timedelta(days=1)
    assert autumn.before.last == autumn.first - timedelta(days=1)


@pytest.mark.parametrize("name", ["", "spring", "2027", "2027-summer", "0000-spring", "27-spring", "²⁰²⁷-spring"])
def test_what_no_address_says_is_this_one(name: str) -> None:
    assert half_year_called(name, TODAY) == HalfYear(2026, "autumn")
    assert half_year_called("2027-spring", TODAY) == HalfYear(2027, "spring")
