"""Needs: visitors' bookings that want a helper of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, LiteralString
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from shared.db import Connection
    from shared.events import BookingState

NeedState = Literal["sought", "proposed", "covered", "alarmed", "given_up", "over"]

_NEED: LiteralString = """
    SELECT booking_id, revision, booking_revision, session_id, language, help_language, topic, state, asked, wakes_at
    FROM need
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """A visitor's booking, as far as who helps has to know it."""

    booking_id: UUID
    revision: int
    booking_revision: int
    session_id: UUID | None
    language: str
    help_language: str | None
    topic: str | None
    state: NeedState
    asked: int
    wakes_at: datetime | None

    @property
    def wished(self) -> str:
        """The language in which they want help: theirs where nothing else was asked for."""
        return self.help_language or self.language


def _need(row: asyncpg.Record) -> Need:
    return Need(**dict(row))


async def find(conn: Connection, booking_id: UUID) -> Need | None:
    """A need, whoever has the turn with its session."""
    row = await conn.fetchrow(_NEED + "WHERE booking_id = $1", booking_id)
    return _need(row) if row else None


async def lock(conn: Connection, booking_id: UUID) -> Need | None:
    """A need, held until commit. The turns with the sessions that it is about are taken before."""
    row = await conn.fetchrow(_NEED + "WHERE booking_id = $1 FOR UPDATE", booking_id)
    return _need(row) if row else None


async def live(conn: Connection, session_id: UUID) -> list[Need]:
    """What is not over in a session whose turn is ours, in the order in which they came."""
    rows = await conn.fetch(
        _NEED + "WHERE session_id = $1 AND state <> 'over' ORDER BY created_at, booking_id", session_id
    )
    return [_need(row) for row in rows]


async def keep(conn: Connection, booking: BookingState, then: Literal["stays", "sought", "over"]) -> bool:
    """Keep what a booking is now, unless something newer is known; tells whether it was news.

    ``then`` is whether what is being done for it goes on, or begins anew, or is over: that leaves a tombstone where
    it was not heard of before.
    """
    news: bool | None = await conn.fetchval(
        """
        INSERT INTO need AS n (booking_id, booking_revision, session_id, language, help_language, topic, state)
        VALUES ($1, $2, $3, $4, $5, $6, CASE $7 WHEN 'over' THEN 'over' ELSE 'sought' END)
        ON CONFLICT (booking_id) DO UPDATE SET
            revision = n.revision + 1, booking_revision = $2, session_id = $3, language = $4,
            help_language = coalesce($5, n.help_language), topic = coalesce($6, n.topic),
            state = CASE $7 WHEN 'stays' THEN n.state ELSE $7 END,
            wakes_at = CASE $7 WHEN 'stays' THEN n.wakes_at END
        WHERE n.booking_revision < $2
        RETURNING true
        """,
        booking.booking_id,
        booking.revision,
        booking.session_id,
        booking.language,
        booking.help_language,
        booking.topic,
        then,
    )
    return bool(news)


async def end(conn: Connection, booking_id: UUID, booking_revision: int) -> bool:
    """Keep that a booking wants no help any more, also before it was heard of; tells whether it was news."""
    news: bool | None = await conn.fetchval(
        """
        INSERT INTO need AS n (booking_id, booking_revision, state) VALUES ($1, $2, 'over')
        ON CONFLICT (booking_id) DO UPDATE SET
            revision = n.revision + 1, booking_revision = $2, state = 'over', wakes_at = NULL
        WHERE n.booking_revision < $2
        RETURNING true
        """,
        booking_id,
        booking_revision,
    )
    return bool(news)


async def erase(conn: Connection, booking_id: UUID) -> None:
    """Forget what somebody wanted help with, and in which languages; also where it says why somebody was asked."""
    await forget(conn, [booking_id])


async def forget(conn: Connection, booking_ids: Sequence[UUID]) -> None:
    """Forget what some wanted help with, as :func:`erase` does."""
    await conn.execute(
        "UPDATE need SET language = 'sv', help_language = NULL, topic = NULL WHERE booking_id = ANY($1)", booking_ids
    )
    await conn.execute(
        """
        UPDATE assignment SET why = why - ARRAY['language', 'topic']
        WHERE booking_id = ANY($1) AND why ?| ARRAY['language', 'topic']
        """,
        booking_ids,
    )


async def lock_old(conn: Connection, days: int, at_most: int) -> list[UUID]:
    """Hold some needs of which is kept what was wanted, and whose session ended so many days ago, the oldest first.

    A session whose turn somebody has is left for the next time.
    """
    rows = await conn.fetch(
        """
        SELECT n.booking_id FROM need n JOIN session s ON s.id = n.session_id
        WHERE s.ends_at < clock_timestamp() - make_interval(days => $1) AND (
            n.language <> 'sv' OR n.help_language IS NOT NULL OR n.topic IS NOT NULL OR EXISTS (
                SELECT FROM assignment a
                WHERE a.booking_id = n.booking_id AND a.why ?| ARRAY['language', 'topic']
            )
        )
        ORDER BY s.ends_at, n.booking_id LIMIT $2 FOR UPDATE OF s, n SKIP LOCKED
        """,
        days,
        at_most,
    )
    return [row["booking_id"] for row in rows]


async def become(conn: Connection, booking_id: UUID, state: NeedState, wakes_at: datetime | None) -> Need:
    """Move a need on, with when time alone moves it further."""
    row = await conn.fetchrow(
        """
        UPDATE need SET
            state = $2, wakes_at = $3, revision = revision + 1,
            alarmed_at = CASE WHEN $2 = 'alarmed' THEN clock_timestamp() ELSE alarmed_at END
        WHERE booking_id = $1
        RETURNING booking_id, revision, booking_revision, session_id, language, help_language, topic, state, asked,
            wakes_at
        """,
        booking_id,
        state,
        wakes_at,
    )
    if row is None:
        raise LookupError(booking_id)
    return _need(row)


async def count_asked(conn: Connection, booking_id: UUID) -> None:
    """Keep that one more was asked."""
    await conn.execute("UPDATE need SET asked = asked + 1 WHERE booking_id = $1", booking_id)


async def wake(conn: Connection, booking_id: UUID, at: datetime) -> None:
    """Say when time alone moves a need on, of which nothing else has changed."""
    await conn.execute("UPDATE need SET wakes_at = $2 WHERE booking_id = $1", booking_id, at)


async def wake_seeking(conn: Connection, session_id: UUID) -> None:
    """Have somebody found in the next moment for whoever has nobody in a session."""
    await conn.execute(
        "UPDATE need SET wakes_at = clock_timestamp() WHERE session_id = $1 AND state = 'sought'", session_id
    )
