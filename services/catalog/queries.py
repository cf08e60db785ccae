from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, LiteralString
from uuid import UUID

from services.catalog import store
from services.catalog.domain import Invalid, UnknownSession
from services.catalog.kinds import KINDS
from services.catalog.search import swedish_order, words
from services.catalog.views import (
    Activities,
    ActivityView,
    Branches,
    BranchView,
    Capacity,
    Queue,
    Seats,
    Sessions,
    SessionView,
)

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import asyncpg

    from services.catalog.domain import Activity
    from shared.db import Connection

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEGINNING = (_EPOCH, UUID(int=0))
_CURSOR = struct.Struct(">q16s")

_SESSIONS: LiteralString = """
    SELECT clock_timestamp() AS now, s.id, s.revision, s.status, s.activity_id, s.branch_id, s.place, s.room,
        s.starts_at, s.ends_at, s.mode, s.counts, s.seats, s.walk_in, s.queue, s.party_max, s.children,
        a.kind, a.titles, a.summaries, a.languages, a.level,
        b.name AS branch_name, b.phone AS branch_phone, b.address AS branch_address,
        v.seats_left, v.queue_left
    FROM session s
    JOIN activity a ON a.id = s.activity_id
    JOIN branch b ON b.id = s.branch_id
    LEFT JOIN availability v ON v.session_id = s.id
"""
"""A session with all it is shown with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What somebody looks for in the programme; None is no wish."""

    from_: date | None = None
    to: date | None = None
    """The first local day that is not wanted any more."""
    branch: str | None = None
    kind: str | None = None
    language: str | None = None
    q: str = ""
    free: bool = False
    cursor: str | None = None
    limit: int = 50


async def branches(conn: Connection) -> Branches:
    """Every branch."""
    rows = await conn.fetch("SELECT id, name, phone, address FROM branch")
    items = [BranchView.model_validate(dict(row)) for row in rows]
    return Branches(items=tuple(sorted(items, key=lambda branch: swedish_order(branch.name))))


async def activities(conn: Connection, cursor: str | None, limit: int) -> Activities:
    """A page of activities in the order in which they were made.

    Raises:
        Invalid: the cursor is none of ours.
    """
    after, after_id = _parse_cursor(cursor) if cursor else _BEGINNING
    rows = await conn.fetch(
        """
        SELECT id, kind, titles, sms_titles, summaries, languages, level, minutes, audiences, bring, led_by,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, booked_by, created_at
        FROM activity WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3
        """,
        after,
        after_id,
        limit + 1,
    )
    shown = rows[:limit]
    more = len(rows) > limit
    return Activities(
        items=tuple(activity_view(store.activity_of(row)) for row in shown),
        next=_make_cursor(shown[-1]["created_at"], shown[-1]["id"]) if more else None,
    )


async def session(conn: Connection, session_id: UUID) -> SessionView:
    """One session, whatever its status.

    Raises:
        UnknownSession: there is none of that id.
    """
    row = await conn.fetchrow(
        _SESSIONS + " WHERE s.id = $1",
        session_id,
    )
    if row is None:
        raise UnknownSession("there is no such session")
    return _session_view(row)


async def public_session(conn: Connection, session_id: UUID) -> SessionView:
    """One session, as anybody may see it.

    Raises:
        UnknownSession: there is none of that id, or it is a draft.
    """
    view = await session(conn, session_id)
    if view.status == "draft":
        raise UnknownSession("there is no such session")
    return view


