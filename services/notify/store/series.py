from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from services.notify.messages import Date, Draft, Parameters
from shared import tracing
from shared.db import Connection
from shared.events import SessionState
from shared.ids import new_id


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
        SELECT count(DISTINCT session_id) FROM booking
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


async def wait_for_others(conn: Connection, message_id: UUID, pause: timedelta) -> None:
    """Let a new message wait for the same news of other dates."""
    await conn.execute(
        "UPDATE message SET next_at = next_at + $2, due_at = due_at + $2 WHERE id = $1", message_id, pause
    )


class MovedDate(NamedTuple):
    """Untold news of one date of a series."""

    message_id: UUID
    booking_id: UUID
    parameters: Parameters


async def lock_moved_dates(conn: Connection, booking_id: UUID) -> list[MovedDate]:
    """Hold fast what is untold of dates that moved, of everything that was booked together with this date."""
    rows = await conn.fetch(
        """
        SELECT m.id, m.about, m.parameters
        FROM booking this
        JOIN booking b ON b.series_booking_id = this.series_booking_id AND b.id <> b.series_booking_id
        JOIN message m ON m.about = b.id
        WHERE this.id = $1 AND b.standing = 'confirmed'
            AND m.template = 'rescheduled' AND m.state = 'pending' AND m.address IS NULL AND m.attempts = 0
        ORDER BY m.id FOR UPDATE OF m
        """,
        booking_id,
    )
    return [MovedDate(row["id"], row["about"], Parameters.model_validate(row["parameters"])) for row in rows]


async def add_about_whole(conn: Connection, booking_id: UUID, draft: Draft) -> UUID | None:
    """Keep that somebody is to be told of all that they booked together with this date.

    Returns:
        The message; None where nothing of that is known any more.
    """
    added: UUID | None = await conn.fetchval(
        """
        INSERT INTO message (
            id, about, booking_revision, session_id, template, parameters, contact_ref, traceparent
        )
        SELECT $2, whole.id, 1 + greatest(whole.revision, (
            SELECT max(booking_revision) FROM message WHERE about = whole.id
        )), whole.session_id, $3, $4, whole.contact_ref, $5
        FROM booking date JOIN booking whole ON whole.id = date.series_booking_id
        WHERE date.id = $1 AND whole.standing = 'confirmed'
        RETURNING id
        """,
        booking_id,
        new_id(),
        draft.template,
        draft.parameters.model_dump(mode="json"),
        tracing.traceparent(),
    )
    return added


async def fail_carried(conn: Connection, booking_ids: Collection[UUID], reason: str) -> list[UUID]:
    """Have failed what another message was to tell of these dates and did not; gives the messages about each."""
    rows = await conn.fetch(
        """
        UPDATE message SET state = 'failed', reason = $2
        WHERE state = 'dropped' AND reason = 'carried' AND id IN (
            SELECT DISTINCT ON (about) id FROM message WHERE about = ANY($1) AND template = 'rescheduled'
            ORDER BY about, booking_revision DESC
        )
        RETURNING id
        """,
        list(booking_ids),
        reason,
    )
    return [row["id"] for row in rows]
