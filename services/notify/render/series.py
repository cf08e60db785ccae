"""Several dates in few words: on which weekdays, from when till when."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.lists import format_list

from shared.events import SessionState
from shared.i18n import Language

Length: TypeAlias = Literal["long", "short"]
"""Whether dates are written in words, or as ``31/3`` where every character counts."""

_WEEKDAYS_NAMED = 2
"""More of them say less than the first and the last date."""


@dataclass(frozen=True, kw_only=True)
class Dates:
    """Sessions of one activity in the order of their starts, as texts in one language speak of them."""

    sessions: tuple[SessionState, ...]
    language: Language
    zone: ZoneInfo

    def __len__(self) -> int:
        return len(self.sessions)

    @cached_property
    def _starts(self) -> list[datetime]:
        return [session.starts_at.astimezone(self.zone) for session in self.sessions]

    @cached_property
    def _weekdays(self) -> list[int]:
        return sorted({start.weekday() for start in self._starts})

    @property
    def _regular(self) -> bool:
        return len(self._weekdays) <= _WEEKDAYS_NAMED and len({start.time() for start in self._starts}) == 1

    def span(self, length: Length) -> str:
        """All of them: ``tisdagar kl 17.00, 3 mars till 19 maj``; or where they have no such rule, its ends."""
        if not self._starts:
            return ""
        first, last = self._starts[0], self._starts[-1]
        kind = "one" if len(self) == 1 else "regular" if self._regular else "irregular"
        return self.language.gettext(f"series.span.{kind}.{length}").format(
            weekdays=self._listed([self._weekday(day, length) for day in self._weekdays]),
            day=self.language.day(first, self.zone),
            time=self.language.time(first, self.zone),
            first=self._date(first, length),
            last=self._date(last, length),
        )

    def listed(self, length: Length) -> str:
        """Each of them by its date."""
        written = [self._date(start, length) for start in self._starts]
        return self._listed(written) if length == "long" else ", ".join(written)

    def listed_in_full(self) -> str:
        """Each of them by its date, and by its weekday and time where :meth:`span` does not say them."""
        if self._regular:
            return self.listed("long")
        written = self.language.gettext("series.date")
        days = [
            written.format(day=self.language.day(start, self.zone), time=self.language.time(start, self.zone))
            for start in self._starts
        ]
        return ", ".join(days)

    def _listed(self, words: list[str]) -> str:
        return format_list(words, locale=self.language.locale) if words else ""

    def _weekday(self, day: int, length: Length) -> str:
        return self.language.gettext(f"weekday.{day}.{length}")

    def _date(self, at: datetime, length: Length) -> str:
        if length == "short":
            return f"{at.day}/{at.month}"
        return format_date(at.date(), "d MMMM", locale=self.language.locale)
