"""What an attempt to tell somebody can come to, and what follows from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, TypeAlias

from services.notify.domain.policy import Channel, Policy, Reason, Receipt, State
from services.notify.domain.telling import Needless, permitted_from

GIVE_UP_AFTER = timedelta(hours=24)
"""What could not be handed over by then is told another way."""

ASK_AGAIN_AFTER = timedelta(seconds=30)
"""The pause before a contact that could not be understood is asked for again."""

_LONGEST_PAUSE = timedelta(minutes=5)
_NEVER_REPEATED = {"reminder", "assignment_reminder"}
"""Where one too many is worse than one too few."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """Accepted: by the provider, under its id and perhaps at its time, or by the mail server."""

    provider_id: str | None = None
    at: datetime | None = None
    state: ClassVar[State] = "sent"


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

    state: ClassVar[State] = "dropped"


Outcome: TypeAlias = Sent | Again | Refused | Unknown | NotFound | Gone | Needless


@dataclass(frozen=True, kw_only=True, slots=True)
class InHand:
    """A message one attempt of which is to be concluded."""

    template: str
    starts_at: datetime | None
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
        case Sent() | Gone() | Needless():
            return Step(state=outcome.state, at=now, channel=message.channel)
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
        case NotFound() if message.repeated or message.template in _NEVER_REPEATED:
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
        case NotFound() | Needless():
            return False
        case _:
            return True


def back_off(attempts: int) -> timedelta:
    """The pause after so many attempts: one second, doubled each time, five minutes at most."""
    return min(timedelta(seconds=2 ** min(attempts - 1, 10)), _LONGEST_PAUSE)


def receipt_moves(state: str, receipt: Receipt) -> bool:
    """Whether a delivery receipt changes anything: only final ones do, and only what is on its way."""
    return state == "sent" and receipt in {"delivered", "failed"}
