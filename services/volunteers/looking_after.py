"""What time does to questions and to visitors whom nobody helps yet: any replica does it, each thing once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge

from services.volunteers.store import sessions
from services.volunteers.usecases.people import remind_of_notes
from services.volunteers.usecases.sessions import REMINDED_AT_ONCE, look_after, remind
from shared.broker import wait
from shared.logs import get_logger

if TYPE_CHECKING:
    from uuid import UUID

    from shared.db import Connection, Database
    from shared.hours import PermittedHours

log = get_logger()

LATE = Gauge("plats_volunteers_due", "Questions and needs that time has changed and nobody looked at; stays: alarm")
REMINDED = Counter("plats_volunteers_reminders", "Volunteers whose time to be reminded had come")

_POLL = 0.5
"""Seconds: a question that ran out is with the next one this much later."""

_HOUR = 3600

_AGAIN_AFTER = 30.0
"""Seconds until a session is tried again that could not be looked after: it must not keep others waiting."""


class Timekeeper:
    """Ends questions that nobody answered, tells visitors whom nobody will help, reminds volunteers."""

    def __init__(self, database: Database, hours: PermittedHours) -> None:
        self._database = database
        self._hours = hours
        self._troubled: dict[UUID, float] = {}

    async def sessions(self, stop: asyncio.Event) -> None:
        """Look after sessions until stopped."""
        while not stop.is_set():
            if not await self.once():
                LATE.set(await self._database.transact(sessions.count_due))
                await wait(stop, _POLL)

    async def once(self) -> bool:
        """Look after one session that is due and that nobody else has the turn with; tells whether there was one."""
        clock = asyncio.get_running_loop()
        self._troubled = {id_: since for id_, since in self._troubled.items() if clock.time() < since + _AGAIN_AFTER}
        besides = list(self._troubled)
        claimed: UUID | None = None

        async def work(conn: Connection) -> None:
            nonlocal claimed
            claimed = await sessions.claim_due(conn, besides)
            if claimed:
                await look_after(conn, claimed, self._hours)

        try:
            await self._database.transact(work)
        except Exception:  # the boundary: one must not keep the others waiting
            if claimed is None:
                raise
            self._troubled[claimed] = clock.time()
            log.exception("session_not_looked_after", id=str(claimed))
        return claimed is not None

    async def reminders(self, stop: asyncio.Event) -> None:
        """Remind volunteers until stopped."""
        while not stop.is_set():
            reminded = await self._database.transact(remind)
            REMINDED.inc(reminded)
            if reminded < REMINDED_AT_ONCE:
                await wait(stop, _POLL)

    async def register_notes(self, stop: asyncio.Event) -> None:
        """Remind those whose register note ends soon, once an hour, until stopped."""
        while True:
            while await self._database.transact(lambda conn: remind_of_notes(conn, self._hours)):
                pass
            if await wait(stop, _HOUR):
                return
