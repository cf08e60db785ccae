from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from services.catalog.domain import Activity, Invalid
from services.catalog.store.columns import folded, terms_of, terms_values

if TYPE_CHECKING:
    from shared.db import Connection


async def insert_activity(conn: Connection, activity: Activity) -> None:
    """Keep a new activity, with what is told of it folded for searching."""
    await conn.execute(
        """
        INSERT INTO activity (
            id, kind, titles, sms_titles, summaries, languages, level, minutes, audiences, bring, led_by,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, fill_from_hours, offer_minutes,
            reminder_hours, reconfirm, booked_by, ask, certificate, capacity_from, search
        )
        VALUES (
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25, $26, $27, $28
        )
        """,
        activity.id,
        activity.kind,
        activity.titles,
        activity.sms_titles,
        activity.summaries,
        activity.languages,
        activity.level,
        activity.minutes,
        activity.audiences,
        activity.bring,
        activity.led_by,
        *terms_values(activity.terms),
        folded(activity.titles, activity.summaries, activity.audiences),
    )


async def activity(conn: Connection, activity_id: UUID) -> Activity:
    """Read an activity.

    Raises:
        Invalid: there is none of that id.
    """
    return (await activities(conn, {activity_id}))[activity_id]


async def activities(conn: Connection, ids: set[UUID]) -> dict[UUID, Activity]:
    """Read activities by their ids.

    Raises:
        Invalid: there is none of one of the ids.
    """
    rows = await conn.fetch(
        """
        SELECT id, kind, titles, sms_titles, summaries, languages, level, minutes, audiences, bring, led_by,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, fill_from_hours, offer_minutes,
            reminder_hours, reconfirm, booked_by, ask, certificate, capacity_from
        FROM activity WHERE id = ANY ($1)
        """,
        ids,
    )
    if len(rows) < len(ids):
        raise Invalid("there is no such activity", "activity_id")
    return {row["id"]: activity_of(row) for row in rows}


def activity_of(row: asyncpg.Record) -> Activity:
    """Read a row of the table ``activity``."""
    return Activity(
        id=row["id"],
        kind=row["kind"],
        titles=row["titles"],
        sms_titles=row["sms_titles"],
        summaries=row["summaries"],
        languages=tuple(row["languages"]),
        level=row["level"],
        minutes=row["minutes"],
        audiences=row["audiences"],
        bring=row["bring"],
        led_by=row["led_by"],
        terms=terms_of(row),
    )


async def known_activities(conn: Connection) -> set[UUID]:
    """The ids of all activities ever made."""
    return {row["id"] for row in await conn.fetch("SELECT id FROM activity")}
