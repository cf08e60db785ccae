from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.catalog import domain, store
from services.catalog.domain import Forbidden, StaleRevision
from services.catalog.permissions import permit_somewhere
from services.catalog.usecases import telling
from shared import audit, outbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.catalog.domain import Activity, ActivityEdit, Difference
    from shared.auth import Staff
    from shared.db import Connection

_TOLD = {"titles", "sms_titles", "languages"}
"""What the others are told of an activity with each of its sessions."""


async def create_activity(conn: Connection, activity: Activity) -> None:
    """Add an activity; it belongs to no branch."""
    await store.insert_activity(conn, activity)


async def change_activity(conn: Connection, staff: Staff, activity_id: UUID, edit: ActivityEdit) -> Activity:
    """Change what an activity is called and how new sessions of it are booked, put it away or take it up again.

    Who has a seat at a session to come hears its new name with what they are told next; terms stay as they were booked.

    Raises:
        UnknownActivity: there is no such activity.
        Forbidden: other libraries plan it too, and an administrator decides for all.
        StaleRevision: the edit was made from another revision than the present one; tells what is different since.
        Invalid: the change breaks a rule.
    """
    permit_somewhere(staff)
    before = await store.lock_activity(conn, activity_id)
    if staff.role != "admin" and await store.held_elsewhere(conn, activity_id, staff.branches):
        raise Forbidden("other libraries hold this activity too, so only administrators change it")
    if edit.revision is not None and edit.revision != before.revision:
        changes = await store.activity_changes_since(conn, activity_id, edit.revision)
        raise StaleRevision(before.revision, changes)
    after = domain.changed_activity(before, edit.change, edit.terms)
    if after is before:
        return before
    found = domain.activity_differences(before, after)
    await store.update_activity(conn, before, after, staff.role)
    await audit.note(conn, staff, "changed", "activity", after.id, branch=None, fields=[one.field for one in found])
    await _tell(conn, staff, after, [one for one in found if one.field in _TOLD])
    return after


async def _tell(conn: Connection, staff: Staff, activity: Activity, found: Sequence[Difference]) -> None:
    """Tell of all sessions on offer again, if something of it is different that others know."""
    if not found:
        return
    coming = await store.lock_coming_of(conn, activity.id)
    sessions = [replace(session, revision=session.revision + 1) for session in coming]
    await store.raise_revisions(conn, sessions)
    await store.insert_told_changes(conn, sessions, found, staff.role)
    branches = await store.branches(conn, {session.branch_id for session in sessions})
    await outbox.emit_all(
        conn, (telling.published(session, activity, branches[session.branch_id]) for session in sessions)
    )
