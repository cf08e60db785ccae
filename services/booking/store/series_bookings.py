"""What stands for several dates that were booked together, and tells what is left to do with them.

Whoever goes on with one holds its row, and takes its turn with a session only then, never the other way round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from services.booking.domain import Party
from shared.db import Connection
from shared.ids import new_id


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesBooking:
    """What stands for all dates, without the person."""

    id: UUID
    series_id: UUID
    contact_ref: UUID
    language: str
    adults: int
    children: int
    answers: dict[str, Any]
    if_partly: Literal["book", "refuse"]
    state: Literal["making", "undoing", "refused", "made", "cancelling"]
    cancelling_by: Literal["visitor", "staff"] | None

    @property
    def party(self) -> Party:
        """Who comes to each date."""
        return Party(adults=self.adults, children=self.children)


async def add(  # noqa: PLR0913 - each is named at the call
    conn: Connection,
    *,
    series_id: UUID,
    contact_ref: UUID,
    language: str,
    party: Party,
    answers: dict[str, Any],
    if_partly: str,
    notice: str,
) -> UUID:
    """Store that somebody wants dates of a series; none is booked yet."""
    id_ = new_id()
    await conn.execute(
        """
        INSERT INTO series_booking
            (id, series_id, contact_ref, language, adults, children, answers, if_partly, notice, stepped_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp())
        """,
        id_,
        series_id,
        contact_ref,
        language,
        party.adults,
        party.children,
        answers,
        if_partly,
        notice,
    )
    return id_


async def lock(conn: Connection, series_booking_id: UUID) -> SeriesBooking | None:
    """Take our turn with what stands for all dates; None for no series booking of ours.

    Bookings that refer to it are not kept waiting.
    """
    row = await conn.fetchrow(
        """
        SELECT id, series_id, contact_ref, language, adults, children, answers, if_partly, state, cancelling_by
        FROM series_booking WHERE id = $1 FOR NO KEY UPDATE
        """,
        series_booking_id,
    )
    return SeriesBooking(**dict(row)) if row else None


async def unfinished(conn: Connection, after_seconds: float, at_most: int, *, besides: Sequence[UUID]) -> list[UUID]:
    """Those that nobody has gone on with for so long, and that are not as anybody was told."""
    rows = await conn.fetch(
        """
        SELECT id FROM series_booking
        WHERE state IN ('making', 'undoing', 'cancelling') AND id <> ALL($3)
            AND stepped_at < clock_timestamp() - make_interval(secs => $1)
        ORDER BY stepped_at LIMIT $2
        """,
        after_seconds,
        at_most,
        besides,
    )
    return [row["id"] for row in rows]


async def sessions_to_come(conn: Connection, series_booking_id: UUID) -> list[UUID]:
    """The sessions in which a series booking has a seat, and that are not over, in order."""
    rows = await conn.fetch(
        """
        SELECT s.id FROM booking b JOIN session s ON s.id = b.session_id
        WHERE b.series_booking_id = $1 AND b.state = 'confirmed' AND s.ends_at > clock_timestamp()
        ORDER BY s.starts_at, s.id
        """,
        series_booking_id,
    )
    return [row["id"] for row in rows]


async def bookings_to_come(conn: Connection, series_booking_id: UUID) -> list[UUID]:
    """The bookings with a seat that have not begun, the next one first; none for no series booking of ours."""
    rows = await conn.fetch(
        """
        SELECT b.id FROM booking b JOIN session s ON s.id = b.session_id
        WHERE b.series_booking_id = $1 AND b.state = 'confirmed' AND s.starts_at > clock_timestamp()
        ORDER BY s.starts_at, b.id
        """,
        series_booking_id,
    )
    return [row["id"] for row in rows]


async def booking_in(conn: Connection, series_booking_id: UUID, session_id: UUID) -> UUID | None:
    """The booking that a series booking has in a session, whatever became of it."""
    found: UUID | None = await conn.fetchval(
        "SELECT id FROM booking WHERE series_booking_id = $1 AND session_id = $2 ORDER BY id DESC LIMIT 1",
        series_booking_id,
        session_id,
    )
    return found


async def turn_to(
    conn: Connection,
    series_booking_id: UUID,
    state: Literal["undoing", "refused", "made", "cancelling"],
    cancelling_by: Literal["visitor", "staff"] | None = None,
) -> None:
    """Say what is to be done next, if anything is."""
    await conn.execute(
        "UPDATE series_booking SET state = $2, cancelling_by = $3, stepped_at = clock_timestamp() WHERE id = $1",
        series_booking_id,
        state,
        cancelling_by,
    )


async def raise_revision(conn: Connection, series_booking_id: UUID) -> int:
    """Count an event that tells of all dates."""
    revision = await conn.fetchval(
        "UPDATE series_booking SET revision = revision + 1 WHERE id = $1 RETURNING revision", series_booking_id
    )
    return int(revision)


async def contacts_of(conn: Connection, series_booking_id: UUID) -> list[UUID]:
    """Every contact of a series booking, its own and those of its dates: who is reached another way is so for all."""
    rows = await conn.fetch(
        """
        SELECT contact_ref FROM series_booking WHERE id = $1
        UNION ALL SELECT contact_ref FROM booking WHERE series_booking_id = $1
        """,
        series_booking_id,
    )
    return [row["contact_ref"] for row in rows]
