"""What follows from an answer by SMS: what it is for, and what is answered at once.

What is decided on a booking is booking's business, and on an assignment volunteers'; the message that follows tells.
Answered at once is only what leads to no message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

from services.notify.domain.policy import HELPING, LIVE, Owner
from services.notify.domain.understanding import Says, Understood

Answer: TypeAlias = Literal[
    "unclear",
    "unclear_which",
    "unclear_nothing",
    "wrong_code",
    "which_yes",
    "which_no",
    "which_of_all_yes",
    "which_of_all_no",
    "see_you",
    "in_queue",
    "begun",
    "too_late",
    "over",
    "passed_on",
    "helped_already",
    "stopped",
    "started",
]
"""The texts that an answer can get back."""

_NOT_UNDERSTOOD: frozenset[Answer] = frozenset({"unclear", "unclear_which", "unclear_nothing", "wrong_code"})

WHICH: frozenset[Answer] = frozenset({"which_yes", "which_no", "which_of_all_yes", "which_of_all_no"})
"""Those that ask for a code."""

_STILL_MEANT = timedelta(days=1)
"""How long an answer without a code may be to a message about a booking that has ended since."""

_ASKED = frozenset({"offered", "proposed"})
"""What waits for a yes or no: thanks are neither."""

_SAME_A_DAY = 2
_ANSWERS_A_DAY = 6
"""What a number gets back within 24 hours: a person is helped by then, and a machine that answers us is left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A booking, or an assignment, that a number was told of, as it is by now."""

    about: UUID
    owner: Owner = "booking"
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
    changes_by_yes: bool = False
    """Whether what it was asked last is whether something is to change, which a message of its own tells."""

    def lives(self, now: datetime) -> bool:
        """Whether there is something that an answer can still change."""
        return self._stands and self.starts_at > now

    def reaction(self, says: Says, now: datetime) -> "Reaction":
        """What follows from a yes or no to it."""
        if self.owner == "volunteers":
            return self._of_helper(says, now)
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
        thanked = (
            self.standing == "confirmed"
            and says == "yes"
            and not (self.greeted or self.of_series or self.changes_by_yes)
        )
        return Reaction(about=self.about, says=says, acts=True, answer="see_you" if thanked else None)

    def _of_helper(self, says: Says, now: datetime) -> "Reaction":
        """What follows from a volunteer's yes or no: whoever answers too late is thanked all the same.

        A yes may still be of use where they had said no, or nothing in time; volunteers knows.
        """
        answer: Answer | None = None
        if says == "yes" and self.standing in {"declined", "expired"} and self.starts_at > now:
            return Reaction(about=self.about, says=says, acts=True)
        if not self._stands:
            return Reaction(about=self.about, says=says, answer="helped_already")
        if self.starts_at <= now:
            return Reaction(about=self.about, says=says, answer="begun")
        if says == "no":
            answer = "passed_on"
        elif self.standing == "accepted" and not self.greeted:
            answer = "see_you"
        return Reaction(about=self.about, says=says, acts=True, answer=answer)

    @property
    def too_late_for_a_yes(self) -> bool:
        """Whether it is over so that a yes comes too late: what somebody helps with others do by then."""
        return self.standing == "expired" or (self.owner == "volunteers" and not self._stands)

    @property
    def late_yes(self) -> Answer:
        """What somebody gets back whose yes to a question comes after its time."""
        return "helped_already" if self.owner == "volunteers" else "too_late"

    @property
    def _stands(self) -> bool:
        live = HELPING if self.owner == "volunteers" else LIVE
        return self.standing in live and self.session_status != "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reaction:
    """What follows from an answer."""

    about: UUID
    """What is meant, or where that cannot be told for sure, what the number was told of last."""
    says: Says
    acts: bool = False
    """Whether its owner hears of it."""
    answer: Answer | None = None


def react(
    understood: Understood, told: Sequence[Told], named: UUID | None, before: Says | None, now: datetime
) -> Reaction:
    """What follows from an answer of a number that was told of these, the newest first; one at least.

    A code decides which one is meant. Without one it is the only one that lives, or the only question that who helps
    has not answered, and else the number is asked: also where it was told last, and not long ago, of one that is over.
    A no to that must not give back another chair.
    Nor must a no to one date, or to the summary of a whole term, give back all of it: that takes the code of the whole.

    Args:
        understood: What it says.
        told: All that it was told of.
        named: The one whose code stands in it.
        before: What it said when it was last asked for a code, for then the code alone is an answer.
        now: By the database's clock.
    """
    living = [one for one in told if one.lives(now) and not one.by_code_only]
    says = before if named and understood.bare and before else understood.says
    meant = next((one for one in told if one.about == named), None)
    newest = told[0]
    whole = newest.of_series and newest.lives(now)
    passed = bool(living) and newest not in living and newest.told_at > now - _STILL_MEANT
    only = living[0] if len(living) == 1 and not passed else None
    asked = _asked(living, newest, says)
    nearest = meant or asked or only or newest
    answer: Answer | None = None
    if says in {"stop", "start"}:
        answer = "stopped" if says == "stop" else "started"
    elif understood.like_a_code and not meant:
        answer = "wrong_code"
    elif says == "unclear" or (says == "thanks" and any(one.standing in _ASKED for one in living)):
        answer = _not_understood(len(living))
    elif says == "yes" and whole and not living:
        return Reaction(about=newest.about, says=says)
    elif says != "thanks" and not (meant or asked) and (len(living) > 1 or passed or (whole and not living)):
        late = newest.too_late_for_a_yes and says == "yes" and passed
        answer = newest.late_yes if late else _which(says, living)
    elif says != "thanks":
        return nearest.reaction(says, now)
    return Reaction(about=nearest.about, says=says, answer=answer)


def _asked(living: Sequence[Told], newest: Told, says: Says) -> Told | None:
    """What a volunteer is asked and has not answered, where it must be that: they have shifts beside it.

    A no is to it only where they were told of nothing since, as it gives away what they said yes to. A booking of their
    own, or of somebody with the same phone, may be meant as well.
    """
    waiting = [one for one in living if one.standing in _ASKED]
    if len(waiting) != 1 or any(one.owner == "booking" for one in living):
        return None
    return waiting[0] if waiting[0] is newest or (says == "yes" and newest in living) else None


def _which(says: Says, living: Sequence[Told]) -> Answer:
    """The question which one is meant. Who helps has more than bookings."""
    if any(one.owner == "volunteers" for one in living):
        return "which_of_all_yes" if says == "yes" else "which_of_all_no"
    return "which_yes" if says == "yes" else "which_no"


def _not_understood(living: int) -> Answer:
    if living == 0:
        return "unclear_nothing"
    return "unclear" if living == 1 else "unclear_which"


def may_answer(answer: Answer, given: Mapping[Answer, int]) -> bool:
    """Whether a number that got these answers in the last 24 hours gets this one as well."""
    same = _NOT_UNDERSTOOD if answer in _NOT_UNDERSTOOD else frozenset({answer})
    return sum(given.values()) < _ANSWERS_A_DAY and sum(given.get(one, 0) for one in same) < _SAME_A_DAY
