"""Who helps, and how they are reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString
from uuid import UUID

import asyncpg

from services.volunteers.domain.people import Availability, Contact, Except, Note, State, Step, Volunteer, Weekly
from services.volunteers.domain.refusals import UnknownPartner, UnknownVolunteer
from shared.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from shared.db import Connection

_VOLUNTEER: LiteralString = """
    SELECT v.id, v.revision, v.contact_ref, v.state, v.partner_id, v.tasks, v.topics, v.stages, v.subjects, v.branches,
        v.hours_a_year, c.name, c.reach, c.phone, c.email, c.language,
        (SELECT coalesce(jsonb_object_agg(l.language, l.level), '{}') FROM volunteer_language l
            WHERE l.volunteer_id = v.id) AS languages
    FROM volunteer v JOIN contact c ON c.ref = v.contact_ref
"""
"""Who was erased has no contact, and is nobody here."""


async def insert_contact(conn: Connection, ref: UUID, contact: Contact) -> None:
    """Keep how somebody is reached."""
    await conn.execute(
        "INSERT INTO contact (ref, name, reach, phone, email, language) VALUES ($1, $2, $3, $4, $5, $6)",
        ref,
        *_reached(contact),
    )


async def update_contact(conn: Connection, ref: UUID, contact: Contact) -> None:
    """Have somebody called or reached otherwise."""
    await conn.execute(
        "UPDATE contact SET name = $2, reach = $3, phone = $4, email = $5, language = $6 WHERE ref = $1",
        ref,
        *_reached(contact),
    )


def _reached(contact: Contact) -> tuple[object, ...]:
    return contact.name, contact.by, contact.phone, contact.email, contact.language


async def insert(conn: Connection, new: Volunteer) -> None:
    """Keep somebody new.

    Raises:
        UnknownPartner: there is no such partner.
    """
    await insert_contact(conn, new.contact_ref, new.contact)
    try:
        await conn.execute(
            """
            INSERT INTO volunteer (
                id, revision, contact_ref, state, state_since, partner_id, tasks, topics, stages, subjects, branches,
                hours_a_year
            ) VALUES ($1, $2, $3, $4, clock_timestamp(), $5, $6, $7, $8, $9, $10, $11)
            """,
            new.id,
            new.revision,
            new.contact_ref,
            new.state,
            *_own(new),
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise _no_partner(error) from error
    await _write_languages(conn, new)


async def update(conn: Connection, after: Volunteer) -> None:
    """Write a changed volunteer whose row the caller has locked.

    Raises:
        UnknownPartner: there is no such partner.
    """
    try:
        await conn.execute(
            """
            UPDATE volunteer SET revision = $2, partner_id = $3, tasks = $4, topics = $5, stages = $6, subjects = $7,
                branches = $8, hours_a_year = $9
            WHERE id = $1
            """,
            after.id,
            after.revision,
            *_own(after),
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise _no_partner(error) from error
    await update_contact(conn, after.contact_ref, after.contact)
    await _write_languages(conn, after)


def _own(kept: Volunteer) -> tuple[object, ...]:
    return (
        kept.partner_id,
        list(kept.tasks),
        list(kept.topics),
        list(kept.stages),
        list(kept.subjects),
        list(kept.branches),
        kept.hours_a_year,
    )


def _no_partner(error: asyncpg.ForeignKeyViolationError) -> Exception:
    known = error.constraint_name == "volunteer_partner"
    return UnknownPartner("there is no such partner", "partner_id") if known else error


async def _write_languages(conn: Connection, kept: Volunteer) -> None:
    await conn.execute("DELETE FROM volunteer_language WHERE volunteer_id = $1", kept.id)
    await conn.executemany(
        "INSERT INTO volunteer_language (volunteer_id, language, level) VALUES ($1, $2, $3)",
        [(kept.id, language, level) for language, level in kept.languages.items()],
    )


async def volunteer(conn: Connection, volunteer_id: UUID) -> Volunteer:
    """Read somebody who helps.

    Raises:
        UnknownVolunteer: there is nobody of that id, or no longer.
    """
    return _volunteer(await conn.fetchrow(_VOLUNTEER + "WHERE v.id = $1", volunteer_id))


async def lock(conn: Connection, volunteer_id: UUID) -> Volunteer:
    """Hold somebody's row until the transaction ends.

    Raises:
        UnknownVolunteer: there is nobody of that id, or no longer.
    """
    # Their row first, in a statement of its own: what is read after it is as the one before left it.
    await conn.execute("SELECT FROM volunteer WHERE id = $1 FOR UPDATE", volunteer_id)
    return await volunteer(conn, volunteer_id)


def _volunteer(row: asyncpg.Record | None) -> Volunteer:
    if row is None:
        raise UnknownVolunteer("there is no such volunteer")
    values = dict(row)
    contact = Contact(
        name=values.pop("name"),
        by=values.pop("reach"),
        phone=values.pop("phone"),
        email=values.pop("email"),
        language=values.pop("language"),
    )
    return Volunteer(**values, contact=contact)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which volunteers somebody looks for; None leaves a thing open."""

    within: Sequence[str] | None = None
    """Those of these libraries, and those who named none."""
    state: State | None = None
    task: str | None = None
    branch: str | None = None
    partner_id: UUID | None = None
    name: str | None = None
    after: UUID | None = None


