"""What is due, and what has left already."""

from dataclasses import dataclass
from datetime import datetime

from services.notify import domain, store
from services.notify.domain import Policy
from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """Messages that should have left and have not, in one state."""

    state: str
    messages: int
    oldest_seconds: float


async def backlog(conn: Connection) -> list[Backlog]:
    """What is due, in hand or of unknown fate now; also the states in which there is nothing."""
    rows = await conn.fetch(
        """
        SELECT s.state, count(m.id) AS messages,
            coalesce(extract(epoch FROM now() - min(m.due_at)), 0)::float8 AS oldest_seconds
        FROM unnest(ARRAY['pending', 'sending', 'unknown']) AS s (state)
        LEFT JOIN message m ON m.state = s.state AND m.due_at <= now()
        GROUP BY s.state
        """,
    )
    return [Backlog(**dict(row)) for row in rows]


async def clock(conn: Connection) -> datetime:
    """What time it is by the database, which decides."""
    now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    return now


async def sent_to(conn: Connection, address: bytes | None, since: datetime) -> int:
    """What went to an address since then, or may have, answers included, codes to sign in not.

    Exact while one to it is in hand, and of SMS while the till is locked.
    """
    messages: int = await conn.fetchval(
        """
        SELECT (
                SELECT count(*) FROM attempt a JOIN message m ON m.id = a.message_id
                WHERE a.address = $1 AND a.started_at > $2 AND a.parts IS NOT NULL AND m.template <> ALL ($3)
            )
            + (SELECT count(*) FROM reply WHERE address = $1 AND received_at > $2 AND answer IS NOT NULL)
        """,
        address,
        since,
        domain.NOT_COUNTED,
    )
    return messages


async def parts_spent(conn: Connection, day_began: datetime) -> int:
    """The SMS parts that left since then, or may have, answers included; exact while the till is locked."""
    parts: int = await conn.fetchval(
        """
        SELECT (SELECT coalesce(sum(parts), 0) FROM attempt WHERE started_at >= $1 AND parts > 0)
            + (SELECT coalesce(sum(parts), 0) FROM reply WHERE received_at >= $1 AND parts > 0)
        """,
        day_began,
    )
    return parts


async def wants_no_reminders(conn: Connection, address: bytes) -> bool:
    """Whether a number said STOPP."""
    said: bool = await conn.fetchval("SELECT EXISTS (SELECT FROM reminder_stop WHERE address = $1)", address)
    return said


@dataclass(frozen=True, kw_only=True, slots=True)
class Till:
    """What SMS cost on this local day."""

    parts: int
    stopped: bool
    """Whether the money stop has closed."""
    parts_a_day: int
    """Where it stands."""


async def till(conn: Connection, policy: Policy) -> Till:
    """How the day stands, by the database's clock."""
    day_began = domain.day_began(await clock(conn), policy.hours.zone)
    decided = await store.decided(conn, policy)
    stopped: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM sms_stop WHERE day = $1 AND parts = $2)",
        day_began.astimezone(policy.hours.zone).date(),
        decided.sms_parts_a_day,
    )
    parts = await parts_spent(conn, day_began)
    return Till(parts=parts, stopped=stopped, parts_a_day=decided.sms_parts_a_day)


async def held(conn: Connection) -> int:
    """How many messages wait for permitted hours, or for their turn after that."""
    waiting: int = await conn.fetchval("SELECT count(*) FROM message WHERE state = 'pending' AND due_at > now()")
    return waiting


async def most_to_one(conn: Connection) -> int:
    """The most that one number or mailbox got in the last 24 hours, answers not counted."""
    most: int = await conn.fetchval(
        """
        SELECT coalesce(max(messages), 0) FROM (
            SELECT count(*) AS messages FROM attempt
            WHERE started_at > now() - interval '24 hours' AND parts IS NOT NULL AND address IS NOT NULL
            GROUP BY address
        ) AS got
        """
    )
    return most
