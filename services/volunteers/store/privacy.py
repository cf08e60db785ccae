"""What is known about those who help and coordinate, and taking it away. Their name is in their contact's row alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.volunteers.reach import Reached
    from shared.db import Connection

_OLD: LiteralString = """
    FROM volunteer v JOIN contact c ON c.ref = v.contact_ref
    WHERE v.state NOT IN ('active', 'paused') AND greatest(
        v.state_since,
        (SELECT max(upper(s.during)) FROM shift s WHERE s.volunteer_id = v.id AND s.state IN ('on_duty', 'done')),
        (SELECT max(upper(a.during)) FROM assignment a WHERE a.volunteer_id = v.id AND a.state IN ('accepted', 'done'))
    ) < clock_timestamp() - make_interval(months => $1)
"""
"""Those who left, or went no further on the way, so long ago."""


async def count_old(conn: Connection, months: int) -> int:
    """How many are known who left so long ago."""
    found: int = await conn.fetchval("SELECT count(*) " + _OLD, months)
    return found


async def lock_old(conn: Connection, months: int, at_most: int) -> list[UUID]:
    """Hold some of those who left so long ago; whom somebody else holds is left for the next time."""
    rows = await conn.fetch(
        "SELECT v.contact_ref " + _OLD + "ORDER BY v.id LIMIT $2 FOR UPDATE OF v, c SKIP LOCKED", months, at_most
    )
    return [row["contact_ref"] for row in rows]


async def refs_of(conn: Connection, reached: Reached) -> list[UUID]:
    """Whose number or address this is. It may be a whole family's."""
    rows = await conn.fetch(
        'SELECT ref FROM contact WHERE phone = $1 OR lower(email COLLATE "C") = $2 ORDER BY ref',
        reached.phone,
        reached.email and reached.email.casefold(),
    )
    return [row["ref"] for row in rows]


async def volunteers_of(conn: Connection, refs: Sequence[UUID]) -> list[UUID]:
    """Those of these people who help."""
    rows = await conn.fetch("SELECT id FROM volunteer WHERE contact_ref = ANY($1) ORDER BY id", refs)
    return [row["id"] for row in rows]


async def known_of(conn: Connection, refs: Sequence[UUID]) -> list[dict[str, Any]]:
    """Everything that is kept about these people, as it is kept: columns that come later are shown as well."""
    rows = await conn.fetch(
        """
        SELECT jsonb_strip_nulls(jsonb_build_object(
            'contact', to_jsonb(c),
            'volunteer', to_jsonb(v),
            'coordinator', to_jsonb(k),
            'languages', (SELECT jsonb_object_agg(l.language, l.level) FROM volunteer_language l
                WHERE l.volunteer_id = v.id),
            'steps', (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.id) FROM volunteer_step s WHERE s.volunteer_id = v.id),
            'availability', (SELECT jsonb_agg(to_jsonb(a)) FROM availability a WHERE a.volunteer_id = v.id),
            'exceptions', (SELECT jsonb_agg(to_jsonb(e)) FROM availability_exception e WHERE e.volunteer_id = v.id),
            'register_note', (SELECT to_jsonb(n) FROM register_note n WHERE n.volunteer_id = v.id),
            'shifts', (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.during) FROM shift s WHERE s.volunteer_id = v.id),
            'assignments', (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.during) FROM assignment a
                WHERE a.volunteer_id = v.id),
            'notices', (SELECT jsonb_agg(to_jsonb(n) ORDER BY n.at) FROM notice n WHERE n.contact_ref = c.ref),
            'sessions', (SELECT jsonb_agg(jsonb_build_object('since', h.since, 'last_at', h.last_at))
                FROM helper_session h WHERE h.contact_ref = c.ref)
        )) AS known
        FROM contact c
        LEFT JOIN volunteer v ON v.contact_ref = c.ref
        LEFT JOIN coordinator k ON k.contact_ref = c.ref
        WHERE c.ref = ANY($1) ORDER BY c.ref
        """,
        refs,
    )
    return [row["known"] for row in rows]


_OF_VOLUNTEER: tuple[LiteralString, ...] = (
    "DELETE FROM volunteer_language WHERE volunteer_id = ANY($1)",
    "DELETE FROM volunteer_step WHERE volunteer_id = ANY($1)",
    "DELETE FROM availability WHERE volunteer_id = ANY($1)",
    "DELETE FROM availability_exception WHERE volunteer_id = ANY($1)",
    "DELETE FROM register_note WHERE volunteer_id = ANY($1)",
    "DELETE FROM calendar_secret WHERE volunteer_id = ANY($1)",
    """
    UPDATE volunteer SET revision = revision + 1, tasks = '{}', topics = '{}', stages = '{}', subjects = '{}',
        branches = '{}', hours_a_year = NULL
    WHERE id = ANY($1)
    """,
)
_OF_CONTACT: tuple[LiteralString, ...] = (
    "DELETE FROM coordinator WHERE contact_ref = ANY($1)",
    "DELETE FROM helper_session WHERE contact_ref = ANY($1)",
    "DELETE FROM sign_in WHERE contact_ref = ANY($1)",
    "DELETE FROM notice WHERE contact_ref = ANY($1)",
)


async def end(conn: Connection, volunteer_id: UUID) -> None:
    """Hold somebody's row, and give them nothing to do from now on."""
    await conn.execute(
        "UPDATE volunteer SET state = 'ended', state_since = clock_timestamp() WHERE id = $1", volunteer_id
    )


async def erase(conn: Connection, refs: Sequence[UUID]) -> list[UUID]:
    """Forget people; gives those who were known.

    Hours that were given stay, as somebody's of the partner of whom nobody knows who it was.
    """
    volunteers = await volunteers_of(conn, refs)
    for statement in _OF_VOLUNTEER:
        await conn.execute(statement, volunteers)
    for statement in _OF_CONTACT:
        await conn.execute(statement, refs)
    rows = await conn.fetch("DELETE FROM contact WHERE ref = ANY($1) RETURNING ref", refs)
    return [row["ref"] for row in rows]
