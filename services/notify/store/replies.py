from dataclasses import dataclass
from uuid import UUID

from services.notify.domain import Answer, Says
from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer somebody gave, as far as anything of it is kept."""

    id: UUID
    provider_id: str
    address: bytes
    """A keyed hash of the number."""
    about: UUID
    understood: Says
    answer: Answer | None = None
    """The text that was given in return, if any."""
    parts: int = 0
    """What that costs."""


async def lock_address(conn: Connection, address: bytes) -> None:
    """Let the answers of one number take turns until the end of the transaction."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 1))", address)


async def add_reply(conn: Connection, reply: Reply) -> None:
    """Keep an answer.

    Raises:
        asyncpg.UniqueViolationError: one under this id is kept already.
    """
    await conn.execute(
        """
        INSERT INTO reply (id, provider_id, address, about, understood, answer, parts)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        reply.id,
        reply.provider_id,
        reply.address,
        reply.about,
        reply.understood,
        reply.answer,
        reply.parts,
    )


async def stop_reminders(conn: Connection, address: bytes) -> None:
    """Keep that a number wants no reminders."""
    await conn.execute(
        """
        INSERT INTO reminder_stop (address) VALUES ($1)
        ON CONFLICT (address) DO UPDATE SET said_at = clock_timestamp()
        """,
        address,
    )


async def start_reminders(conn: Connection, address: bytes) -> None:
    """Forget that a number wanted no reminders."""
    await conn.execute("DELETE FROM reminder_stop WHERE address = $1", address)
