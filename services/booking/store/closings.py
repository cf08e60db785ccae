"""How sessions went."""

from dataclasses import astuple, dataclass
from uuid import UUID

from services.booking.domain import Closing
from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed:
    """What staff said of a session, and how often they have said something else."""

    revision: int
    closing: Closing


async def find(conn: Connection, session_id: UUID) -> Closed | None:
    """How a session went; None where nobody has closed it."""
    row = await conn.fetchrow(
        """
        SELECT held, adults, children, staff_involved, organiser, place, closed_group, revision
        FROM closing WHERE session_id = $1
        """,
        session_id,
    )
    if row is None:
        return None
    columns = dict(row)
    return Closed(revision=columns.pop("revision"), closing=Closing(**columns))


async def put(conn: Connection, session_id: UUID, closed: Closed) -> None:
    """Keep how a session went, instead of what was said before; its row is held."""
    await conn.execute(
        """
        INSERT INTO closing (
            session_id, revision, held, adults, children, staff_involved, organiser, place, closed_group
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (session_id) DO UPDATE SET
            revision = excluded.revision, held = excluded.held, adults = excluded.adults,
            children = excluded.children, staff_involved = excluded.staff_involved, organiser = excluded.organiser,
            place = excluded.place, closed_group = excluded.closed_group
        """,
        session_id,
        closed.revision,
        *astuple(closed.closing),
    )
