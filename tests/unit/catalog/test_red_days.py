from datetime import date

from services.catalog.red_days import red_days


def test_red_days_are_named_in_swedish_and_english() -> None:
    """Fails when a language is left out or a name is taken from the other one."""
    assert red_days(date(2026, 12, 24), date(2026, 12, 27)) == {
        date(2026, 12, 25): {"sv": "Juldagen", "en": "Christmas Day"},
        date(2026, 12, 26): {"sv": "Annandag jul", "en": "Second Day of Christmas"},
    }


def test_both_ends_count_and_years_may_turn_between() -> None:
    """Fails when the last day is left out, or only the first day's year is looked at."""
    assert list(red_days(date(2026, 12, 26), date(2027, 1, 1))) == [date(2026, 12, 26), date(2027, 1, 1)]
    assert list(red_days(date(2026, 12, 27), date(2026, 12, 31))) == []


def test_sundays_are_no_red_days_and_eves_neither() -> None:
    """Fails when the calendar is asked for Sundays or for what is off by custom only."""
    midsummer = red_days(date(2026, 6, 15), date(2026, 6, 30))

    assert list(midsummer) == [date(2026, 6, 20)]
