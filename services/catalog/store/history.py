"""What each change made different about a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import asyncpg

from services.catalog.domain import Change, Difference, differences

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from services.catalog.domain import Session
    from shared.claims import Role
    from shared.db import Connection


_INSERT: LiteralString = """
    INSERT INTO session_change (session_id, revision, field, was, "is", role) VALUES ($1, $2, $3, $4, $5, $6)
"""


async def insert_changes(conn: Connection, changes: Sequence[tuple[Session, Session]], role: Role) -> None:
    """Keep what each change made different, before and after it, and in which role somebody made it."""
    await conn.executemany(
        _INSERT,
        [
            (after.id, after.revision, found.field, found.was, found.is_, role)
            for before, after in changes
            for found in differences(before, after)
        ],
    )


async def changes_since(conn: Connection, session_id: UUID, revision: int) -> list[Change]:
    """The changes that brought a session from a revision to its present one, in their order."""
    rows = await conn.fetch(
        """
        SELECT revision, field, was, "is", at, role FROM session_change
        WHERE session_id = $1 AND revision > $2 ORDER BY revision, field
        """,
        session_id,
        revision,
    )
    return [_change_of(row) for row in rows]


async def activity_changes_since(conn: Connection, activity_id: UUID, revision: int) -> list[Change]:
    """The changes that brought an activity from a revision to its present one, in their order."""
    rows = await conn.fetch(
        """
        SELECT revision, field, was, "is", at, role FROM activity_change
        WHERE activity_id = $1 AND revision > $2 ORDER BY revision, field
        """,
        activity_id,
        revision,
    )
    return [_change_of(row) for row in rows]


async def insert_told_changes(
    conn: Connection, sessions: Collection[Session], found: Sequence[Difference], role: Role
) -> None:
    """Keep for sessions what became different about them because what they are of changed, at their new revisions."""
    await conn.executemany(
        _INSERT,
        [(session.id, session.revision, one.field, one.was, one.is_, role) for session in sessions for one in found],
    )


def _change_of(row: asyncpg.Record) -> Change:
    return Change(
        revision=row["revision"],
        difference=Difference(field=row["field"], was=row["was"], is_=row["is"]),
        at=row["at"],
        by=row["role"],
    )
