from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import domain, store
from services.catalog.domain import Invalid, StaleRevision
from services.catalog.permissions import permit
from services.catalog.usecases.telling import tell_cancelled, tell_published, tell_withdrawn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.catalog.domain import Activity, CancelReason, NewSession, Session, SessionChange, TermsChange
    from shared.auth import Staff
    from shared.db import Connection


async def create_session(conn: Connection, new: NewSession) -> None:
    """Plan a session, and tell of it unless it is a draft.

    Raises:
        Invalid: it breaks a rule, or its activity or branch does not exist.
    """
    await create_sessions(conn, (new,))


async def create_sessions(conn: Connection, wanted: Sequence[NewSession]) -> None:
    """Plan sessions, and tell of each unless it is a draft; all of them or none.

    Raises:
        Invalid: one breaks a rule, or its activity or branch does not exist.
    """
    activities = await store.activities(conn, {new.activity_id for new in wanted})
    now = await store.now(conn)
    sessions = [domain.planned(new, activities[new.activity_id], now) for new in wanted]
    await store.insert_sessions(conn, sessions)
    branches = await store.branches(conn, {session.branch_id for session in sessions})
    for session in sessions:
        if session.status == "published":
            await tell_published(conn, session, activities[session.activity_id], branches[session.branch_id])


async def change_session(
    conn: Connection,
    staff: Staff,
    session_id: UUID,
    change: SessionChange,
    terms: TermsChange,
    revision: int | None,
) -> None:
    """Change a session and tell of it; a change of nothing is none.

    Raises:
        UnknownSession: there is no such session.
        Forbidden: it is, or would become, another branch's business.
        StaleRevision: ``revision`` is given and not the present one; tells what is different since.
        Closed: it is cancelled, closed or over.
        Invalid: the change breaks a rule.
    """
    before, now = await store.lock_session(conn, session_id)
    permit(staff, before.branch_id)
    permit(staff, change.branch_id or before.branch_id)
    if revision is not None and revision != before.revision:
        raise StaleRevision(before.revision, await store.changes_since(conn, session_id, revision))
    after = domain.changed(before, change, terms, now)
    if after is before:
        return
    activity = await store.activity(conn, after.activity_id)
    if after.activity_id != before.activity_id:
        await _check_same_kind(conn, before, activity)
    await store.update_session(conn, before, after, staff.role)
    if after.status == "published":
        branches = await store.branches(conn, {after.branch_id})
        await tell_published(conn, after, activity, branches[after.branch_id])
    elif after.status == "withdrawn":
        await tell_withdrawn(conn, after)


async def cancel_session(conn: Connection, staff: Staff, session_id: UUID, reason: CancelReason) -> None:
    """Call a session off and tell of it, once; nobody has to hear of a draft.

    Raises:
        UnknownSession: there is no such session.
        Forbidden: it is another branch's business.
        Closed: it is closed or over.
    """
    before, now = await store.lock_session(conn, session_id)
    permit(staff, before.branch_id)
    after = domain.cancelled(before, reason, now)
    if after is before:
        return
    await store.update_session(conn, before, after, staff.role)
    if before.status != "draft":
        await tell_cancelled(conn, after, reason)


async def _check_same_kind(conn: Connection, before: Session, activity: Activity) -> None:
    """Another kind is booked on other terms, which those who have a seat did not agree to."""
    if (await store.activity(conn, before.activity_id)).kind != activity.kind:
        raise Invalid("the activity is of another kind; make a new session for it", "activity_id")
