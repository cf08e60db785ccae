"""What could not be handled, as rows of the consumer's own database with the raw bytes.

*waiting*: for another event to arrive first, not counted as a failure. *retry*: failed, tried again later.
*dead*: given up or unreadable; somebody has to look (:mod:`shared.dead`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from shared.ids import new_id
from shared.incoming import Head

if TYPE_CHECKING:
    import asyncpg

    from shared.db import Connection, Database
    from shared.events import AnyEvent

RETRY_AFTER = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""Each with a fifth of jitter; then the message is dead and somebody has to look."""

CRASHES = 3
"""How often a message may be taken up without any outcome before it counts as what ends the process."""

_REASON_LENGTH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A message whose time has come, claimed for a minute."""

    id: UUID
    body: bytes
    attempts: int
    started: int
    once: bool
    """Replayed on somebody's word: it has this one try."""

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> Due:
        """Read what :meth:`Failures.claim` returned."""
        return cls(**dict(row))


class Failures:
    """The rows of one service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self) -> None:
        """See whether failures could be kept now, before anything is taken from a queue.

        Raises:
            asyncpg.PostgresError, OSError, TimeoutError: they could not; the database is away, read-only, full ...
        """
        async with self._database.pool.acquire(timeout=2) as conn:
            trial = conn.transaction()
            await trial.start()
            try:
                await _bury(conn, new_id().bytes, "a trial that is rolled back", Head())
            finally:
                await trial.rollback()

    async def keep(self, event: AnyEvent, body: bytes, state: Literal["waiting", "retry", "dead"], reason: str) -> None:
        """Store an event, unless it is stored already or has had its effect. Waiting starts at half a second."""
        async with self._database.transaction() as conn:
            for _ in range(2):  # the first time may have waited for who is just taking the name
                await _give_up_name(conn, event.id, body)
                await conn.execute(
                    """
                    INSERT INTO inbox_failure (id, event_id, type, body, state, attempts, error, next_at)
                    SELECT
                        $1, $2, $3, $4, $5, $6, $7,
                        now() + CASE $5
                            WHEN 'retry' THEN $8::interval * (0.8 + 0.4 * random()) ELSE interval '0.5 seconds'
                        END
                    WHERE NOT EXISTS (SELECT FROM inbox WHERE event_id = $2)
                    ON CONFLICT (event_id) DO NOTHING
                    """,
                    new_id(),
                    event.id,
                    event.type,
                    body,
                    state,
                    int(state == "retry"),
                    _clean(reason),
                    RETRY_AFTER[0],
                )

    async def bury(self, body: bytes, reason: str, head: Head) -> None:
        """Store what cannot be read as dead. Its bytes are its identity: a second delivery adds nothing."""
        async with self._database.pool.acquire(timeout=2) as conn:
            await _bury(conn, body, reason, head)

    async def claim(self) -> Due | None:
        """Take the next due message by moving its time on, so that a crash here only delays it."""
        row = await self._database.pool.fetchrow(
            """
            UPDATE inbox_failure SET
                next_at = now() + interval '1 minute', started = started + 1, updated_at = now()
            WHERE id = (
                SELECT id FROM inbox_failure WHERE state <> 'dead' AND next_at <= now()
                ORDER BY next_at FOR UPDATE SKIP LOCKED LIMIT 1
            )
            RETURNING id, body, attempts, started, once
            """,
        )
        return Due.from_row(row) if row else None

    async def done(self, due: Due) -> None:
        """It had its effect."""
        await self._database.pool.execute("DELETE FROM inbox_failure WHERE id = $1", due.id)

    async def wait(self, due: Due, reason: str) -> None:
        """Another event is still missing; the pauses grow with the row's age, to a minute."""
        await self._database.pool.execute(
            """
            UPDATE inbox_failure SET
                state = 'waiting',
                error = $2,
                started = 0,
                updated_at = now(),
                next_at = now() + least(interval '1 minute', greatest(interval '0.5 seconds', (now() - created_at) / 2))
            WHERE id = $1
            """,
            due.id,
            _clean(reason),
        )

    async def again(self, due: Due, reason: str, *, counted: bool) -> None:
        """It failed: set its next try. Uncounted, it uses up no attempt, because nearly everything fails now."""
        attempts = due.attempts + int(counted)
        if counted and (due.once or attempts > len(RETRY_AFTER)):
            await self.die(due, reason)
            return
        await self._database.pool.execute(
            """
            UPDATE inbox_failure SET
                state = 'retry',
                attempts = $2,
                error = $3,
                started = 0,
                updated_at = now(),
                next_at = now() + $4::interval * (0.8 + 0.4 * random())
            WHERE id = $1
            """,
            due.id,
            attempts,
            _clean(reason),
            RETRY_AFTER[max(attempts, 1) - 1],
        )

    async def die(self, due: Due, reason: str) -> None:
        """Give it up until somebody has looked."""
        await self._database.pool.execute(
            """
            UPDATE inbox_failure SET
                state = 'dead', attempts = $2, error = $3, started = 0, once = false, updated_at = now()
            WHERE id = $1
            """,
            due.id,
            due.attempts + 1,
            _clean(reason),
        )


async def mark(conn: Connection, event: AnyEvent) -> bool:
    """Note in the handler's own transaction that an event has its effect, and that no try is due any more.

    Tells whether it is news; a second transaction waits here for the first one's outcome.
    """
    return bool(
        await conn.fetchval(
            """
            WITH settled AS (DELETE FROM inbox_failure WHERE event_id = $1)
            INSERT INTO inbox (event_id, type) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true
            """,
            event.id,
            event.type,
        )
    )


async def _give_up_name(conn: Connection, event_id: UUID, body: bytes) -> None:
    """Have a message give up the name of an event that it only said it was, as it could not be read."""
    await conn.execute(
        "UPDATE inbox_failure SET event_id = NULL WHERE event_id = $1 AND body <> $2 AND state = 'dead'",
        event_id,
        body,
    )


async def _bury(conn: Connection, body: bytes, reason: str, head: Head) -> None:
    """Insert a dead row. An event id that another row has, or is about to have, is left out: this is not that event."""
    for event_id in (head.id, None):
        await conn.execute(
            """
            INSERT INTO inbox_failure (id, event_id, type, body, state, error)
            VALUES ($1, $2, $3, $4, 'dead', $5)
            ON CONFLICT DO NOTHING
            """,
            UUID(bytes=hashlib.sha256(body).digest()[:16]),
            event_id,
            _clean(head.type) if head.type else None,
            body,
            _clean(reason),
        )


def _clean(text: str) -> str:
    """What strangers wrote, as PostgreSQL can hold it and a terminal can show it."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in text)
    return printable if len(printable) <= _REASON_LENGTH else f"{printable[:_REASON_LENGTH]}..."
