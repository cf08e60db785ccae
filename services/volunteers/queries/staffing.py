"""Who helps where: what is somebody's own, who is on duty, what is missing, and who could be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, LiteralString
from uuid import UUID

from services.volunteers.domain.assigning import Able, note_until, unable
from services.volunteers.store.candidates import year_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import asyncpg

    from services.volunteers.domain.refusals import Refusal
    from services.volunteers.store.sessions import Session
    from shared.db import Connection

_PAST = timedelta(days=400)
"""How far back somebody sees what they did."""

_OPEN_FOR = timedelta(days=28)
"""How far ahead volunteers see where somebody is needed."""

_AT_MOST = 5000
"""Sessions at once: more than all libraries together need helpers for in four weeks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A session as those who help see it: what, when, where and whom to ring."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    sitting_id: UUID | None
    task: str
    titles: dict[str, str]
    place: str
    room: str
    branch: dict[str, str]

    @classmethod
    def of(cls, row: asyncpg.Record, ends_at: datetime | None = None) -> Place:
        """Read a row that has a session's columns."""
        facts = row["facts"]
        branch = {name: facts["branch"].get(name) or "" for name in ("id", "name", "address", "phone")}
        return cls(
            id=row["session_id"],
            starts_at=row["starts_at"],
            ends_at=ends_at or row["ends_at"],
            sitting_id=row["sitting_id"],
            task=row["task"] or "",
            titles=facts["titles"],
            place=facts["place"],
            room=facts.get("room", ""),
            branch=branch,
        )


PLACE: LiteralString = "e.id AS session_id, e.starts_at, e.ends_at, e.sitting_id, coalesce(e.task, '') AS task, e.facts"
"""What :meth:`Place.of` reads, of a session that is called ``e``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Doing:
    """What a volunteer is asked, does or did."""

    kind: str
    id: UUID
    session: Place
    state: str
    code: str | None
    answer_by: datetime | None
    booking_id: UUID | None
    language: str | None
    topic: str | None
    pledged: bool
    looking_for_stand_in: bool
    in_return: datetime | None
    """When the turn of their own begins that is taken from them for this one, if they say yes to swap."""
    passing_on: bool
    """Whether another is asked to take it, or to swap."""
    outcome: str | None
    minutes: int | None


async def doings(conn: Connection, volunteer_id: UUID, now: datetime) -> list[Doing]:
    """Everything that is a volunteer's, in the order in which it is: also what they did.

    Shifts of one sitting are one: they are asked, said yes to and given back together.
    """
    rows = await conn.fetch(
        f"""
        SELECT 'visitor' AS kind, a.id, a.state, a.code, a.answer_by, a.booking_id,
            coalesce(n.help_language, n.language) AS language, n.topic, a.pledge IS NOT NULL AS pledged,
            a.hand_over AS looking_for_stand_in, a.outcome, a.minutes, NULL::timestamptz AS in_return,
            false AS passing_on, a.proposed_at AS made_at, {PLACE}
        FROM assignment a JOIN need n USING (booking_id) JOIN session e ON e.id = a.session_id
        WHERE a.volunteer_id = $1 AND a.state IN ('proposed', 'accepted', 'done') AND lower(a.during) > $2
        UNION ALL
        SELECT 'shift', s.id, s.state, s.code, s.answer_by, NULL, NULL, NULL, false, s.hand_over, NULL, s.minutes,
            (SELECT lower(r.during) FROM shift r WHERE r.id = s.in_return),
            EXISTS (SELECT FROM shift c WHERE c.covers = s.id AND c.state = 'asked'), s.created_at, {PLACE}
        FROM shift s JOIN session e ON e.id = s.session_id
        WHERE s.volunteer_id = $1 AND s.state IN ('asked', 'offered', 'on_duty', 'done') AND lower(s.during) > $2
        ORDER BY starts_at, kind, id
        """,  # noqa: S608 - columns of this file
        volunteer_id,
        now - _PAST,
    )
    together: dict[tuple[object, ...], list[asyncpg.Record]] = {}
    for row in rows:
        alone = row["kind"] == "visitor" or row["sitting_id"] is None
        key = (row["id"],) if alone else (row["sitting_id"], row["state"])
        together.setdefault(key, []).append(row)
    return [_doing(found) for found in together.values()]


def _doing(rows: Sequence[asyncpg.Record]) -> Doing:
    row = next((one for one in rows if one["code"]), rows[0])
    own = (
        "kind",
        "id",
        "state",
        "code",
        "answer_by",
        "booking_id",
        "language",
        "topic",
        "pledged",
        "outcome",
        "in_return",
    )
    counted = [one["minutes"] for one in rows if one["minutes"] is not None]
    return Doing(
        **{name: row[name] for name in own},
        looking_for_stand_in=any(one["looking_for_stand_in"] for one in rows),
        passing_on=any(one["passing_on"] for one in rows),
        minutes=sum(counted) if counted else None,
        session=Place.of(rows[0], ends_at=max(one["ends_at"] for one in rows)),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class OnDuty:
    """Somebody in a session, for staff."""

    shift_id: UUID
    volunteer_id: UUID
    name: str | None
    state: str
    looking_for_stand_in: bool
    covers: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenNeed:
    """A visitor's need in a session, and who is asked or does it."""

    booking_id: UUID
    state: str
    language: str
    topic: str | None
    asked: int
    alarmed_at: datetime | None
    wakes_at: datetime | None
    assignment_id: UUID | None
    volunteer_id: UUID | None
    name: str | None
    why: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Staffed:
    """How staffed a session is."""

    session: Place
    status: str
    needed: int
    helpers: int
    asked: int
    offered: int
    gap: int
    matched: bool
    register_note: bool
    people: tuple[OnDuty, ...]
    needs: tuple[OpenNeed, ...]


