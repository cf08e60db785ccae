from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.catalog import domain, store
from services.catalog.usecases import telling
from shared import outbox
from shared.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.catalog.domain import NewSession, Session
    from shared.db import Connection


async def create_session(conn: Connection, new: NewSession) -> None:
    """Plan a session, and tell of it unless it is a draft.

    Raises:
        Invalid: it breaks a rule, or its activity or branch does not exist.
    """
    domain.check_in_use(await store.activity(conn, new.activity_id))
    await create_sessions(conn, (new,))


async def create_sessions(conn: Connection, wanted: Sequence[NewSession]) -> None:
    """Plan sessions, and tell of each unless it is a draft; all of them or none.

    Raises:
        Invalid: one breaks a rule, or its activity or branch does not exist.
    """
    activities = await store.activities(conn, {new.activity_id for new in wanted})
    now = await store.now(conn)
    sessions = [domain.planned(new, activities[new.activity_id], now) for new in wanted]
    await offer(conn, sessions)


async def create_sitting(conn: Connection, new: NewSession, slot_minutes: int) -> tuple[UUID, ...]:
    """Plan a session in slots, each a session of its own; gives their ids in order.

    The id that was meant for the session becomes that of the sitting.

    Raises:
        Invalid: it breaks a rule, its slots do not fill it, or its activity or branch does not exist.
    """
    activity = await store.activity(conn, new.activity_id)
    domain.check_in_use(activity)
    whole = domain.planned(new, activity, await store.now(conn))
    sessions = [
        replace(whole, id=new_id(), starts_at=starts_at, ends_at=ends_at, sitting_id=whole.id)
        for starts_at, ends_at in domain.slots(whole.starts_at, whole.ends_at, slot_minutes)
    ]
    await offer(conn, sessions)
    return tuple(session.id for session in sessions)


async def offer(conn: Connection, sessions: Sequence[Session]) -> None:
    """Keep new sessions, and tell of each unless it is a draft.

    Raises:
        Invalid: the branch of one does not exist.
    """
    await store.insert_sessions(conn, sessions)
    activities = await store.activities_to_tell(conn, {session.activity_id for session in sessions})
    branches = await store.branches(conn, {session.branch_id for session in sessions})
    told = (
        telling.published(session, activities[session.activity_id], branches[session.branch_id])
        for session in sessions
        if session.status == "published"
    )
    await outbox.emit_all(conn, told)
