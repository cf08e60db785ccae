"""Sessions, as far as helping needs to know them. Whoever changes who helps in one holds its row until commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, LiteralString
from uuid import UUID

from services.volunteers.domain.assigning import UnknownSession

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import asyncpg

    from shared.db import Connection
    from shared.events import SessionState, Task

Status = Literal["published", "withdrawn", "cancelled", "closed"]

_SESSION: LiteralString = """
    SELECT id, revision, status, branch_id, starts_at, ends_at, sitting_id, needed, task, matched, register_note,
        staffing_revision, helpers, facts, clock_timestamp() AS now
    FROM session
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A session that catalog has told of, and the database's time when it was read."""

    id: UUID
    revision: int
    status: Status
    branch_id: str
    starts_at: datetime
    ends_at: datetime
    sitting_id: UUID | None
    needed: int
    task: Task | None
    matched: bool
    register_note: bool
    staffing_revision: int
    helpers: int
    """On duty, as was told last."""
    facts: dict[str, Any]
    now: datetime

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return int((self.ends_at - self.starts_at) / timedelta(minutes=1))

    @property
    def to_come(self) -> bool:
        """Whether it is held and has not begun."""
        return self.status in {"published", "withdrawn"} and self.now < self.starts_at

    @property
    def helping(self) -> Task:
        """What is done in it; for one that never needed anybody, as good as any."""
        return self.task or "coach"


def _session(row: asyncpg.Record) -> Session:
    return Session(**dict(row))


