from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString

from services.catalog import store
from services.catalog.domain import UnknownSession
from services.catalog.kinds import KINDS
from services.catalog.queries.branch import branch_view
from services.catalog.views import (
    Availabilities,
    AvailabilityView,
    ChangedSession,
    LeftOutView,
    MeetingView,
    Queue,
    Seats,
    SessionView,
    StaffSessionView,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    import asyncpg

    from services.catalog.domain import Changed
    from shared.db import Connection

LAST_OFFER: LiteralString = "interval '30 minutes'"
"""Nobody is offered a seat nearer to the start than this, so nobody can join the waiting list any more either: they
come and stand by. Booking decides it (``LAST_OFFER`` in its domain); here it is only shown."""

TABLES: LiteralString = (
    """
    FROM session s
    JOIN activity a ON a.id = s.activity_id
    JOIN branch b ON b.id = s.branch_id
    LEFT JOIN availability v ON v.session_id = s.id
    CROSS JOIN LATERAL (
        SELECT s.status = 'published' AND s.mode <> 'drop_in' AND s.booked_by = 'anyone'
            AND s.starts_at > statement_timestamp() AND v.session_id IS NOT NULL
            AND statement_timestamp() >= coalesce(s.opens_at, '-infinity')
            AND statement_timestamp() < coalesce(s.closes_at, 'infinity') AS bookable
    ) offer
    CROSS JOIN LATERAL (
        SELECT CASE WHEN bookable
                THEN least(v.seats_left, greatest(s.seats_offered - s.walk_in, 0)) ELSE 0 END AS seats_left,
            -- Helpers on duty are booking's to count. Of mixed sessions it does not say how many come without a seat.
            CASE WHEN s.capacity_from = 'staffing' AND s.helpers_needed > 0 AND s.mode = 'booking'
                THEN least(s.seats_offered, v.capacity) ELSE s.seats_offered END AS seats_there,
            CASE WHEN bookable AND s.starts_at - statement_timestamp() >= """
    + LAST_OFFER
    + """
                THEN least(v.queue_left, s.queue) ELSE 0 END AS queue_left
    ) room
"""
)
"""Sessions with what happens, where, and how full they are.

A session takes bookings once booking has told of it, from when it opens until it closes or begins; one that takes none
has nothing left.
"""

COMING: LiteralString = "s.status = 'published' AND s.ends_at > statement_timestamp()"
"""On offer and not over."""

UPCOMING: LiteralString = "(s.status = 'published' OR s.struck_out) AND s.ends_at > statement_timestamp()"
"""On offer, or called off while it was, and not over."""

FREE: LiteralString = "s.booked_by = 'anyone' AND (s.mode = 'drop_in' OR room.seats_left > 0)"
"""Whether somebody who comes to a session on offer gets in: they book a seat, or need none."""

SHOWN: LiteralString = (
    """
    SELECT s.id, s.revision, s.status, s.activity_id, s.branch_id, s.place, s.room, s.theme, s.starts_at, s.ends_at,
        s.mode, s.counts, s.party_max, s.children, s.booked_by, s.ask, s.certificate,
        s.opens_at, s.closes_at, s.series_id, s.sitting_id, room.seats_there, s.walk_in, s.queue,
        offer.bookable, room.seats_left, room.queue_left,
        a.kind, a.titles, a.summaries, a.audiences, a.bring, a.led_by, a.languages, a.level,
        b.name, b.phone, b.address, b.district, b.stop_kind, b.stop_name
    """
    + TABLES
)
"""All that anybody may see of sessions. How one gets into an online one is not read at all."""


async def public_session(conn: Connection, session_id: UUID) -> SessionView:
    """One session, as anybody may see it, whatever became of it.

    Raises:
        UnknownSession: there is none of that id, or it is a draft.
    """
    row = await conn.fetchrow(SHOWN + "WHERE s.id = $1 AND s.status <> 'draft'", session_id)
    if row is None:
        raise UnknownSession("there is no such session")
    return SessionView(**_values(row))


async def staff_session(conn: Connection, session_id: UUID) -> StaffSessionView:
    """One session that is known to be there, as its staff see it."""
    (session,) = await staff_sessions(conn, [session_id])
    return session


async def staff_sessions(conn: Connection, session_ids: Collection[UUID]) -> tuple[StaffSessionView, ...]:
    """Sessions as their staff see them, in order of start."""
    rows = await conn.fetch(SHOWN + "WHERE s.id = ANY ($1) ORDER BY s.starts_at, s.id", session_ids)
    kept = await conn.fetch(
        """
        SELECT id, meeting_link, meeting_number, host, seats, walk_in, capacity_from, helpers, helpers_needed,
            register_note, closed
        FROM session WHERE id = ANY ($1)
        """,
        session_ids,
    )
    own = {row["id"]: row for row in kept}
    return tuple(_staff_view(row, own[row["id"]]) for row in rows)


async def changed_session(conn: Connection, session_id: UUID, result: Changed) -> ChangedSession:
    """A session after a change, and what else changed with it."""
    session = await staff_session(conn, session_id)
    others = (after.id for _, after in result.sessions if after.id != session_id)
    left_out = tuple(LeftOutView(id=left.id, why=left.why) for left in result.left_out)
    return ChangedSession(**dict(session), also_changed=tuple(others), left_out=left_out)


def _staff_view(row: asyncpg.Record, kept: asyncpg.Record) -> StaffSessionView:
    """What anybody may see of a session, and what else its row keeps."""
    meeting = store.meeting_of(kept)
    values = _values(row) | {
        "seats": Seats(capacity=kept["seats"], walk_in=kept["walk_in"], left=row["seats_left"]),
        "meeting": MeetingView(link=meeting.link, number=meeting.number) if meeting else None,
        "host": kept["host"],
        "capacity_from": kept["capacity_from"],
        "helpers": kept["helpers"],
        "helpers_needed": kept["helpers_needed"],
        "register_note": kept["register_note"],
        "closed": kept["closed"],
    }
    return StaffSessionView(**values)


async def availability(conn: Connection, session_ids: Sequence[UUID]) -> Availabilities:
    """How full those of the sessions are that anybody may see, in the order they were asked for."""
    rows = await conn.fetch(
        """
        SELECT s.id, s.status, s.counts, s.children, room.seats_there, s.walk_in, s.queue, offer.bookable,
            room.seats_left, room.queue_left
        """
        + TABLES
        + "WHERE s.id = ANY ($1::uuid[]) AND s.status <> 'draft' ORDER BY array_position($1::uuid[], s.id)",
        session_ids,
    )
    return Availabilities(
        items=tuple(
            AvailabilityView(
                session_id=row["id"],
                status=row["status"],
                counts=row["counts"],
                children=row["children"],
                bookable=row["bookable"],
                seats=_seats(row),
                queue=_queue(row),
            )
            for row in rows
        )
    )


def session_view(row: asyncpg.Record) -> SessionView:
    """A row of :data:`SHOWN` as anybody may see it."""
    return SessionView(**_values(row))


def _values(row: asyncpg.Record) -> dict[str, Any]:
    kind = KINDS[row["kind"]]
    return {
        **row,
        "kind_labels": kind.labels,
        "bring": row["bring"] or kind.bring,
        "branch": branch_view(row, id_="branch_id"),
        "seats": _seats(row),
        "queue": _queue(row),
    }


def _seats(row: asyncpg.Record) -> Seats:
    there = row["seats_there"]
    return Seats(capacity=there, walk_in=min(row["walk_in"], there), left=row["seats_left"])


def _queue(row: asyncpg.Record) -> Queue:
    return Queue(capacity=row["queue"], left=row["queue_left"])
