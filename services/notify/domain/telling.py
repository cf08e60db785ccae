"""Whether and when something is told, and by which channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.notify.domain.policy import HELPING, LIVE, By, Channel, Policy

_HELD = {
    "session_cancelled",
    "rescheduled",
    "series_rescheduled",
    "announced",
    "offered",
    "offer_expired",
    "reminder",
    "helper_found",
    "helper_missing",
    "assignment_proposed",
    "shift_proposed",
    "assignment_released",
    "assignment_declined",
    "shift_cancelled",
    "assignment_reminder",
    "assignment_rescheduled",
    "helper_alarm",
    "helper_handed_over",
    "helper_register_note",
    "helper_welcome",
}
_SEATED = frozenset({"confirmed"})
_ASKED, _AGREED = frozenset({"proposed"}), frozenset({"accepted"})
_TOLD_WHILE: Mapping[str, frozenset[str]] = {
    "confirmed": _SEATED,
    "accepted": _SEATED,
    "moved": _SEATED,
    "reminder": _SEATED,
    "queued": frozenset({"queued"}),
    "offered": frozenset({"offered"}),
    "shrunk": LIVE,
    "code_again": LIVE,
    "rescheduled": LIVE,
    "announced": LIVE,
    "series_booked": _SEATED,
    "series_rescheduled": _SEATED,
    "helper_found": _SEATED,
    "helper_missing": _SEATED,
    "assignment_proposed": _ASKED,
    "shift_proposed": _ASKED,
    "assignment_accepted": _AGREED,
    "shift_accepted": _AGREED,
    "assignment_reminder": _AGREED,
    "assignment_rescheduled": HELPING,
}
"""What a booking, or an assignment, has to be for this to be true of it; what is not named here tells of its end."""
_OF_SERIES = {"series_booked", "series_rescheduled"}
"""That one date is cancelled is told by itself."""
_VOID_WITH_SESSION = {*_TOLD_WHILE, "offer_expired"} - _OF_SERIES
_VOID_FROM_START = {
    "reminder",
    "offer_expired",
    "announced",
    "helper_found",
    "helper_missing",
    "assignment_proposed",
    "shift_proposed",
    "assignment_reminder",
    "helper_alarm",
}
_END_OF_HELPING = {"assignment_released", "assignment_declined", "shift_cancelled"}
"""No news to a volunteer who never heard that they were asked, nor said yes."""
_BEST_FIRST: Mapping[Channel, int] = {"sms": 0, "email": 1}


def permitted_from(at: datetime, template: str, starts_at: datetime | None, policy: Policy) -> datetime:
    """The first moment from ``at`` on in which this may be told; ``starts_at`` is its session's, if it is about one.

    What somebody asked for and waits for goes at once. What comes from the library, or with time, waits for
    permitted hours, which are longer when the session starts within twelve hours.
    """
    return policy.hours.first(at, starts_at or at) if template in _HELD else at


@dataclass(frozen=True, kw_only=True, slots=True)
class Needless:
    """It is not told any more: something else is, or it is of no use by now, or not wanted."""

    why: str
    state: Literal["dropped", "skipped"] = "dropped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """What has become of a booking or an assignment and its session since a message about it was decided."""

    standing: str
    """What it is now."""
    ended: bool
    """Whether it has come to an end since, which is told instead."""
    left: bool
    """Whether it is for another session by now."""
    session_status: str
    begun: bool
    """Whether the session has begun."""
    unaware: bool = False
    """Whether a volunteer was asked, and has neither heard that nor said yes."""
    out_of_date: bool = False
    """Whether the time is over in which it is of use."""


def needless(template: str, now: Circumstances) -> Needless | None:
    """Why something need not be told any more, if that is so."""
    void = template in _VOID_WITH_SESSION and now.session_status == "cancelled"
    untrue = template in _TOLD_WHILE and (now.left or now.standing not in _TOLD_WHILE[template])
    if now.ended or void or untrue:
        return Needless(why="superseded")
    if template in _END_OF_HELPING and now.unaware:
        return Needless(why="unaware")
    if template in _VOID_FROM_START and now.begun:
        return Needless(why="begun", state="skipped")
    if now.out_of_date:
        return Needless(why="out of date", state="skipped")
    return None


def can_be_stopped(template: str) -> bool:
    """Whether this is what a number no longer gets that said STOPP: what nobody has asked for and can do without."""
    return template in {"reminder", "assignment_reminder"}


_WITHOUT_A_CHANNEL: Mapping[str, Literal["call", "known", "from_staff"]] = {
    "confirmed": "known",
    "accepted": "known",
    "queued": "known",
    "declined": "known",
    "moved": "known",
    "shrunk": "known",
    "code_again": "known",
    "series_booked": "known",
    "reminder": "known",
    "cancelled": "from_staff",
    "series_cancelled": "from_staff",
    "offered": "call",
    "offer_expired": "call",
    "rescheduled": "call",
    "series_rescheduled": "call",
    "announced": "call",
    "session_cancelled": "call",
    "helper_found": "known",
    "helper_missing": "call",
    "assignment_proposed": "call",
    "shift_proposed": "call",
    "assignment_accepted": "known",
    "shift_accepted": "known",
    "assignment_released": "call",
    "assignment_declined": "known",
    "shift_cancelled": "call",
    "assignment_reminder": "known",
    "assignment_rescheduled": "call",
    "helper_sign_in": "known",
    "helper_register_note": "call",
    "helper_alarm": "call",
    "helper_handed_over": "call",
    "helper_welcome": "known",
}
"""What becomes of a message to somebody who gets none: what they did themselves they know, and what happened without
them somebody has to say. A seat given back is either, by who gave it back."""


def must_be_called(template: str, by: str | None) -> bool:
    """Whether somebody without a channel has to hear this by voice; ``by`` is who gave a seat back."""
    rule = _WITHOUT_A_CHANNEL[template]
    return rule == "call" or (rule == "from_staff" and by == "staff")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How somebody wants to be reached, and for which channels there is an address. Never the address."""

    by: By
    phone: bool
    email: bool

    @property
    def wants_messages(self) -> bool:
        """Who asked to be called, or for nothing, gets none."""
        return self.by not in {"call", "none"}

    @property
    def channels(self) -> Sequence[Channel]:
        """The ways to them, best first."""
        sms: tuple[Channel, ...] = ("sms",) if self.phone and self.by != "email" else ()
        mail: tuple[Channel, ...] = ("email",) if self.email else ()
        return sms + mail if self.wants_messages else ()


def still_open(channels: Sequence[Channel], begun: Channel | None) -> Sequence[Channel]:
    """The ways that are left to a message that may have begun on one: what it fell back from is not tried again."""
    return [channel for channel in channels if begun is None or _BEST_FIRST[channel] >= _BEST_FIRST[begun]]
