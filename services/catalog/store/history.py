"""What each change made different about a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog.domain import Change, Difference, differences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.catalog.domain import Session
    from shared.claims import Role
    from shared.db import Connection


async def insert_changes(conn: Connection, changes: Sequence[tuple[Session, Session]], role: Role) -> None:
    """Keep what each change made different, before and after it, and in which role somebody made it."""
    await conn.executemany(
        """
        INSERT INTO session_change (session_id, revision, field, was, "is", role) VALUES ($1, $2, $3, $4, $5, $6)
        """,
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
    return [
        Change(
            revision=row["revision"],
            difference=Difference(field=row["field"], was=row["was"], is_=row["is"]),
            at=row["at"],
            by=row["role"],
        )
        for row in rows
    ]
