"""What time does to sessions and bookings: any replica does it, each thing once."""

import asyncio
from functools import partial
from uuid import UUID

from prometheus_client import Counter, Gauge

from services.booking.store import sessions
from services.booking.usecases.sessions import REMINDED_AT_ONCE, look_after, remind
from shared.broker import wait
from shared.db import Connection, Database
from shared.logs import get_logger

log = get_logger()

LATE = Gauge("plats_booking_sessions_due", "Sessions that time has changed and nobody has looked at; stays: alarm")
REMINDED = Counter("plats_booking_reminders", "People whose time to be reminded had come")

_POLL = 0.5
"""Seconds: an offer that ran out is with the next one this much later."""

_AT_ONCE = 50

_AGAIN_AFTER = 30.0
"""Seconds until a session is tried again that could not be looked after: it must not keep others waiting."""


class Timekeeper:
    """Ends holds and offers, fills seats from the waiting list, and reminds people, when their time has come."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._troubled: dict[UUID, float] = {}

    async def session(self, stop: asyncio.Event) -> None:
        """Look after sessions until stopped."""
        clock = asyncio.get_running_loop()
        while not stop.is_set():
            self._troubled = {
                id_: since for id_, since in self._troubled.items() if clock.time() < since + _AGAIN_AFTER
            }
            due = await self._database.transact(lambda conn: sessions.due(conn, _AT_ONCE, besides=list(self._troubled)))
            LATE.set(len(due) + len(self._troubled))
            for session_id in due:
                try:
                    await self._database.transact(partial(_look_after, session_id))
                except Exception:  # the boundary: one session must not keep the others waiting
                    self._troubled[session_id] = clock.time()
                    log.exception("session_not_looked_after", session_id=str(session_id))
            if len(due) < _AT_ONCE:
                await wait(stop, _POLL)

    async def reminders(self, stop: asyncio.Event) -> None:
        """Remind people until stopped."""
        while not stop.is_set():
            reminded = await self._database.transact(remind)
            REMINDED.inc(reminded)
            if reminded < REMINDED_AT_ONCE:
                await wait(stop, _POLL)


async def _look_after(session_id: UUID, conn: Connection) -> None:
    await look_after(conn, session_id)
