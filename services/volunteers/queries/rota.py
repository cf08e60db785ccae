"""The hours without staff: who keeps them open, and who could."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.volunteers.domain.people import Availability, Except, Weekly
from services.volunteers.domain.rota import Friend, Hours

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    import asyncpg

    from shared.db import Connection

_LATELY = timedelta(weeks=17)
"""So far back a turn counts for who has had how many."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """Somebody in a session, or who was asked for it."""

    shift_id: UUID
    volunteer_id: UUID
    name: str | None
    state: str
    covering: bool
    """Whether they are asked to take the place of somebody who is in it, and keeps it until then."""
    said_no: bool
    """By a word, by silence, or by being ill."""
    why: Mapping[str, Any]
    """Why they were asked, where the rota did."""

    @property
    def live(self) -> bool:
        """Whether they are in it, or may come to be."""
        return self.state in {"asked", "offered", "on_duty"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A session that friends keep open."""

    session_id: UUID
    branch_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    needed: int
    people: Sequence[Placed]

    @property
    def gap(self) -> int:
        """How many more have to say yes."""
        return max(0, self.needed - sum(one.state == "on_duty" for one in self.people))

    @property
    def missing(self) -> int:
        """How many more have to be asked."""
        return max(0, self.needed - sum(one.live and not one.covering for one in self.people))

    def hours(self, besides: AbstractSet[UUID] = frozenset()) -> Hours:
        """As the rule of the rota has it; ``besides`` are not asked either."""
        return Hours(
            id=self.session_id,
            branch_id=self.branch_id,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            missing=self.missing,
            not_again=frozenset(one.volunteer_id for one in self.people if one.live or one.said_no) | besides,
        )


