"""What staff say or are about to tell."""

from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from services.notify import domain, store
from services.notify.store import Message
from shared.db import Connection
from shared.events import Branch, SessionState


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A message that somebody is to hear by voice."""

    message: Message
    language: str
    """Which they asked for."""
    still_so: bool
    """Whether it is still true."""


async def said(conn: Connection, message_id: UUID) -> Said | None:
    """What a message tells as things are now; None when there is no such message about a booking.

    Of what is true no more it tells as if the booking stood, so that there are words for it all the same.
    """
    found = await store.load(conn, [message_id])
    if not found:
        return None
    [message] = found
    if message.owner != "booking":
        return None
    language: str | None = await conn.fetchval("SELECT language FROM booking WHERE id = $1", message.about)
    still_so = domain.needless(message.template, message.circumstances()) is None
    told = message if message.standing in domain.LIVE else replace(message, standing="confirmed")
    return Said(message=told, language=language or "", still_so=still_so)


class Known(NamedTuple):
    """What is known of a session."""

    facts: SessionState
    status: str


async def session(conn: Connection, session_id: UUID) -> Known | None:
    """A session's newest facts; None when we have not heard of it."""
    row = await conn.fetchrow("SELECT facts, status FROM session WHERE id = $1 AND facts IS NOT NULL", session_id)
    return Known(SessionState.model_validate(row["facts"]), row["status"]) if row else None


async def branch(conn: Connection, branch_id: str) -> Branch | None:
    """A library as the newest word on one of its sessions has it; None when it never had any."""
    found: dict[str, object] | None = await conn.fetchval(
        """
        SELECT facts -> 'branch' FROM session WHERE facts -> 'branch' ->> 'id' = $1
        ORDER BY heard_at DESC, id DESC LIMIT 1
        """,
        branch_id,
    )
    return Branch.model_validate(found) if found else None


async def called_differently(conn: Connection, branch_id: str) -> list[SessionState]:
    """One session of each name that there is at a library; where it has had none, of those that there are elsewhere."""
    rows = await conn.fetch(
        """
        WITH at_library AS (
            SELECT facts FROM session WHERE facts -> 'branch' ->> 'id' = $1 AND status <> 'cancelled'
        ), tried AS (
            SELECT facts FROM at_library
            UNION ALL
            SELECT facts FROM session WHERE facts IS NOT NULL AND NOT EXISTS (SELECT FROM at_library)
        )
        SELECT DISTINCT ON (facts -> 'sms_titles') facts FROM tried
        ORDER BY facts -> 'sms_titles', facts ->> 'starts_at' DESC LIMIT $2
        """,
        branch_id,
        _MOST_NAMES,
    )
    return [SessionState.model_validate(row["facts"]) for row in rows]


_MOST_NAMES = 100