async def staffing(
    conn: Connection, since: datetime, until: datetime, branches: Collection[str] | None
) -> list[Staffed]:
    """The sessions of some libraries that need helpers, in order, with who is in them; None is every library."""
    rows = await conn.fetch(
        f"""
        SELECT {PLACE}, e.status, e.needed, e.matched, e.register_note FROM session e
        WHERE e.needed > 0 AND e.starts_at >= $1 AND e.starts_at < $2 AND e.status IN ('published', 'withdrawn')
            AND ($3::text[] IS NULL OR e.branch_id = ANY($3))
        ORDER BY e.starts_at, e.id LIMIT {_AT_MOST}
        """,  # noqa: S608 - columns of this file
        since,
        until,
        None if branches is None else list(branches),
    )
    ids = [row["session_id"] for row in rows]
    people: dict[UUID, list[OnDuty]] = {id_: [] for id_ in ids}
    for row in await conn.fetch(
        """
        SELECT s.session_id, s.id AS shift_id, s.volunteer_id, c.name, s.state, s.hand_over AS looking_for_stand_in,
            s.covers
        FROM shift s JOIN volunteer v ON v.id = s.volunteer_id LEFT JOIN contact c ON c.ref = v.contact_ref
        WHERE s.session_id = ANY($1) AND s.state IN ('asked', 'offered', 'on_duty', 'done', 'missed')
        ORDER BY s.created_at, s.id
        """,
        ids,
    ):
        columns = dict(row)
        people[columns.pop("session_id")].append(OnDuty(**columns))
    needs: dict[UUID, list[OpenNeed]] = {id_: [] for id_ in ids}
    for session_id, need in await _needs(conn, "n.session_id = ANY($1) AND n.state <> 'over'", ids):
        needs[session_id].append(need)
    return [_staffed(row, people[row["session_id"]], needs[row["session_id"]]) for row in rows]


def _staffed(row: asyncpg.Record, people: Sequence[OnDuty], needs: Sequence[OpenNeed]) -> Staffed:
    states = [one.state for one in people]
    helpers = states.count("on_duty") + states.count("done")
    return Staffed(
        session=Place.of(row),
        status=row["status"],
        needed=row["needed"],
        helpers=helpers,
        asked=states.count("asked"),
        offered=states.count("offered"),
        gap=max(row["needed"] - helpers, 0),
        matched=row["matched"],
        register_note=row["register_note"],
        people=tuple(people),
        needs=tuple(needs),
    )


_NEEDS: LiteralString = """
    SELECT n.session_id, n.booking_id, n.state, coalesce(n.help_language, n.language) AS language, n.topic, n.asked,
        n.alarmed_at, n.wakes_at, a.id AS assignment_id, a.volunteer_id, c.name, a.why
    FROM need n
    LEFT JOIN LATERAL (
        SELECT id, volunteer_id, why FROM assignment
        WHERE booking_id = n.booking_id AND state IN ('proposed', 'accepted', 'done')
        ORDER BY state, proposed_at DESC LIMIT 1
    ) a ON true
    LEFT JOIN volunteer v ON v.id = a.volunteer_id LEFT JOIN contact c ON c.ref = v.contact_ref
    LEFT JOIN session e ON e.id = n.session_id
"""

_AT_RISK_AT_MOST = 1000


async def _needs(
    conn: Connection, where: LiteralString, *arguments: object, at_most: int | None = None
) -> list[tuple[UUID, OpenNeed]]:
    """Needs and their sessions, the nearest first."""
    number = len(arguments) + 1
    order = f"ORDER BY e.starts_at, n.created_at, n.booking_id LIMIT ${number}"
    rows = await conn.fetch(f"{_NEEDS} WHERE {where} {order}", *arguments, at_most)
    found = []
    for row in rows:
        columns = dict(row)
        found.append((columns.pop("session_id"), OpenNeed(**columns)))
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class AtRisk:
    """A visitor whom nobody helps as things stand."""

    session: Place
    need: OpenNeed


