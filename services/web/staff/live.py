"""What changed, told to the staff pages that stand open: from RabbitMQ to each browser as server-sent events.

A browser is told only which session changed; what became of it, it asks for with its own rights. Nothing is stored: a
page that was away, or a broker that was, begins with ``again``, and then everything on the page is asked for anew.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from aio_pika import ExchangeType
from prometheus_client import Gauge
from pydantic import ValidationError

from shared.broker import connection, wait
from shared.events import EXCHANGE
from shared.models import Model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aio_pika.abc import AbstractIncomingMessage

WATCHING = Gauge("plats_web_watching", "Staff pages that are told of changes")

_HEARD = ("availability.#", "session.#", "booking.#", "shift.#", "staffing.#")
_CHECK_EVERY = 5
_MOST_PENDING = 500
"""Sessions; more at once are a restart or an import, and the page is asked for as a whole."""


class Watcher:
    """One page that stands open."""

    def __init__(self) -> None:
        self._pending: dict[str, None] = {}
        self._again = True
        self._something = asyncio.Event()
        self._something.set()
        self.over = False

    def end(self) -> None:
        """Nothing more will be told."""
        self.over = True
        self._something.set()

    def tell(self, session: str) -> None:
        """A session changed; told once, however often it did meanwhile."""
        if len(self._pending) >= _MOST_PENDING:
            self.tell_again()
            return
        self._pending[session] = None
        self._something.set()

    def tell_again(self) -> None:
        """Anything may have changed."""
        self._pending.clear()
        self._again = True
        self._something.set()

    async def news(self, within: float) -> str:
        """The next server-sent events; a comment where nothing happened for so many seconds."""
        if not await wait(self._something, within):
            return ": nothing new\n\n"
        self._something.clear()
        pending, self._pending = self._pending, {}
        again, self._again = self._again, False
        if again:
            return "event: again\ndata: all\n\n"
        return "".join(f"event: session\ndata: {session}\n\n" for session in pending)


class Live:
    """All pages that stand open at this process, and the queue that tells them."""

    def __init__(self, broker: str) -> None:
        self._broker = broker
        self._watchers: set[Watcher] = set()
        self.listening = False

    def end(self) -> None:
        """Let all pages go, so that they ask another process."""
        for watcher in self._watchers:
            watcher.end()

    @contextmanager
    def watching(self) -> Iterator[Watcher]:
        """Be told of changes while the block lasts."""
        watcher = Watcher()
        self._watchers.add(watcher)
        WATCHING.inc()
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)
            WATCHING.dec()

    async def session(self, stop: asyncio.Event) -> None:
        """Hear what changes until ``stop``, or until the broker is lost; one session of a loop that is kept running.

        The queue is this connection's own and goes with it, as what is missed meanwhile is asked for anew.
        """
        async with connection(self._broker, "plats-web-live") as link:
            channel = await link.channel()
            queue = await channel.declare_queue(exclusive=True, auto_delete=True)
            exchange = await channel.declare_exchange(EXCHANGE, ExchangeType.TOPIC, durable=True, passive=True)
            for key in _HEARD:
                await queue.bind(exchange, key)
            await queue.consume(self._heard, no_ack=True)
            self.listening = True
            try:
                for watcher in self._watchers:
                    watcher.tell_again()
                while not await wait(stop, _CHECK_EVERY):
                    if link.is_closed or channel.is_closed:
                        return
            finally:
                self.listening = False

    async def _heard(self, message: AbstractIncomingMessage) -> None:
        if not self._watchers:
            return
        for session in _sessions(message.body):
            for watcher in self._watchers:
                watcher.tell(session)


class _Facts(Model):
    session_id: UUID | None = None
    from_session_id: UUID | None = None


class _News(Model):
    """As much of an event as tells which session it is about."""

    type: str
    subject: str = ""
    data: _Facts = _Facts()


def _sessions(body: bytes) -> tuple[str, ...]:
    """The sessions an event is about. What cannot be read is nobody's news here; the services bury it."""
    try:
        news = _News.model_validate_json(body)
    except ValidationError:
        return ()
    own = news.subject if news.type.startswith("plats.session.") else ""
    found = (own, news.data.session_id, news.data.from_session_id)
    return tuple(dict.fromkeys(str(one) for one in found if one))
