"""How much may leave: to one address, and for money."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.notify.domain.policy import Policy

Limit: TypeAlias = Literal["flood", "money"]

MESSAGES_A_DAY = 15
"""What one number or mailbox gets from us within any 24 hours."""

OFFERS_BESIDES = 5
"""Offers of a seat that a number gets beyond those: a seat is kept for whoever must hear of it.

As many as may be booked with a number in a day.
"""

_UNLIMITED = {"session_cancelled"}


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
    if spent.to_address >= MESSAGES_A_DAY + (OFFERS_BESIDES if template == "offered" else 0):
        return "flood"
    if parts and spent.parts + parts > policy.sms_parts_a_day:
        return "money"
    return None
