"""Codes that were sent and sessions of those who signed in with one. Both are kept as hashes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from services.volunteers.domain.people import Coordinates, Helper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.db import Connection

IDLE = timedelta(hours=12)
"""After which who did nothing signs in again."""

LONGEST = timedelta(days=30)
"""After which everybody does."""

_NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is known when somebody was last here: not each page is a row to write."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressee:
    """Somebody who may sign in."""

    ref: UUID
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """A code for somebody."""

    id: UUID
    contact_ref: UUID
    by: Literal["sms", "email"]
    code: str
    code_hash: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A code that was sent, as far as it is kept."""

    id: UUID
    contact_ref: UUID
    code_hash: bytes


async def helper(conn: Connection, token_hash: bytes) -> Helper | None:
    """Who signed in under this token, if that still counts: they were here lately, and still help or coordinate."""
    row = await conn.fetchrow(
        """
        SELECT s.contact_ref, v.id AS volunteer_id, k.id AS coordinator_id, k.partner_id,
            s.last_at < clock_timestamp() - $3::interval AS stale
        FROM helper_session s JOIN contact c ON c.ref = s.contact_ref
        LEFT JOIN volunteer v ON v.contact_ref = c.ref AND v.state NOT IN ('interest', 'ended')
        LEFT JOIN coordinator k ON k.contact_ref = c.ref AND k.active
        WHERE s.token_hash = $1 AND s.ends_at > clock_timestamp() AND s.last_at > clock_timestamp() - $2::interval
            AND (v.id IS NOT NULL OR k.id IS NOT NULL)
        """,
        token_hash,
        IDLE,
        _NOTED_EVERY,
    )
    if row is None:
        return None
    if row["stale"]:
        await conn.execute("UPDATE helper_session SET last_at = clock_timestamp() WHERE token_hash = $1", token_hash)
    coordinator = row["coordinator_id"] and Coordinates(id=row["coordinator_id"], partner_id=row["partner_id"])
    return Helper(contact_ref=row["contact_ref"], volunteer_id=row["volunteer_id"], coordinator=coordinator)


async def sign_out_everywhere(conn: Connection, contact_ref: UUID) -> None:
    """Have no token of theirs count any more, and no code that is on its way."""
    await conn.execute("DELETE FROM helper_session WHERE contact_ref = $1", contact_ref)
    await conn.execute("DELETE FROM sign_in WHERE contact_ref = $1", contact_ref)


async def reached_by(conn: Connection, phone: str | None, email: str | None, at_most: int) -> list[Addressee]:
    """Those who may sign in and have this number or address: a family may share it."""
    rows = await conn.fetch(
        """
        SELECT c.ref, c.language FROM contact c
        LEFT JOIN volunteer v ON v.contact_ref = c.ref AND v.state NOT IN ('interest', 'ended')
        LEFT JOIN coordinator k ON k.contact_ref = c.ref AND k.active
        WHERE (c.phone = $1 OR lower(c.email COLLATE "C") = $2) AND (v.id IS NOT NULL OR k.id IS NOT NULL)
        ORDER BY c.created_at DESC, c.ref LIMIT $3
        """,
        phone,
        email and email.casefold(),
        at_most,
    )
    return [Addressee(**row) for row in rows]


async def make(conn: Connection, new: SignIn, lasts: timedelta) -> datetime:
    """Keep a code for somebody, in place of those that were sent before; gives when it ends."""
    await conn.execute("DELETE FROM sign_in WHERE contact_ref = $1", new.contact_ref)
    ends_at: datetime = await conn.fetchval(
        """
        INSERT INTO sign_in (id, contact_ref, by, code, code_hash, made_at, ends_at)
        VALUES ($1, $2, $3, $4, $5, clock_timestamp(), clock_timestamp() + $6::interval) RETURNING ends_at
        """,
        new.id,
        new.contact_ref,
        new.by,
        new.code,
        new.code_hash,
        lasts,
    )
    return ends_at


async def open_for(conn: Connection, refs: Sequence[UUID], tries: int) -> list[Sent]:
    """The codes of these people that still count, held: who tries at the same time waits."""
    rows = await conn.fetch(
        """
        SELECT id, contact_ref, code_hash FROM sign_in
        WHERE contact_ref = ANY($1) AND used_at IS NULL AND ends_at > clock_timestamp() AND tries < $2
        ORDER BY id FOR UPDATE
        """,
        refs,
        tries,
    )
    return [Sent(**row) for row in rows]


async def tried(conn: Connection, ids: Sequence[UUID]) -> None:
    """Count a wrong try against these."""
    await conn.execute("UPDATE sign_in SET tries = tries + 1 WHERE id = ANY($1)", ids)


async def used(conn: Connection, sign_in_id: UUID) -> None:
    """Have a code work no more."""
    await conn.execute("UPDATE sign_in SET used_at = clock_timestamp(), code = NULL WHERE id = $1", sign_in_id)


async def begin(conn: Connection, contact_ref: UUID, token_hash: bytes) -> datetime:
    """Have a token stand for somebody; gives when it ends at the latest."""
    ends_at: datetime = await conn.fetchval(
        """
        INSERT INTO helper_session (token_hash, contact_ref, since, last_at, ends_at)
        VALUES ($1, $2, clock_timestamp(), clock_timestamp(), clock_timestamp() + $3::interval) RETURNING ends_at
        """,
        token_hash,
        contact_ref,
        LONGEST,
    )
    return ends_at


async def end(conn: Connection, token_hash: bytes) -> None:
    """Have a token stand for nobody any more."""
    await conn.execute("DELETE FROM helper_session WHERE token_hash = $1", token_hash)


async def sent(conn: Connection, sign_in_id: UUID) -> None:
    """Forget a code in the clear, once it was sent."""
    await conn.execute("UPDATE sign_in SET code = NULL WHERE id = $1", sign_in_id)


async def forget(conn: Connection) -> None:
    """Delete codes and sessions that are over."""
    await conn.execute("DELETE FROM sign_in WHERE ends_at <= clock_timestamp()")
    await conn.execute(
        "DELETE FROM helper_session WHERE ends_at <= clock_timestamp() OR last_at <= clock_timestamp() - $1::interval",
        IDLE,
    )
