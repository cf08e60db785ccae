from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, LiteralString, NamedTuple

from services.catalog.domain import Invalid
from services.catalog.kinds import KINDS
from services.catalog.queries.cursors import Position, cursor_of, position_of
from services.catalog.queries.nearby import AROUND, by_distance
from services.catalog.queries.session import COMING, FREE, SHOWN, TABLES, UPCOMING, session_view
from services.catalog.queries.wishes import given_up, understood
from services.catalog.search import fold, language_words, stem
from services.catalog.views import Nearest, Sessions, SessionView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from services.catalog.kinds import Kind
    from services.catalog.queries.wishes import Search, Wanted
    from services.catalog.views import Near
    from shared.db import Connection

_NEAREST = 6
"""Sessions shown where a search found none: enough to choose from, and seen at one look."""

_ORDER: LiteralString = "s.starts_at, a.kind, a.titles ->> 'sv', s.id"
"""By start; what starts together stands together by kind. No two are equal, so that pages join."""

_BEHIND: LiteralString = """
    s.starts_at >= $15 AND (s.starts_at, a.kind, a.titles ->> 'sv', s.id) > (
        SELECT $15, activity.kind, activity.titles ->> 'sv', session.id
        FROM session JOIN activity ON activity.id = session.activity_id WHERE session.id = $16
    )
"""
"""After a row, in :data:`_ORDER`. The first half is for the index."""

_AWAY: LiteralString = "greatest($15 - s.starts_at, s.starts_at - $16::timestamptz, interval '0')"
"""How far from the days between two moments; without a second one they never end."""

_SOUGHT: LiteralString = """
    FROM (
        SELECT concat_ws(
            ' ', '', a.search, s.search, b.search, $9::jsonb ->> a.kind,
            (SELECT string_agg($9::jsonb ->> tag, ' ') FROM unnest(a.languages) tag)
        ) AS text OFFSET 0
    ) told, unnest($7::text[], $8::text[]) AS sought (word, stem) WHERE
"""
"""All that is told of a session, put together once (``OFFSET 0`` sees to that), with each word that is looked for."""
_MET: LiteralString = "(strpos(text, word) > 0 OR strpos(text, ' ' || stem) > 0)"
"""A word is met anywhere, for compounds are written as one (``café`` in ``språkcafé``); without its ending, where a
word begins."""
_ALL_MET: LiteralString = "NOT EXISTS (SELECT" + _SOUGHT + "NOT " + _MET + ")"
_ANY_MET: LiteralString = "EXISTS (SELECT" + _SOUGHT + _MET + ")"


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """Which part of what was found: a numbered page, or what follows a cursor."""

    limit: int = 50
    page: int | None = None
    cursor: str | None = None


class Statement(NamedTuple):
    """SQL with its values."""

    sql: LiteralString
    values: tuple[object, ...]


async def sessions(conn: Connection, wanted: Wanted, part: Slice, zone: ZoneInfo) -> Sessions:
    """A part of what is not yet over, in order of start: of what is on offer, and if wished, of what was called off.

    Raises:
        Invalid: a wish or the cursor cannot be understood; names which.
    """
    if part.page is not None and part.cursor is not None:
        raise Invalid("a page has a number or follows a cursor, not both", "cursor")
    meant = await understood(conn, wanted, zone)
    if part.page is not None:
        found = await _read(conn, page(meant.search, part.page, part.limit))
        counted = count(meant.search)
        total: int = await conn.fetchval(counted.sql, *counted.values)
        return Sessions(items=found, next=None, total=total, near=meant.near)
    position = position_of(part.cursor) if part.cursor else None
    found = await _read(conn, following(meant.search, position, part.limit + 1))
    items, more = found[: part.limit], found[part.limit :]
    cursor = cursor_of(Position(items[-1].starts_at, items[-1].id)) if more else None
    return Sessions(items=items, next=cursor, total=None, near=meant.near)


async def nearest(conn: Connection, wanted: Wanted, zone: ZoneInfo) -> Nearest:
    """The first sessions of a search; where it finds none, of what is left when wishes are given up one by one.

    Raises:
        Invalid: a wish cannot be understood; names which.
    """
    meant = await understood(conn, wanted, zone)
    items = await _read(conn, page(meant.search, 1, _NEAREST))
    dropped: list[str] = []
    if not items:
        for wish, search in given_up(meant, await _close(conn, wanted, meant.near)):
            if wish not in dropped:
                dropped.append(wish)
            items = await _read(conn, first(search, _NEAREST))
            if items:
                break
    return Nearest(items=items, dropped=tuple(dropped))


