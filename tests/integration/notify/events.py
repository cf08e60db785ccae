"""What booking and catalog say, for tests."""

from uuid import UUID, uuid4

from shared.events import (
    BookingCancellation,
    BookingCancelled,
    BookingCodeRequested,
    BookingConfirmed,
    BookingReschedule,
    BookingRescheduled,
    BookingShrinkage,
    BookingShrunk,
    BookingState,
    SessionCancellation,
    SessionCancelled,
    SessionState,
)
from tests.integration.notify.conftest import Person


def booking(
    person: Person, session: SessionState, *, revision: int = 1, booking_id: UUID | None = None, persons: int = 1
) -> BookingState:
    """A booking of one seat, or of more."""
    return BookingState(
        booking_id=booking_id or uuid4(),
        revision=revision,
        session_id=session.session_id,
        contact_ref=person.ref,
        language=person.language,
        adults=persons,
        children=0,
        seats=persons,
    )


def confirmed(state: BookingState) -> BookingConfirmed:
    return BookingConfirmed.of(state.booking_id, state)


def shrunk(state: BookingState, revision: int = 2, *, persons: int = 1) -> BookingShrunk:
    changes = {"revision": revision, "adults": persons, "seats": persons, "given_back": state.seats - persons}
    return BookingShrunk.of(state.booking_id, BookingShrinkage.model_validate(state.model_dump() | changes))


def code_requested(state: BookingState, revision: int = 2) -> BookingCodeRequested:
    return BookingCodeRequested.of(state.booking_id, state.model_copy(update={"revision": revision}))


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