async def at_risk(conn: Connection, now: datetime, branches: Collection[str] | None) -> list[AtRisk]:
    """Visitors to come whom nobody has said yes to, the nearest first."""
    needs = await _needs(
        conn,
        """
        n.state IN ('sought', 'proposed', 'alarmed', 'given_up') AND n.session_id IN (
            SELECT id FROM session WHERE ends_at > $1 AND ($2::text[] IS NULL OR branch_id = ANY($2))
        )
        """,
        now,
        None if branches is None else list(branches),
        at_most=_AT_RISK_AT_MOST,
    )
    places = {
        row["session_id"]: Place.of(row)
        for row in await conn.fetch(
            f"SELECT {PLACE} FROM session e WHERE e.id = ANY($1)",  # noqa: S608 - columns of this file
            [session_id for session_id, _ in needs],
        )
    }
    found = [AtRisk(session=places[session_id], need=need) for session_id, need in needs]
    return sorted(found, key=lambda one: (one.session.starts_at, one.need.booking_id))


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Somebody who was asked for a visitor, what they said, and why it was they."""

    id: UUID
    volunteer_id: UUID
    name: str | None
    state: str
    ended: str | None
    why: dict[str, Any]
    stand_in: bool
    looking_for_stand_in: bool
    proposed_at: datetime
    told_at: datetime | None
    answer_by: datetime | None
    answered_at: datetime | None


async def history(conn: Connection, booking_id: UUID) -> tuple[AtRisk, str, list[Asked]] | None:
    """Who was asked for a visitor, in order, and the library it is at; None where nobody ever sought anybody."""
    needs = await _needs(conn, "n.booking_id = $1 AND n.session_id IS NOT NULL", booking_id)
    if not needs:
        return None
    session_id, need = needs[0]
    place = await conn.fetchrow(
        f"SELECT {PLACE}, e.branch_id FROM session e WHERE e.id = $1 AND e.facts IS NOT NULL",  # noqa: S608
        session_id,
    )
    if place is None:
        return None
    rows = await conn.fetch(
        """
        SELECT a.id, a.volunteer_id, c.name, a.state, a.ended, a.why, a.stand_in_for IS NOT NULL AS stand_in,
            a.hand_over AS looking_for_stand_in, a.proposed_at, a.told_at, a.answer_by, a.answered_at
        FROM assignment a JOIN volunteer v ON v.id = a.volunteer_id LEFT JOIN contact c ON c.ref = v.contact_ref
        WHERE a.booking_id = $1 ORDER BY a.proposed_at, a.id
        """,
        booking_id,
    )
    return AtRisk(session=Place.of(place), need=need), place["branch_id"], [Asked(**row) for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Askable:
    """Somebody who does such things, and whether they can be asked for a session, or why not."""

    volunteer_id: UUID
    name: str | None
    languages: dict[str, str]
    topics: frozenset[str]
    share: int
    last_assigned_at: datetime | None
    budget_left: int | None
    available: bool | None
    """By what they said of their week; None where they said nothing."""
    state: str | None
    """Of their shift in this session, if they have one, also one that is over."""
    refusal: Refusal | None

    @property
    def can_be_asked(self) -> bool:
        """Whether nothing speaks against asking them, and nobody has."""
        return self.refusal is None and self.state is None and self.available is not False


async def askable(conn: Connection, session: Session, zone: tzinfo) -> list[Askable]:
    """Who could be asked to be on duty in a session, the first to be asked first; at the end who cannot, and why."""
    local, until = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    begins, ends = year_of(session.starts_at, zone)
    rows = await conn.fetch(
        """
        SELECT v.id, c.name, v.state = 'active' AND coalesce(p.active, true) AS active, v.topics, v.share,
            v.last_assigned_at, n.seen_on, minutes_given(v.id, $2, $3) AS minutes,
            coalesce(v.hours_a_year, p.hours_a_year) * 60 AS budget,
            (SELECT array_agg(ARRAY[l.language, l.level]) FROM volunteer_language l WHERE l.volunteer_id = v.id)
                AS languages,
            EXISTS (
                SELECT FROM shift s WHERE s.volunteer_id = v.id AND s.session_id <> $1
                    AND s.state IN ('on_duty', 'done') AND s.during && tstzrange($4, $5)
            ) AS busy,
            (SELECT s.state FROM shift s WHERE s.volunteer_id = v.id AND s.session_id = $1
             ORDER BY s.state IN ('asked', 'offered', 'on_duty', 'done') DESC, s.created_at DESC LIMIT 1) AS state,
            CASE
                WHEN EXISTS (SELECT FROM availability_exception x WHERE x.volunteer_id = v.id
                    AND $6 BETWEEN x.first_day AND x.last_day AND NOT x.available) THEN false
                WHEN EXISTS (SELECT FROM availability_exception x WHERE x.volunteer_id = v.id
                    AND $6 BETWEEN x.first_day AND x.last_day) THEN true
                WHEN EXISTS (SELECT FROM availability w WHERE w.volunteer_id = v.id) THEN
                    EXISTS (SELECT FROM availability w WHERE w.volunteer_id = v.id AND w.weekday = $7
                        AND w.starts <= $8 AND w.ends >= $9)
            END AS available
        FROM volunteer v
        LEFT JOIN contact c ON c.ref = v.contact_ref
        LEFT JOIN partner p ON p.id = v.partner_id
        LEFT JOIN register_note n ON n.volunteer_id = v.id
        WHERE v.state = 'active' AND (v.branches = '{}' OR v.branches @> ARRAY[$10::text]) AND $11 = ANY(v.tasks)
        ORDER BY v.id
        """,
        session.id,
        begins,
        ends,
        session.starts_at,
        session.ends_at,
        local.date(),
        local.weekday(),
        local.time(),
        until.time(),
        session.branch_id,
        session.helping,
    )
    found = [_askable(row, session, zone) for row in rows]
    return sorted(found, key=_in_line)


def _askable(row: asyncpg.Record, session: Session, zone: tzinfo) -> Askable:
    able = Able(
        volunteer_id=row["id"],
        active=row["active"],
        note_until=note_until(row["seen_on"]),
        minutes=row["minutes"],
        budget=row["budget"],
        busy=row["busy"],
    )
    refusal = unable(
        able,
        day=session.starts_at.astimezone(zone).date(),
        minutes=session.minutes,
        register_note=session.register_note,
    )
    return Askable(
        volunteer_id=row["id"],
        name=row["name"],
        languages=dict(row["languages"] or ()),
        topics=frozenset(row["topics"]),
        share=row["share"],
        last_assigned_at=row["last_assigned_at"],
        budget_left=None if row["budget"] is None else row["budget"] - row["minutes"],
        available=row["available"],
        state=row["state"],
        refusal=refusal,
    )


def _in_line(one: Askable) -> tuple[bool, bool, bool, int, float, UUID]:
    since = one.last_assigned_at.timestamp() if one.last_assigned_at else 0.0
    return one.refusal is not None, one.state is not None, one.available is False, one.share, since, one.volunteer_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A session that a volunteer could help in."""

    session: Place
    needed: int
    helpers: int
    looking_for_stand_in: bool
    """Whether somebody who is on duty would like to be replaced."""
    sitting: int
    """How many sessions of its sitting they could take with it."""


