"""What booking and catalog say, for tests."""

from uuid import UUID, uuid4

from shared.events import (
    BookingCancellation,
    BookingCancelled,
    BookingConfirmed,
    BookingReschedule,
    BookingRescheduled,
    BookingState,
    SessionCancellation,
    SessionCancelled,
    SessionState,
)
from tests.integration.notify.conftest import Person


def booking(
    person: Person, session: SessionState, *, revision: int = 1, booking_id: UUID | None = None
) -> BookingState:
    """A booking of one seat."""
    return BookingState(
        booking_id=booking_id or uuid4(),
        revision=revision,
        session_id=session.session_id,
        contact_ref=person.ref,
        language=person.language,
        adults=1,
        children=0,
        seats=1,
    )


def confirmed(state: BookingState) -> BookingConfirmed:
    return BookingConfirmed.of(state.booking_id, state)


def cancelled(state: BookingState, revision: int = 2, **changes: object) -> BookingCancelled:
    data: dict[str, object] = {**state.model_dump(), "revision": revision, "by": "visitor"}
    return BookingCancelled.of(state.booking_id, BookingCancellation.model_validate(data | changes))


def rescheduled(
    state: BookingState, revision: int = 2, *, session_revision: int = 2, changed: tuple[str, ...] = ("time",)
) -> BookingRescheduled:
    data = {**state.model_dump(), "revision": revision, "session_revision": session_revision, "changed": changed}
    return BookingRescheduled.of(state.booking_id, BookingReschedule.model_validate(data))


def session_cancelled(session: SessionState, revision: int = 2) -> SessionCancelled:
    data = SessionCancellation(session_id=session.session_id, revision=revision, reason="illness")
    return SessionCancelled.of(session.session_id, data)
