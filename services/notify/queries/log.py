"""What became of what was to be told about a booking. Never what was said, nor where it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from services.notify.domain import Channel, State
from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Logged:
    """A message with every attempt to get it to somebody."""

    id: UUID
    template: str
    together: bool
    """Whether it tells of all dates that were booked together."""
    session_id: UUID
    titles: Mapping[str, str] | None
    starts_at: datetime | None
    """Of its session, as it is now; None where we were never told."""
    state: State
    channel: Channel | None
    reason: str | None
    created_at: datetime
    next_at: datetime
    """When it is tried next, while it waits."""
    sent_at: datetime | None
    attempts: Sequence[Mapping[str, Any]]
    """In their order, each with its receipts."""

    @classmethod
    def from_row(cls, row: Record) -> "Logged":
        """Read what :func:`told_of` selected."""
        return cls(**dict(row))


async def branch_of(conn: Connection, booking_id: UUID) -> str | None:
    """The library whose session a booking is for; empty when we have not heard of which.

    Returns:
        None when nobody was to be told anything about such a booking.
    """
    row = await conn.fetchrow(
        """
        SELECT s.facts -> 'branch' ->> 'id' AS branch
        FROM booking b
        -- Which session a booking is for was not kept from the beginning, but which one each message is about.
        LEFT JOIN session s ON s.id = coalesce(
            b.session_id, (SELECT session_id FROM message WHERE about = b.id ORDER BY id DESC LIMIT 1)
        )
        WHERE b.id = $1
        """,
        booking_id,
    )
    return (row["branch"] or "") if row else None


async def told_of(conn: Connection, booking_id: UUID) -> list[Logged]:
    """What was to be told about a booking, alone or with the dates it was booked together with, the newest first."""
    rows = await conn.fetch(
        """
        SELECT m.id, m.template, m.about <> $1 AS together, m.session_id, s.facts -> 'titles' AS titles,
            (s.facts ->> 'starts_at')::timestamptz AS starts_at, m.state, m.channel, m.reason, m.created_at, m.next_at,
            m.sent_at, coalesce(tried.attempts, '[]') AS attempts
        FROM message m JOIN session s ON s.id = m.session_id
        LEFT JOIN LATERAL (
            SELECT jsonb_agg(
                jsonb_build_object(
                    'number', a.number, 'channel', a.channel, 'started_at', a.started_at, 'ended_at', a.ended_at,
                    'outcome', a.outcome, 'receipts', coalesce(heard.receipts, '[]')
                ) ORDER BY a.number
            ) AS attempts
            FROM attempt a
            LEFT JOIN LATERAL (
                SELECT jsonb_agg(
                    jsonb_build_object('status', r.status, 'at', r.received_at) ORDER BY r.received_at
                ) AS receipts
                FROM receipt r WHERE r.provider_id = a.provider_id
            ) heard ON true
            WHERE a.message_id = m.id
        ) tried ON true
        WHERE m.about IN ($1, (SELECT series_booking_id FROM booking WHERE id = $1))
        ORDER BY m.id DESC
        """,
        booking_id,
    )
    return [Logged.from_row(row) for row in rows]
