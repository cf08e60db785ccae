"""Those who help are forgotten: some time after they left, or when they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.volunteers.domain.people import FILE_KEPT_MONTHS
from services.volunteers.store import coordinators, needs
from services.volunteers.store import people as people_store
from services.volunteers.store import privacy as store
from services.volunteers.usecases import handing_over
from services.volunteers.usecases.people import library, within
from shared import audit, erasure
from shared.erasure import Old
from shared.events import HelperErasure, VolunteerErased
from shared.outbox import emit_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.volunteers.reach import Reached
    from shared.auth import Staff
    from shared.db import Connection

_AT_ONCE = 50


async def count_old(conn: Connection, _days: int) -> Old:
    """Count whom a decision would erase: after a session nobody who helps, for they stay until long after they left."""
    return Old(people=await store.count_old(conn, FILE_KEPT_MONTHS))


async def forget_old(conn: Connection) -> int:
    """Forget some of those who left two years ago, once it is decided that people are forgotten; tells how many."""
    if await erasure.decision(conn) is None:
        return 0
    refs = await store.lock_old(conn, FILE_KEPT_MONTHS, _AT_ONCE)
    await _erase(conn, refs)
    return len(refs)


async def forget_wishes(conn: Connection) -> int:
    """Forget what some visitors wanted help with whose session ended longer ago than was decided; tells how many.

    Without a decision nothing: as it is with their bookings.
    """
    decision = await erasure.decision(conn)
    if decision is None:
        return 0
    old = await needs.lock_old(conn, decision.days, _AT_ONCE)
    await needs.forget(conn, old)
    return len(old)


async def find(conn: Connection, reached: Reached) -> list[UUID]:
    """The contacts of whoever is reached like this. A number may be a whole family's."""
    return await store.refs_of(conn, reached)


async def show(conn: Connection, refs: Sequence[UUID]) -> list[dict[str, Any]]:
    """Everything that is kept about these people."""
    return await store.known_of(conn, refs)


async def erase(conn: Connection, refs: Sequence[UUID]) -> None:
    """Forget people, and pass on what they were to do."""
    for volunteer_id in await store.volunteers_of(conn, refs):
        await handing_over.left(conn, volunteer_id)
        await store.end(conn, volunteer_id)
        await handing_over.left(conn, volunteer_id)  # what they were given before their row was ours
    await _erase(conn, refs)


async def _erase(conn: Connection, refs: Sequence[UUID]) -> None:
    """Forget people, and have notify forget what they were told."""
    known = await store.erase(conn, refs)
    await emit_all(conn, [VolunteerErased.of(ref, HelperErasure(contact_ref=ref, revision=1)) for ref in known])


async def erase_volunteer(conn: Connection, staff: Staff, volunteer_id: UUID) -> None:
    """Forget somebody who helped, and pass on what they were to do.

    Raises:
        UnknownVolunteer, Forbidden: there is nobody of that id, or no longer, or elsewhere.
    """
    known = within(staff, await people_store.volunteer(conn, volunteer_id))
    await erase(conn, [known.contact_ref])
    await audit.note(conn, staff, "erased", "volunteer", volunteer_id, branch=library(staff, known))


async def erase_coordinator(conn: Connection, staff: Staff, coordinator_id: UUID) -> None:
    """Forget somebody who coordinated.

    Raises:
        UnknownCoordinator: there is nobody of that id.
    """
    known = await coordinators.lock(conn, coordinator_id)
    await _erase(conn, [known.contact_ref])
    await audit.note(conn, staff, "erased", "coordinator", coordinator_id, branch=None)
