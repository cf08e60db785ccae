from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog.domain import Invalid
from services.catalog.geography import Point, Spot, km, middle, named, suggested
from services.catalog.search import words
from services.catalog.views import Near, NearBranch, Places

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from shared.db import Connection

AROUND = 5
"""How many branches are near a place: one of them is within reach, and the list stays short."""


async def near(conn: Connection, typed: str) -> Near:
    """The place somebody named, and the nearest branches.

    Raises:
        Invalid: nothing we know is called so.
    """
    places = await conn.fetch(
        "SELECT name, latitude, longitude FROM place WHERE starts_with(search, $1)", " ".join(words(typed))
    )
    known = await _branches(conn)
    spot = named([*map(_spot, places), *map(_spot, known), *_districts(known)], typed)
    if spot is None:
        raise Invalid("no place, library or district we know begins like that", "near")
    return Near(name=spot.name, branches=_by_distance(known, spot.at)[:AROUND])


async def places(conn: Connection, typed: str) -> Places:
    """Names we know that somebody may have meant, the likeliest first."""
    names = [row["name"] for row in await conn.fetch("SELECT name FROM place")]
    known = await _branches(conn)
    names += [row["name"] for row in known] + [spot.name for spot in _districts(known)]
    return Places(items=tuple(suggested(names, typed)))


async def by_distance(conn: Connection, branch_id: str) -> list[str]:
    """Every branch, the nearest to one first: that one itself.

    Raises:
        Invalid: there is no such branch.
    """
    known = await _branches(conn)
    here = next((_at(row) for row in known if row["id"] == branch_id), None)
    if here is None:
        raise Invalid("there is no such branch", "branch")
    return [branch.id for branch in _by_distance(known, here)]


async def _branches(conn: Connection) -> list[asyncpg.Record]:
    return await conn.fetch("SELECT id, name, district, latitude, longitude FROM branch")


def _by_distance(branches: Sequence[asyncpg.Record], here: Point) -> tuple[NearBranch, ...]:
    away = [(km(here, _at(row)), row["id"]) for row in branches]
    return tuple(NearBranch(id=id_, km=round(distance, 1)) for distance, id_ in sorted(away))


def _districts(branches: Sequence[asyncpg.Record]) -> list[Spot]:
    """The districts, each in the middle of its branches."""
    names = sorted({row["district"] for row in branches} - {""})
    return [Spot(name=name, at=middle(_at(row) for row in branches if row["district"] == name)) for name in names]


def _spot(row: asyncpg.Record) -> Spot:
    return Spot(name=row["name"], at=_at(row))


def _at(row: asyncpg.Record) -> Point:
    return Point(row["latitude"], row["longitude"])
