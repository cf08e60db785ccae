from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.catalog import store
from services.catalog.domain import (
    TOLD_OF_LIBRARY,
    StaleRevision,
    changed_library,
    checked_library,
    compared,
    told_of,
)
from services.catalog.usecases import telling
from shared import audit, outbox

if TYPE_CHECKING:
    from services.catalog.domain import Library, LibraryChange
    from shared.auth import Staff
    from shared.db import Connection


async def create_library(conn: Connection, staff: Staff, new: Library) -> None:
    """Add a library.

    Raises:
        BranchExists: there is one of its id.
        NameTaken: another is called so.
        Invalid: it breaks a rule.
    """
    await store.insert_library(conn, checked_library(new))
    await audit.note(conn, staff, "created", "branch", new.id, branch=new.id)


async def change_library(
    conn: Connection, staff: Staff, branch_id: str, change: LibraryChange, revision: int | None
) -> int:
    """Change a library; gives how many sessions to come are told again, as they carry something that is different.

    A withdrawn session is not: it shows what is new when it is published again.

    Raises:
        UnknownBranch: there is none of that id.
        StaleRevision: the change was made from another revision than the present one; tells what is different since.
        NameTaken: another is called so.
        Invalid: the change breaks a rule.
    """
    before = await store.lock_library(conn, branch_id)
    if revision is not None and revision != before.revision:
        since = await store.record_changes_since(conn, "branch", branch_id, revision)
        raise StaleRevision(before.revision, since)
    after = changed_library(before, change)
    if after is before:
        return 0
    found = compared(before, after, TOLD_OF_LIBRARY)
    await store.update_library(conn, before, after)
    await store.insert_record_changes(conn, "branch", branch_id, after.revision, found, staff.role)
    await audit.note(conn, staff, "changed", "branch", branch_id, branch=branch_id, fields=[one.field for one in found])
    return await _tell_again(conn, branch_id) if told_of(before, after) else 0


async def _tell_again(conn: Connection, branch_id: str) -> int:
    """Tell of the sessions to come at a library whose row is locked and written, as they are now."""
    sessions = [
        replace(session, revision=session.revision + 1) for session in await store.lock_coming_at(conn, branch_id)
    ]
    await store.raise_revisions(conn, sessions)
    branches = await store.branches(conn, {branch_id})
    activities = await store.activities(conn, {session.activity_id for session in sessions})
    told = (telling.published(session, activities[session.activity_id], branches[branch_id]) for session in sessions)
    await outbox.emit_all(conn, told)
    return len(sessions)
