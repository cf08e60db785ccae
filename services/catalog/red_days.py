"""The days on which the whole country is off, and so every branch is shut."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from holidays import country_holidays

_NAMED_IN = {"sv": "sv", "en": "en_US"}


def red_days(first: date, last: date) -> Mapping[date, Mapping[str, str]]:
    """The public holidays of Sweden from one day to another, both included, with their names in Swedish and English.

    Sundays are none, and eves neither: those are closures that each library sets for itself.
    """
    years = range(first.year, last.year + 1)
    return {day: names for year in years for day, names in _of(year).items() if first <= day <= last}


@cache
def _of(year: int) -> Mapping[date, Mapping[str, str]]:
    named = {tag: country_holidays("SE", years=year, language=language) for tag, language in _NAMED_IN.items()}
    return {day: {tag: names[day] for tag, names in named.items()} for day in sorted(named["sv"])}
