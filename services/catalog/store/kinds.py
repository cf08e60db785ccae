"""What new activities of a kind start from: what an administrator set, else what Plats suggests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, LiteralString

from services.catalog.domain import UnknownKind, Usual
from services.catalog.kinds import KINDS
from services.catalog.store.columns import terms_of

if TYPE_CHECKING:
    import asyncpg

    from shared.db import Connection

_USUAL: LiteralString = """
    SELECT id, revision, minutes, mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours,
        fill_from_hours, offer_minutes, reminder_hours, reconfirm, booked_by, certificate, capacity_from,
        helpers_needed, register_note, '[]'::jsonb AS ask
    FROM kind
"""
"""What bookings are asked is no administrator's choice, and comes from the kind.

A row at revision 1 is only where those who change it take turns: nobody has set anything yet, and what Plats suggests
may become another.
"""


def suggested(kind_id: str) -> Usual:
    """What Plats suggests, as the first revision.

    Raises:
        UnknownKind: there is no such kind.
    """
    if kind_id not in KINDS:
        raise UnknownKind("there is no such kind")
    kind = KINDS[kind_id]
    return Usual(kind=kind.id, minutes=kind.minutes, terms=kind.terms)


async def usuals(conn: Connection) -> dict[str, Usual]:
    """What each kind starts from."""
    rows = {row["id"]: row for row in await conn.fetch(_USUAL)}
    return {id_: _usual_of(id_, rows.get(id_)) for id_ in KINDS}


async def usual(conn: Connection, kind_id: str) -> Usual:
    """What a kind starts from.

    Raises:
        UnknownKind: there is no such kind.
    """
    return _usual_of(kind_id, await conn.fetchrow(_USUAL + "WHERE id = $1", kind_id))


async def lock_usual(conn: Connection, kind_id: str) -> Usual:
    """Lock what a kind starts from until the transaction ends.

    Raises:
        UnknownKind: there is no such kind.
    """
    await _put(conn, suggested(kind_id))
    return _usual_of(kind_id, await conn.fetchrow(_USUAL + "WHERE id = $1 FOR UPDATE", kind_id))


async def _put(conn: Connection, new: Usual) -> None:
    await conn.execute(
        """
        INSERT INTO kind (
            id, revision, minutes, mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours,
            fill_from_hours, offer_minutes, reminder_hours, reconfirm, booked_by, certificate, capacity_from,
            helpers_needed, register_note
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
        ON CONFLICT (id) DO NOTHING
        """,
        *_values(new),
    )


async def update_usual(conn: Connection, changed: Usual) -> None:
    """Write what a kind starts from, whose row the caller has locked."""
    await conn.execute(
        """
        UPDATE kind SET
            revision = $2, minutes = $3, mode = $4, counts = $5, seats = $6, walk_in = $7, queue = $8, party_max = $9,
            children = $10, late_cancel_hours = $11, fill_from_hours = $12, offer_minutes = $13, reminder_hours = $14,
            reconfirm = $15, booked_by = $16, certificate = $17, capacity_from = $18,
            helpers_needed = $19, register_note = $20
        WHERE id = $1
        """,
        *_values(changed),
    )


def _values(kept: Usual) -> tuple[object, ...]:
    terms = kept.terms
    return (
        kept.kind,
        kept.revision,
        kept.minutes,
        terms.mode,
        terms.counts,
        terms.seats,
        terms.walk_in,
        terms.queue,
        terms.party_max,
        terms.children,
        terms.late_cancel_hours,
        terms.fill_from_hours,
        terms.offer_minutes,
        terms.reminder_hours,
        terms.reconfirm,
        terms.booked_by,
        terms.certificate,
        terms.capacity_from,
        terms.helpers_needed,
        terms.register_note,
    )


def _usual_of(kind_id: str, row: asyncpg.Record | None) -> Usual:
    plats = suggested(kind_id)
    if row is None or row["revision"] == plats.revision:
        return plats
    terms = replace(terms_of(row), ask=plats.terms.ask)
    return Usual(kind=kind_id, revision=row["revision"], minutes=row["minutes"], terms=terms)
