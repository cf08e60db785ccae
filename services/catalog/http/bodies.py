"""What the bodies of requests mean to the rules."""

from __future__ import annotations

from services.catalog.domain import Meeting, TermsChange
from services.catalog.inputs import MeetingBody, NewSessionBody, SeriesBody, SessionPatch, TermsBody


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
        helpers_needed=body.helpers_needed,
        register_note=body.register_note,
    )


def terms_change(body: TermsBody) -> TermsChange:
    """What is said of how an activity, or a kind of them, is booked."""
    return TermsChange(
        mode=body.mode,
        counts=body.counts,
        seats=body.capacity.seats,
        walk_in=body.capacity.walk_in,
        queue=body.capacity.queue,
        party_max=body.party_max,
        children=body.children,
        late_cancel_hours=body.late_cancel_hours,
        fill_from_hours=body.fill_from_hours,
        offer_minutes=body.offer_minutes,
        reminder_hours=body.reminder_hours,
        reconfirm=body.reconfirm,
        booked_by=body.booked_by,
        certificate=body.certificate,
        capacity_from=body.capacity_from,
        helpers_needed=body.helpers_needed,
        register_note=body.register_note,
    )
