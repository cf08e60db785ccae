"""What one volunteer was asked, does and did, session by session: for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.volunteers.queries.staffing import PLACE, Place

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from shared.db import Connection

_AT_MOST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Assigned:
    """Being on duty in a session, or helping one visitor of it, or having been asked to."""

    kind: str
    id: UUID
    session: Place
    state: str
    ended: str | None
    """Why it is not theirs any more."""
    booking_id: UUID | None
    language: str | None
    """In which the visitor would like to be helped."""
    topic: str | None
    looking_for_stand_in: bool
    outcome: str | None
    minutes: int | None


async def assigned(conn: Connection, volunteer_id: UUID, branches: Collection[str] | None = None) -> list[Assigned]:
    """All of it at some libraries, the latest first, as far as it fits a page; slots of a sitting each by themselves.

    None is every library.
    """
    rows = await conn.fetch(
        f"""
        SELECT 'visitor' AS kind, a.id, a.state, a.ended, a.booking_id,
            coalesce(n.help_language, n.language) AS language, n.topic,
            a.hand_over AS looking_for_stand_in, a.outcome, a.minutes, {PLACE}
        FROM assignment a JOIN need n USING (booking_id) JOIN session e ON e.id = a.session_id
        WHERE a.volunteer_id = $1 AND e.facts IS NOT NULL AND ($2::text[] IS NULL OR e.branch_id = ANY($2))
        UNION ALL
        SELECT 'shift', s.id, s.state, s.ended, NULL, NULL, NULL, s.hand_over, NULL, s.minutes, {PLACE}
        FROM shift s JOIN session e ON e.id = s.session_id
        WHERE s.volunteer_id = $1 AND e.facts IS NOT NULL AND ($2::text[] IS NULL OR e.branch_id = ANY($2))
        ORDER BY starts_at DESC, kind, id LIMIT {_AT_MOST}
        """,  # noqa: S608 - columns of that file
        volunteer_id,
        None if branches is None else list(branches),
    )
    own = (
        "kind",
        "id",
        "state",
        "ended",
        "booking_id",
        "language",
        "topic",
        "looking_for_stand_in",
        "outcome",
        "minutes",
    )
    return [Assigned(**{name: row[name] for name in own}, session=Place.of(row)) for row in rows]