async def _close(conn: Connection, wanted: Wanted, around: Near | None) -> Sequence[str]:
    """The branches around the place that is wished for."""
    if around:
        return around.ids
    return (await by_distance(conn, wanted.branch))[:AROUND] if wanted.branch else ()


async def _read(conn: Connection, statement: Statement) -> tuple[SessionView, ...]:
    return tuple(map(session_view, await conn.fetch(statement.sql, *statement.values)))


def page(search: Search, number: int, limit: int) -> Statement:
    """A numbered page; the first is 1."""
    return _part(_chosen(search), _ORDER, limit, (number - 1) * limit)


def first(search: Search, limit: int) -> Statement:
    """The first sessions, or those nearest in time to the days that were wished for, before or after."""
    chosen = _chosen(search)
    if search.around is None:
        return _part(chosen, _ORDER, limit, 0)
    part = _part(chosen, _AWAY + ", " + _ORDER, limit, 0)
    return Statement(part.sql, (*part.values, *search.around))


def following(search: Search, position: Position | None, limit: int) -> Statement:
    """What comes after a row, or first."""
    chosen, offset = _chosen(search), 0
    if position is None:
        return _part(chosen, _ORDER, limit, offset)
    part = _part(Statement(chosen.sql + " AND " + _BEHIND, chosen.values), _ORDER, limit, offset)
    return Statement(part.sql, (*part.values, *position))


def count(search: Search) -> Statement:
    """How many there are on all pages."""
    chosen = _chosen(search)
    return Statement("SELECT count(*)" + TABLES + "WHERE " + chosen.sql, chosen.values)


def _part(chosen: Statement, rank: LiteralString, limit: int, offset: int) -> Statement:
    """Some of the chosen sessions by rank, shown in order: found by little, and only those few read in full."""
    ids: LiteralString = "SELECT s.id" + TABLES + "WHERE " + chosen.sql + " ORDER BY " + rank + " LIMIT $13 OFFSET $14"
    return Statement(
        SHOWN + "WHERE s.id = ANY (ARRAY(" + ids + ")) ORDER BY " + _ORDER, (*chosen.values, limit, offset)
    )


@cache
def _names() -> dict[str, str]:
    """By kind and by language: an activity is found by how these are called and explained, whatever its title."""
    return {kind.id: _explained(kind) for kind in KINDS.values()} | language_words()


def _explained(kind: Kind) -> str:
    """Everything that says what a kind is, in every language."""
    texts = (kind.labels, kind.sms_labels, kind.plain)
    lines = [line for covered in kind.covers.values() for line in covered]
    return fold(" ".join([*(text for told in texts for text in told.values()), *lines]))


def _chosen(search: Search) -> Statement:
    """The condition that sessions meet, with its values ``$1`` to ``$12``.

    It is written anew for each set of wishes: for one text in which every wish may be absent, the server would in
    time keep a single plan, and that would suit none of them.
    """
    said, words = _words(search)
    wishes: tuple[tuple[object, LiteralString, LiteralString], ...] = (
        (search.until, "s.starts_at < $2", "$2::timestamptz IS NULL"),
        (search.branches, "s.branch_id = ANY ($3)", "$3::text[] IS NULL"),
        (search.places, "s.place = ANY ($4)", "$4::text[] IS NULL"),
        (search.kinds, "a.kind = ANY ($5)", "$5::text[] IS NULL"),
        (search.language, "$6 = ANY (a.languages)", "$6::text IS NULL"),
        (search.words, said, "$7::text[] IS NULL AND $8::text[] IS NULL AND $9::jsonb IS NULL"),
        (search.activity, "s.activity_id = $10", "$10::uuid IS NULL"),
        (search.series, "s.series_id = $11", "$11::uuid IS NULL"),
        (search.sitting, "s.sitting_id = $12", "$12::uuid IS NULL"),
        (search.free or None, FREE, "true"),
    )
    shown: LiteralString = UPCOMING if search.cancelled else COMING
    conditions = [shown, "s.starts_at >= $1", *(absent if value is None else met for value, met, absent in wishes)]
    values = (search.since, *(value for value, _, _ in wishes[:5]), *words)
    return Statement(" AND ".join(conditions), (*values, search.activity, search.series, search.sitting))


def _words(search: Search) -> tuple[LiteralString, tuple[object, ...]]:
    """The condition that what is told of a session meets the words, with its values."""
    if not search.words:
        return "true", (None, None, None)
    condition = _ANY_MET if search.any_word else _ALL_MET
    return condition, (search.words, [stem(word) for word in search.words], _names())
