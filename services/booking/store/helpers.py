"""Whether somebody helps the visitor of a booking. The row of its session is held by whoever changes that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from shared.db import Connection

Helper: TypeAlias = Literal["sought", "found", "missing"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Since:
    """Which of several news is newer: clocks of those who tell may differ, their count does not."""

    revision: int | None
    """Of what is sought; None where an older version told."""
    at: datetime


async def note(conn: Connection, booking_id: UUID, helper: Helper, since: Since) -> bool:
    """Keep how it stands, unless something newer is known; tells whether it was news.

    Who was told that nobody helps is asked what they want: until somebody does help, it is not sought again.
    """
    news: bool | None = await conn.fetchval(
        """
        UPDATE booking SET
            helper = CASE WHEN $2 = 'sought' AND helper_told = 'missing' THEN 'missing' ELSE $2 END,
            helper_at = $3, helper_revision = $4
        WHERE id = $1 AND CASE
            WHEN helper_at IS NULL THEN true
            WHEN helper_revision <> $4 THEN helper_revision < $4
            ELSE helper_at < $3
        END
        RETURNING true
        """,
        booking_id,
        helper,
        since.at,
        since.revision,
    )
    return bool(news)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a visitor knows of their helper."""

    what: Literal["found", "missing"] | None
    next_session_id: UUID | None
    """The other time they were told of, if of one."""


async def told(conn: Connection, booking_id: UUID) -> Told:
    """What the visitor of a booking was told last."""
    row = await conn.fetchrow("SELECT helper_told, helper_next FROM booking WHERE id = $1", booking_id)
    if row is None:
        raise LookupError(booking_id)
    return Told(what=row["helper_told"], next_session_id=row["helper_next"])


async def note_told(
    conn: Connection, booking_id: UUID, what: Literal["found", "missing"], next_session_id: UUID | None = None
) -> None:
    """Keep what the visitor is told."""
    await conn.execute(
        "UPDATE booking SET helper_told = $2, helper_next = $3 WHERE id = $1", booking_id, what, next_session_id
    )
