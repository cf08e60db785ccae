from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog.queries.nearby import AROUND, by_distance
from services.catalog.queries.session import COMING, FREE, SHOWN, public_session, session_view
from services.catalog.views import Alternatives

if TYPE_CHECKING:
    from uuid import UUID

    from shared.db import Connection

_SHOWN = 6
"""As many as one compares."""


async def alternatives(conn: Connection, session_id: UUID) -> Alternatives:
    """What somebody may go to who cannot go to this session, and gets into now.

    Later times of the same activity come first, then the same kind in one of its languages at the nearest branches,
    then the same kind anywhere, each by distance and time. From a session online, what is online is nearest; from
    any other, it is as far as can be, for those who come also come for the place.

    Raises:
        UnknownSession: there is none of that id, or it is a draft.
    """
    this = await public_session(conn, session_id)
    branches = await by_distance(conn, this.branch_id)
    rows = await conn.fetch(
        SHOWN
        + """
        CROSS JOIN LATERAL (
            SELECT CASE s.place WHEN 'online' THEN $6 ELSE array_position($5::text[], s.branch_id) END AS distance
        ) way
        CROSS JOIN LATERAL (
            SELECT CASE
                WHEN s.activity_id = $2 AND s.starts_at > $3 THEN 0
                WHEN a.languages && $4 AND way.distance <= $7 THEN 1
                ELSE 2
            END AS rank
        ) fit
        WHERE s.id <> $1 AND a.kind = $8 AND """
        + COMING
        + " AND "
        + FREE
        + " ORDER BY fit.rank, CASE fit.rank WHEN 0 THEN 0 ELSE way.distance END, s.starts_at, s.id LIMIT $9",
        this.id,
        this.activity_id,
        this.starts_at,
        this.languages,
        branches,
        0 if this.place == "online" else len(branches) + 1,
        AROUND,
        this.kind,
        _SHOWN,
    )
    return Alternatives(items=tuple(map(session_view, rows)))
