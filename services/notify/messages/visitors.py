"""From an event about a booking to what is told of it."""

from uuid import UUID

from services.notify.messages.drafts import Draft, Parameters, Subject, Template
from shared.events import (
    BookingAnnouncement,
    BookingCancellation,
    BookingConfirmation,
    BookingQueue,
    BookingReminder,
    BookingReschedule,
    BookingState,
    BookingWithoutHelper,
    SeriesBooking,
    SeriesBookingState,
    SeriesCancellation,
    Standing,
)


def of_booking(booking: BookingState) -> Subject:
    """A booking, as what is told about."""
    return Subject(
        id=booking.booking_id,
        owner="booking",
        revision=booking.revision,
        standing=standing(booking),
        session_id=booking.session_id,
        contact_ref=booking.contact_ref,
        language=booking.language,
        series_booking_id=_series_of(booking),
    )


def of_series(series: SeriesBooking | SeriesCancellation, last: UUID) -> Subject:
    """What was booked together, which is over with its last session."""
    return Subject(
        id=series.series_booking_id,
        owner="booking",
        revision=series.revision,
        standing="cancelled" if isinstance(series, SeriesCancellation) else "confirmed",
        session_id=last,
        contact_ref=series.contact_ref,
        language=series.language,
        series_booking_id=series.series_booking_id,
    )


def standing(booking: BookingState) -> Standing:
    """What a booking is after an event; those versions that did not say knew no waiting list."""
    return booking.state or ("cancelled" if isinstance(booking, BookingCancellation) else "confirmed")


def _series_of(booking: BookingState) -> UUID | None:
    """With which others a booking was made, as far as its event says so."""
    match booking:
        case BookingConfirmation() | BookingCancellation() | BookingReschedule():
            return booking.series_booking_id
        case _:
            return None


def confirmed(booking: BookingConfirmation) -> Draft:
    """They have a seat: booked, or offered and taken, or given at the door.

    Of one date of several that were booked together the summary tells.
    """
    template: Template = "confirmed" if booking.how == "booked" else "accepted"
    summed_up = booking.series_booking_id is not None and booking.how == "booked"
    return Draft(template=template, parameters=_parameters(booking), silent=summed_up or booking.how == "door")


def queued(booking: BookingQueue) -> Draft:
    """They wait for a seat."""
    return Draft(template="queued", parameters=_parameters(booking, position=booking.position))


def offered(booking: BookingState) -> Draft:
    """A seat is kept for them until they have answered, or their time is over."""
    return Draft(template="offered", parameters=_parameters(booking))


def offer_expired(booking: BookingState) -> Draft:
    """They did not answer in time."""
    return Draft(template="offer_expired", parameters=_parameters(booking, was="offered"))


def declined(booking: BookingState) -> Draft:
    """They did not want the seat they were offered."""
    return Draft(template="declined", parameters=_parameters(booking, was="offered"))


def moved(booking: BookingState) -> Draft:
    """They changed to another session."""
    return Draft(template="moved", parameters=_parameters(booking))


def reminder(booking: BookingReminder) -> Draft:
    """It is soon."""
    return Draft(template="reminder", parameters=_parameters(booking, reconfirm=booking.reconfirm))


def shrunk(booking: BookingState) -> Draft:
    """Fewer people come than were booked."""
    return Draft(template="shrunk", parameters=_parameters(booking))


def code_again(booking: BookingState) -> Draft:
    """They lost the code and asked for it."""
    return Draft(template="code_again", parameters=_parameters(booking))


def cancelled(booking: BookingCancellation) -> Draft:
    """A seat or a place in the waiting list was given back, or the session will not be held."""
    if booking.reason == "session_cancelled":
        parameters = _parameters(booking, was=booking.was, next_session_id=booking.next_session_id)
        return Draft(template="session_cancelled", parameters=parameters)
    by = "visitor" if booking.by == "visitor" else "staff"
    parameters = _parameters(booking, by=by, was=booking.was)
    return Draft(template="cancelled", parameters=parameters, silent=booking.series_booking_id is not None)


def rescheduled(booking: BookingReschedule) -> Draft:
    """The session changed its time or place; the booking stays."""
    return Draft(template="rescheduled", parameters=_parameters(booking, changed=booking.changed))


def announced(booking: BookingAnnouncement) -> Draft:
    """Staff tell everybody something."""
    return Draft(template="announced", parameters=_parameters(booking, announcement=booking.announcement))


def helper_found(booking: BookingState) -> Draft:
    """Somebody will help them."""
    return Draft(template="helper_found", parameters=_parameters(booking))


def helper_missing(booking: BookingWithoutHelper) -> Draft:
    """Nobody can help them, at this time."""
    parameters = _parameters(booking, next_session_id=booking.next_session_id)
    return Draft(template="helper_missing", parameters=parameters)


def series_booked(series: SeriesBooking) -> Draft:
    """Several dates were booked at once."""
    refused = tuple(date.session_id for date in series.refused)
    return Draft(template="series_booked", parameters=_parameters(series, refused=refused))


def series_cancelled(series: SeriesCancellation) -> Draft:
    """Several dates were given back at once."""
    parameters = _parameters(series, by=series.by, given_back=series.given_back)
    return Draft(template="series_cancelled", parameters=parameters)


def _parameters(booking: BookingState | SeriesBookingState, **facts: object) -> Parameters:
    return Parameters.model_validate({"persons": booking.adults + booking.children, **facts})
