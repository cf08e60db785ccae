"""What was told to those who help that is about no assignment of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.ids import new_id

if TYPE_CHECKING:
    from uuid import UUID

    from shared.db import Connection


async def keep(conn: Connection, contact_ref: UUID, kind: str, about: str) -> UUID | None:
    """Keep that somebody is told something; None where they were told that already."""
    id_: UUID | None = await conn.fetchval(
        """
        INSERT INTO notice (id, contact_ref, kind, about, at) VALUES ($1, $2, $3, $4, clock_timestamp())
        ON CONFLICT DO NOTHING RETURNING id
        """,
        new_id(),
        contact_ref,
        kind,
        about,
    )
    return id_


async def language(conn: Connection, contact_ref: UUID) -> str | None:
    """In which somebody is written to; None once they were erased."""
    found: str | None = await conn.fetchval("SELECT language FROM contact WHERE ref = $1", contact_ref)
    return found