async def sessions(conn: Connection, wanted: Wanted, zone: ZoneInfo) -> Sessions:
    """A page of what is on offer and not yet over, in order of start.

    Raises:
        Invalid: a wish cannot be understood; names which.
    """
    now = await store.now(conn)
    since, until = window(wanted, now, zone)
    after, after_id = _parse_cursor(wanted.cursor) if wanted.cursor else _BEGINNING
    if wanted.branch and not await conn.fetchval("SELECT true FROM branch WHERE id = $1", wanted.branch):
        raise Invalid("there is no such branch", "branch")
    rows = await conn.fetch(
        _SESSIONS
        + """
        WHERE s.status = 'published' AND s.ends_at > $1
            AND s.starts_at >= $2 AND ($3::timestamptz IS NULL OR s.starts_at < $3)
            AND (s.starts_at, s.id) > ($4, $5)
            AND ($6::text IS NULL OR s.branch_id = $6)
            AND ($7::text IS NULL OR a.kind = $7)
            AND ($8::text IS NULL OR $8 = ANY (a.languages))
            AND NOT EXISTS (SELECT FROM unnest($9::text[]) word WHERE strpos(a.search || ' ' || b.search, word) = 0)
            AND (NOT $10 OR s.mode = 'drop_in'
                OR (s.starts_at > $1 AND least(v.seats_left, s.seats - s.walk_in) > 0 AND v.session_id IS NOT NULL))
        ORDER BY s.starts_at, s.id LIMIT $11
        """,
        now,
        since,
        until,
        after,
        after_id,
        wanted.branch,
        wanted.kind,
        wanted.language,
        words(wanted.q),
        wanted.free,
        wanted.limit + 1,
    )
    items = [_session_view(row) for row in rows[: wanted.limit]]
    more = len(rows) > wanted.limit
    return Sessions(items=tuple(items), next=_make_cursor(items[-1].starts_at, items[-1].id) if more else None)


def window(wanted: Wanted, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
    """The moments at which the first wanted day begins and the first unwanted one."""
    first = wanted.from_ or now.astimezone(zone).date()
    if wanted.to and wanted.to <= first:
        raise Invalid("`to` is the day after the last one wanted, so it must come after `from`", "to")
    return _midnight(first, zone), _midnight(wanted.to, zone) if wanted.to else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment a local day begins."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _make_cursor(at: datetime, id_: UUID) -> str:
    """The place after one row of a list, opaque to clients."""
    micros = (at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(_CURSOR.pack(micros, id_.bytes)).decode()


def _parse_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        micros, id_ = _CURSOR.unpack(base64.b64decode(cursor, altchars=b"-_", validate=True))
        return _EPOCH + timedelta(microseconds=micros), UUID(bytes=id_)
    except (binascii.Error, struct.error, ValueError, OverflowError) as error:
        raise Invalid("not a cursor of this list; take `next` of the page before", "cursor") from error


def activity_view(activity: Activity) -> ActivityView:
    """An activity as it is shown."""
    terms = activity.terms
    return ActivityView(
        id=activity.id,
        kind=activity.kind,
        kind_labels=dict(KINDS[activity.kind].labels),
        titles=dict(activity.titles),
        sms_titles=dict(activity.sms_titles),
        summaries=dict(activity.summaries),
        languages=activity.languages,
        level=activity.level,
        minutes=activity.minutes,
        mode=terms.mode,
        counts=terms.counts,
        party_max=terms.party_max,
        children=terms.children,
        late_cancel_hours=terms.late_cancel_hours,
        capacity=Capacity(seats=terms.seats, walk_in=terms.walk_in, queue=terms.queue),
    )


def _session_view(row: asyncpg.Record) -> SessionView:
    """What a row means when it was read: a session that takes no bookings now has nothing left to book."""
    known = row["seats_left"] is not None
    bookable = known and row["status"] == "published" and row["mode"] != "drop_in" and row["starts_at"] > row["now"]
    seats_left = min(row["seats_left"], row["seats"] - row["walk_in"]) if bookable else 0
    queue_left = min(row["queue_left"], row["queue"]) if bookable else 0
    values: dict[str, Any] = {
        **row,
        "kind_labels": KINDS[row["kind"]].labels,
        "branch": BranchView(
            id=row["branch_id"], name=row["branch_name"], phone=row["branch_phone"], address=row["branch_address"]
        ),
        "seats": Seats(capacity=row["seats"], walk_in=row["walk_in"], left=seats_left),
        "queue": Queue(capacity=row["queue"], left=queue_left),
        "bookable": bookable,
    }
    return SessionView.model_validate(values)
