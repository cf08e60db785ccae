from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import store
from services.catalog.domain import TOLD_OF_USUAL, StaleRevision, changed_usual, compared
from shared import audit

if TYPE_CHECKING:
    from services.catalog.domain import TermsChange
    from shared.auth import Staff
    from shared.db import Connection


async def change_kind(
    conn: Connection, staff: Staff, kind_id: str, change: TermsChange, *, minutes: int | None, revision: int | None
) -> None:
    """Change what new activities of a kind start from; those there are keep what they have.

    Raises:
        UnknownKind: there is no such kind.
        StaleRevision: the change was made from another revision than the present one; tells what is different since.
        Invalid: the terms contradict each other.
    """
    before = await store.lock_usual(conn, kind_id)
    if revision is not None and revision != before.revision:
        since = await store.record_changes_since(conn, "kind", kind_id, revision)
        raise StaleRevision(before.revision, since)
    after = changed_usual(before, change, minutes)
    if after is before:
        return
    found = compared(before, after, TOLD_OF_USUAL)
    await store.update_usual(conn, after)
    await store.insert_record_changes(conn, "kind", kind_id, after.revision, found, staff.role)
    await audit.note(conn, staff, "changed", "kind", kind_id, branch=None, fields=[one.field for one in found])
