"""What the bodies of requests mean to the rules."""

from __future__ import annotations

from services.catalog.domain import Meeting, TermsChange
from services.catalog.inputs import MeetingBody, NewSessionBody, SeriesBody, SessionPatch


def meeting_of(body: MeetingBody | None) -> Meeting | None:
    """How one gets into an online session."""
    return Meeting(link=body.link, number=body.number) if body else None


def session_terms(body: NewSessionBody | SessionPatch | SeriesBody) -> TermsChange:
    """What is said of how a session is booked."""
    return TermsChange(
        mode=body.mode,
        seats=body.capacity.seats,
        walk_in=body.capacity.walk_in,
        queue=body.capacity.queue,
        capacity_from=body.capacity_from,
    )
