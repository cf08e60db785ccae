from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString
from uuid import UUID

import asyncpg

from services.catalog.domain import Activity, Invalid, UnknownActivity, activity_differences
from services.catalog.store.columns import folded, terms_of, terms_values

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from shared.claims import Role
    from shared.db import Connection


_SELECTED: LiteralString = """
    SELECT id, kind, titles, sms_titles, summaries, languages, level, minutes, audiences, bring, led_by,
        mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, fill_from_hours, offer_minutes,
        reminder_hours, reconfirm, booked_by, ask, certificate, capacity_from, helpers_needed, register_note, revision,
        archived
"""
"""What :func:`activity_of` reads."""


async def insert_activity(conn: Connection, activity: Activity) -> None:
    """Keep a new activity, with what is told of it folded for searching."""
    await conn.execute(
        """
        INSERT INTO activity (
            id, kind, titles, sms_titles, summaries, languages, level, minutes, audiences, bring, led_by,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, fill_from_hours, offer_minutes,
            reminder_hours, reconfirm, booked_by, ask, certificate, capacity_from, helpers_needed, register_note, search
        )
        VALUES (
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25, $26, $27, $28, $29, $30
        )
        """,
        activity.id,
        activity.kind,
        *_values(activity),
    )


def _values(activity: Activity) -> tuple[object, ...]:
    """What may change of an activity, in the order of its columns."""
    return (
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


async def lock_activity(conn: Connection, activity_id: UUID) -> Activity:
    """Read an activity that nobody else changes, nor plans anything of, until the transaction ends.

    Raises:
        UnknownActivity: there is none of that id.
    """
    row = await conn.fetchrow(_SELECTED + "FROM activity WHERE id = $1 FOR NO KEY UPDATE", activity_id)
    if row is None:
        raise UnknownActivity("there is no such activity")
    return activity_of(row)


async def update_activity(conn: Connection, before: Activity, after: Activity, role: Role) -> None:
    """Write a changed activity that the caller has locked, and what is different into its history."""
    await conn.execute(
        """
        UPDATE activity SET
            titles = $2, sms_titles = $3, summaries = $4, languages = $5, level = $6, minutes = $7, audiences = $8,
            bring = $9, led_by = $10, mode = $11, counts = $12, seats = $13, walk_in = $14, queue = $15,
            party_max = $16, children = $17, late_cancel_hours = $18, fill_from_hours = $19, offer_minutes = $20,
            reminder_hours = $21, reconfirm = $22, booked_by = $23, ask = $24, certificate = $25, capacity_from = $26,
            helpers_needed = $27, register_note = $28, search = $29, revision = $30, archived = $31
        WHERE id = $1
        """,
        after.id,
        *_values(after),
        after.revision,
        after.archived,
    )
    await conn.executemany(
        """
        INSERT INTO activity_change (activity_id, revision, field, was, "is", role) VALUES ($1, $2, $3, $4, $5, $6)
        """,
        [
            (after.id, after.revision, found.field, found.was, found.is_, role)
            for found in activity_differences(before, after)
        ],
    )


async def held_elsewhere(conn: Connection, activity_id: UUID, branches: Collection[str]) -> bool:
    """Whether libraries other than these plan anything of an activity that is to come."""
    elsewhere: bool = await conn.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM session
            WHERE activity_id = $1 AND branch_id <> ALL ($2::text[]) AND status <> 'cancelled'
                AND ends_at > statement_timestamp()
        )
        """,
        activity_id,
        branches,
    )
    return elsewhere


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
    return _found(await conn.fetch(_SELECTED + "FROM activity WHERE id = ANY ($1)", ids), ids)


async def activities_to_tell(conn: Connection, ids: set[UUID]) -> dict[UUID, Activity]:
    """Read activities that nobody changes until the transaction ends: what is told of them is true then, too.

    Raises:
        Invalid: there is none of one of the ids.
    """
    return _found(await conn.fetch(_SELECTED + "FROM activity WHERE id = ANY ($1) ORDER BY id FOR SHARE", ids), ids)


def _found(rows: Sequence[asyncpg.Record], ids: set[UUID]) -> dict[UUID, Activity]:
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
        revision=row["revision"],
        archived=row["archived"],
        terms=terms_of(row),
    )


async def known_activities(conn: Connection) -> set[UUID]:
    """The ids of all activities ever made."""
    return {row["id"] for row in await conn.fetch("SELECT id FROM activity")}
