"""Staff tell everybody of a session one of a short set of things."""

from dataclasses import dataclass
from uuid import UUID

from services.booking import domain, queries
from services.booking.domain.announcing import AGAIN_AFTER, AlreadyAnnounced, heard_by
from services.booking.queries import People
from services.booking.store import announcements, sessions
from services.booking.usecases.turns import state_of
from shared.db import Connection
from shared.events import Announcement, BookingAnnounced, BookingAnnouncement
from shared.ids import new_id
from shared.outbox import emit


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """What was told, and to whom."""

    id: UUID | None
    """None where it was only looked at."""
    people: list[People]


async def announce(
    conn: Connection, session_id: UUID, announcement: Announcement, *, again: bool, preview: bool
) -> Announced:
    """Tell everybody whom it is for; ``preview`` only counts them. Those without a channel come on the call list.

    Args:
        conn: In a transaction.
        session_id: Of what session.
        announcement: What.
        again: Whether it may be what was told less than an hour ago.
        preview: Whether nobody is told.

    Raises:
        UnknownSession: there is none.
        Closed: it is over, or will not be held.
        AlreadyAnnounced: they have been told less than an hour ago.
    """
    locked = await sessions.lock_session(conn, session_id)
    if locked.session.terms.status == "cancelled" or locked.now >= locked.session.terms.ends_at:
        raise domain.Closed("this session is over, or is not held")
    if not again and await announcements.announced_within(conn, session_id, announcement, AGAIN_AFTER):
        raise AlreadyAnnounced("they have been told this less than an hour ago")
    states = heard_by(announcement)
    people = [some for some in await queries.reach(conn, session_id) if some.state in states]
    if preview:
        return Announced(id=None, people=people)
    id_ = new_id()
    told = await announcements.touch_all(conn, session_id, states)
    await announcements.add(conn, id_, session_id, announcement, len(told))
    for booking in told:
        facts = BookingAnnouncement(**state_of(booking).model_dump(), announcement_id=id_, announcement=announcement)
        await emit(conn, BookingAnnounced.of(booking.id, facts))
    return Announced(id=id_, people=people)
