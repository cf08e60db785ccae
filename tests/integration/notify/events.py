"""What booking, catalog and volunteers say, for tests."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID, uuid4

from shared.events import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentEnding,
    AssignmentProposal,
    AssignmentProposed,
    AssignmentReleased,
    AssignmentReminderDue,
    AssignmentReschedule,
    AssignmentRescheduled,
    AssignmentState,
    BookingAnnounced,
    BookingAnnouncement,
    BookingCancellation,
    BookingCancelled,
    BookingClosed,
    BookingCodeRequested,
    BookingConfirmation,
    BookingConfirmed,
    BookingDeclined,
    BookingHelperFound,
    BookingHelperMissing,
    BookingMove,
    BookingMoved,
    BookingOffered,
    BookingOfferExpired,
    BookingQueue,
    BookingQueued,
    BookingReminder,
    BookingReminderDue,
    BookingReschedule,
    BookingRescheduled,
    BookingShrinkage,
    BookingShrunk,
    BookingState,
    BookingWithoutHelper,
    Notice,
    RefusedDate,
    SeriesBooked,
    SeriesBooking,
    SeriesCancellation,
    SeriesCancelled,
    SessionCancellation,
    SessionCancelled,
    SessionRef,
    SessionState,
    SessionWithdrawn,
    ShiftCancelled,
    Standing,
    VolunteerNotified,
)
from tests.integration.notify.conftest import Person


def booking(
    person: Person,
    session: SessionState,
    *,
    revision: int = 1,
    booking_id: UUID | None = None,
    persons: int = 1,
    state: Standing | None = None,
) -> BookingState:
    """A booking of one seat, or of more. Without a state it is told of by a version that knew none."""
    return BookingState(
        booking_id=booking_id or uuid4(),
        revision=revision,
        session_id=session.session_id,
        contact_ref=person.ref,
        language=person.language,
        adults=persons,
        children=0,
        seats=persons,
        state=state,
    )


def _then(state: BookingState, revision: int, standing: Standing | None = None, **more: object) -> dict[str, object]:
    """The data of what happens to a booking next."""
    return state.model_dump() | {"revision": revision, "state": standing or state.state} | more


def confirmed(
    state: BookingState, revision: int | None = None, *, how: str = "booked", series: UUID | None = None
) -> BookingConfirmed:
    standing: Standing | None = state.state and "confirmed"
    data = _then(state, revision or state.revision, standing, how=how, series_booking_id=series)
    return BookingConfirmed.of(state.booking_id, BookingConfirmation.model_validate(data))


def queued(state: BookingState, revision: int = 1, *, position: int = 3) -> BookingQueued:
    data = _then(state, revision, "queued", position=position)
    return BookingQueued.of(state.booking_id, BookingQueue.model_validate(data))


def offered(state: BookingState, revision: int = 2) -> BookingOffered:
    return BookingOffered.of(state.booking_id, BookingState.model_validate(_then(state, revision, "offered")))


def offer_expired(state: BookingState, revision: int = 3) -> BookingOfferExpired:
    return BookingOfferExpired.of(state.booking_id, BookingState.model_validate(_then(state, revision, "expired")))


def declined(state: BookingState, revision: int = 3) -> BookingDeclined:
    return BookingDeclined.of(state.booking_id, BookingState.model_validate(_then(state, revision, "declined")))


def closed(state: BookingState, revision: int = 3) -> BookingClosed:
    return BookingClosed.of(state.booking_id, BookingState.model_validate(_then(state, revision, "closed")))


def moved(state: BookingState, to: SessionState, revision: int = 2) -> BookingMoved:
    sessions = {"session_id": to.session_id, "from_session_id": state.session_id}
    data = _then(state, revision, "confirmed", **sessions)
    return BookingMoved.of(state.booking_id, BookingMove.model_validate(data))


def reminder_due(state: BookingState, revision: int = 2, *, reconfirm: bool = False) -> BookingReminderDue:
    data = _then(state, revision, "confirmed", reconfirm=reconfirm)
    return BookingReminderDue.of(state.booking_id, BookingReminder.model_validate(data))


def shrunk(
    state: BookingState, revision: int = 2, *, persons: int = 1, standing: Standing | None = None
) -> BookingShrunk:
    given_back = state.seats - persons
    data = _then(state, revision, standing, adults=persons, seats=persons, given_back=given_back)
    return BookingShrunk.of(state.booking_id, BookingShrinkage.model_validate(data))


def code_requested(state: BookingState, revision: int = 2, standing: Standing | None = None) -> BookingCodeRequested:
    return BookingCodeRequested.of(state.booking_id, BookingState.model_validate(_then(state, revision, standing)))


def cancelled(state: BookingState, revision: int = 2, **changes: object) -> BookingCancelled:
    standing: Standing | None = state.state and "cancelled"
    data = _then(state, revision, standing, by="visitor") | changes
    return BookingCancelled.of(state.booking_id, BookingCancellation.model_validate(data))


def rescheduled(
    state: BookingState,
    revision: int = 2,
    *,
    session_revision: int = 2,
    changed: tuple[str, ...] = ("time",),
    standing: Standing | None = None,
    series: UUID | None = None,
) -> BookingRescheduled:
    facts = {"session_revision": session_revision, "changed": changed, "series_booking_id": series}
    data = _then(state, revision, standing, **facts)
    return BookingRescheduled.of(state.booking_id, BookingReschedule.model_validate(data))


def announced(state: BookingState, announcement: str, revision: int = 2) -> BookingAnnounced:
    data = _then(state, revision, announcement_id=uuid4(), announcement=announcement)
    return BookingAnnounced.of(state.booking_id, BookingAnnouncement.model_validate(data))


def series_booked(
    person: Person,
    series: UUID,
    sessions: Sequence[SessionState],
    refused: Sequence[SessionState] = (),
    *,
    revision: int = 1,
) -> SeriesBooked:
    data = SeriesBooking(
        **_series(person, series, revision=revision),
        sessions=tuple(session.session_id for session in sessions),
        refused=tuple(RefusedDate(session_id=session.session_id, why="sold-out") for session in refused),
    )
    return SeriesBooked.of(series, data)


def series_cancelled(
    person: Person, series: UUID, sessions: Sequence[SessionState], by: Literal["visitor", "staff"] = "visitor"
) -> SeriesCancelled:
    given_back = tuple(session.session_id for session in sessions)
    data = SeriesCancellation(**_series(person, series, revision=2), sessions=(), by=by, given_back=given_back)
    return SeriesCancelled.of(series, data)


def _series(person: Person, series: UUID, revision: int) -> dict[str, Any]:
    return {
        "series_booking_id": series,
        "revision": revision,
        "contact_ref": person.ref,
        "language": person.language,
        "adults": 1,
        "children": 0,
    }


def session_cancelled(session: SessionState, revision: int = 2) -> SessionCancelled:
    data = SessionCancellation(session_id=session.session_id, revision=revision, reason="illness")
    return SessionCancelled.of(session.session_id, data)


def session_withdrawn(session: SessionState, revision: int = 2) -> SessionWithdrawn:
    return SessionWithdrawn.of(session.session_id, SessionRef(session_id=session.session_id, revision=revision))


def helper_found(state: BookingState, revision: int = 2) -> BookingHelperFound:
    data = BookingState.model_validate(_then(state, revision, "confirmed"))
    return BookingHelperFound.of(state.booking_id, data)


def helper_missing(
    state: BookingState, revision: int = 2, *, instead: SessionState | None = None
) -> BookingHelperMissing:
    data = _then(state, revision, "confirmed", next_session_id=instead and instead.session_id)
    return BookingHelperMissing.of(state.booking_id, BookingWithoutHelper.model_validate(data))


def assignment(
    helper: Person, session: SessionState, *, code: str = "T3R-9WX", for_visitor: bool = True, **changes: object
) -> AssignmentState:
    """What somebody is asked: to help a visitor, or to be on duty. Volunteers knows its code."""
    facts: dict[str, object] = {
        "assignment_id": uuid4(),
        "revision": 1,
        "session_id": session.session_id,
        "contact_ref": helper.ref,
        "language": helper.language,
        "state": "proposed",
        "task": "coach",
        "booking_id": uuid4() if for_visitor else None,
    }
    state = AssignmentState.model_validate(facts | changes)
    helper.codes[state.assignment_id] = code
    return state


def _next(state: AssignmentState, revision: int, standing: str, **more: object) -> dict[str, object]:
    return state.model_dump() | {"revision": revision, "state": standing} | more


def proposed(state: AssignmentState, revision: int = 1, **more: object) -> AssignmentProposed:
    data = AssignmentProposal.model_validate(_next(state, revision, "proposed", **more))
    return AssignmentProposed.of(state.assignment_id, data)


def agreed(state: AssignmentState, revision: int = 2, **more: object) -> AssignmentAccepted:
    data = AssignmentState.model_validate(_next(state, revision, "accepted", **more))
    return AssignmentAccepted.of(state.assignment_id, data)


def passed_on(
    state: AssignmentState, revision: int = 2, *, why: str = "declined", **more: object
) -> AssignmentDeclined:
    standing = "expired" if why == "expired" else "declined"
    data = AssignmentEnding.model_validate(_next(state, revision, standing, why=why, **more))
    return AssignmentDeclined.of(state.assignment_id, data)


def released(
    state: AssignmentState, revision: int = 2, *, why: str = "visitor_cancelled", **more: object
) -> AssignmentReleased:
    data = AssignmentEnding.model_validate(_next(state, revision, "released", why=why, **more))
    return AssignmentReleased.of(state.assignment_id, data)


def off_duty(state: AssignmentState, revision: int = 2, *, why: str = "staff", **more: object) -> ShiftCancelled:
    data = AssignmentEnding.model_validate(_next(state, revision, "released", why=why, **more))
    return ShiftCancelled.of(state.assignment_id, data)


def helper_reminded(state: AssignmentState, revision: int = 3) -> AssignmentReminderDue:
    data = AssignmentState.model_validate(_next(state, revision, "accepted"))
    return AssignmentReminderDue.of(state.assignment_id, data)


def helper_moved(
    state: AssignmentState, revision: int = 3, *, session_revision: int = 2, changed: tuple[str, ...] = ("time",)
) -> AssignmentRescheduled:
    facts = {"session_revision": session_revision, "changed": changed}
    data = AssignmentReschedule.model_validate(_next(state, revision, "accepted", **facts))
    return AssignmentRescheduled.of(state.assignment_id, data)


def notice(helper: Person, kind: str, *, code: str = "", **more: object) -> VolunteerNotified:
    """News to somebody who helps, or coordinates those who do."""
    facts = {
        "notice_id": uuid4(),
        "revision": 1,
        "contact_ref": helper.ref,
        "language": helper.language,
        "notice": kind,
    }
    data = Notice.model_validate(facts | more)
    helper.codes[data.notice_id] = code
    return VolunteerNotified.of(data.notice_id, data)
