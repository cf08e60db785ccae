from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from services.notify.domain import Outcome
from services.notify.render import HelperTelling, Telling
from services.notify.store import Message

HandOver: TypeAlias = Callable[[], Awaitable[Outcome]]
"""Hands over what was written, and says how that went.

It never raises for what the other side does, and ends within the settings' call limit.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A message in the form it travels in."""

    hand_over: HandOver
    parts: int = 0
    """SMS parts, which are what is paid for; a mail costs nothing."""


class Channel(Protocol):
    """One way to a person."""

    def write(self, message: Message, telling: Telling | HelperTelling, to: str) -> Written:
        """Put a message into the form it travels in. Nothing leaves the house yet."""
        ...
