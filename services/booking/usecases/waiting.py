"""Those who wait: they are told of a seat, take it or leave it, or do not want to wait any longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.booking import domain
from services.booking.domain import (
    Accept,
    Attendance,
    By,
    Decline,
    GiveBack,
    GivenBack,
    Leave,
    Told,
    answer_by,
    remind_at,
)
from services.booking.store import bookings
from services.booking.store.bookings import Booking
from services.booking.store.sessions import LockedSession
from services.booking.usecases.turns import ACTIVE, decide_one, finish, state_of, turn_of
from shared import installation
from shared.db import Connection
from shared.events import (
    BookingCancellation,
    BookingCancelled,
    BookingConfirmation,
    BookingConfirmed,
    BookingDeclined,
)
from shared.hours import PermittedHours
from shared.outbox import emit


async def told(conn: Connection, booking_id: UUID, at: datetime | None, hours: PermittedHours) -> None:
    """Start the clock of an offer: somebody was told of it then, or just now. Told again, the first time stands.

    One that is over, or no booking of ours, stays as it is. ``hours`` count until administrators decide others.
    """
    if await bookings.session_of(conn, booking_id) is None:
        return
    locked, _ = await turn_of(conn, booking_id)
    since = min(at or locked.now, locked.now)  # another machine's clock may be ahead
    terms = locked.session.terms
    permitted = await installation.hours(conn, hours)
    until = answer_by(terms.starts_at, timedelta(minutes=terms.offer_minutes), since, permitted)
    decision, _ = decide_one(locked, Told(id=booking_id, answer_by=until))
    before, after = locked.session.waiting(booking_id), decision.session.waiting(booking_id)
    if before and after and after.answer_by and not before.answer_by:
        await bookings.note_told(conn, booking_id, since, after.answer_by)
    await finish(conn, locked, decision)


async def accept(conn: Connection, booking_id: UUID, hours: PermittedHours, *, at: datetime | None = None) -> None:
    """Take the seats that are offered; who has them already keeps them.

    ``at`` is when that was said, if not now.

    Raises:
        OfferGone: nothing is offered to this booking.
    """
    locked, booking = await turn_of(conn, booking_id)
    if booking.state == "confirmed":
        return
    decision, _ = decide_one(locked, Accept(id=booking_id, at=min(at or locked.now, locked.now)))
    reminder = remind_at(locked.session.terms, locked.now, hours.zone)
    confirmed = await bookings.confirm(conn, booking_id, reminder)
    facts = BookingConfirmation(**state_of(confirmed).model_dump(), how="offer")
    await emit(conn, BookingConfirmed.of(booking_id, facts))
    await finish(conn, locked, decision)


async def decline(conn: Connection, booking_id: UUID) -> None:
    """Let the seats go that are offered; who has declined already has.

    Raises:
        OfferGone: nothing is offered to this booking.
    """
    locked, booking = await turn_of(conn, booking_id)
    if booking.state != "declined":
        await _declined(conn, locked, booking)


async def let_go(conn: Connection, booking_id: UUID, by: By, *, series_booking_id: UUID | None = None) -> None:
    """Give a seat back, decline one that is offered, or leave the line; what is over stays as it is.

    ``series_booking_id`` is given where all dates that were booked together are: one message tells of them.

    Raises:
        Closed: the session has started, and it is a visitor who asks.
    """
    locked, booking = await turn_of(conn, booking_id)
    ended = domain.decide(locked.session, [], locked.now)
    if booking.id in ended.ended:  # time was quicker
        await finish(conn, locked, ended)
        return
    match booking.state:
        case "confirmed":
            await _given_back(conn, locked, booking, by, series_booking_id)
        case "queued":
            await _left(conn, locked, booking, by)
        case "offered":
            await _declined(conn, locked, booking)
        case "cancelled" | "declined" | "expired" | "closed":
            pass


async def _given_back(
    conn: Connection, locked: LockedSession, booking: Booking, by: By, series_booking_id: UUID | None
) -> None:
    missed = domain.is_away(await bookings.attendance(conn, booking.id))  # then its seats are free already
    decision, outcome = decide_one(locked, GiveBack(seats=0 if missed else booking.seats, by=by))
    late = isinstance(outcome, GivenBack) and outcome.late and not booking.left_alone
    await cancelled(conn, booking, GivenUp(by=by, late=late, series_booking_id=series_booking_id))
    await finish(conn, locked, decision)


async def _left(conn: Connection, locked: LockedSession, booking: Booking, by: By) -> None:
    decision, _ = decide_one(locked, Leave(id=booking.id))
    await cancelled(conn, booking, GivenUp(by=by))
    await finish(conn, locked, decision)


async def _declined(conn: Connection, locked: LockedSession, booking: Booking) -> None:
    decision, _ = decide_one(locked, Decline(id=booking.id))
    declined = await bookings.end(conn, booking.id, "declined")
    await emit(conn, BookingDeclined.of(booking.id, state_of(declined)))
    await finish(conn, locked, decision)


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenUp:
    """By whom a booking is given back, and what goes with it."""

    by: By
    reason: Literal["asked", "session_cancelled"] = "asked"
    late: bool = False
    revoked: bool = False
    """Whether nobody asked: the library took the seat away."""
    next_session_id: UUID | None = None
    """Of a cancelled session: another time that the party could book."""
    series_booking_id: UUID | None = None
    """Whose dates are given back together."""

    @property
    def attendance(self) -> Attendance | None:
        """What the figures know of somebody who had a seat."""
        if self.revoked:
            return "revoked"
        return "late_cancel" if self.late else None


async def cancelled(conn: Connection, booking: Booking, given_up: GivenUp) -> None:
    """Mark a booking as given back and tell of it; its session's row is held, and was decided without it."""
    was = booking.state
    if was not in ACTIVE:
        raise ValueError(was)
    given_back = await bookings.cancel(
        conn, booking.id, given_up.by, late=given_up.late, attendance=given_up.attendance
    )
    facts = state_of(given_back).model_dump() | {
        "by": given_up.by,
        "reason": given_up.reason,
        "late": given_up.late,
        "was": was,
        "next_session_id": given_up.next_session_id,
        "series_booking_id": given_up.series_booking_id,
    }
    await emit(conn, BookingCancelled.of(booking.id, BookingCancellation.model_validate(facts)))
