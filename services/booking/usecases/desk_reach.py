"""A number was wrong, or somebody wants to be reached in another way."""

from uuid import UUID

from services.booking import domain
from services.booking.reach import Reach
from services.booking.store import bookings, calls, contacts, notices, series_bookings
from services.booking.store.bookings import Booking
from services.booking.usecases.booking import MESSAGED, notice_of, person_of
from services.booking.usecases.series_bookings import tell_again
from services.booking.usecases.turns import ACTIVE, state_of, turn_of
from shared.db import Connection
from shared.events import BookingCodeRequested, BookingOffered
from shared.outbox import emit


async def correct(conn: Connection, session_id: UUID, booking_id: UUID, reach: Reach, secret: str) -> list[str]:
    """Reach the person of a booking in this way from now on; gives the names of what was changed.

    What they must know goes there again: the offer that reached nobody, how their booking stands, or all dates that
    they booked together. What has not left yet goes there by itself.

    Raises:
        UnknownBooking: this session has none like that, or its person was erased.
        Unreachable: they wait, and nobody could tell them of a seat.
        AlreadyBooked: somebody of that name has a seat with that number or address.
    """
    found = await bookings.find(conn, booking_id)
    if found is None or found.session_id != session_id:
        raise domain.UnknownBooking("this session has no such booking")
    # First, as who goes on with a series takes its turn with sessions only then.
    series = await series_bookings.lock(conn, found.series_booking_id) if found.series_booking_id else None
    locked, booking = await turn_of(conn, booking_id)
    contact = await contacts.of(conn, booking.contact_ref)
    if booking.session_id != session_id or contact is None:
        raise domain.UnknownBooking("this session has no such booking")
    if booking.state in {"queued", "offered"} and reach.by == "none":
        raise domain.Unreachable("say how they can be told that a seat is free")
    changed = [f"reach.{name}" for name in _FIELDS if getattr(reach, name) != getattr(contact.reach, name)]
    if changed:
        refs = await series_bookings.contacts_of(conn, series.id) if series else [booking.contact_ref]
        await contacts.change_reach(conn, refs, reach)
        await bookings.reached_by(conn, refs, person_of(contact.name, reach, secret))
        await calls.try_another_number(conn, booking_id)
        await notices.set_notice(conn, series.id if series else booking_id, notice_of(reach))
    if booking.state in ACTIVE and reach.by in MESSAGED and locked.now < locked.session.terms.ends_at:
        if series:
            await tell_again(conn, series)
        else:
            await _tell_again(conn, booking, unwritten=contact.reach.by not in MESSAGED)
    return changed


_FIELDS = ("by", "phone", "email", "behalf_of")


async def _tell_again(conn: Connection, booking: Booking, *, unwritten: bool) -> None:
    untold = await calls.take_untold(conn, booking.id, unwritten=unwritten)
    touched = await bookings.touch(conn, booking.id)
    event = BookingOffered if untold else BookingCodeRequested
    await emit(conn, event.of(booking.id, state_of(touched)))
