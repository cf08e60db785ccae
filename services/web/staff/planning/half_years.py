"""The half-years that libraries plan by."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from services.web.rendering import msgid

Half = Literal["spring", "autumn"]

_NAMES: dict[Half, str] = {"spring": msgid("våren %(year)s"), "autumn": msgid("hösten %(year)s")}
_JULY = 7
_STARTS = {"spring": (1, 11), "autumn": (8, 30)}
_ENDS = {"spring": (6, 6), "autumn": (12, 12)}
"""When programmes usually begin and end: between the school holidays. Only suggested."""


class HalfYear(NamedTuple):
    """Spring or autumn of a year."""

    year: int
    half: Half

    @property
    def id(self) -> str:
        """How addresses name it: ``2027-spring``."""
        return f"{self.year}-{self.half}"

    @property
    def name(self) -> str:
        """A text to translate, with the year in it."""
        return _NAMES[self.half]

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 1 if self.half == "spring" else _JULY, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, 6, 30) if self.half == "spring" else date(self.year, 12, 31)

    @property
    def begins(self) -> date:
        """When its programme might begin."""
        return date(self.year, *_STARTS[self.half])

    @property
    def ends(self) -> date:
        """When its programme might end."""
        return date(self.year, *_ENDS[self.half])

    @property
    def following(self) -> HalfYear:
        """The next one."""
        return HalfYear(self.year, "autumn") if self.half == "spring" else HalfYear(self.year + 1, "spring")

    @property
    def before(self) -> HalfYear:
        """The one before."""
        return HalfYear(self.year - 1, "autumn") if self.half == "spring" else HalfYear(self.year, "spring")


def half_year_of(day: date) -> HalfYear:
    """The half-year that a day is in."""
    return HalfYear(day.year, "spring" if day.month < _JULY else "autumn")


def half_year_called(name: str, today: date) -> HalfYear:
    """The half-year of an address; this one, where that is none."""
    year, _, half = name.partition("-")
    if year.isascii() and year.isdecimal() and len(year) == len("2027") and int(year) > 0:
        for known in _NAMES:
            if half == known:
                return HalfYear(int(year), known)
    return half_year_of(today)
