"""What administrators do with those who coordinate; each runs inside one transaction of its caller."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.volunteers.reach import reached
from services.volunteers.store import coordinators as store
from services.volunteers.store import signing_in
from shared import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from services.volunteers.domain.people import Coordinator
    from shared.auth import Staff
    from shared.db import Connection


async def add(conn: Connection, staff: Staff, new: Coordinator) -> Coordinator:
    """Add somebody who coordinates.

    Raises:
        UnknownPartner: there is no such partner.
    """
    await store.insert(conn, new)
    await audit.note(conn, staff, "created", "coordinator", new.id, branch=None)
    return new


async def change(
    conn: Connection, staff: Staff, coordinator_id: UUID, *, own: Mapping[str, Any], contact: Mapping[str, Any]
) -> Coordinator:
    """Change what is known about one of them; gives them as they are then.

    Who is not active any more, or has another number or address, is signed out.

    Raises:
        UnknownCoordinator: there is nobody of that id.
        InvalidPhone, InvalidEmail: nobody would be reached like that.
    """
    before = await store.lock(conn, coordinator_id)
    wanted = replace(before.contact, **contact)
    by, phone, email = reached(wanted.by, wanted.phone, wanted.email)
    after = replace(before, **own, contact=replace(wanted, by=by, phone=phone, email=email))
    if after == before:
        return before
    await store.update(conn, after)
    if (before.active and not after.active) or after.contact.reached_elsewhere(before.contact):
        await signing_in.sign_out_everywhere(conn, after.contact_ref)
    fields = sorted("reach" if name == "by" else name for name in {**own, **contact})
    await audit.note(conn, staff, "changed", "coordinator", coordinator_id, branch=None, fields=fields)
    return after