async def await_turn(conn: Connection, session_id: UUID) -> None:
    """Wait for our turn with a session that may not be there yet, and so has no row to lock."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))", str(session_id))


async def find(conn: Connection, session_id: UUID) -> Session | None:
    """A session as it is now; None for one that catalog has not told of."""
    row = await conn.fetchrow(_SESSION + "WHERE id = $1 AND facts IS NOT NULL", session_id)
    return _session(row) if row else None


async def lock(conn: Connection, session_id: UUID, also: Iterable[UUID] = ()) -> Session:
    """Take our turn with a session, as :func:`lock_all` does.

    The clock is read once the rows are held, so that who waited in line is not given an old time.

    Raises:
        UnknownSession: catalog has not told of it.
    """
    (found,) = await lock_all(conn, [session_id], also)
    return found


async def lock_all(conn: Connection, session_ids: Iterable[UUID], also: Iterable[UUID] = ()) -> list[Session]:
    """Take our turn with several sessions, in the order of their ids, so that two who do so never wait for each other.

    Whoever helps in them is held with them, and ``also`` volunteers who come to it.

    Raises:
        UnknownSession: catalog has not told of one of them.
    """
    wanted = sorted(set(session_ids))
    await conn.fetch("SELECT FROM session WHERE id = ANY($1) ORDER BY id FOR UPDATE", wanted)
    await hold_helpers(conn, wanted, also)
    rows = await conn.fetch(_SESSION + "WHERE id = ANY($1) AND facts IS NOT NULL ORDER BY id", wanted)
    if len(rows) < len(wanted):
        raise UnknownSession("there is no such session")
    return [_session(row) for row in rows]


async def hold_helpers(conn: Connection, session_ids: Sequence[UUID], also: Iterable[UUID] = ()) -> None:
    """Hold who is asked or helps in sessions whose turns are ours until commit, and ``also`` others.

    All at once and in the order of their ids, before any of them is touched: somebody is in several sessions, and who
    held one of them and went on to an earlier one would wait for who does the same in another session.
    """
    await conn.fetch(
        """
        SELECT FROM volunteer WHERE id = ANY(ARRAY(
            SELECT volunteer_id FROM shift WHERE session_id = ANY($1) AND state IN ('asked', 'offered', 'on_duty')
            UNION SELECT volunteer_id FROM assignment
            WHERE session_id = ANY($1) AND state IN ('proposed', 'accepted', 'done')
            UNION SELECT unnest($2::uuid[])
        )) ORDER BY id FOR UPDATE
        """,
        session_ids,
        list(also),
    )


async def claim_due(conn: Connection, besides: Sequence[UUID]) -> UUID | None:
    """Take the turn with a session in which time alone changes something now, if nobody else has it."""
    due: UUID | None = await conn.fetchval(
        """
        SELECT s.id FROM (
            (SELECT session_id, wakes_at FROM need
             WHERE wakes_at <= clock_timestamp() AND session_id <> ALL($1) ORDER BY wakes_at LIMIT 50)
            UNION ALL
            (SELECT session_id, wakes_at FROM shift
             WHERE wakes_at <= clock_timestamp() AND session_id <> ALL($1) ORDER BY wakes_at LIMIT 50)
        ) due JOIN session s ON s.id = due.session_id
        ORDER BY due.wakes_at LIMIT 1 FOR UPDATE OF s SKIP LOCKED
        """,
        besides,
    )
    return due


async def count_due(conn: Connection) -> int:
    """How much time has changed that nobody has looked at."""
    found: int = await conn.fetchval(
        """
        SELECT (SELECT count(*) FROM need WHERE wakes_at <= clock_timestamp())
            + (SELECT count(*) FROM shift WHERE wakes_at <= clock_timestamp())
        """
    )
    return found


async def sitting(conn: Connection, session: Session) -> list[UUID]:
    """The sessions that belong together with this one, itself among them, the first one first."""
    if session.sitting_id is None:
        return [session.id]
    rows = await conn.fetch(
        """
        SELECT id FROM session
        WHERE sitting_id = $1 AND facts IS NOT NULL AND status IN ('published', 'withdrawn') ORDER BY starts_at, id
        """,
        session.sitting_id,
    )
    return [row["id"] for row in rows]


async def learn(conn: Connection, state: SessionState) -> bool:
    """Keep what catalog says of a session, unless something newer is known of it; tells whether it was news.

    A withdrawal says nothing of the facts: where it came first, older facts are kept and it stands.
    """
    helping = state.helping
    news: bool | None = await conn.fetchval(
        """
        INSERT INTO session AS s (
            id, revision, status, facts, branch_id, starts_at, ends_at, sitting_id, needed, task, matched, register_note
        ) VALUES ($1, $2, 'published', $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (id) DO UPDATE SET
            revision = greatest(s.revision, $2),
            status = CASE WHEN s.revision < $2 AND s.status NOT IN ('cancelled', 'closed') THEN 'published'
                     ELSE s.status END,
            facts = $3, branch_id = $4, starts_at = $5, ends_at = $6,
            sitting_id = $7, needed = $8, task = $9, matched = $10, register_note = $11
        WHERE coalesce((s.facts ->> 'revision')::bigint, 0) < $2
            AND (s.facts IS NULL OR s.status NOT IN ('cancelled', 'closed'))
        RETURNING true
        """,
        state.session_id,
        state.revision,
        state.model_dump(mode="json"),
        state.branch.id,
        state.starts_at,
        state.ends_at,
        state.sitting_id,
        helping.needed if helping else 0,
        helping.task if helping else None,
        helping.matched if helping else False,
        helping.register_note if helping else False,
    )
    return bool(news)


async def end(conn: Connection, session_id: UUID, revision: int, status: Status) -> bool:
    """Keep that a session is over, also before it was heard of; tells whether it was news."""
    news: bool | None = await conn.fetchval(
        """
        INSERT INTO session AS s (id, revision, status) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET revision = $2, status = $3
        WHERE s.revision < $2 AND s.status NOT IN ('cancelled', 'closed')
        RETURNING true
        """,
        session_id,
        revision,
        status,
    )
    return bool(news)


async def count_helpers(conn: Connection, session_id: UUID) -> int:
    """How many are on duty in a session, or were."""
    found: int = await conn.fetchval(
        "SELECT count(*) FROM shift WHERE session_id = $1 AND state IN ('on_duty', 'done')", session_id
    )
    return found


async def note_staffing(conn: Connection, session_id: UUID, helpers: int) -> int:
    """Keep how many are on duty as it is told now; gives which telling it is."""
    revision: int = await conn.fetchval(
        """
        UPDATE session SET helpers = $2, staffing_revision = staffing_revision + 1 WHERE id = $1
        RETURNING staffing_revision
        """,
        session_id,
        helpers,
    )
    return revision
