"""What the others are told of sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog.kinds import KINDS
from shared.events import (
    Capacity,
    Helping,
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
    from services.catalog.domain import Activity, CancelReason, Session, Terms
    from shared.events import Branch


def published(session: Session, activity: Activity, branch: Branch) -> SessionPublished:
    """Everything about a session on offer."""
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
        capacity_from=terms.capacity_from,
        helping=_helping(terms, activity.kind),
    )
    return SessionPublished.of(session.id, state)


def _helping(terms: Terms, kind: str) -> Helping | None:
    """Which volunteers a session needs; what they do there is its kind's."""
    if not terms.helpers_needed:
        return None
    row = KINDS[kind]
    return Helping(needed=terms.helpers_needed, task=row.task, matched=row.matched, register_note=terms.register_note)


def withdrawn(session: Session) -> SessionWithdrawn:
    """That a session is not on offer any more."""
    data = SessionRef(session_id=session.id, revision=session.revision)
    return SessionWithdrawn.of(session.id, data)


def cancelled(session: Session, reason: CancelReason, *, rest_of_series: bool) -> SessionCancelled:
    """That a session will not be held; ``rest_of_series``: nor what is to come of its series after it."""
    data = SessionCancellation(
        session_id=session.id, revision=session.revision, reason=reason, rest_of_series=rest_of_series
    )
    return SessionCancelled.of(session.id, data)