async def found(conn: Connection, wanted: Wanted, at_most: int) -> list[Volunteer]:
    """Those who are looked for, by name; after somebody who was erased meanwhile, from the first on."""
    after = wanted.after and await conn.fetchval(
        "SELECT lower(c.name) FROM volunteer v JOIN contact c ON c.ref = v.contact_ref WHERE v.id = $1", wanted.after
    )
    rows = await conn.fetch(
        _VOLUNTEER
        + """
        WHERE ($1::text[] IS NULL OR v.branches && $1 OR v.branches = '{}')
            AND ($2::text IS NULL OR v.state = $2) AND ($3::text IS NULL OR $3 = ANY(v.tasks))
            AND ($4::text IS NULL OR $4 = ANY(v.branches) OR v.branches = '{}')
            AND ($5::uuid IS NULL OR v.partner_id = $5)
            AND ($6::text IS NULL OR position(lower($6) IN lower(c.name)) > 0)
            AND ($7::text IS NULL OR (lower(c.name), v.id) > ($7, $8::uuid))
        ORDER BY lower(c.name), v.id LIMIT $9
        """,
        wanted.within,
        wanted.state,
        wanted.task,
        wanted.branch,
        wanted.partner_id,
        wanted.name,
        after,
        wanted.after,
        at_most,
    )
    return [_volunteer(row) for row in rows]


async def known_as(conn: Connection, contact: Contact) -> bool:
    """Whether somebody of this name is reached under this number or address already, and has not left."""
    known: bool = await conn.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM contact c JOIN volunteer v ON v.contact_ref = c.ref
            WHERE (c.phone = $1 OR lower(c.email COLLATE "C") = $2) AND lower(c.name) = lower($3)
                AND v.state <> 'ended'
        )
        """,
        contact.phone,
        contact.email and contact.email.casefold(),
        contact.name,
    )
    return known


async def step(conn: Connection, volunteer_id: UUID, state: State, by: str) -> None:
    """Keep a step on somebody's way; their row is locked by the caller."""
    await conn.execute(
        "UPDATE volunteer SET state = $2, state_since = clock_timestamp(), revision = revision + 1 WHERE id = $1",
        volunteer_id,
        state,
    )
    await note_step(conn, volunteer_id, state, by)


async def note_step(conn: Connection, volunteer_id: UUID, state: State, by: str) -> None:
    """Keep which step it was, and who noted it."""
    await conn.execute(
        "INSERT INTO volunteer_step (volunteer_id, state, at, by) VALUES ($1, $2, clock_timestamp(), $3)",
        volunteer_id,
        state,
        by,
    )


async def catch_up(conn: Connection, volunteer_id: UUID) -> None:
    """Have somebody begin, or go on, where the others are: who was away owes nothing, and is owed nothing."""
    await conn.execute(
        """
        UPDATE volunteer SET share = greatest(share, (
            SELECT min(o.share) FROM volunteer o WHERE o.state = 'active' AND o.id <> $1
        )) WHERE id = $1
        """,
        volunteer_id,
    )


async def steps(conn: Connection, volunteer_id: UUID) -> list[Step]:
    """Somebody's way so far."""
    rows = await conn.fetch(
        "SELECT state, at, by FROM volunteer_step WHERE volunteer_id = $1 ORDER BY id", volunteer_id
    )
    return [Step(**row) for row in rows]


