"""What staff did and read, for those who answer for it: the table ``audit`` that every service with data has.

A row is written in the transaction that does what it tells of, and nobody changes it afterwards. What is done is named
by a word or two in small letters (``cancelled``, ``list-read``), and so is what it is done to (``session``): a new word
is put into words for people in ``services/web/staff/deeds.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    import asyncpg

    from shared.auth import Staff
    from shared.db import Connection


async def note(  # noqa: PLR0913 - each is named at the call
    conn: Connection,
    by: Staff,
    action: str,
    kind: str,
    object_: UUID | str,
    *,
    branch: str | None,
    fields: Sequence[str] = (),
    over: int | None = None,
) -> None:
    """Keep that somebody did this, in the transaction that does it; ``fields`` are names, never what is in them.

    ``branch`` is the library it was done at, None where it is the whole installation's business. ``over`` is of an
    override in booking: how many seats more than staff set it lets in. The session's ceiling rises by it, which nothing
    else can do, so that it is noted before the seats are taken.
    """
    await conn.execute(
        """
        INSERT INTO audit (at, subject, role, branch_id, action, kind, object, fields, over)
        VALUES (clock_timestamp(), $1, $2, $3, $4, $5, $6, $7, $8)
        """,
        by.subject,
        by.role,
        branch,
        action,
        kind,
        str(object_),
        list(fields),
        over,
    )


async def note_hourly(conn: Connection, by: Staff, action: str, kind: str, object_: UUID | str, *, branch: str) -> None:
    """Keep that somebody does this again and again, once an hour; ``object_``'s row is held, so that it is once.

    A row for each tap would tell nothing of visitors, and of staff how quick they are.
    """
    noted = await conn.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM audit
            WHERE object = $1 AND action = $2 AND subject = $3 AND at > clock_timestamp() - $4::interval
        )
        """,
        str(object_),
        action,
        by.subject,
        _AGAIN_AFTER,
    )
    if not noted:
        await note(conn, by, action, kind, object_, branch=branch)


_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Something that was done or read."""

    id: int
    at: datetime
    subject: str
    role: str
    branch_id: str | None
    action: str
    kind: str
    object: str
    fields: list[str]
    over: int | None

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> Entry:
        """Read a row that has these columns."""
        return cls(**{name: row[name] for name in cls.__slots__})


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which entries somebody wants to see; None leaves a thing open."""

    subject: str | None = None
    branch: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    action: str | None = None
    kind: str | None = None
    object: str | None = None
    before: int | None = None
    """Only what was noted before this entry."""


async def entries(conn: Connection, wanted: Wanted, at_most: int) -> list[Entry]:
    """What was done, the newest first."""
    rows = await conn.fetch(
        """
        SELECT id, at, subject, role, branch_id, action, kind, object, fields, over FROM audit
        WHERE ($1::text IS NULL OR branch_id = $1) AND ($2::timestamptz IS NULL OR at >= $2)
            AND ($3::timestamptz IS NULL OR at < $3) AND ($4::text IS NULL OR action = $4)
            AND ($5::text IS NULL OR object = $5) AND ($6::bigint IS NULL OR id < $6)
            AND ($7::text IS NULL OR subject = $7) AND ($8::text IS NULL OR kind = $8)
        ORDER BY id DESC LIMIT $9
        """,
        wanted.branch,
        wanted.since,
        wanted.until,
        wanted.action,
        wanted.object,
        wanted.before,
        wanted.subject,
        wanted.kind,
        at_most,
    )
    return [Entry.from_row(row) for row in rows]


async def forget(conn: Connection) -> None:
    """Delete what is older than a year; the database refuses to delete anything else."""
    await conn.execute("DELETE FROM audit WHERE at < now() - interval '12 months'")
