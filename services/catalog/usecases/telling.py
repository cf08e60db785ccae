"""What the others are told of sessions, in the transaction of the change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared import outbox
from shared.events import (
    Capacity,
    Meeting,
    Policies,
    SessionCancellation,
    SessionCancelled,
    SessionPublished,
    SessionRef,
    SessionState,
    SessionWithdrawn,
)

if TYPE_CHECKING:
    from services.catalog.domain import Activity, CancelReason, Session
    from shared.db import Connection
    from shared.events import Branch


async def tell_published(conn: Connection, session: Session, activity: Activity, branch: Branch) -> None:
    """Tell everything about a session on offer."""
    terms = session.terms
    state = SessionState(
        session_id=session.id,
        revision=session.revision,
        kind=activity.kind,
        activity_id=activity.id,
        titles=activity.titles,
        sms_titles=activity.sms_titles,
        place=session.place,
        branch=branch,
        room=session.room,
        languages=activity.languages,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        mode=terms.mode,
        capacity=Capacity(seats=session.seats_offered, walk_in=session.walk_in_offered, queue=terms.queue),
        counts=terms.counts,
        policies=Policies.model_validate(terms, from_attributes=True),
        meeting=session.meeting and Meeting(link=session.meeting.link, number=session.meeting.number),
        series_id=session.series_id,
        sitting_id=session.sitting_id,
        opens_at=session.opens_at,
        closes_at=session.closes_at,
    )
    await outbox.emit(conn, SessionPublished.of(session.id, state))


async def tell_withdrawn(conn: Connection, session: Session) -> None:
    """Tell that a session is not on offer any more."""
    data = SessionRef(session_id=session.id, revision=session.revision)
    await outbox.emit(conn, SessionWithdrawn.of(session.id, data))


async def tell_cancelled(conn: Connection, session: Session, reason: CancelReason) -> None:
    """Tell that a session will not be held."""
    data = SessionCancellation(session_id=session.id, revision=session.revision, reason=reason)
    await outbox.emit(conn, SessionCancelled.of(session.id, data))
