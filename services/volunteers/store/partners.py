"""What is kept of partners."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import asyncpg

from services.volunteers.domain.partners import Difference, Partner
from services.volunteers.domain.refusals import NameTaken, UnknownPartner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from shared.claims import Role
    from shared.db import Connection

_PARTNER: LiteralString = "SELECT id, revision, name, hours_a_year, phone, active FROM partner "


async def partners(conn: Connection) -> list[Partner]:
    """Every partner, in no order."""
    return [Partner(**row) for row in await conn.fetch(_PARTNER)]


async def partner(conn: Connection, partner_id: UUID) -> Partner:
    """Read a partner.

    Raises:
        UnknownPartner: there is none of that id.
    """
    return _partner(await conn.fetchrow(_PARTNER + "WHERE id = $1", partner_id))


async def lock_partner(conn: Connection, partner_id: UUID) -> Partner:
    """Lock a partner's row until the transaction ends.

    Raises:
        UnknownPartner: there is none of that id.
    """
    return _partner(await conn.fetchrow(_PARTNER + "WHERE id = $1 FOR UPDATE", partner_id))


def _partner(row: asyncpg.Record | None) -> Partner:
    if row is None:
        raise UnknownPartner("there is no such partner")
    return Partner(**row)


async def insert_partner(conn: Connection, new: Partner) -> bool:
    """Keep a new partner; gives whether it is new, as one of the same id stays what it is.

    Raises:
        NameTaken: another is called so.
    """
    try:
        made = await conn.fetchval(
            """
            INSERT INTO partner (id, revision, name, hours_a_year, phone, active) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (id) DO NOTHING RETURNING true
            """,
            *_values(new),
        )
    except asyncpg.UniqueViolationError as error:
        raise _taken(error) from error
    return bool(made)


async def update_partner(conn: Connection, after: Partner) -> None:
    """Write a changed partner whose row the caller has locked.

    Raises:
        NameTaken: another is called so.
    """
    try:
        await conn.execute(
            "UPDATE partner SET revision = $2, name = $3, hours_a_year = $4, phone = $5, active = $6 WHERE id = $1",
            *_values(after),
        )
    except asyncpg.UniqueViolationError as error:
        raise _taken(error) from error


async def insert_changes(conn: Connection, before: Partner, after: Partner, fields: Sequence[str], role: Role) -> None:
    """Keep what a change made different, and in which role somebody made it."""
    await conn.executemany(
        """
        INSERT INTO partner_change (partner_id, revision, field, was, "is", role) VALUES ($1, $2, $3, $4, $5, $6)
        """,
        [(after.id, after.revision, name, getattr(before, name), getattr(after, name), role) for name in fields],
    )


async def changes_since(conn: Connection, partner_id: UUID, revision: int) -> list[Difference]:
    """What changed since a revision, in its order."""
    rows = await conn.fetch(
        """
        SELECT field, was, "is" AS is_, revision, at, role AS by FROM partner_change
        WHERE partner_id = $1 AND revision > $2 ORDER BY revision, field
        """,
        partner_id,
        revision,
    )
    return [Difference(**row) for row in rows]


def _values(kept: Partner) -> tuple[object, ...]:
    return kept.id, kept.revision, kept.name, kept.hours_a_year, kept.phone, kept.active


def _taken(error: asyncpg.UniqueViolationError) -> Exception:
    if error.constraint_name == "partner_name_once":
        return NameTaken("another partner is called so already", "name")
    return error
