from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from services.notify.messages import Date
from shared.db import Connection
from shared.events import SessionState


async def last_session(conn: Connection, session_ids: Collection[UUID]) -> UUID | None:
    """The one of some sessions that ends last; None while catalog's word on one of them is still on its way."""
    rows = await conn.fetch(
        """
        SELECT id FROM session WHERE id = ANY($1) AND facts IS NOT NULL
        ORDER BY (facts ->> 'ends_at')::timestamptz, id
        """,
        list(session_ids),
    )
    return rows[-1]["id"] if rows and len(rows) == len(set(session_ids)) else None


async def booked_dates(conn: Connection, series_booking_id: UUID) -> int:
    """How many of the dates that were booked together have been heard of, whatever became of them since."""
    dates: int = await conn.fetchval(
        "SELECT count(*) FROM booking WHERE series_booking_id = $1 AND id <> $1", series_booking_id
    )
    return dates


async def ended_dates(conn: Connection, series_booking_id: UUID, session_ids: Collection[UUID]) -> int:
    """How many of these dates are known to have been given back."""
    dates: int = await conn.fetchval(
        """
        SELECT count(*) FROM booking
        WHERE series_booking_id = $1 AND id <> $1 AND session_id = ANY($2) AND ended_revision IS NOT NULL
        """,
        series_booking_id,
        list(session_ids),
    )
    return dates


async def dates(conn: Connection, message_ids: Collection[UUID]) -> Mapping[UUID, tuple[Date, ...]]:
    """The dates that messages about series tell of, in their order, each as it is by now."""
    rows = await conn.fetch(
        """
        SELECT m.id, b.id AS booking_id, b.revision, s.facts
        FROM message m
        JOIN booking b ON b.series_booking_id = m.about AND b.id <> m.about
        JOIN session s ON s.id = b.session_id AND s.facts IS NOT NULL
        WHERE m.id = ANY($1) AND CASE m.template
            WHEN 'series_booked' THEN b.standing = 'confirmed' AND s.status <> 'cancelled'
            WHEN 'series_rescheduled' THEN
                b.standing = 'confirmed' AND s.status <> 'cancelled' AND m.parameters -> 'bookings' ? b.id::text
            WHEN 'series_cancelled' THEN m.parameters -> 'given_back' ? b.session_id::text
        END
        ORDER BY (s.facts ->> 'starts_at')::timestamptz, b.id
        """,
        list(message_ids),
    )
    found = defaultdict[UUID, list[Date]](list)
    for row in rows:
        session = SessionState.model_validate(row["facts"])
        found[row["id"]].append(Date(booking_id=row["booking_id"], revision=row["revision"], session=session))
    return {message: tuple(dates) for message, dates in found.items()}


async def refused(conn: Connection, message_ids: Collection[UUID]) -> Mapping[UUID, tuple[SessionState, ...]]:
    """The dates that messages say were not booked with the others, as far as we know of them."""
    rows = await conn.fetch(
        """
        SELECT m.id, s.facts
        FROM message m
        CROSS JOIN jsonb_array_elements_text(m.parameters -> 'refused') refused (id)
        JOIN session s ON s.id = refused.id::uuid AND s.facts IS NOT NULL
        WHERE m.id = ANY($1)
        ORDER BY (s.facts ->> 'starts_at')::timestamptz, s.id
        """,
        list(message_ids),
    )
    found = defaultdict[UUID, list[SessionState]](list)
    for row in rows:
        found[row["id"]].append(SessionState.model_validate(row["facts"]))
    return {message: tuple(sessions) for message, sessions in found.items()}
