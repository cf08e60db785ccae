"""How those who help are reached, with the code that answers what they are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.volunteers.domain import windows
from services.volunteers.domain.people import By
from shared import codes, installation

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from shared.db import Connection
    from shared.hours import PermittedHours


@dataclass(frozen=True, kw_only=True, slots=True)
class Reachable:
    """Somebody who can be told something now."""

    ref: UUID
    about: UUID | None
    name: str
    phone: str | None
    email: str | None
    by: By
    language: str
    code: str
    answer_by: datetime | None
    until: datetime | None


async def reachable(conn: Connection, refs: Sequence[UUID]) -> list[Reachable]:
    """These people, to say something that is about no assignment of theirs."""
    rows = await conn.fetch(
        """
        SELECT ref, NULL::uuid AS about, name, phone, email, reach AS by, language, '' AS code,
            NULL::timestamptz AS answer_by, NULL::timestamptz AS until
        FROM contact WHERE ref = ANY($1)
        """,
        refs,
    )
    return [Reachable(**row) for row in rows]


async def reachable_about(
    conn: Connection, pairs: Sequence[tuple[UUID, UUID]], hours: PermittedHours
) -> list[Reachable]:
    """These people, each to say something about an assignment or a shift of theirs, or a notice to them.

    Until when somebody may answer is as if they were told now, for who was not told yet.
    """
    permitted = await installation.hours(conn, hours)
    rows = await conn.fetch(
        """
        SELECT w.ref, w.about, c.name, c.phone, c.email, coalesce(i.by, c.reach) AS by, c.language,
            coalesce(a.code, s.code) AS to_answer, i.code AS to_sign_in,
            CASE WHEN a.state = 'proposed' THEN a.answer_by WHEN s.state = 'asked' THEN s.answer_by END AS answer_by,
            coalesce(lower(a.during), lower(s.during), i.ends_at) AS until,
            a.state = 'proposed' AS for_visitor, s.state = 'asked' AS for_shift, clock_timestamp() AS now
        FROM unnest($1::uuid[], $2::uuid[]) AS w (ref, about)
        JOIN contact c ON c.ref = w.ref
        LEFT JOIN volunteer v ON v.contact_ref = c.ref
        LEFT JOIN assignment a ON a.id = w.about AND a.volunteer_id = v.id
        LEFT JOIN shift s ON s.id = w.about AND s.volunteer_id = v.id
        LEFT JOIN sign_in i ON i.id = w.about AND i.contact_ref = c.ref
        """,
        [ref for ref, _ in pairs],
        [about for _, about in pairs],
    )
    return [_reachable(row, permitted) for row in rows]


def _reachable(row: asyncpg.Record, hours: PermittedHours) -> Reachable:
    columns = dict(row)
    to_answer, to_sign_in = columns.pop("to_answer"), columns.pop("to_sign_in")
    columns["code"] = codes.shown(to_answer) if to_answer else to_sign_in or ""
    now, for_visitor, for_shift = columns.pop("now"), columns.pop("for_visitor"), columns.pop("for_shift")
    if columns["answer_by"] is None and (for_visitor or for_shift):
        longest = windows.FOR_A_VISITOR if for_visitor else windows.FOR_A_SHIFT
        columns["answer_by"] = windows.answer_by(columns["until"], longest, now, hours)
    return Reachable(**columns)
