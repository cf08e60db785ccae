"""What is kept of how friends share the hours without staff: why somebody was asked, and what they give in return."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from shared.db import Connection


async def explain(conn: Connection, shift_id: UUID, why: Mapping[str, object]) -> None:
    """Keep why somebody is asked."""
    await conn.execute("UPDATE shift SET why = $2 WHERE id = $1", shift_id, dict(why))


async def give_in_return(conn: Connection, shift_id: UUID, in_return: UUID) -> None:
    """Keep which shift of theirs somebody gives who is asked to take this one."""
    await conn.execute("UPDATE shift SET in_return = $2 WHERE id = $1", shift_id, in_return)


async def in_return(conn: Connection, shift_id: UUID) -> UUID | None:
    """What somebody gives in return for taking a shift, if anything."""
    found: UUID | None = await conn.fetchval("SELECT in_return FROM shift WHERE id = $1", shift_id)
    return found


async def asked_to_cover(conn: Connection, shift_id: UUID) -> UUID | None:
    """The shift of who is asked to take somebody's place, while they have not answered."""
    found: UUID | None = await conn.fetchval("SELECT id FROM shift WHERE covers = $1 AND state = 'asked'", shift_id)
    return found


async def ever_asked_to_cover(conn: Connection, shift_id: UUID) -> frozenset[UUID]:
    """Who was asked to take somebody's place, whatever came of it."""
    rows = await conn.fetch("SELECT volunteer_id FROM shift WHERE covers = $1", shift_id)
    return frozenset(row["volunteer_id"] for row in rows)


async def await_plan(conn: Connection, branch_id: str) -> None:
    """Wait until nobody else plans a library's rota, and keep others waiting until the transaction ends."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('rota/' || $1, 0))", branch_id)
