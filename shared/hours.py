"""The hours in which people may be written to, and in which time to answer runs.

Pure, of the standard library only: the rules of two services stand on it. Wall-clock hours of one zone; every moment
given and taken is absolute, so that the days on which the clock changes have the length they have.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

_URGENT_WITHIN = timedelta(hours=12)
_URGENT_OPENS, _URGENT_CLOSES = time(7), time(21)
_DAY = timedelta(days=1)


class Window(NamedTuple):
    """The part of each local day in which people may be written to; ``closes`` None is midnight."""

    opens: time
    closes: time | None

    @classmethod
    def parse(cls, text: str) -> "Window":
        """Read ``09-19``. Whole hours; 24 is midnight at the day's end, 00-24 the whole day.

        Raises:
            ValueError: it is not written so.
        """
        found = re.fullmatch(r"(\d\d)-(\d\d)", text)
        if not found or not int(found[1]) < int(found[2]) <= 24:  # noqa: PLR2004 - hours of a day
            raise ValueError("write permitted hours like 09-19 or 00-24")
        closes = int(found[2])
        return cls(time(int(found[1])), None if closes == 24 else time(closes))  # noqa: PLR2004

    def __str__(self) -> str:
        """As :meth:`parse` reads it."""
        return f"{self.opens.hour:02}-{self.closes.hour if self.closes else 24:02}"

    @property
    def length(self) -> timedelta:
        """How long it is on a day on which the clock does not change."""
        return timedelta(hours=(self.closes.hour if self.closes else 24) - self.opens.hour)

    def contains(self, at: time) -> bool:
        """Whether a wall-clock time lies within."""
        return self.opens <= at and (self.closes is None or at < self.closes)

    def widened(self) -> "Window":
        """The window for a session that starts soon."""
        closes = None if self.closes is None else max(self.closes, _URGENT_CLOSES)
        return Window(min(self.opens, _URGENT_OPENS), closes)


@dataclass(frozen=True, kw_only=True, slots=True)
class PermittedHours:
    """When people may be written to about a session: usually in the window, from 7 to 21 in its last twelve hours."""

    window: Window
    zone: tzinfo

    def first(self, at: datetime, starts_at: datetime) -> datetime:
        """The first moment from ``at`` on in which people may be written to about a session that starts then."""
        usual = self._opening(at, self.window)
        if starts_at <= at:
            return usual
        soon = max(at, starts_at - _URGENT_WITHIN)
        return min(usual, self._opening(soon, self.window.widened()))

    def after(self, at: datetime, running: timedelta, starts_at: datetime) -> datetime:
        """When so much time has run since ``at``, on a clock that stands still outside the hours.

        The session's start at the latest.
        """
        for opens, closes in self._stretches(at, starts_at):
            if closes - opens >= running:
                return opens + running
            running -= closes - opens
        return starts_at

    def _opening(self, at: datetime, window: Window) -> datetime:
        local = at.astimezone(self.zone)
        if window.contains(local.time()):
            return at
        day = local.date() if local.time() < window.opens else local.date() + _DAY
        return datetime.combine(day, window.opens, self.zone).astimezone(UTC)

    def _stretches(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The permitted time between two moments, in order and without overlap; ``until`` is a session's start."""
        at = since
        day = since.astimezone(self.zone).date()
        urgent = until - _URGENT_WITHIN
        while at < until:
            usual, wide = self._of(day, self.window), self._of(day, self.window.widened())
            for opens, closes in sorted((usual, (max(wide[0], urgent), wide[1]))):
                begins, ends = max(at, opens), min(until, closes)
                if begins < ends:
                    yield begins, ends
                    at = ends
            day += _DAY
            at = max(at, self._of(day, Window(time(), None))[0])

    def _of(self, day: date, window: Window) -> tuple[datetime, datetime]:
        """When a window opens and closes on a local day."""
        closes = datetime.combine(day, window.closes, self.zone) if window.closes else None
        ends = closes or datetime.combine(day + _DAY, time(), self.zone)
        return datetime.combine(day, window.opens, self.zone).astimezone(UTC), ends.astimezone(UTC)
