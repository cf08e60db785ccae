"""Codes that were sent and sessions of those who signed in with one. Both are kept as hashes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.volunteers.domain.people import Coordinates, Helper

if TYPE_CHECKING:
    from uuid import UUID

    from shared.db import Connection

IDLE = timedelta(hours=12)
"""After which who did nothing signs in again."""

LONGEST = timedelta(days=30)
"""After which everybody does."""

_NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is known when somebody was last here: not each page is a row to write."""


async def helper(conn: Connection, token_hash: bytes) -> Helper | None:
    """Who signed in under this token, if that still counts: they were here lately, and still help or coordinate."""
    row = await conn.fetchrow(
        """
        SELECT s.contact_ref, v.id AS volunteer_id, k.id AS coordinator_id, k.partner_id,
            s.last_at < clock_timestamp() - $3::interval AS stale
        FROM helper_session s JOIN contact c ON c.ref = s.contact_ref
        LEFT JOIN volunteer v ON v.contact_ref = c.ref AND v.state <> 'ended'
        LEFT JOIN coordinator k ON k.contact_ref = c.ref AND k.active
        WHERE s.token_hash = $1 AND s.ends_at > clock_timestamp() AND s.last_at > clock_timestamp() - $2::interval
            AND (v.id IS NOT NULL OR k.id IS NOT NULL)
        """,
        token_hash,
        IDLE,
        _NOTED_EVERY,
    )
    if row is None:
        return None
    if row["stale"]:
        await conn.execute("UPDATE helper_session SET last_at = clock_timestamp() WHERE token_hash = $1", token_hash)
    coordinator = row["coordinator_id"] and Coordinates(id=row["coordinator_id"], partner_id=row["partner_id"])
    return Helper(contact_ref=row["contact_ref"], volunteer_id=row["volunteer_id"], coordinator=coordinator)


async def sign_out_everywhere(conn: Connection, contact_ref: UUID) -> None:
    """Have no token of theirs count any more, and no code that is on its way."""
    await conn.execute("DELETE FROM helper_session WHERE contact_ref = $1", contact_ref)
    await conn.execute("DELETE FROM sign_in WHERE contact_ref = $1", contact_ref)