async def kept(conn: Connection, branch_id: str, since: datetime, until: datetime) -> list[Kept]:
    """The sessions to come that friends keep open at a library, from ``since`` until before ``until``."""
    rows = await conn.fetch(
        """
        SELECT s.id AS session_id, s.branch_id, s.facts -> 'titles' ->> 'sv' AS title, s.starts_at, s.ends_at, s.needed
        FROM session s
        WHERE s.branch_id = $1 AND s.task = 'friend' AND s.needed > 0 AND s.status = 'published'
            AND s.starts_at >= $2 AND s.starts_at < $3 AND s.starts_at > clock_timestamp()
        ORDER BY s.starts_at, s.id
        """,
        branch_id,
        since,
        until,
    )
    people = await conn.fetch(
        """
        SELECT f.session_id, f.id AS shift_id, f.volunteer_id, c.name, f.state, f.why,
            f.state = 'asked' AND f.covers IS NOT NULL AS covering,
            f.state IN ('declined', 'expired') OR coalesce(f.ended IN ('declined', 'ill', 'expired'), false) AS said_no
        FROM shift f JOIN volunteer v ON v.id = f.volunteer_id LEFT JOIN contact c ON c.ref = v.contact_ref
        WHERE f.session_id = ANY($1) ORDER BY f.created_at, f.id
        """,
        [row["session_id"] for row in rows],
    )
    there = _by("session_id", people)
    return [
        Kept(
            **row,
            people=[
                Placed(**{name: one[name] for name in Placed.__slots__}) for one in there.get(row["session_id"], ())
            ],
        )
        for row in rows
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A friend and what they are called."""

    friend: Friend
    name: str | None


async def friends(conn: Connection, branch_id: str) -> list[Named]:
    """Who may be asked to keep a library open, and when they are not free."""
    rows = await conn.fetch(
        """
        SELECT v.id, v.branches, c.name FROM volunteer v LEFT JOIN contact c ON c.ref = v.contact_ref
        WHERE v.state = 'active' AND 'friend' = ANY(v.tasks) AND (v.branches = '{}' OR $1 = ANY(v.branches))
        ORDER BY v.id
        """,
        branch_id,
    )
    ids = [row["id"] for row in rows]
    weekly = _by(
        "volunteer_id",
        await conn.fetch(
            "SELECT volunteer_id, weekday, starts, ends FROM availability WHERE volunteer_id = ANY($1)", ids
        ),
    )
    exceptions = _by(
        "volunteer_id",
        await conn.fetch(
            """
        SELECT volunteer_id, first_day, last_day, available FROM availability_exception WHERE volunteer_id = ANY($1)
        """,
            ids,
        ),
    )
    busy = _by(
        "volunteer_id",
        await conn.fetch(
            """
        SELECT volunteer_id, lower(during) AS starts, upper(during) AS ends FROM shift
        WHERE volunteer_id = ANY($1) AND state IN ('asked', 'on_duty') AND upper(during) > clock_timestamp()
        UNION ALL
        SELECT volunteer_id, lower(during), upper(during) FROM assignment
        WHERE volunteer_id = ANY($1) AND state IN ('proposed', 'accepted') AND upper(during) > clock_timestamp()
        """,
            ids,
        ),
    )
    turns = _by(
        "volunteer_id",
        await conn.fetch(
            """
        SELECT f.volunteer_id, lower(f.during) AS starts
        FROM shift f JOIN session s ON s.id = f.session_id
        WHERE f.volunteer_id = ANY($1) AND s.task = 'friend' AND f.state IN ('asked', 'on_duty', 'done')
            AND lower(f.during) > clock_timestamp() - $2::interval
        """,
            ids,
            _LATELY,
        ),
    )
    return [
        Named(
            name=row["name"],
            friend=Friend(
                id=row["id"],
                branches=frozenset(row["branches"]),
                availability=Availability(
                    weekly=[
                        Weekly(weekday=one["weekday"], starts=one["starts"], ends=one["ends"])
                        for one in weekly.get(row["id"], ())
                    ],
                    exceptions=[
                        Except(first_day=one["first_day"], last_day=one["last_day"], available=one["available"])
                        for one in exceptions.get(row["id"], ())
                    ],
                ),
                busy=[(one["starts"], one["ends"]) for one in busy.get(row["id"], ())],
                turns=[one["starts"] for one in turns.get(row["id"], ())],
            ),
        )
        for row in rows
    ]


def _by(name: str, rows: Iterable[asyncpg.Record]) -> Mapping[UUID, Sequence[asyncpg.Record]]:
    """Rows by one of their columns."""
    found: dict[UUID, list[asyncpg.Record]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """A turn of somebody else's that could be taken for one's own."""

    shift_id: UUID
    first_name: str
    title: str
    branch_id: str
    starts_at: datetime
    ends_at: datetime


async def exchanges(conn: Connection, shift_id: UUID, volunteer_id: UUID) -> list[Exchange]:
    """The turns to come of the other friends of one's library, that could be had for one's own.

    Not those of who is in one's own session already, nor of sessions that one is in.
    """
    rows = await conn.fetch(
        """
        SELECT f.id AS shift_id, split_part(c.name, ' ', 1) AS first_name,
            coalesce(s.facts -> 'titles' ->> me.language, s.facts -> 'titles' ->> 'sv') AS title,
            s.branch_id, s.starts_at, s.ends_at
        FROM shift mine JOIN session own ON own.id = mine.session_id
        JOIN volunteer w ON w.id = mine.volunteer_id JOIN contact me ON me.ref = w.contact_ref
        JOIN session s ON s.branch_id = own.branch_id AND s.task = 'friend' AND s.status = 'published'
            AND s.starts_at > clock_timestamp() AND NOT tstzrange(s.starts_at, s.ends_at) && mine.during
        JOIN shift f ON f.session_id = s.id AND f.state = 'on_duty' AND f.volunteer_id <> mine.volunteer_id
        JOIN volunteer v ON v.id = f.volunteer_id AND v.state = 'active' JOIN contact c ON c.ref = v.contact_ref
        WHERE mine.id = $1 AND mine.volunteer_id = $2 AND mine.state = 'on_duty' AND own.task = 'friend'
            AND NOT EXISTS (
                SELECT FROM shift o
                WHERE o.volunteer_id = f.volunteer_id AND o.state IN ('asked', 'offered', 'on_duty')
                    AND o.during && mine.during
            ) AND NOT EXISTS (
                SELECT FROM shift o
                WHERE o.volunteer_id = $2 AND o.state IN ('asked', 'offered', 'on_duty') AND o.during && f.during
            )
        ORDER BY s.starts_at, f.id LIMIT 60
        """,
        shift_id,
        volunteer_id,
    )
    return [Exchange(**row) for row in rows]
