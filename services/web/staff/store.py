"""What web keeps of sign-ins, in its own database. Times are its clock's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID

if TYPE_CHECKING:
    import asyncpg

    from shared.claims import Role
    from shared.db import Connection

_SIGN_IN_WITHIN = timedelta(minutes=30)
_FORM_KEPT = timedelta(hours=1)
_RENEWED_WITHIN = timedelta(seconds=10)
"""Longer than a provider is waited for."""
_REMEMBERED = timedelta(days=1)
"""For so long it is known whose an ended session was, so that a form goes back to nobody else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """Somebody who went to the identity provider."""

    browser_hash: bytes
    nonce: str
    verifier: bytes
    back: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """Somebody who is signed in, or was."""

    id_hash: bytes
    subject: str
    name: str
    role: Role | None
    branches: frozenset[str]
    tokens: bytes
    good_for: timedelta
    """How long the access token is good."""
    branch: str | None
    over: bool
    """Whether they have to sign in again."""

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> Session:
        """Read what :func:`find` selected."""
        columns = dict(row) | {"branches": frozenset(row["branches"]), "role": cast("Role | None", row["role"])}
        return cls(**columns)


async def keep_sign_in(conn: Connection, state_hash: bytes, sign_in: SignIn) -> None:
    """Remember somebody until they come back."""
    await conn.execute(
        """
        INSERT INTO sign_in (state_hash, browser_hash, nonce, verifier, back, began_at)
        VALUES ($1, $2, $3, $4, $5, clock_timestamp())
        """,
        state_hash,
        sign_in.browser_hash,
        sign_in.nonce,
        sign_in.verifier,
        sign_in.back,
    )


async def take_sign_in(conn: Connection, state_hash: bytes) -> SignIn | None:
    """Who comes back with this state, once; None for who never left, came already or took too long."""
    row = await conn.fetchrow(
        """
        DELETE FROM sign_in WHERE state_hash = $1
        RETURNING browser_hash, nonce, verifier, back, began_at > clock_timestamp() - $2::interval AS in_time
        """,
        state_hash,
        _SIGN_IN_WITHIN,
    )
    if row is None or not row["in_time"]:
        return None
    return SignIn(browser_hash=row["browser_hash"], nonce=row["nonce"], verifier=row["verifier"], back=row["back"])


async def begin(conn: Connection, session: Session) -> None:
    """Remember that somebody is signed in."""
    await conn.execute(
        """
        INSERT INTO staff_session
            (id_hash, subject, name, role, branches, tokens, access_until, branch, began_at, used_at)
        VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7::interval, $8, clock_timestamp(), clock_timestamp())
        """,
        session.id_hash,
        session.subject,
        session.name,
        session.role,
        sorted(session.branches),
        session.tokens,
        session.good_for,
        session.branch,
    )


async def find(conn: Connection, id_hash: bytes, *, idle: timedelta, longest: timedelta) -> Session | None:
    """Whose browser this is; None for one nobody knows."""
    row = await conn.fetchrow(
        """
        SELECT id_hash, subject, name, role, branches, tokens, branch, access_until - clock_timestamp() AS good_for,
            used_at < clock_timestamp() - $2::interval OR began_at < clock_timestamp() - $3::interval AS over
        FROM staff_session WHERE id_hash = $1
        """,
        id_hash,
        idle,
        longest,
    )
    return Session.from_row(row) if row else None


async def used(conn: Connection, id_hash: bytes) -> None:
    """Somebody did something: they stay signed in. Written once a minute."""
    await conn.execute(
        """
        UPDATE staff_session SET used_at = clock_timestamp()
        WHERE id_hash = $1 AND used_at < clock_timestamp() - interval '1 minute'
        """,
        id_hash,
    )


async def choose(conn: Connection, id_hash: bytes, branch: str | None) -> None:
    """Remember which library somebody works with now."""
    await conn.execute("UPDATE staff_session SET branch = $2 WHERE id_hash = $1", id_hash, branch)


async def claim_renewal(conn: Connection, id_hash: bytes, tokens: bytes) -> bool:
    """Whether it is ours to ask for new tokens in place of these: one process asks, the provider answers once."""
    return bool(
        await conn.fetchval(
            """
            UPDATE staff_session SET renewing_until = clock_timestamp() + $3::interval
            WHERE id_hash = $1 AND tokens = $2
                AND (renewing_until IS NULL OR renewing_until < clock_timestamp())
            RETURNING true
            """,
            id_hash,
            tokens,
            _RENEWED_WITHIN,
        )
    )


async def renew(conn: Connection, session: Session) -> None:
    """Keep somebody's new tokens, and what they may do now."""
    await conn.execute(
        """
        UPDATE staff_session SET tokens = $2, access_until = clock_timestamp() + $3::interval, role = $4, branches = $5,
            renewing_until = NULL
        WHERE id_hash = $1
        """,
        session.id_hash,
        session.tokens,
        session.good_for,
        session.role,
        sorted(session.branches),
    )


async def give_up_renewal(conn: Connection, id_hash: bytes) -> None:
    """Let another one try."""
    await conn.execute("UPDATE staff_session SET renewing_until = NULL WHERE id_hash = $1", id_hash)


async def end(conn: Connection, id_hash: bytes) -> None:
    """Somebody signed out."""
    await conn.execute("DELETE FROM staff_session WHERE id_hash = $1", id_hash)


async def keep_form(conn: Connection, form_id: UUID, subject: str, form: bytes) -> None:
    """Keep what somebody sent too late."""
    await conn.execute(
        "INSERT INTO kept_form (id, subject, form, kept_at) VALUES ($1, $2, $3, clock_timestamp())",
        form_id,
        subject,
        form,
    )


async def kept_form(conn: Connection, form_id: UUID, subject: str) -> bytes | None:
    """What this person sent too late; None for anybody else's."""
    row = await conn.fetchrow(
        "SELECT form FROM kept_form WHERE id = $1 AND subject = $2 AND kept_at > clock_timestamp() - $3::interval",
        form_id,
        subject,
        _FORM_KEPT,
    )
    return bytes(row["form"]) if row else None


async def forget_form(conn: Connection, form_id: UUID, subject: str) -> None:
    """It was sent again, or is not wanted any more."""
    await conn.execute("DELETE FROM kept_form WHERE id = $1 AND subject = $2", form_id, subject)


async def forget_old(conn: Connection, longest: timedelta) -> None:
    """Delete what nobody comes back for."""
    await conn.execute("DELETE FROM sign_in WHERE began_at < clock_timestamp() - $1::interval", _SIGN_IN_WITHIN)
    await conn.execute("DELETE FROM kept_form WHERE kept_at < clock_timestamp() - $1::interval", _FORM_KEPT)
    await conn.execute(
        "DELETE FROM staff_session WHERE began_at < clock_timestamp() - $1::interval", longest + _REMEMBERED
    )
