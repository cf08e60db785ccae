"""Who must be told by voice: what message that did not arrive makes a call, and until when it is of use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Outcome = Literal["reached", "told_at_door", "left_message", "no_answer", "wrong_number"]
"""What came of a call."""

_MATTERS = frozenset(
    {
        *("offered", "offer_expired", "rescheduled", "series_rescheduled", "session_cancelled", "announced"),
        "helper_missing",
    }
)
"""Templates of what nobody can know but by being told. What somebody did themselves, on a page or at the desk, they
know, also through staff who gave their seat back for them; and a reminder is no news."""

_EXPECTED = frozenset({"confirmed", "accepted", "queued", "series_booked"})
"""... of what somebody waits for who gave a way to be written to: that it fails tells that what follows will too."""

_DEAD_END = frozenset({"refused", "unreachable"})
"""Reasons that lie with the number or address; others are the library's own."""

_ACTIVE = frozenset({"confirmed", "queued", "offered"})

_SO_WHILE: Mapping[str, frozenset[str]] = {
    "offered": frozenset(),  # but while nobody has told them
    "offer_expired": frozenset({"expired"}),
    "session_cancelled": frozenset({"cancelled"}),
    "helper_missing": frozenset({"confirmed"}),
}
"""What a booking has to be for something to be true of it, where that is not to have a seat or to wait for one."""

_TOLD_BY_NO_OTHER = frozenset({"announced"})
"""Every message tells the time and the place as they are when it leaves, and reaches who could not be reached."""


def needs_call(template: str, reason: str, by: str) -> bool:
    """Whether a message that will not arrive has to be told by voice to somebody who is reached like this."""
    if template in _MATTERS:
        return True
    return template in _EXPECTED and reason in _DEAD_END and by not in {"call", "none"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """What somebody is to be told."""

    message_id: UUID | None
    template: str
    session_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """What is so by now of the booking that a call is about."""

    session_id: UUID
    state: str
    offer_told: bool
    """Whether they know of the seat on offer, as their time to answer runs."""
    told_by: UUID | None
    """The newest message that left."""
    begun: bool
    """Whether the session has begun."""


def untold_offer(now: Circumstances) -> bool:
    """Whether a seat is on offer to somebody who does not know it."""
    return now.state == "offered" and not now.offer_told


def of_use(call: Call, now: Circumstances) -> bool:
    """Whether somebody still has to be told: nothing else tells them, and it is still so."""
    if now.begun or now.session_id != call.session_id:
        return False
    if untold_offer(now):
        return True
    later = now.told_by is not None and (call.message_id is None or call.message_id < now.told_by)
    told = later and call.template not in _TOLD_BY_NO_OTHER
    return now.state in _SO_WHILE.get(call.template, _ACTIVE) and not told


def replaces(new: Call, standing: Call, now: Circumstances) -> bool:
    """Whether a newer reason to ring takes the place of one that stands: one call tells all, an offer first."""
    if standing.message_id is not None and new.message_id is not None and new.message_id < standing.message_id:
        return False
    return not (untold_offer(now) and standing.template == "offered" and new.template != "offered")


def ends(outcome: Outcome, now: Circumstances) -> bool:
    """Whether a call is done with this; otherwise it is tried again, or told at the door.

    A word left somewhere is enough for news, not for an offer: the time to answer it would not run.
    """
    if outcome == "left_message":
        return not untold_offer(now)
    return outcome in {"reached", "told_at_door"}


def may_be_taken_back(call: Call, now: Circumstances) -> bool:
    """Whether somebody can be as if nobody had rung them: they still have to be told, and no time to answer runs."""
    return of_use(call, now) and not (now.state == "offered" and now.offer_told)


class UnknownCall(Exception):  # noqa: N818 - a refusal
    """There is nobody to call by that id."""

    field = "call"


class CallOver(Exception):  # noqa: N818
    """Nobody has to be told any more: somebody else has, or it is of no use by now."""

    field = "call"
