"""So much work in hand at once, and what waits for an answer steps aside."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from services.notify.store import Message
from shared import tracing
from shared.broker import wait
from shared.logs import get_logger

log = get_logger()

_POLL = 0.25


class Places(NamedTuple):
    """How much of one kind of work is in hand at once."""

    prompt: int
    """What has only just begun: this bounds how fast a provider is written to that answers as it should."""
    most: int
    """That, and what stepped aside because it waits for an answer."""
    patience: float = 2.0
    """Seconds after which one steps aside."""


class Pump:
    """Keeps so much work going as there are places: claims it, and ends when the last of it is finished."""

    def __init__(
        self,
        places: Places,
        claim: Callable[[int], Awaitable[list[Message]]],
        work: Callable[[Message], Awaitable[None]],
    ) -> None:
        self._places = places
        self._claim = claim
        self._work = work
        self.wake = asyncio.Event()

    async def session(self, stop: asyncio.Event) -> None:
        """Work until stopped."""
        loop = asyncio.get_running_loop()
        busy = dict[asyncio.Task[None], float]()

        def done(task: asyncio.Task[None]) -> None:
            del busy[task]
            self.wake.set()

        try:
            while not stop.is_set():
                self.wake.clear()
                prompt = sum(loop.time() - began < self._places.patience for began in busy.values())
                free = min(self._places.prompt - prompt, self._places.most - len(busy))
                for message in await self._claim(free) if free else []:
                    task = asyncio.create_task(self._guarded(message))
                    busy[task] = loop.time()
                    task.add_done_callback(done)
                await wait(self.wake, _POLL)
        finally:
            if busy:
                await asyncio.wait(busy)

    async def _guarded(self, message: Message) -> None:
        try:
            with tracing.span(f"deliver {message.template}", parent=message.traceparent):
                await self._work(message)
        except Exception:  # the boundary: the lease of this message expires, the others go on
            log.exception("delivery_failed", message_id=str(message.id))