async def register_notes(conn: Connection, volunteer_ids: Sequence[UUID]) -> dict[UUID, Note]:
    """Whose extract of the police register was seen, and when."""
    rows = await conn.fetch(
        "SELECT volunteer_id, seen_on, seen_by FROM register_note WHERE volunteer_id = ANY($1)", volunteer_ids
    )
    return {row["volunteer_id"]: Note(seen_on=row["seen_on"], seen_by=row["seen_by"]) for row in rows}


async def keep_note(conn: Connection, volunteer_id: UUID, seen: Note) -> None:
    """Keep that the extract was seen; one that was seen before is forgotten."""
    await conn.execute(
        """
        INSERT INTO register_note (volunteer_id, seen_on, seen_by) VALUES ($1, $2, $3)
        ON CONFLICT (volunteer_id) DO UPDATE SET seen_on = $2, seen_by = $3
        """,
        volunteer_id,
        seen.seen_on,
        seen.seen_by,
    )


async def drop_note(conn: Connection, volunteer_id: UUID) -> bool:
    """Forget that it was seen; tells whether anything was known."""
    gone: bool | None = await conn.fetchval(
        "DELETE FROM register_note WHERE volunteer_id = $1 RETURNING true", volunteer_id
    )
    return bool(gone)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """A note that ends soon, and whose it is."""

    volunteer_id: UUID
    contact_ref: UUID
    seen_on: date


async def notes_ending(conn: Connection, seen_before: date, tasks: Sequence[str], at_most: int) -> list[Ending]:
    """Notes older than that of those who do such tasks, of whose end nobody was reminded; held and marked."""
    rows = await conn.fetch(
        """
        WITH ending AS (
            SELECT n.volunteer_id, v.contact_ref, n.seen_on
            FROM register_note n JOIN volunteer v ON v.id = n.volunteer_id JOIN contact c ON c.ref = v.contact_ref
            WHERE n.seen_on < $1 AND n.reminded_of IS DISTINCT FROM n.seen_on
                AND v.state IN ('introduction', 'active', 'paused') AND v.tasks && $2
            ORDER BY n.volunteer_id LIMIT $3 FOR UPDATE OF n SKIP LOCKED
        )
        UPDATE register_note n SET reminded_of = n.seen_on FROM ending e WHERE n.volunteer_id = e.volunteer_id
        RETURNING e.volunteer_id, e.contact_ref, e.seen_on
        """,
        seen_before,
        tasks,
        at_most,
    )
    return [Ending(**row) for row in rows]


async def availability(conn: Connection, volunteer_id: UUID) -> Availability:
    """When somebody can."""
    weekly = await conn.fetch(
        "SELECT weekday, starts, ends FROM availability WHERE volunteer_id = $1 ORDER BY weekday, starts", volunteer_id
    )
    exceptions = await conn.fetch(
        """
        SELECT first_day, last_day, available FROM availability_exception WHERE volunteer_id = $1
        ORDER BY first_day, last_day, id
        """,
        volunteer_id,
    )
    return Availability(weekly=[Weekly(**row) for row in weekly], exceptions=[Except(**row) for row in exceptions])


async def write_availability(conn: Connection, volunteer_id: UUID, told: Availability) -> None:
    """Write when somebody can, in place of what was known; their row is locked by the caller."""
    await conn.execute("DELETE FROM availability WHERE volunteer_id = $1", volunteer_id)
    await conn.executemany(
        "INSERT INTO availability (volunteer_id, weekday, starts, ends) VALUES ($1, $2, $3, $4)",
        [(volunteer_id, each.weekday, each.starts, each.ends) for each in told.weekly],
    )
    await conn.execute("DELETE FROM availability_exception WHERE volunteer_id = $1", volunteer_id)
    await conn.executemany(
        """
        INSERT INTO availability_exception (id, volunteer_id, first_day, last_day, available)
        VALUES ($1, $2, $3, $4, $5)
        """,
        [(new_id(), volunteer_id, each.first_day, each.last_day, each.available) for each in told.exceptions],
    )
    await touch(conn, volunteer_id)


async def touch(conn: Connection, volunteer_id: UUID) -> None:
    """Raise somebody's revision; their row is locked by the caller."""
    await conn.execute("UPDATE volunteer SET revision = revision + 1 WHERE id = $1", volunteer_id)
