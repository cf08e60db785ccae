"""Waiting until a Plats has nothing left to do."""

import asyncio
from collections.abc import Mapping
from typing import LiteralString

import asyncpg

from deploy.doctor.checks.heard import late, producers
from deploy.doctor.site import Site
from deploy.doctor.visit import Visit, visit
from shared.events import QUEUES

_POLL = 0.5

_EVENTS: LiteralString = """
    SELECT (SELECT count(*) FROM outbox WHERE parked_at IS NULL) AS untold,
        (SELECT count(*) FROM inbox_failure WHERE state <> 'dead') AS unhandled,
        (SELECT count(*) FROM published) AS told, (SELECT count(*) FROM inbox) AS heard
"""

_MESSAGES: LiteralString = """
    SELECT count(*) FROM message
    WHERE state IN ('sending', 'unknown') OR (state = 'pending' AND due_at <= clock_timestamp())
"""


_DUE: LiteralString = """
    SELECT (SELECT count(*) FROM session WHERE wakes_at <= clock_timestamp())
        + (SELECT count(*) FROM booking WHERE remind_at <= clock_timestamp() AND state = 'confirmed')
"""


class Restless(TimeoutError):  # noqa: N818 - a state of the system
    """A Plats did not come to rest in time; says what still moves."""


async def settled(site: Site, *, within: float = 60) -> None:
    """Wait until every event was told and handled, and what is due by now was done and every message sent.

    Events that are dead and messages that wait for permitted hours are at rest.

    Raises:
        Restless: it still moves after that many seconds, or a database cannot be read.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    last: Mapping[str, int] | None = None
    while True:
        async with visit(Site(databases=site.databases), at_rest=True) as looking:
            moving, counts = await _motion(looking)
        if not moving and counts == last:
            return
        if loop.time() > deadline:
            raise Restless("; ".join(moving) or "events still come")
        last = counts
        await asyncio.sleep(_POLL)


async def _motion(looking: Visit) -> tuple[list[str], dict[str, int]]:
    """What still moves, and counts that stay the same only while nothing does."""
    moving = [f"the database of {service} cannot be read" for service in looking.troubles]
    counts: dict[str, int] = {}
    if moving:
        return moving, counts
    for service in looking.site.databases:
        events: asyncpg.Record | None = await looking.after(service).fetchrow(_EVENTS)
        counts |= {f"{service} {name}": number for name, number in (events or {}).items()}
    for consumer in QUEUES:
        for producer in producers(consumer):
            counts[f"{consumer} on its way from {producer}"] = len(await late(looking, producer, consumer))
    counts["booking not looked after"] = await looking.after("booking").fetchval(_DUE)
    counts["notify unsent"] = await looking.after("notify").fetchval(_MESSAGES)
    rests = (" told", " heard")
    moving += [f"{name}: {number}" for name, number in counts.items() if number and not name.endswith(rests)]
    return moving, counts
