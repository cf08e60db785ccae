from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import domain, store
from services.catalog.domain import Changed, Invalid, StaleRevision
from services.catalog.permissions import permit
from services.catalog.usecases import telling
from shared import audit, outbox

if TYPE_CHECKING:
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from services.catalog.domain import Cancelling, Edit, Group
    from shared.auth import Staff
    from shared.db import Connection
    from shared.events import SessionPublished, SessionWithdrawn


async def change_session(conn: Connection, staff: Staff, session_id: UUID, edit: Edit, zone: ZoneInfo) -> Changed:
    """Change a session, and those that the edit means beside it, all or none; tell of each that differs.

    Raises:
        UnknownSession: there is no such session.
        Forbidden: one is, or would become, another branch's business.
        StaleRevision: the edit was made from another revision than the present one; tells what is different since.
        Closed: it is cancelled, closed or over.
        Invalid: the change breaks a rule, for one of them; or the scope means nothing for it.
    """
    group, now = await store.lock_group(conn, session_id, edit.scope)
    _permit(staff, group)
    permit(staff, edit.change.branch_id or group.chosen.branch_id)
    if edit.revision is not None and edit.revision != group.chosen.revision:
        changes = await store.changes_since(conn, session_id, edit.revision)
        raise StaleRevision(group.chosen.revision, changes)
    result = domain.changed_together(group, edit, now, zone)
    await _write(conn, result, staff)
    if group.chosen.series_id and edit.scope in {"following", "all"}:
        await store.change_series(conn, group.chosen.series_id, edit.change)
    return result


async def cancel_session(conn: Connection, staff: Staff, session_id: UUID, wish: Cancelling, zone: ZoneInfo) -> Changed:
    """Call a session off, and those that the wish means beside it; tell of each once, but of no draft.

    Raises:
        UnknownSession: there is no such session.
        Forbidden: one is another branch's business.
        Closed: it is closed or over.
        Invalid: the scope means nothing for it.
    """
    group, now = await store.lock_group(conn, session_id, wish.scope)
    _permit(staff, group)
    result = domain.cancelled_together(group, wish.reason, now, zone)
    await _keep(conn, result, staff)
    rest = wish.scope in {"following", "all"}
    told = (
        telling.cancelled(after, wish.reason, rest_of_series=rest)
        for before, after in result.sessions
        if before.status != "draft"
    )
    await outbox.emit_all(conn, told)
    return result


def _permit(staff: Staff, group: Group) -> None:
    for session in (group.chosen, *group.others):
        permit(staff, session.branch_id)


async def _write(conn: Connection, result: Changed, staff: Staff) -> None:
    """Keep what differs, and tell of it."""
    if not result.sessions:
        return
    activities = await store.activities_to_tell(
        conn, {session.activity_id for pair in result.sessions for session in pair}
    )
    for before, after in result.sessions:
        # Another kind is booked on other terms, which those who have a seat did not agree to.
        if activities[before.activity_id].kind != activities[after.activity_id].kind:
            raise Invalid("the activity is of another kind; make a new session for it", "activity_id")
    await _keep(conn, result, staff)
    branches = await store.branches(conn, {after.branch_id for _, after in result.sessions})
    told: list[SessionPublished | SessionWithdrawn] = []
    for _, after in result.sessions:
        if after.status == "published":
            told.append(telling.published(after, activities[after.activity_id], branches[after.branch_id]))
        elif after.status == "withdrawn":
            told.append(telling.withdrawn(after))
    await outbox.emit_all(conn, told)


async def _keep(conn: Connection, result: Changed, staff: Staff) -> None:
    """Write what differs, and who made it so."""
    await store.update_sessions(conn, result.sessions, staff.role)
    for before, after in result.sessions:
        action = "changed" if after.status == before.status else after.status
        fields = [difference.field for difference in domain.differences(before, after)]
        await audit.note(conn, staff, action, "session", after.id, branch=after.branch_id, fields=fields)
