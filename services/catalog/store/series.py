from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from services.catalog.domain import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from services.catalog.domain import Series, SessionChange
    from shared.db import Connection


async def put_series(conn: Connection, wanted: Iterable[Series]) -> None:
    """Keep series; of one that is known, only the dates that fall away are new.

    Raises:
        Invalid: there is no such branch.
    """
    try:
        await conn.executemany(
            """
            INSERT INTO series (id, activity_id, branch_id, rule, skipped, skip, copied_from)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (id) DO UPDATE SET skipped = excluded.skipped
            """,
            [
                (
                    series.id,
                    series.activity_id,
                    series.branch_id,
                    series.rule,
                    _skipped(series),
                    sorted(series.skip),
                    series.copied_from,
                )
                for series in wanted
            ],
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise Invalid("there is no such branch", "branch_id") from error


async def change_series(conn: Connection, series_id: UUID, change: SessionChange) -> None:
    """Keep what a series is of from now on, and where."""
    await conn.execute(
        """
        UPDATE series SET activity_id = coalesce($2, activity_id), branch_id = coalesce($3, branch_id) WHERE id = $1
        """,
        series_id,
        change.activity_id,
        change.branch_id,
    )


def _skipped(series: Series) -> list[dict[str, object]]:
    return [{"date": date.day.isoformat(), "why": date.why, "names": dict(date.names)} for date in series.skipped]
