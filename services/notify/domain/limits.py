"""How much may leave: to one address, and for money."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.notify.domain.policy import Policy

Limit: TypeAlias = Literal["flood", "money"]

_UNLIMITED = {"session_cancelled"}

NOT_COUNTED = ("helper_sign_in",)
"""What anybody can have sent to a number that they know: it keeps nothing else from getting there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """What has left already, or may have."""

    to_address: int
    """Messages to one number or mailbox in the last 24 hours, but for those that are not counted."""
    parts: int
    """SMS parts to anybody on this local day."""


def broken_limit(template: str, parts: int, spent: Spent, policy: Policy) -> Limit | None:
    """The limit that a message of so many SMS parts would break, if any.

    That a session is cancelled is told always: once for each booking, and to somebody who would else stand
    before a closed door (docs/decisions/0009). Codes to sign in have a limit of their own, where they are asked for.
    """
    if template in _UNLIMITED:
        return None
    flooded = spent.to_address >= policy.messages_a_day + (policy.offers_besides if template == "offered" else 0)
    if flooded and template not in NOT_COUNTED:
        return "flood"
    if parts and spent.parts + parts > policy.sms_parts_a_day:
        return "money"
    return None
