from typing import Protocol

from services.notify.domain import Outcome
from services.notify.render import Telling
from services.notify.store import Message


class Channel(Protocol):
    """One way to a person: writes the words, hands them over, and says how that went.

    A call never raises for what the other side does, and ends within the settings' call limit.
    """

    async def send(self, message: Message, telling: Telling) -> Outcome:
        """Hand a message over."""
        ...
