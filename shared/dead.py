"""Dead messages, for the people who look after them: see them, give them back to the service, drop them.

Each function takes a connection to the database of one service, and works whether or not that service runs:
what is replayed is taken up by the service's own retries, through the same handler and under the same event id,
so that its effect comes once however often it is replayed or delivered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, LiteralString, Self
from uuid import UUID

from shared.ids import new_id

if TYPE_CHECKING:
    import asyncpg

    from shared.db import Connection

State = Literal["waiting", "retry", "dead", "dropped"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    @classmethod
    def from_row(cls, row: asyncpg.Record) -> Self:
        return cls(**dict(row))


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter(_Row):
    """A message that is not having its effect, and why."""

    id: UUID
    event_id: UUID | None
    type: str | None
    body: bytes
    state: State
    attempts: int
    error: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Action(_Row):
    """What somebody did about a dead message."""

    failure_id: UUID
    action: Literal["replay", "drop", "restore"]
    who: str
    why: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Warrant:
    """Who does it, and why: kept for good beside the data."""

    who: str
    why: str


_LETTERS: LiteralString = """
    SELECT id, event_id, type, body, state, attempts, error, created_at, updated_at FROM inbox_failure
"""
_DROPPED: LiteralString = """
    SELECT id, event_id, type, body, 'dropped' AS state, attempts, error, created_at, dropped_at AS updated_at
    FROM inbox_dropped
"""


_SHOWN = 4000
"""Characters of a message that a person looks at."""


def readable(body: bytes) -> str:
    """A message's bytes as text: pretty where it is JSON, and nothing in it can move a cursor."""
    try:
        text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        text = body[:_SHOWN].decode(errors="backslashreplace")
    text = "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in text)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(body)} bytes)"


async def letters(
    conn: Connection,
    *,
    dropped: bool = False,
    kind: str | None = None,
    since: datetime | None = None,
    at_most: int | None = None,
) -> list[Letter]:
    """Every dead message, or every dropped one, the newest last.

    Args:
        conn: The service's database.
        dropped: Those that were dropped instead.
        kind: Only of this type.
        since: Only those that came at that time or later.
        at_most: Only so many of the newest.
    """
    which: LiteralString = _DROPPED + "WHERE true" if dropped else _LETTERS + "WHERE state = 'dead'"
    rows = await conn.fetch(
        which + " AND ($1::text IS NULL OR type = $1) AND ($2::timestamptz IS NULL OR created_at >= $2)"
        " ORDER BY created_at DESC, id DESC LIMIT $3",
        kind,
        since,
        at_most,
    )
    return [Letter.from_row(row) for row in reversed(rows)]


async def find(conn: Connection, ids: Sequence[UUID]) -> list[Letter]:
    """The messages with these ids, or with these event ids, whatever their state."""
    mine: LiteralString = " WHERE id = ANY($1) OR event_id = ANY($1)"
    rows = await conn.fetch(f"{_LETTERS}{mine} UNION ALL {_DROPPED}{mine} ORDER BY created_at, id", ids)
    return [Letter.from_row(row) for row in rows]


async def history(conn: Connection, letter: UUID) -> list[Action]:
    """What was done about a message, the newest last."""
    rows = await conn.fetch(
        "SELECT failure_id, action, who, why, at FROM dead_action WHERE failure_id = $1 ORDER BY at, id", letter
    )
    return [Action.from_row(row) for row in rows]


async def replay(conn: Connection, ids: Sequence[UUID], warrant: Warrant) -> list[UUID]:
    """Let the service try dead messages once more, now; a failure is final again. Gives those it is true of.

    What was dropped is brought back first, unless it came again since.
    """
    async with conn.transaction():
        await restore(conn, ids, warrant)
        replayed = await conn.fetch(
            """
            UPDATE inbox_failure SET state = 'retry', once = true, started = 0, next_at = now(), updated_at = now()
            WHERE id = ANY($1) AND state = 'dead'
            RETURNING id, event_id, type
            """,
            ids,
        )
        await _record(conn, "replay", replayed, warrant)
    return [row["id"] for row in replayed]


async def restore(conn: Connection, ids: Sequence[UUID], warrant: Warrant) -> list[UUID]:
    """Bring back what was dropped, as dead as it was, unless it came again since. Gives those it is true of."""
    async with conn.transaction():
        restored = await conn.fetch(
            """
            WITH found AS (
                DELETE FROM inbox_dropped AS dropped WHERE id = ANY($1) AND NOT EXISTS (
                    SELECT FROM inbox_failure WHERE id = dropped.id OR event_id = dropped.event_id
                )
                RETURNING *
            )
            INSERT INTO inbox_failure (id, event_id, type, body, state, attempts, error, created_at)
            SELECT id, event_id, type, body, 'dead', attempts, error, created_at FROM found
            RETURNING id, event_id, type
            """,
            ids,
        )
        await _record(conn, "restore", restored, warrant)
    return [row["id"] for row in restored]


async def drop(conn: Connection, ids: Sequence[UUID], warrant: Warrant) -> list[UUID]:
    """Take dead messages out of sight; for KEPT_DAYS a replay can bring them back. Gives those it is true of."""
    async with conn.transaction():
        dropped = await conn.fetch(
            """
            WITH found AS (DELETE FROM inbox_failure WHERE id = ANY($1) AND state = 'dead' RETURNING *)
            INSERT INTO inbox_dropped (id, event_id, type, body, attempts, error, created_at)
            SELECT id, event_id, type, body, attempts, error, created_at FROM found
            ON CONFLICT (id) DO UPDATE SET dropped_at = now()
            RETURNING id, event_id, type
            """,
            ids,
        )
        await _record(conn, "drop", dropped, warrant)
    return [row["id"] for row in dropped]


async def _record(
    conn: Connection, action: Literal["replay", "drop", "restore"], rows: list[asyncpg.Record], warrant: Warrant
) -> None:
    await conn.executemany(
        """
        INSERT INTO dead_action (id, failure_id, event_id, type, action, who, why) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        [(new_id(), row["id"], row["event_id"], row["type"], action, warrant.who, warrant.why) for row in rows],
    )
