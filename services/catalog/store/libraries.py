"""Libraries as administrators keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import asyncpg

from services.catalog.domain import BranchExists, Library, NameTaken, Stretch, UnknownBranch
from services.catalog.search import fold

if TYPE_CHECKING:
    from shared.db import Connection

_LIBRARY: LiteralString = """
    SELECT id, revision, name, sms_name, phone, address, district, stop_kind, stop_name, latitude, longitude
    FROM branch WHERE id = $1
"""

_TAKEN = {"branch_name_once": "name", "branch_sms_name_once": "sms_name"}


async def library(conn: Connection, branch_id: str) -> Library:
    """Read a library.

    Raises:
        UnknownBranch: there is none of that id.
    """
    return await _library(conn, branch_id, await conn.fetchrow(_LIBRARY, branch_id))


async def lock_library(conn: Connection, branch_id: str) -> Library:
    """Lock a library's row until the transaction ends, also against sessions that would come to it meanwhile.

    ``FOR UPDATE``, which waits for whoever has just put a session there and read what the library is called, and lets
    who comes later read what it is called then.

    Raises:
        UnknownBranch: there is none of that id.
    """
    return await _library(conn, branch_id, await conn.fetchrow(_LIBRARY + "FOR UPDATE", branch_id))


async def _library(conn: Connection, branch_id: str, row: asyncpg.Record | None) -> Library:
    if row is None:
        raise UnknownBranch("there is no such branch")
    hours = await conn.fetch(
        "SELECT weekday, opens, closes, staffed FROM branch_hours WHERE branch_id = $1 ORDER BY weekday, opens",
        branch_id,
    )
    return Library(**row, hours=tuple(Stretch(**stretch) for stretch in hours))


async def insert_library(conn: Connection, made: Library) -> None:
    """Keep a new library.

    Raises:
        BranchExists: there is one of its id.
        NameTaken: another is called so.
    """
    try:
        await conn.execute(
            """
            INSERT INTO branch (
                id, revision, name, sms_name, phone, address, district, stop_kind, stop_name, latitude, longitude,
                stop, search, address_verified
            )
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, true)
            """,
            *_values(made),
        )
    except asyncpg.UniqueViolationError as error:
        raise _taken(error) from error
    await _put_hours(conn, made)


async def update_library(conn: Connection, before: Library, after: Library) -> None:
    """Write a changed library whose row the caller has locked.

    Raises:
        NameTaken: another is called so.
    """
    try:
        await conn.execute(
            """
            UPDATE branch SET
                revision = $2, name = $3, sms_name = $4, phone = $5, address = $6, district = $7, stop_kind = $8,
                stop_name = $9, latitude = $10, longitude = $11, stop = $12, search = $13,
                address_verified = address_verified OR address <> $6
            WHERE id = $1
            """,
            *_values(after),
        )
    except asyncpg.UniqueViolationError as error:
        raise _taken(error) from error
    if after.hours != before.hours:
        await conn.execute("DELETE FROM branch_hours WHERE branch_id = $1", after.id)
        await _put_hours(conn, after)


async def _put_hours(conn: Connection, kept: Library) -> None:
    await conn.executemany(
        "INSERT INTO branch_hours (branch_id, weekday, opens, closes, staffed) VALUES ($1, $2, $3, $4, $5)",
        [(kept.id, stretch.weekday, stretch.opens, stretch.closes, stretch.staffed) for stretch in kept.hours],
    )


def _values(kept: Library) -> tuple[object, ...]:
    return (
        kept.id,
        kept.revision,
        kept.name,
        kept.sms_name,
        kept.phone,
        kept.address,
        kept.district,
        kept.stop_kind,
        kept.stop_name,
        kept.latitude,
        kept.longitude,
        kept.stop,
        fold(" ".join(part for part in (kept.name, kept.district, kept.stop) if part)),
    )


def _taken(error: asyncpg.UniqueViolationError) -> Exception:
    if error.constraint_name == "branch_pkey":
        return BranchExists("there is a branch of that id already", "id")
    if error.constraint_name in _TAKEN:
        return NameTaken("another library is called so already", _TAKEN[error.constraint_name])
    return error
