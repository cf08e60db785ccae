"""What catalog says of sessions, and what time does to them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import tzinfo
from typing import Literal
from uuid import UUID

from services.booking import domain
from services.booking.domain import Change, End, Publish, Republished, Session, Terms, remind_at
from services.booking.store import bookings, closings, reminders, sessions, staffing
from services.booking.store.bookings import Booking
from services.booking.store.sessions import LockedSession
from services.booking.usecases.turns import announce, decide_one, finish, state_of
from services.booking.usecases.waiting import GivenUp, cancelled
from shared.db import Connection
from shared.events import BookingReminder, BookingReminderDue, BookingReschedule, BookingRescheduled
from shared.outbox import emit

REMINDED_AT_ONCE = 100
"""Reminders in one transaction."""


async def publish_session(
    conn: Connection, session_id: UUID, catalog_revision: int, terms: Terms, zone: tzinfo
) -> None:
    """Take over a session as catalog has it; tell those who have a seat or wait when and where it is now."""
    await sessions.await_turn(conn, session_id)
    if await sessions.buried(conn, session_id) >= catalog_revision:
        return
    terms = terms.staffed_by(await staffing.helpers(conn, session_id))
    now = await sessions.now(conn)
    fresh = Session.new(session_id, terms, now)
    if await sessions.add_session(conn, fresh, catalog_revision, now):
        await announce(conn, fresh, 1)
        return
    locked = await sessions.lock_session(conn, session_id)
    if locked.terms_revision >= catalog_revision or locked.session.terms.status == "cancelled":
        return
    if locked.catalog_revision > catalog_revision:  # a withdrawal has overtaken these terms, and stands
        terms = replace(terms, status=locked.session.terms.status)
    decision, outcome = decide_one(locked, Publish(terms=terms))
    if isinstance(outcome, Republished) and outcome.changed and locked.now < terms.ends_at:
        for booking in await bookings.active(conn, session_id):
            if booking.id not in decision.ended:
                await _rescheduled(conn, booking, catalog_revision, outcome.changed)
    await bookings.cap_answers(conn, session_id, terms.starts_at)
    await _remind_anew(conn, locked, terms, zone)
    newest = max(locked.catalog_revision, catalog_revision)
    noted = replace(locked, catalog_revision=newest, terms_revision=catalog_revision)
    await finish(conn, noted, decision, anew=True)


async def _rescheduled(conn: Connection, booking: Booking, session_revision: int, changed: tuple[Change, ...]) -> None:
    touched = await bookings.touch(conn, booking.id)
    facts = BookingReschedule(
        **state_of(touched).model_dump(),
        session_revision=session_revision,
        changed=changed,
        series_booking_id=touched.series_booking_id,
    )
    await emit(conn, BookingRescheduled.of(booking.id, facts))


async def _remind_anew(conn: Connection, locked: LockedSession, terms: Terms, zone: tzinfo) -> None:
    """Reminders follow the start. Who was reminded of another time is reminded of the new one, unless it is near.

    Where only the time between changed, those hear of it who have not been reminded, and who still can be.
    """
    before = locked.session.terms
    at = remind_at(terms, locked.now, zone)
    if before.starts_at != terms.starts_at:
        await reminders.remind_all(conn, locked.session.id, at)
    elif before.reminder_hours != terms.reminder_hours and (at or not terms.reminder_hours):
        await reminders.remind_waiting(conn, locked.session.id, at)


async def end_session(
    conn: Connection,
    session_id: UUID,
    catalog_revision: int,
    status: Literal["withdrawn", "cancelled"],
    *,
    rest_of_series: bool = False,
) -> None:
    """Stop bookings of a session; when it is cancelled, give every seat back and have everybody told.

    With the ``rest_of_series`` its later dates are cancelled too, of which we hear one by one: none is the next time.
    """
    await sessions.await_turn(conn, session_id)
    try:
        locked = await sessions.lock_session(conn, session_id)
    except domain.UnknownSession:
        await sessions.bury(conn, session_id, catalog_revision)
        return
    if locked.catalog_revision >= catalog_revision:
        return
    if status == "cancelled" and await closings.find(conn, session_id):
        return  # it was held, or was known not to be: what is over is not changed any more
    decision, _ = decide_one(locked, End(status=status))
    if status == "cancelled":
        await _lost(conn, locked, decision.ended, rest_of_series=rest_of_series)
    await finish(conn, replace(locked, catalog_revision=catalog_revision), decision, anew=True)


async def _lost(conn: Connection, locked: LockedSession, ended: Collection[UUID], *, rest_of_series: bool) -> None:
    """Give back what everybody had in a cancelled session, and tell each of the next time that they could have."""
    people = [one for one in await bookings.active(conn, locked.session.id) if one.id not in ended]
    terms = locked.session.terms
    if not people:
        return
    others = await sessions.other_times(
        conn,
        locked.session.id,
        terms,
        locked.now,
        besides_sitting=terms.sitting_id,  # likely to be cancelled with it
        besides_series=terms.series_id if rest_of_series else None,
    )
    for booking in people:
        instead = domain.next_time(others, booking.party, terms.branch_id, locked.now)
        await cancelled(conn, booking, GivenUp(by="library", reason="session_cancelled", next_session_id=instead))


async def look_after(conn: Connection, session_id: UUID) -> None:
    """Do what time alone does to a session: holds and offers end, and free seats are offered to those who wait."""
    locked = await sessions.lock_session(conn, session_id)
    await finish(conn, locked, domain.decide(locked.session, [], locked.now))


async def remind(conn: Connection) -> int:
    """Have those told whose time to be reminded has come; gives how many were looked at."""
    due = await reminders.take_due_reminders(conn, REMINDED_AT_ONCE)
    for one in due:
        if one.booking:
            facts = BookingReminder(**state_of(one.booking).model_dump(), reconfirm=one.reconfirm)
            await emit(conn, BookingReminderDue.of(one.booking.id, facts))
    return len(due)
