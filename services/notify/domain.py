"""The rules of telling people: when, by which channel, and what follows from how an attempt went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Literal, TypeAlias

from shared.hours import PermittedHours

Channel: TypeAlias = Literal["sms", "email"]
State: TypeAlias = Literal["pending", "sending", "sent", "delivered", "failed", "unknown", "dropped", "skipped"]
Reason: TypeAlias = Literal["refused", "unreachable", "unknown", "no_address", "limit"]
Receipt: TypeAlias = Literal["created", "sent", "delivered", "failed"]
By: TypeAlias = Literal["sms", "email", "call", "proxy", "none"]
Limit: TypeAlias = Literal["flood", "money"]

GIVE_UP_AFTER = timedelta(hours=24)
"""What could not be handed over by then is told another way."""

ASK_AGAIN_AFTER = timedelta(seconds=30)
"""The pause before a contact that could not be understood is asked for again."""

MESSAGES_A_DAY = 15
"""What one number or mailbox gets from us within any 24 hours."""

_LONGEST_PAUSE = timedelta(minutes=5)
_HELD = {"session_cancelled", "rescheduled"}
_VOID_WITH_SESSION = {"confirmed", "shrunk", "code_again", "rescheduled"}
_UNLIMITED = {"session_cancelled"}
_BEST_FIRST: Mapping[Channel, int] = {"sms": 0, "email": 1}


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What an installation decides about messages."""

    hours: PermittedHours
    lookup_delay: timedelta
    sms_parts_a_day: int
    """The money stop: SMS parts that may leave on one local day, over all numbers."""


def permitted_from(at: datetime, template: str, starts_at: datetime, policy: Policy) -> datetime:
    """The first moment from ``at`` on in which this may be told.

    What the visitor asked for and waits for goes at once. What the library changed waits for permitted
    hours, which are longer when the session starts within twelve hours.
    """
    return policy.hours.first(at, starts_at) if template in _HELD else at


def is_void(template: str, session_status: str) -> bool:
    """Whether a message promises a session that will not be held; its cancellation is told instead."""
    return session_status == "cancelled" and template in _VOID_WITH_SESSION


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """Accepted: by the provider, under its id and perhaps at its time, or by the mail server."""

    provider_id: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Again:
    """Not accepted, as far as we know, and nothing is wrong with the message: later, not before ``after``.

    ``perhaps`` says that it may have been accepted all the same, where repeating it does no harm.
    """

    why: str
    after: timedelta = timedelta(0)
    perhaps: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """Certainly not accepted, and never will be."""

    why: str
    reason: Reason = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """The message may have been accepted or not."""

    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NotFound:
    """Looked up at the provider: it never had the message."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gone:
    """The person was erased: nobody is there to be told."""


Outcome: TypeAlias = Sent | Again | Refused | Unknown | NotFound | Gone


@dataclass(frozen=True, kw_only=True, slots=True)
class InHand:
    """A message one attempt of which is to be concluded."""

    template: str
    starts_at: datetime
    channel: Channel
    fallback: Channel | None
    attempts: int
    repeated: bool
    due_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What becomes of a message: its next state, and when it is to be looked at again.

    ``channel`` is another one when the message falls back to it.
    """

    state: State
    at: datetime
    reason: Reason | None = None
    channel: Channel
    repeated: bool = False


def conclude(message: InHand, outcome: Outcome, now: datetime, policy: Policy) -> Step:
    """What follows from how an attempt, or a look into the provider's history, went."""
    if reason := _exhausted(message, outcome, now):
        return fail(message, reason, now, policy)
    match outcome:
        case Sent() | Gone():
            return Step(state="sent" if isinstance(outcome, Sent) else "dropped", at=now, channel=message.channel)
        case Refused(reason=refusal):
            return fail(message, refusal, now, policy)
        case Again(after=after):
            return _later(message, now + max(after, back_off(message.attempts)), policy, repeated=message.repeated)
        case Unknown():
            at = now + policy.lookup_delay
            return Step(state="unknown", at=at, channel=message.channel, repeated=message.repeated)
        case NotFound():
            return _later(message, now, policy, repeated=True)


def _exhausted(message: InHand, outcome: Outcome, now: datetime) -> Reason | None:
    """Why it is not tried again, although it could be."""
    tired = now - message.due_at > GIVE_UP_AFTER
    match outcome:
        case Again() if tired:
            return "unreachable"
        case Unknown() if tired:
            return "unknown"
        case NotFound() if message.repeated:
            return "unknown"
        case _:
            return None


def fail(message: InHand, reason: Reason, now: datetime, policy: Policy) -> Step:
    """Go on by the channel that is left, or give up."""
    if message.fallback is None:
        return Step(state="failed", at=now, channel=message.channel, reason=reason, repeated=message.repeated)
    at = permitted_from(now, message.template, message.starts_at, policy)
    return Step(state="pending", at=at, channel=message.fallback, reason=reason)


def _later(message: InHand, at: datetime, policy: Policy, *, repeated: bool) -> Step:
    at = permitted_from(at, message.template, message.starts_at, policy)
    return Step(state="pending", at=at, channel=message.channel, repeated=repeated)


def may_have_left(outcome: Outcome) -> bool:
    """Whether an attempt counts as a message that reached somebody."""
    match outcome:
        case Again(perhaps=perhaps):
            return perhaps
        case Refused(reason=reason):
            return reason == "unknown"
        case NotFound():
            return False
        case _:
            return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """What has left already, or may have."""

    to_address: int
    """Messages to one number or mailbox in the last 24 hours."""
    parts: int
    """SMS parts to anybody on this local day."""


def broken_limit(template: str, parts: int, spent: Spent, policy: Policy) -> Limit | None:
    """The limit that a message of so many SMS parts would break, if any.

    That a session is cancelled is told always: once for each booking, and to somebody who would else stand
    before a closed door (docs/decisions/0009).
    """
    if template in _UNLIMITED:
        return None
    if spent.to_address >= MESSAGES_A_DAY:
        return "flood"
    if parts and spent.parts + parts > policy.sms_parts_a_day:
        return "money"
    return None


def day_began(at: datetime, zone: tzinfo) -> datetime:
    """The midnight that began the local day of a moment."""
    return datetime.combine(at.astimezone(zone).date(), time(), zone).astimezone(UTC)


def back_off(attempts: int) -> timedelta:
    """The pause after so many attempts: one second, doubled each time, five minutes at most."""
    return min(timedelta(seconds=2 ** min(attempts - 1, 10)), _LONGEST_PAUSE)


def receipt_moves(state: str, receipt: Receipt) -> bool:
    """Whether a delivery receipt changes anything: only final ones do, and only what is on its way."""
    return state == "sent" and receipt in {"delivered", "failed"}
