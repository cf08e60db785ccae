"""What a change that administrators think of would mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import opening, store
from services.catalog.domain import TOLD_OF_LIBRARY, changed_library, compared, told_of
from services.catalog.queries.branch import branch_page
from services.catalog.queries.session import staff_sessions
from services.catalog.views import BranchPreview, ChangedBranch, ClosureOfAll, ClosurePreview, DifferenceView, Planned

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID
    from zoneinfo import ZoneInfo

    import asyncpg

    from services.catalog.domain import Library, LibraryChange
    from shared.db import Connection

_SHOWN = 10
"""Sessions outside the hours that are named: enough to see what was overlooked."""


async def branch_preview(conn: Connection, branch_id: str, change: LibraryChange, zone: ZoneInfo) -> BranchPreview:
    """What a change of a library would make different, and for how many sessions.

    Raises:
        UnknownBranch: there is none of that id.
        Invalid: the change breaks a rule.
    """
    before = await store.library(conn, branch_id)
    after = changed_library(before, change)
    coming = await conn.fetch(
        """
        SELECT id, place, starts_at, ends_at FROM session
        WHERE branch_id = $1 AND status = 'published' AND ends_at > statement_timestamp() ORDER BY starts_at, id
        """,
        branch_id,
    )
    outside = _outside(before, after, coming, zone)
    found = compared(before, after, TOLD_OF_LIBRARY)
    return BranchPreview(
        changes=tuple(DifferenceView.model_validate(one, from_attributes=True) for one in found),
        sessions=len(coming) if told_of(before, after) else 0,
        outside_hours=len(outside),
        outside=await staff_sessions(conn, outside[:_SHOWN]),
    )


def _outside(before: Library, after: Library, coming: Sequence[asyncpg.Record], zone: ZoneInfo) -> list[UUID]:
    """What is held in the house when it is open now, and would be held when it is not."""
    if not after.hours or after.hours == before.hours:
        return []
    was, will_be = _opening(before), _opening(after)

    def lost(session: asyncpg.Record) -> bool:
        when = session["starts_at"].astimezone(zone), session["ends_at"].astimezone(zone)
        known = not before.hours or was.is_open(before.id, *when, staffed=False)
        return known and not will_be.is_open(after.id, *when, staffed=False)

    return [session["id"] for session in coming if session["place"] == "branch" and lost(session)]


def _opening(library: Library) -> opening.Opening:
    hours = (
        opening.Hours(
            branch_id=library.id,
            weekday=stretch.weekday,
            opens=stretch.opens,
            closes=stretch.closes,
            staffed=stretch.staffed,
        )
        for stretch in library.hours
    )
    return opening.Opening(hours, closures=(), red=())


async def changed_branch(conn: Connection, branch_id: str, sessions: int, zone: ZoneInfo) -> ChangedBranch:
    """A library after a change that so many sessions show."""
    return ChangedBranch(**dict(await branch_page(conn, branch_id, zone)), sessions=sessions)


async def closure_preview(conn: Connection, closure: opening.Closure, zone: ZoneInfo) -> ClosurePreview:
    """What shutting all libraries would mean."""
    return ClosurePreview(
        first=closure.first_day,
        last=closure.last_day,
        reasons=dict(closure.reasons),
        planned=await _planned(conn, closure, zone),
    )


async def closure_of_all(conn: Connection, closure: opening.Closure, zone: ZoneInfo) -> ClosureOfAll:
    """A closure of all libraries, and what is planned on those days."""
    preview = await closure_preview(conn, closure, zone)
    return ClosureOfAll(**dict(preview), id=closure.id, everywhere=True)


async def _planned(conn: Connection, closure: opening.Closure, zone: ZoneInfo) -> tuple[Planned, ...]:
    """How much is planned then at each library and neither called off nor over, the most first."""
    rows = await conn.fetch(
        """
        SELECT branch_id, count(*) AS sessions FROM session
        WHERE status <> 'cancelled' AND ends_at > statement_timestamp()
            AND (starts_at AT TIME ZONE $3)::date <= $2 AND (ends_at AT TIME ZONE $3)::date >= $1
        GROUP BY branch_id ORDER BY sessions DESC, branch_id
        """,
        closure.first_day,
        closure.last_day,
        zone.key,
    )
    return tuple(Planned(**row) for row in rows)
