"""What each change made different about what administrators keep: libraries, and what kinds start from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from services.catalog.domain import Change, Difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.claims import Role
    from shared.db import Connection

Record: TypeAlias = Literal["branch", "kind"]


async def insert_record_changes(
    conn: Connection, record: Record, id_: str, revision: int, found: Sequence[Difference], role: Role
) -> None:
    """Keep what a change made different, and in which role somebody made it."""
    await conn.executemany(
        """
        INSERT INTO record_change (record, id, revision, field, was, "is", role) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        [(record, id_, revision, one.field, one.was, one.is_, role) for one in found],
    )


async def record_changes_since(conn: Connection, record: Record, id_: str, revision: int) -> list[Change]:
    """The changes since a revision, in their order."""
    rows = await conn.fetch(
        """
        SELECT revision, field, was, "is", at, role FROM record_change
        WHERE record = $1 AND id = $2 AND revision > $3 ORDER BY revision, field
        """,
        record,
        id_,
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