async def gaps(conn: Connection, volunteer_id: UUID, now: datetime) -> list[Gap]:
    """Where a volunteer's help is needed, at their libraries and of what they do, when they are not busy; by sitting.

    Who has no register note in force sees nothing with children.
    """
    rows = await conn.fetch(
        f"""
        SELECT {PLACE}, e.needed, e.helpers,
            EXISTS (SELECT FROM shift s WHERE s.session_id = e.id AND s.state = 'on_duty' AND s.hand_over) AS looking
        FROM volunteer v
        JOIN session e ON e.needed > 0 AND e.status = 'published' AND e.starts_at > $2 AND e.starts_at < $3
            AND (v.branches = '{{}}' OR e.branch_id = ANY(v.branches)) AND e.task = ANY(v.tasks)
        LEFT JOIN register_note n ON n.volunteer_id = v.id
        WHERE v.id = $1 AND v.state = 'active'
            AND (NOT e.register_note OR n.seen_on > (e.starts_at - interval '365 days')::date)
            AND (e.helpers < e.needed
                OR EXISTS (SELECT FROM shift s WHERE s.session_id = e.id AND s.state = 'on_duty' AND s.hand_over))
            AND NOT EXISTS (
                SELECT FROM shift s WHERE s.volunteer_id = v.id AND s.during && tstzrange(e.starts_at, e.ends_at)
                    AND s.state IN ('asked', 'offered', 'on_duty', 'done')
            )
        ORDER BY e.starts_at, e.id LIMIT 300
        """,  # noqa: S608 - columns of this file
        volunteer_id,
        now,
        now + _OPEN_FOR,
    )
    together: dict[UUID, list[asyncpg.Record]] = {}
    for row in rows:
        together.setdefault(row["sitting_id"] or row["session_id"], []).append(row)
    return [
        Gap(
            session=Place.of(found[0], ends_at=max(one["ends_at"] for one in found)),
            needed=found[0]["needed"],
            helpers=found[0]["helpers"],
            looking_for_stand_in=any(one["looking"] for one in found),
            sitting=len(found),
        )
        for found in together.values()
    ]
