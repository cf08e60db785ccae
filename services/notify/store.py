from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID

from asyncpg import Record

from services.notify.domain import Channel, InHand, Receipt, State, Step
from services.notify.messages import Draft, Parameters, Template
from shared import tracing
from shared.db import Connection
from shared.events import BookingState, MessageState, SessionState
from shared.ids import new_id

SessionStatus: TypeAlias = Literal["withdrawn", "cancelled"]

_TILL = 0x54494C4C  # "TILL": the advisory lock of those who count the day's SMS parts


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message as it is worked on, with the newest facts of its session."""

    id: UUID
    revision: int
    about: UUID
    booking_revision: int
    contact_ref: UUID
    template: str
    parameters: Parameters
    facts: SessionState
    session_status: str
    ended_revision: int | None
    """The revision that ended its booking, if one has been heard of."""
    state: State
    channel: Channel | None
    fallback: Channel | None
    attempts: int
    repeated: bool
    address: bytes | None
    """A keyed hash of where it goes, once it is routed."""
    due_at: datetime
    traceparent: str | None
    tried_at: datetime | None
    """When the newest attempt began."""
    now: datetime
    """The database's clock when this was read."""

    @classmethod
    def from_row(cls, row: Record) -> "Message":
        """Read what :func:`_load` selected."""
        values = dict(row)
        values["parameters"] = Parameters.model_validate(values["parameters"])
        values["facts"] = SessionState.model_validate(values["facts"])
        return cls(**values)

    @property
    def overtaken(self) -> bool:
        """Whether its booking has ended since, which is told instead."""
        return self.ended_revision is not None and self.ended_revision > self.booking_revision

    def in_hand(self) -> InHand:
        """What the rules need to know of it, once it has a channel."""
        if self.channel is None:
            raise ValueError("a message without a channel was tried")
        return InHand(
            template=self.template,
            starts_at=self.facts.starts_at,
            channel=self.channel,
            fallback=self.fallback,
            attempts=self.attempts,
            repeated=self.repeated,
            due_at=self.due_at,
        )

    def told(self, channel: Channel) -> MessageState:
        """What others may know of it."""
        return MessageState(
            message_id=self.id,
            revision=self.revision,
            contact_ref=self.contact_ref,
            about=self.about,
            template=self.template,
            channel=channel,
        )


class Later(NamedTuple):
    """A message with newer news than those just heard."""

    id: UUID
    state: State
    parameters: Parameters


async def learn_session(conn: Connection, facts: SessionState) -> None:
    """Keep a session's facts and status, each unless a newer revision is known."""
    await conn.execute(
        """
        INSERT INTO session (id, revision, status, facts_revision, facts) VALUES ($1, $2, 'published', $2, $3)
        ON CONFLICT (id) DO UPDATE SET
            status = CASE WHEN session.revision < $2 THEN 'published' ELSE session.status END,
            facts = CASE WHEN coalesce(session.facts_revision, 0) < $2 THEN $3 ELSE session.facts END,
            facts_revision = greatest(session.facts_revision, $2),
            revision = greatest(session.revision, $2)
        """,
        facts.session_id,
        facts.revision,
        facts.model_dump(mode="json"),
    )


async def end_session(conn: Connection, session_id: UUID, revision: int, status: SessionStatus) -> None:
    """Keep that a session was withdrawn or cancelled, also before it was heard of."""
    await conn.execute(
        """
        INSERT INTO session (id, revision, status) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET status = $3, revision = $2 WHERE session.revision < $2
        """,
        session_id,
        revision,
        status,
    )


async def facts_revision(conn: Connection, session_id: UUID) -> int | None:
    """The revision of the facts known of a session; None when there are none."""
    revision: int | None = await conn.fetchval("SELECT facts_revision FROM session WHERE id = $1", session_id)
    return revision


async def lock_booking(conn: Connection, booking_id: UUID, ended_revision: int | None) -> int | None:
    """Take the booking's turn; gives the revision that ended it, if one has been heard of."""
    ended: int | None = await conn.fetchval(
        """
        INSERT INTO booking (id, ended_revision) VALUES ($1, $2)
        ON CONFLICT (id) DO UPDATE SET ended_revision = greatest(booking.ended_revision, excluded.ended_revision)
        RETURNING ended_revision
        """,
        booking_id,
        ended_revision,
    )
    return ended


