"""Staff let a party in above the seats that they set, or past the waiting list: on purpose, one by one."""

from services.booking.domain import Outcome, Seated
from services.booking.store.sessions import LockedSession
from shared import audit
from shared.auth import Staff
from shared.db import Connection


async def let_in(conn: Connection, by: Staff, locked: LockedSession, outcome: Outcome) -> None:
    """Keep that a turn let a party in by an override, if it did; before its seats are taken, which that allows."""
    if isinstance(outcome, Seated) and outcome.over is not None:
        branch = locked.session.terms.branch_id
        await audit.note(conn, by, "override", "session", locked.session.id, branch=branch, over=outcome.over)
