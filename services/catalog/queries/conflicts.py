from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import domain, store
from services.catalog.views import ConflictingTime, ConflictingTimes, ConflictView

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from services.catalog.domain import Conflict, Occupied
    from shared.db import Connection


async def conflicting_times(
    conn: Connection, wanted: Sequence[Occupied], besides: Collection[UUID]
) -> ConflictingTimes:
    """What is in the way of times that somebody thinks of."""
    found = await conflicts_of(conn, wanted, besides)
    items = (
        ConflictingTime(starts_at=one.starts_at, ends_at=one.ends_at, conflicts=found.get(one.id, ())) for one in wanted
    )
    return ConflictingTimes(items=tuple(items))


async def conflicts_of(
    conn: Connection, wanted: Sequence[Occupied], besides: Collection[UUID] = ()
) -> Mapping[UUID, tuple[ConflictView, ...]]:
    """What is in the way of each that somebody wants, by its id; ``besides`` are in nobody's."""
    there = await store.occupied(
        conn,
        {one.branch_id for one in wanted},
        {one.host for one in wanted},
        min(one.starts_at for one in wanted),
        max(one.ends_at for one in wanted),
    )
    return await conflict_views(conn, domain.conflicts(wanted, [one for one in there if one.id not in besides]))


async def conflict_views(
    conn: Connection, found: Mapping[UUID, Sequence[Conflict]]
) -> Mapping[UUID, tuple[ConflictView, ...]]:
    """Conflicts as they are shown, with what the others are called."""
    others = [conflict.other for of_one in found.values() for conflict in of_one]
    activities = await store.activities(conn, {other.activity_id for other in others})
    branches = await store.branches(conn, {other.branch_id for other in others})

    def view(conflict: Conflict) -> ConflictView:
        other = conflict.other
        return ConflictView(
            same=conflict.same,
            session_id=other.id,
            titles=dict(activities[other.activity_id].titles),
            branch_id=other.branch_id,
            branch_name=branches[other.branch_id].name,
            room=other.room,
            host=other.host,
            starts_at=other.starts_at,
            ends_at=other.ends_at,
        )

    return {id_: tuple(map(view, of_one)) for id_, of_one in found.items()}
