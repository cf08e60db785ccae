"""What counts as help given, and until when what was said of it can be put right."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from services.volunteers.domain.refusals import InvalidMinutes, NotPossibleNow, TooLate

Outcome: TypeAlias = Literal[
    "managed", "managed_with_support", "referred", "not_finished", "visitor_absent", "not_held"
]
"""How it went: the visitor managed alone or with support, was shown to somebody else, did not get to the end or did not
come; or it did not take place."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

_MINUTE = timedelta(minutes=1)
_ANY_LENGTH = 24 * 60
_HELPERS_OWN_WORD = 2
"""Times the length of the slot: somebody may stay on, and a slip of the finger is none of that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """When something was done."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """How long it was to last."""
        return (self.ends_at - self.starts_at) // _MINUTE


def may_be_told(slot: Slot, now: datetime, zone: ZoneInfo, *, told_before: bool) -> None:
    """Whether how it went can be said now.

    What was never said can be said whenever it is over; what was said can be put right until the calendar year of the
    slot is over, as its hours are then in the year's report.

    Raises:
        NotPossibleNow: it has not begun.
        TooLate: its year is over.
    """
    if now < slot.starts_at:
        raise NotPossibleNow("it has not begun yet")
    if told_before and now.astimezone(zone).year > slot.starts_at.astimezone(zone).year:
        raise TooLate("its year is over, and its hours are in the year's report")


def minutes_given(slot: Slot, outcome: Outcome, said: int | None, *, by_staff: bool) -> int:
    """The minutes that count: as long as the slot, unless it did not take place or somebody says otherwise.

    Who waited for a visitor that did not come gave the time all the same.

    Raises:
        InvalidMinutes: more than can have been.
    """
    if outcome == "not_held":
        return 0
    return worked(slot, said, by_staff=by_staff)


def worked(slot: Slot, said: int | None, *, by_staff: bool) -> int:
    """The minutes that somebody was there.

    Raises:
        InvalidMinutes: more than can have been.
    """
    if said is None:
        return slot.minutes
    most = _ANY_LENGTH if by_staff else min(_ANY_LENGTH, _HELPERS_OWN_WORD * slot.minutes)
    if not 0 <= said <= most:
        raise InvalidMinutes(f"from 0 to {most} minutes", "minutes")
    return said
