from dataclasses import replace
from datetime import datetime

from services.notify.domain import Channel, Step
from services.notify.store.messages import Message, load
from shared.db import Connection


async def claim(conn: Connection, channel: Channel, limit: int, lease: float) -> list[Message]:
    """Take what is due on a channel, with a lease of so many seconds, and log the attempts.

    The messages to an address, and those of a contact, go one after another in the order in which they were
    decided; one that waits for permitted hours holds up nobody.
    """
    rows = await conn.fetch(
        """
        WITH due AS (
            SELECT m.id FROM message m
            WHERE m.state = 'pending' AND m.channel = $1 AND m.address IS NOT NULL AND NOT EXISTS (
                SELECT FROM message e
                WHERE (e.address = m.address OR e.contact_ref = m.contact_ref) AND e.id <> m.id AND (
                    e.state IN ('sending', 'unknown')
                    OR (e.state = 'pending' AND e.due_at <= now() AND e.id < m.id)
                )
            )
            ORDER BY m.next_at LIMIT $2 FOR UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE message SET
                state = 'sending',
                attempts = attempts + 1,
                lease_until = clock_timestamp() + make_interval(secs => $3)
            FROM due WHERE message.id = due.id
            RETURNING message.id, message.attempts, message.channel, message.address
        )
        INSERT INTO attempt (message_id, number, channel, address) SELECT id, attempts, channel, address FROM taken
        RETURNING message_id
        """,
        channel,
        limit,
        lease,
    )
    return await load(conn, [row["message_id"] for row in rows])


async def expire_leases(conn: Connection, lookup_delay: float) -> int:
    """Take back what a worker died with: an SMS is of unknown fate, a mail may be repeated under the same id.

    One that somebody holds fast just now, and who may have stopped there, does not hold up the others.
    """
    rows = await conn.fetch(
        """
        WITH expired AS (
            UPDATE message SET
                state = CASE channel WHEN 'sms' THEN 'unknown' ELSE 'pending' END,
                next_at = CASE channel WHEN 'sms' THEN lease_until + make_interval(secs => $1) ELSE now() END,
                address = CASE channel WHEN 'sms' THEN address END,
                lease_until = NULL
            WHERE id IN (
                SELECT id FROM message WHERE state = 'sending' AND lease_until < now() FOR UPDATE SKIP LOCKED
            )
            RETURNING id, attempts
        )
        UPDATE attempt SET ended_at = clock_timestamp(), outcome = 'lease_expired'
        FROM expired WHERE attempt.message_id = expired.id AND attempt.number = expired.attempts
        RETURNING attempt.message_id
        """,
        lookup_delay,
    )
    return len(rows)


async def claim_unknown(conn: Connection, limit: int, lease: float) -> list[Message]:
    """Take what is to be looked up; moving its time on first means that a crash here only delays it."""
    rows = await conn.fetch(
        """
        UPDATE message SET next_at = now() + make_interval(secs => $2)
        WHERE id IN (
            SELECT id FROM message WHERE state = 'unknown' AND next_at <= now()
            ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED
        )
        RETURNING id
        """,
        limit,
        lease,
    )
    return await load(conn, [row["id"] for row in rows])


async def lock_attempt(conn: Connection, message: Message) -> Message | None:
    """Take a message's turn to conclude an attempt; None when somebody else has concluded it."""
    found = await conn.fetchval(
        """
        SELECT id FROM message WHERE id = $1 AND attempts = $2 AND state IN ('sending', 'unknown') FOR UPDATE
        """,
        message.id,
        message.attempts,
    )
    return (await load(conn, [found]))[0] if found else None


async def lock_lease(conn: Connection, message: Message, seconds: float) -> bool:
    """Hold fast an attempt that is about to be made; tells whether it is still ours for so many seconds."""
    until: datetime | None = await conn.fetchval(
        "SELECT lease_until FROM message WHERE id = $1 AND attempts = $2 AND state = 'sending' FOR UPDATE",
        message.id,
        message.attempts,
    )
    # The clock is read once the row is ours: waiting for it takes time.
    left: bool | None = await conn.fetchval("SELECT clock_timestamp() + make_interval(secs => $2) < $1", until, seconds)
    return left is True


async def end_attempt(
    conn: Connection, message: Message, outcome: str, provider_id: str | None, *, counts: bool
) -> None:
    """Write into the log how an attempt went, and whether it still counts against the limits.

    Raises:
        asyncpg.UniqueViolationError: another message is known by this id.
    """
    await conn.execute(
        """
        UPDATE attempt SET
            ended_at = clock_timestamp(),
            outcome = $3,
            provider_id = coalesce($4, provider_id),
            parts = CASE WHEN $5 THEN parts END
        WHERE message_id = $1 AND number = $2
        """,
        message.id,
        message.attempts,
        outcome,
        provider_id,
        counts,
    )


async def take_step(conn: Connection, message: Message, step: Step) -> None:
    """Bring a locked message into its next state.

    What is to be tried again is routed again, because its address may have changed. A message that falls back
    starts its day anew.
    """
    await conn.execute(
        """
        UPDATE message SET
            state = $2,
            next_at = $3,
            reason = coalesce($4, reason),
            due_at = CASE WHEN channel = $5 THEN due_at ELSE $3 END,
            fallback = CASE WHEN channel = $5 THEN fallback END,
            channel = $5,
            address = CASE WHEN $2 <> 'pending' THEN address END,
            repeated = $6,
            lease_until = NULL
        WHERE id = $1
        """,
        message.id,
        step.state,
        step.at,
        step.reason,
        step.channel,
        step.repeated,
    )


async def mark_sent(conn: Connection, message: Message, at: datetime) -> None:
    """Keep when a message was accepted."""
    await conn.execute("UPDATE message SET sent_at = $2 WHERE id = $1", message.id, at)


async def raise_revision(conn: Connection, message: Message) -> Message:
    """Count a change that others will hear of."""
    revision: int = await conn.fetchval(
        "UPDATE message SET revision = revision + 1 WHERE id = $1 RETURNING revision",
        message.id,
    )
    return replace(message, revision=revision)


async def known_ids(conn: Connection, provider_ids: list[str]) -> set[str]:
    """Those of the provider's ids that belong to messages of ours already."""
    rows = await conn.fetch("SELECT provider_id FROM attempt WHERE provider_id = ANY($1)", provider_ids)
    return {row["provider_id"] for row in rows}
