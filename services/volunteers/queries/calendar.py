"""What is in a volunteer's private calendar: where and when, and nothing of any visitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from shared.events import SessionState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from shared.db import Connection

_PAST = timedelta(days=31)


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A time at which somebody is to be somewhere."""

    id: UUID
    revision: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    session: SessionState


@dataclass(frozen=True, kw_only=True, slots=True)
class Diary:
    """Whose calendar it is, as far as the calendar goes by it, and what is in it."""

    language: str
    turns: Sequence[Turn]


async def diary(conn: Connection, secret_hash: bytes) -> Diary | None:
    """The calendar that a secret opens; None where it opens none."""
    whose = await conn.fetchrow(
        """
        SELECT v.id, coalesce(c.language, 'sv') AS language
        FROM calendar_secret k JOIN volunteer v ON v.id = k.volunteer_id LEFT JOIN contact c ON c.ref = v.contact_ref
        WHERE k.secret_hash = $1 AND v.state <> 'ended'
        """,
        secret_hash,
    )
    if whose is None:
        return None
    rows = await conn.fetch(
        """
        SELECT f.id, f.revision + s.revision AS revision, coalesce(f.answered_at, f.created_at) AS changed_at,
            lower(f.during) AS starts_at, upper(f.during) AS ends_at, s.facts
        FROM shift f JOIN session s ON s.id = f.session_id
        WHERE f.volunteer_id = $1 AND f.state IN ('on_duty', 'done') AND s.facts IS NOT NULL
            AND s.status IN ('published', 'closed') AND upper(f.during) > clock_timestamp() - $2::interval
        UNION ALL
        -- who was put there by hand without being on duty
        SELECT a.id, a.revision + s.revision, coalesce(a.answered_at, a.proposed_at),
            lower(a.during), upper(a.during), s.facts
        FROM assignment a JOIN session s ON s.id = a.session_id
        WHERE a.volunteer_id = $1 AND a.state IN ('accepted', 'done') AND s.facts IS NOT NULL
            AND s.status IN ('published', 'closed') AND upper(a.during) > clock_timestamp() - $2::interval
            AND NOT EXISTS (
                SELECT FROM shift f
                WHERE f.volunteer_id = $1 AND f.session_id = a.session_id AND f.state IN ('on_duty', 'done')
            )
        ORDER BY starts_at, id
        """,
        whose["id"],
        _PAST,
    )
    turns = [
        Turn(
            id=row["id"],
            revision=row["revision"],
            changed_at=row["changed_at"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            session=SessionState.model_validate(row["facts"]),
        )
        for row in rows
    ]
    return Diary(language=whose["language"], turns=turns)
