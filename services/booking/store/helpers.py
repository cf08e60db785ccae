"""Whether somebody helps the visitor of a booking. The row of its session is held by whoever changes that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from shared.db import Connection

Helper: TypeAlias = Literal["sought", "found", "missing"]


async def note(conn: Connection, booking_id: UUID, helper: Helper, at: datetime) -> bool:
    """Keep how it stands since then, unless something newer is known; tells whether it was news."""
    news: bool | None = await conn.fetchval(
        """
        UPDATE booking SET helper = $2, helper_at = $3
        WHERE id = $1 AND (helper_at IS NULL OR helper_at < $3) RETURNING true
        """,
        booking_id,
        helper,
        at,
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
