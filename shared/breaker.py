"""When nearly everything fails, the fault is not in the messages: stop instead of failing the world."""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Hashable

from shared.logs import get_logger

log = get_logger()

LOOKED_AT = 20
"""How many of the newest distinct messages are judged by."""

HOPELESS = 0.9
"""The share of them that failed, from which on it is no longer about single messages."""


class Backoff:
    """Pauses that double from ``first`` to ``most`` seconds, with jitter."""

    def __init__(self, first: float, most: float) -> None:
        self._first = first
        self._most = most
        self._next = first

    def pause(self) -> float:
        """Seconds to wait now; the next pause is twice as long."""
        now, self._next = self._next, min(self._next * 2, self._most)
        return random.uniform(now / 2, now)  # noqa: S311 - jitter

    def reset(self) -> None:
        """Start anew with short pauses."""
        self._next = self._first


class Breaker:
    """Judges by the newest outcomes whether to go on; opens when nearly all failed, closes at the next success."""

    def __init__(self) -> None:
        self._outcomes = OrderedDict[Hashable, bool]()
        self.closed = asyncio.Event()
        self.closed.set()

    @property
    def open(self) -> bool:
        """Whether only single messages should be tried now."""
        return not self.closed.is_set()

    def failed(self, message: Hashable) -> None:
        """A message failed; the same one again counts once."""
        self._note(message, failed=True)
        failures = sum(self._outcomes.values())
        if not self.open and len(self._outcomes) == LOOKED_AT and failures >= HOPELESS * LOOKED_AT:
            self.closed.clear()
            log.error("consumer_paused", cause="failures", failed=failures, of=LOOKED_AT)

    def succeeded(self, message: Hashable) -> None:
        """A message had its effect, so things work again."""
        self._note(message, failed=False)
        if self.open:
            self._outcomes.clear()
            self.closed.set()
            log.info("consumer_resumed", cause="failures")

    def _note(self, message: Hashable, *, failed: bool) -> None:
        self._outcomes[message] = failed
        self._outcomes.move_to_end(message)
        if len(self._outcomes) > LOOKED_AT:
            self._outcomes.popitem(last=False)
