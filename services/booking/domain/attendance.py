"""Who came, who did not, and why. Only what is so is said of anybody: nothing follows for those who stayed away."""

from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from services.booking.domain.commands import Command, GiveBack, MarkAbsent, MarkPresent
from services.booking.domain.refusals import Closed, NotSeated, TooEarly
from services.booking.domain.terms import Terms

Attendance: TypeAlias = Literal["came", "excused", "late_cancel", "no_show", "revoked"]
"""``excused``: away for a reason they told; ``late_cancel``: gave the seat back too late for somebody else to have it;
``revoked``: the library took the seat away."""

Mark: TypeAlias = Literal["came", "excused", "no_show", "revoked"]
"""What staff may say; that somebody cancelled late the system knows."""

DOORS_OPEN = timedelta(hours=1)
"""Before the start: nobody is there yet."""


def is_away(attendance: str | None) -> bool:
    """Whether the seats of somebody who has some are free for others."""
    return attendance in {"excused", "no_show"}


def command_for(before: str | None, mark: Mark | None, seats: int, *, override: bool = False) -> Command | None:
    """What it means for the seats of a booking that staff say so; None where they stay as they are.

    ``mark`` None takes back what was said; an ``override`` does that also where the seats are not free any more.
    """
    if mark == "revoked":
        return GiveBack(seats=0 if is_away(before) else seats, by="staff")
    if is_away(mark) and not is_away(before):
        return MarkAbsent(seats=seats, excused=mark == "excused")
    if is_away(before) and not is_away(mark):
        return MarkPresent(seats=seats, override=override)
    return None


def may_be_marked(terms: Terms, before: str | None, mark: Mark | None, now: datetime) -> None:
    """Let pass what may be said of somebody with a seat at this time.

    Raises:
        TooEarly: nobody is there yet.
        Closed: no seat is taken away from who is there, nor afterwards.
    """
    if mark == "came" and now < terms.starts_at - DOORS_OPEN:
        raise TooEarly("wait until people come")
    if mark == "revoked" and before == "came":
        raise Closed("they are there: take that back first")
    if mark == "revoked" and now >= terms.ends_at:
        raise Closed("it is over: say whether they came")


def of_late_cancel(mark: Mark | None) -> Attendance:
    """What a late cancellation is after staff said so: excused, or what it was.

    Raises:
        NotSeated: who gave the seat back can neither be there nor be missed.
    """
    match mark:
        case "excused":
            return "excused"
        case None:
            return "late_cancel"
        case _:
            raise NotSeated("this booking has no seat")
