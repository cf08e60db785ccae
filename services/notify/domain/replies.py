"""What follows from an answer by SMS: for which booking it is, and what is answered at once.

What a booking is decided on is booking's business, and the message that follows tells. Answered at once is only what
leads to no message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

from services.notify.domain.policy import LIVE
from services.notify.domain.understanding import Says, Understood

Answer: TypeAlias = Literal[
    "unclear",
    "unclear_which",
    "unclear_nothing",
    "wrong_code",
    "which_yes",
    "which_no",
    "see_you",
    "in_queue",
    "begun",
    "too_late",
    "over",
    "stopped",
    "started",
]
"""The texts that an answer can get back."""

_NOT_UNDERSTOOD: frozenset[Answer] = frozenset({"unclear", "unclear_which", "unclear_nothing", "wrong_code"})

_STILL_MEANT = timedelta(days=1)
"""How long an answer without a code may be to a message about a booking that has ended since."""

_SAME_A_DAY = 2
_ANSWERS_A_DAY = 6
"""What a number gets back within 24 hours: a person is helped by then, and a machine that answers us is left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A booking that a number was told of, as it is by now."""

    about: UUID
    standing: str
    session_status: str
    starts_at: datetime
    told_at: datetime
    """When the number was last told of it."""
    greeted: bool
    """Whether a yes was answered since the number was last asked something about it."""
    of_series: bool = False
    """Whether it stands for several dates that were booked together."""
    by_code_only: bool = False
    """Whether only its code can mean it: all of those dates, or one that the number was not told of by itself."""

    def lives(self, now: datetime) -> bool:
        """Whether there is something that an answer can still change."""
        return self._stands and self.starts_at > now

    def reaction(self, says: Says, now: datetime) -> "Reaction":
        """What follows from a yes or no to it."""
        answer: Answer | None = None
        if self.standing == "expired" and says == "yes":
            answer = "too_late"
        elif not self._stands:
            answer = "over"
        elif self.starts_at <= now:
            answer = "begun"
        elif self.standing == "queued" and says == "yes":
            answer = "in_queue"
        if answer:
            return Reaction(about=self.about, says=says, answer=answer)
        thanked = self.standing == "confirmed" and says == "yes" and not self.greeted and not self.of_series
        return Reaction(about=self.about, says=says, acts=True, answer="see_you" if thanked else None)

    @property
    def _stands(self) -> bool:
        return self.standing in LIVE and self.session_status != "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reaction:
    """What follows from an answer."""

    about: UUID
    """The booking that is meant, or where none can be told for sure, the one the number was told of last."""
    says: Says
    acts: bool = False
    """Whether booking hears of it."""
    answer: Answer | None = None


def react(
    understood: Understood, bookings: Sequence[Told], named: UUID | None, before: Says | None, now: datetime
) -> Reaction:
    """What follows from an answer of a number that was told of these bookings, the newest first; one at least.

    A code decides which one is meant. Without one it is the only one that lives, and else the number is asked: also
    where it was told last, and not long ago, of one that is over. A no to that must not give back another chair.
    Nor must a no to one date, or to the summary of a whole term, give back all of it: that takes the code of the whole.

    Args:
        understood: What it says.
        bookings: All that it was told of.
        named: The one whose code stands in it.
        before: What it said when it was last asked for a code, for then the code alone is an answer.
        now: By the database's clock.
    """
    living = [booking for booking in bookings if booking.lives(now) and not booking.by_code_only]
    says = before if named and understood.bare and before else understood.says
    meant = next((booking for booking in bookings if booking.about == named), None)
    newest = bookings[0]
    whole = newest.of_series and newest.lives(now)
    passed = bool(living) and newest not in living and newest.told_at > now - _STILL_MEANT
    only = living[0] if len(living) == 1 and not passed else None
    nearest = meant or only or newest
    answer: Answer | None = None
    if says in {"stop", "start"}:
        answer = "stopped" if says == "stop" else "started"
    elif understood.like_a_code and not meant:
        answer = "wrong_code"
    elif says == "unclear" or (says == "thanks" and any(booking.standing == "offered" for booking in living)):
        answer = _not_understood(len(living))
    elif says == "yes" and whole and not living:
        return Reaction(about=newest.about, says=says)
    elif says != "thanks" and not meant and (len(living) > 1 or passed or (whole and not living)):
        late = newest.standing == "expired" and says == "yes" and passed
        answer = "too_late" if late else "which_yes" if says == "yes" else "which_no"
    elif says != "thanks":
        return nearest.reaction(says, now)
    return Reaction(about=nearest.about, says=says, answer=answer)


def _not_understood(living: int) -> Answer:
    if living == 0:
        return "unclear_nothing"
    return "unclear" if living == 1 else "unclear_which"


def may_answer(answer: Answer, given: Mapping[Answer, int]) -> bool:
    """Whether a number that got these answers in the last 24 hours gets this one as well."""
    same = _NOT_UNDERSTOOD if answer in _NOT_UNDERSTOOD else frozenset({answer})
    return sum(given.values()) < _ANSWERS_A_DAY and sum(given.get(one, 0) for one in same) < _SAME_A_DAY
