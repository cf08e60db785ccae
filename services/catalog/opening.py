"""When a branch is open: its hours by the clock on the wall, but not on red days and other days it is shut."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """A stretch of a weekday when people may come in."""

    branch_id: str
    weekday: int
    """0 is Monday."""
    opens: time
    closes: time
    staffed: bool
    """Not staffed is meröppet: for those with an agreement and a card."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Closure:
    """Days on which a branch is shut, both included; without a branch, all of them are."""

    id: UUID
    branch_id: str | None
    first_day: date
    last_day: date
    reasons: Mapping[str, str]


class Opening:
    """Says whether a branch is open.

    Args:
        hours: The weekly hours of every branch.
        closures: When branches are shut besides.
        red: Days on which every branch is.
    """

    def __init__(self, hours: Iterable[Hours], closures: Iterable[Closure], red: Collection[date]) -> None:
        self._hours: dict[tuple[str, int], list[Hours]] = {}
        for stretch in hours:
            self._hours.setdefault((stretch.branch_id, stretch.weekday), []).append(stretch)
        self._closures = tuple(closures)
        self._red = red

    def shut(self, branch_id: str, day: date) -> bool:
        """Whether nobody is there all day, although the weekday has hours."""
        return day in self._red or any(
            closure.first_day <= day <= closure.last_day and closure.branch_id in {branch_id, None}
            for closure in self._closures
        )

    def is_open(self, branch_id: str, starts_at: datetime, ends_at: datetime, *, staffed: bool) -> bool:
        """Whether something fits into one stretch of hours of one day.

        Args:
            branch_id: Where it is.
            starts_at: Local time.
            ends_at: Local time.
            staffed: Whether somebody who works there has to be in the house.
        """
        day = starts_at.date()
        return not self.shut(branch_id, day) and any(
            stretch.opens <= starts_at.time() and ends_at.time() <= stretch.closes and (stretch.staffed or not staffed)
            for stretch in self._hours.get((branch_id, day.weekday()), ())
            if ends_at.date() == day
        )