async def lock_later(conn: Connection, booking: BookingState, template: Template) -> list[Later]:
    """Hold fast what is told of the same kind, but newer."""
    rows = await conn.fetch(
        """
        SELECT id, state, parameters FROM message
        WHERE about = $1 AND template = $2 AND booking_revision > $3 AND state <> 'dropped'
        ORDER BY id FOR UPDATE
        """,
        booking.booking_id,
        template,
        booking.revision,
    )
    return [Later(row["id"], row["state"], Parameters.model_validate(row["parameters"])) for row in rows]


async def set_parameters(conn: Connection, message_id: UUID, parameters: Parameters) -> None:
    """Have a locked message that is still unsent say something else."""
    await conn.execute(
        "UPDATE message SET parameters = $2 WHERE id = $1",
        message_id,
        parameters.model_dump(mode="json"),
    )


async def supersede(conn: Connection, booking: BookingState, templates: Collection[Template]) -> list[Parameters]:
    """Drop what is still unsent of these templates and older; gives the parameters of what was dropped."""
    rows = await conn.fetch(
        """
        UPDATE message SET state = 'dropped', reason = 'superseded'
        WHERE about = $1 AND template = ANY($2) AND booking_revision < $3 AND state = 'pending'
        RETURNING parameters
        """,
        booking.booking_id,
        list(templates),
        booking.revision,
    )
    return [Parameters.model_validate(row["parameters"]) for row in rows]


async def lock_unsent(conn: Connection, booking: BookingState, templates: Collection[Template]) -> bool:
    """Hold fast what is still unsent of these templates and older; tells whether there is anything."""
    rows = await conn.fetch(
        """
        SELECT id FROM message
        WHERE about = $1 AND template = ANY($2) AND booking_revision < $3 AND state = 'pending'
        ORDER BY id FOR UPDATE
        """,
        booking.booking_id,
        list(templates),
        booking.revision,
    )
    return bool(rows)


async def add_message(conn: Connection, booking: BookingState, draft: Draft) -> UUID | None:
    """Keep that somebody is to be told; gives None, and changes nothing, for the same news again."""
    added: UUID | None = await conn.fetchval(
        """
        INSERT INTO message (
            id, about, booking_revision, session_id, template, parameters, contact_ref, traceparent
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT ON CONSTRAINT message_told_once DO NOTHING
        RETURNING id
        """,
        new_id(),
        booking.booking_id,
        booking.revision,
        booking.session_id,
        draft.template,
        draft.parameters.model_dump(mode="json"),
        booking.contact_ref,
        tracing.traceparent(),
    )
    return added


async def _load(conn: Connection, ids: list[UUID]) -> list[Message]:
    """The messages with these ids, oldest first, each with the newest facts: also how many come by now."""
    rows = await conn.fetch(
        """
        SELECT m.id, m.revision, m.about, m.booking_revision, m.contact_ref, m.template,
            m.parameters || jsonb_build_object('persons', newest.persons) AS parameters,
            m.state, m.channel, m.fallback, m.attempts, m.repeated, m.address, m.due_at, m.traceparent,
            s.facts, s.status AS session_status, b.ended_revision, a.started_at AS tried_at, clock_timestamp() AS now
        FROM message m
        JOIN session s ON s.id = m.session_id
        JOIN booking b ON b.id = m.about
        JOIN LATERAL (
            SELECT parameters -> 'persons' AS persons FROM message
            WHERE about = m.about ORDER BY booking_revision DESC LIMIT 1
        ) newest ON true
        LEFT JOIN attempt a ON a.message_id = m.id AND a.number = m.attempts
        WHERE m.id = ANY($1) ORDER BY m.id
        """,
        ids,
    )
    return [Message.from_row(row) for row in rows]


async def unrouted(conn: Connection, limit: int) -> list[Message]:
    """What is due and is to be routed: for the first time, or again after an attempt."""
    rows = await conn.fetch(
        """
        SELECT id FROM message WHERE state = 'pending' AND address IS NULL AND next_at <= now()
        ORDER BY next_at LIMIT $1
        """,
        limit,
    )
    return await _load(conn, [row["id"] for row in rows])


