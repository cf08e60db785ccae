"""What notify hears: catalog on sessions, for facts; booking and volunteers, as reasons to tell somebody."""

from services.notify import messages, retention, usecases
from shared.db import Connection
from shared.events import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentProposed,
    AssignmentReleased,
    AssignmentReminderDue,
    AssignmentRescheduled,
    BookingAnnounced,
    BookingCancelled,
    BookingClosed,
    BookingCodeRequested,
    BookingConfirmed,
    BookingDeclined,
    BookingErased,
    BookingHelperFound,
    BookingHelperMissing,
    BookingMoved,
    BookingOffered,
    BookingOfferExpired,
    BookingQueued,
    BookingReminderDue,
    BookingRescheduled,
    BookingShrunk,
    InstallationChanged,
    SeriesBooked,
    SeriesCancelled,
    SessionCancelled,
    SessionPublished,
    SessionWithdrawn,
    ShiftCancelled,
    VolunteerErased,
    VolunteerNotified,
)
from shared.inbox import Handlers


async def _published(conn: Connection, event: SessionPublished) -> None:
    await usecases.learn_session(conn, event.data)


async def _withdrawn(conn: Connection, event: SessionWithdrawn) -> None:
    await usecases.end_session(conn, event.data, "withdrawn")


async def _cancelled(conn: Connection, event: SessionCancelled) -> None:
    await usecases.end_session(conn, event.data, "cancelled")


async def _booking_confirmed(conn: Connection, event: BookingConfirmed) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.confirmed(event.data))


async def _booking_queued(conn: Connection, event: BookingQueued) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.queued(event.data))


async def _booking_offered(conn: Connection, event: BookingOffered) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.offered(event.data))


async def _booking_offer_expired(conn: Connection, event: BookingOfferExpired) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.offer_expired(event.data))


async def _booking_declined(conn: Connection, event: BookingDeclined) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.declined(event.data))


async def _booking_closed(conn: Connection, event: BookingClosed) -> None:
    await usecases.end_silently(conn, messages.of_booking(event.data))


async def _booking_moved(conn: Connection, event: BookingMoved) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.moved(event.data))


async def _booking_reminder_due(conn: Connection, event: BookingReminderDue) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.reminder(event.data))


async def _booking_shrunk(conn: Connection, event: BookingShrunk) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.shrunk(event.data))


async def _booking_code_requested(conn: Connection, event: BookingCodeRequested) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.code_again(event.data))


async def _booking_cancelled(conn: Connection, event: BookingCancelled) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.cancelled(event.data))


async def _booking_rescheduled(conn: Connection, event: BookingRescheduled) -> None:
    about, known = messages.of_booking(event.data), event.data.session_revision
    await usecases.tell(conn, about, messages.rescheduled(event.data), facts_revision=known)


async def _booking_announced(conn: Connection, event: BookingAnnounced) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.announced(event.data))


async def _series_booked(conn: Connection, event: SeriesBooked) -> None:
    await usecases.tell_series(conn, event.data, messages.series_booked(event.data), event.data.sessions)


async def _series_cancelled(conn: Connection, event: SeriesCancelled) -> None:
    await usecases.tell_series(conn, event.data, messages.series_cancelled(event.data), event.data.given_back)


async def _booking_erased(conn: Connection, event: BookingErased) -> None:
    await retention.forget_person(conn, event.data.booking_id)


async def _volunteer_erased(conn: Connection, event: VolunteerErased) -> None:
    await retention.forget_helper(conn, event.data.contact_ref)


async def _booking_helper_found(conn: Connection, event: BookingHelperFound) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.helper_found(event.data))


async def _booking_helper_missing(conn: Connection, event: BookingHelperMissing) -> None:
    await usecases.tell(conn, messages.of_booking(event.data), messages.helper_missing(event.data))


async def _assignment_proposed(conn: Connection, event: AssignmentProposed) -> None:
    await usecases.tell(conn, messages.of_assignment(event.data), messages.proposed(event.data))


async def _assignment_accepted(conn: Connection, event: AssignmentAccepted) -> None:
    await usecases.tell(conn, messages.of_assignment(event.data), messages.agreed(event.data))


async def _assignment_declined(conn: Connection, event: AssignmentDeclined) -> None:
    await usecases.tell(conn, messages.of_assignment(event.data), messages.passed_on(event.data))


async def _assignment_released(conn: Connection, event: AssignmentReleased) -> None:
    await usecases.tell(conn, messages.of_assignment(event.data), messages.released(event.data))


async def _assignment_reminder_due(conn: Connection, event: AssignmentReminderDue) -> None:
    await usecases.tell(conn, messages.of_assignment(event.data), messages.reminded(event.data))


async def _assignment_rescheduled(conn: Connection, event: AssignmentRescheduled) -> None:
    about, known = messages.of_assignment(event.data), event.data.session_revision
    await usecases.tell(conn, about, messages.elsewhere(event.data), facts_revision=known)


async def _shift_cancelled(conn: Connection, event: ShiftCancelled) -> None:
    await usecases.tell(conn, messages.of_assignment(event.data), messages.off_duty(event.data))


async def _volunteer_notified(conn: Connection, event: VolunteerNotified) -> None:
    await usecases.tell(conn, messages.of_notice(event.data), messages.notified(event.data))


async def _installation_changed(conn: Connection, event: InstallationChanged) -> None:
    await usecases.learn_rules(conn, event.data)


HANDLERS: Handlers = {
    SessionPublished: _published,
    SessionWithdrawn: _withdrawn,
    SessionCancelled: _cancelled,
    BookingConfirmed: _booking_confirmed,
    BookingQueued: _booking_queued,
    BookingOffered: _booking_offered,
    BookingOfferExpired: _booking_offer_expired,
    BookingDeclined: _booking_declined,
    BookingClosed: _booking_closed,
    BookingMoved: _booking_moved,
    BookingReminderDue: _booking_reminder_due,
    BookingCancelled: _booking_cancelled,
    BookingRescheduled: _booking_rescheduled,
    BookingShrunk: _booking_shrunk,
    BookingCodeRequested: _booking_code_requested,
    BookingErased: _booking_erased,
    BookingAnnounced: _booking_announced,
    SeriesBooked: _series_booked,
    SeriesCancelled: _series_cancelled,
    BookingHelperFound: _booking_helper_found,
    BookingHelperMissing: _booking_helper_missing,
    AssignmentProposed: _assignment_proposed,
    AssignmentAccepted: _assignment_accepted,
    AssignmentDeclined: _assignment_declined,
    AssignmentReleased: _assignment_released,
    AssignmentReminderDue: _assignment_reminder_due,
    AssignmentRescheduled: _assignment_rescheduled,
    ShiftCancelled: _shift_cancelled,
    VolunteerNotified: _volunteer_notified,
    VolunteerErased: _volunteer_erased,
    InstallationChanged: _installation_changed,
}
