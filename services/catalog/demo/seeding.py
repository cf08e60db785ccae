from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.catalog import store, usecases
from services.catalog.demo.hours import HOURS, closures
from services.catalog.demo.programme import PROGRAMME
from services.catalog.demo.rows import AHEAD, sessions

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from shared.db import Connection

_ONE_AT_A_TIME = 0x44454D4F  # "DEMO": the advisory lock of a seeding
_CLOSED_AHEAD = timedelta(days=100)
"""Closures are known for longer than sessions, as branches tell the coming two months of theirs."""


async def seed(conn: Connection, zone: ZoneInfo) -> int:
    """Add what was never there of the coming six weeks; gives how many sessions that were.

    What staff made of an activity, a session or a branch's hours stays, and new sessions keep to those hours.
    """
    await conn.execute("SELECT pg_advisory_xact_lock($1)", _ONE_AT_A_TIME)
    now = await store.now(conn)
    today = now.astimezone(zone).date()
    await store.insert_missing_hours(conn, HOURS)
    await store.insert_missing_closures(conn, closures(today, today + _CLOSED_AHEAD))
    opening = await store.opening(conn, today, today + AHEAD)
    known = await store.known_activities(conn)
    for activity in {row.offer.name: row.offer.activity() for row in PROGRAMME}.values():
        if activity.id not in known:
            await usecases.create_activity(conn, activity)
    wanted = list(sessions(PROGRAMME, now, zone, opening))
    await usecases.put_series(conn, [row.series(today) for row in PROGRAMME])
    made = await store.known_sessions(conn, [session.id for session in wanted])
    missing = [session for session in wanted if session.id not in made]
    await usecases.create_sessions(conn, missing)
    return len(missing)
