"""What administrators do with partners; each runs inside one transaction of its caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.domain import partners as domain
from services.volunteers.domain.partners import StaleRevision
from services.volunteers.domain.refusals import IdempotencyKeyReused
from services.volunteers.store import partners as store
from shared import audit

if TYPE_CHECKING:
    from uuid import UUID

    from services.volunteers.domain.partners import Partner, PartnerChange
    from shared.auth import Staff
    from shared.db import Connection


async def create_partner(conn: Connection, staff: Staff, new: Partner) -> Partner:
    """Add a partner; one of the same id is the same request come again, and is given as it is now.

    Raises:
        NameTaken: another is called so.
        IdempotencyKeyReused: that id was made for another partner.
    """
    if await store.insert_partner(conn, new):
        await audit.note(conn, staff, "created", "partner", new.id, branch=None)
        return new
    known = await store.partner(conn, new.id)
    if known.revision == new.revision and known != new:
        raise IdempotencyKeyReused("this Idempotency-Key was used for another partner", "Idempotency-Key")
    return known


async def change_partner(
    conn: Connection, staff: Staff, partner_id: UUID, change: PartnerChange, revision: int | None
) -> Partner:
    """Change a partner; gives it as it is then.

    Raises:
        UnknownPartner: there is none of that id.
        StaleRevision: the change was made from another revision than the present one; tells what is different since.
        NameTaken: another is called so.
    """
    before = await store.lock_partner(conn, partner_id)
    if revision is not None and revision != before.revision:
        raise StaleRevision(before.revision, await store.changes_since(conn, partner_id, revision))
    after = domain.changed(before, change)
    if after is before:
        return before
    found = domain.differing(before, after)
    await store.update_partner(conn, after)
    await store.insert_changes(conn, before, after, found, staff.role)
    await audit.note(conn, staff, "changed", "partner", partner_id, branch=None, fields=found)
    return after
