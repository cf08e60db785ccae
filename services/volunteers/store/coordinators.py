"""Who coordinates those who help."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import asyncpg

from services.volunteers.domain.people import Contact, Coordinator
from services.volunteers.domain.refusals import UnknownCoordinator, UnknownPartner
from services.volunteers.store import people

if TYPE_CHECKING:
    from uuid import UUID

    from shared.db import Connection

_COORDINATOR: LiteralString = """
    SELECT k.id, k.contact_ref, k.partner_id, k.branches, k.active, c.name, c.reach, c.phone, c.email, c.language
    FROM coordinator k JOIN contact c ON c.ref = k.contact_ref
"""


async def every(conn: Connection) -> list[Coordinator]:
    """All of them, by name."""
    return [_coordinator(row) for row in await conn.fetch(_COORDINATOR + "ORDER BY lower(c.name), k.id")]


async def coordinator(conn: Connection, coordinator_id: UUID) -> Coordinator:
    """Read one of them.

    Raises:
        UnknownCoordinator: there is nobody of that id.
    """
    return _coordinator(await conn.fetchrow(_COORDINATOR + "WHERE k.id = $1", coordinator_id))


async def lock(conn: Connection, coordinator_id: UUID) -> Coordinator:
    """Hold one of them until the transaction ends.

    Raises:
        UnknownCoordinator: there is nobody of that id.
    """
    await conn.execute("SELECT FROM coordinator WHERE id = $1 FOR UPDATE", coordinator_id)
    return await coordinator(conn, coordinator_id)


def _coordinator(row: asyncpg.Record | None) -> Coordinator:
    if row is None:
        raise UnknownCoordinator("there is no such coordinator")
    values = dict(row)
    contact = Contact(
        name=values.pop("name"),
        by=values.pop("reach"),
        phone=values.pop("phone"),
        email=values.pop("email"),
        language=values.pop("language"),
    )
    return Coordinator(**values, contact=contact)


async def insert(conn: Connection, new: Coordinator) -> None:
    """Keep somebody new.

    Raises:
        UnknownPartner: there is no such partner.
    """
    await people.insert_contact(conn, new.contact_ref, new.contact)
    try:
        await conn.execute(
            "INSERT INTO coordinator (id, contact_ref, partner_id, branches, active) VALUES ($1, $2, $3, $4, $5)",
            new.id,
            new.contact_ref,
            new.partner_id,
            list(new.branches),
            new.active,
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise UnknownPartner("there is no such partner", "partner_id") from error


async def update(conn: Connection, after: Coordinator) -> None:
    """Write a changed coordinator whose row the caller has locked."""
    await conn.execute(
        "UPDATE coordinator SET branches = $2, active = $3 WHERE id = $1", after.id, list(after.branches), after.active
    )
    await people.update_contact(conn, after.contact_ref, after.contact)