async def hold(conn: Connection, message_id: UUID, until: datetime) -> None:
    """Let a message wait for permitted hours; its day, after which it is given up, begins with the first attempt."""
    await conn.execute(
        """
        UPDATE message SET next_at = $2, due_at = CASE attempts WHEN 0 THEN $2 ELSE due_at END
        WHERE id = $1 AND state = 'pending' AND address IS NULL
        """,
        message_id,
        until,
    )


async def postpone(conn: Connection, message_id: UUID, until: datetime) -> None:
    """Let a message that is due be routed later, behind those that can be."""
    await conn.execute(
        "UPDATE message SET next_at = $2 WHERE id = $1 AND state = 'pending' AND address IS NULL",
        message_id,
        until,
    )


async def route(conn: Connection, message_id: UUID, channel: Channel, fallback: Channel | None, address: bytes) -> None:
    """Say by which channel and where a message goes, and which channel is left if that fails."""
    await conn.execute(
        """
        UPDATE message SET channel = $2, fallback = $3, address = $4
        WHERE id = $1 AND state = 'pending' AND address IS NULL
        """,
        message_id,
        channel,
        fallback,
        address,
    )


async def set_aside(conn: Connection, message_id: UUID, state: State, reason: str) -> bool:
    """End a message instead of routing it; tells whether it was still to be ended."""
    ended: UUID | None = await conn.fetchval(
        """
        UPDATE message SET state = $2, reason = $3
        WHERE id = $1 AND state = 'pending' AND address IS NULL
        RETURNING id
        """,
        message_id,
        state,
        reason,
    )
    return ended is not None


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
    return await _load(conn, [row["message_id"] for row in rows])


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
    return await _load(conn, [row["id"] for row in rows])


async def lock_attempt(conn: Connection, message: Message) -> Message | None:
    """Take a message's turn to conclude an attempt; None when somebody else has concluded it."""
    found = await conn.fetchval(
        """
        SELECT id FROM message WHERE id = $1 AND attempts = $2 AND state IN ('sending', 'unknown') FOR UPDATE
        """,
        message.id,
        message.attempts,
    )
    return (await _load(conn, [found]))[0] if found else None


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


async def lock_till(conn: Connection) -> None:
    """Let those who spend the day's SMS parts take turns until the end of the transaction."""
    await conn.execute("SELECT pg_advisory_xact_lock($1)", _TILL)


async def count_in(conn: Connection, message: Message, parts: int) -> None:
    """Count an attempt before it is made, so that it counts whatever becomes of it."""
    await conn.execute(
        "UPDATE attempt SET parts = $3 WHERE message_id = $1 AND number = $2",
        message.id,
        message.attempts,
        parts,
    )


async def close_till(conn: Connection, day: date, parts: int) -> bool:
    """Keep that the money stop closed; tells whether this is the first word of it."""
    first: bool | None = await conn.fetchval(
        "INSERT INTO sms_stop (day, parts) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true",
        day,
        parts,
    )
    return first is True


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


async def lock_provider_id(conn: Connection, provider_id: str) -> None:
    """Let a receipt and the commit that makes its id known take turns, so that neither misses the other."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", provider_id)


async def add_receipt(conn: Connection, provider_id: str, receipt: Receipt) -> None:
    """Keep a receipt; the same one again changes nothing."""
    await conn.execute(
        "INSERT INTO receipt (provider_id, status) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        provider_id,
        receipt,
    )


async def receipts_of(conn: Connection, provider_id: str) -> list[Receipt]:
    """The receipts that came under an id, in their order."""
    rows = await conn.fetch(
        "SELECT status FROM receipt WHERE provider_id = $1 ORDER BY received_at",
        provider_id,
    )
    return [row["status"] for row in rows]


async def lock_by_provider_id(conn: Connection, provider_id: str) -> Message | None:
    """The message whose newest attempt the provider knows by this id, if any."""
    found = await conn.fetchval(
        """
        SELECT m.id FROM message m JOIN attempt a ON a.message_id = m.id AND a.number = m.attempts
        WHERE a.provider_id = $1 FOR UPDATE OF m
        """,
        provider_id,
    )
    return (await _load(conn, [found]))[0] if found else None


async def known_ids(conn: Connection, provider_ids: list[str]) -> set[str]:
    """Those of the provider's ids that belong to messages of ours already."""
    rows = await conn.fetch("SELECT provider_id FROM attempt WHERE provider_id = ANY($1)", provider_ids)
    return {row["provider_id"] for row in rows}
