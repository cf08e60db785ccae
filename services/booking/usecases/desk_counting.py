"""People who come without a booking are counted, and nothing else is kept of them."""

from uuid import UUID

from services.booking import domain
from services.booking.domain import door
from services.booking.store import sessions, walk_ins
from services.booking.store.walk_ins import Group
from services.booking.usecases.turns import finish
from shared.db import Connection


async def count(conn: Connection, session_id: UUID, group: Group, change: int) -> None:
    """Count so many more, or fewer, of an age group; who watches the session hears of it.

    Raises:
        UnknownSession: nobody knows it.
        DoorsShut: nobody can have come yet.
        Closed: it will not be held, or was closed.
    """
    locked = await sessions.lock_session(conn, session_id)
    if refusal := door.uncounted(locked.session.terms, locked.now):
        raise refusal
    if await walk_ins.is_over(conn, session_id):
        raise domain.Closed("the session was closed: correct how it went instead")
    await walk_ins.add(conn, session_id, group, change)
    await finish(conn, locked, domain.decide(locked.session, [], locked.now), anew=True)
