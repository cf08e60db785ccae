"""What time does to sessions and bookings: any replica does it, each thing once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from prometheus_client import Counter, Gauge

from services.booking.store import series_bookings, sessions
from services.booking.usecases.series_bookings import Means, finish
from services.booking.usecases.sessions import REMINDED_AT_ONCE, look_after, remind
from shared.broker import wait
from shared.db import Connection, Database
from shared.logs import get_logger

log = get_logger()

LATE = Gauge("plats_booking_sessions_due", "Sessions that time has changed and nobody has looked at; stays: alarm")
UNFINISHED = Gauge("plats_booking_series_unfinished", "Series bookings that nobody has gone on with; stays: alarm")
REMINDED = Counter("plats_booking_reminders", "People whose time to be reminded had come")

_POLL = 0.5
"""Seconds: an offer that ran out is with the next one this much later."""

_AT_ONCE = 50

_AGAIN_AFTER = 30.0
"""Seconds until one is tried again that could not be looked after: it must not keep others waiting."""

_LEFT_AFTER = 3.0
"""Seconds since somebody went on with a series booking until they are taken for gone. Else both take turns."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Chore:
    """Something to be done about whatever is due, one after the other."""

    due: Callable[..., Awaitable[list[UUID]]]
    """Asked with a connection and, as ``besides``, with what is left alone for a while."""
    do: Callable[[UUID], Awaitable[None]]
    late: Gauge
    failed: str
    """What the log says when one could not be done."""


class Timekeeper:
    """Ends holds and offers, fills seats from the waiting list, reminds people, finishes what others left undone."""

    def __init__(self, database: Database, means: Means) -> None:
        self._database = database
        self._means = means

    async def session(self, stop: asyncio.Event) -> None:
        """Look after sessions until stopped."""

        async def do(session_id: UUID) -> None:
            await self._database.transact(partial(_look_after, session_id))

        due = partial(sessions.due, at_most=_AT_ONCE)
        await self._keep_up(_Chore(due=due, do=do, late=LATE, failed="session_not_looked_after"), stop)

    async def series(self, stop: asyncio.Event) -> None:
        """Go on with series bookings whose process died, or that were given back by SMS, until stopped."""

        async def do(series_booking_id: UUID) -> None:
            await finish(self._database, series_booking_id, self._means)

        due = partial(series_bookings.unfinished, after_seconds=_LEFT_AFTER, at_most=_AT_ONCE)
        await self._keep_up(_Chore(due=due, do=do, late=UNFINISHED, failed="series_booking_not_finished"), stop)

    async def _keep_up(self, chore: _Chore, stop: asyncio.Event) -> None:
        clock = asyncio.get_running_loop()
        troubled: dict[UUID, float] = {}
        while not stop.is_set():
            troubled = {id_: since for id_, since in troubled.items() if clock.time() < since + _AGAIN_AFTER}
            due = await self._database.transact(partial(chore.due, besides=list(troubled)))
            chore.late.set(len(due) + len(troubled))
            for id_ in due:
                try:
                    await chore.do(id_)
                except Exception:  # the boundary: one must not keep the others waiting
                    troubled[id_] = clock.time()
                    log.exception(chore.failed, id=str(id_))
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
