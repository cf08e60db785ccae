"""What the rules of telling are made of."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Literal, TypeAlias

from shared.hours import PermittedHours

Owner: TypeAlias = Literal["booking", "volunteers"]
"""The service that knows who somebody is and how they are reached: visitors' or helpers'."""
Channel: TypeAlias = Literal["sms", "email"]
State: TypeAlias = Literal["pending", "sending", "sent", "delivered", "failed", "unknown", "dropped", "skipped"]
Reason: TypeAlias = Literal["refused", "unreachable", "unknown", "no_address", "limit"]
Receipt: TypeAlias = Literal["created", "sent", "delivered", "failed"]
By: TypeAlias = Literal["sms", "email", "call", "proxy", "none"]

LIVE = frozenset({"confirmed", "queued", "offered"})
"""What a booking is that has a seat or may still get one."""

HELPING = frozenset({"proposed", "accepted"})
"""What an assignment is that a volunteer is asked for or has said yes to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What an installation decides about messages."""

    hours: PermittedHours
    lookup_delay: timedelta
    sms_parts_a_day: int
    """The money stop: SMS parts that may leave on one local day, over all numbers."""
    messages_a_day: int = 15
    """What one number or mailbox gets from us within any 24 hours."""
    offers_besides: int = 5
    """Offers of a seat that a number gets beyond those: a seat is kept for whoever must hear of it.

    As many as may be booked with a number in a day.
    """


def day_began(at: datetime, zone: tzinfo) -> datetime:
    """The midnight that began the local day of a moment."""
    return datetime.combine(at.astimezone(zone).date(), time(), zone).astimezone(UTC)
