"""What booking tells of visitors: who wants a helper of their own, and who does not any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.domain.assigning import UnknownSession
from services.volunteers.store import assignments, needs, sessions
from services.volunteers.usecases.turns import end_assignment, finish
from shared.inbox import NotYet

if TYPE_CHECKING:
    from typing import Literal
    from uuid import UUID

    from services.volunteers.store.needs import Need
    from services.volunteers.store.sessions import Session
    from shared.db import Connection
    from shared.events import BookingState
    from shared.hours import PermittedHours


async def wanted(conn: Connection, booking: BookingState, hours: PermittedHours) -> None:
    """A visitor has a seat, or has it in another session now: where each is one helper's, somebody is found.

    Raises:
        NotYet: the session is not known yet.
    """
    held, need = await _turns(conn, booking.booking_id, booking.session_id)
    if need is not None and need.booking_revision >= booking.revision:
        return
    session = held[booking.session_id]
    seated = booking.state in {None, "confirmed"}
    seeking = session.matched and session.to_come and seated
    if need is None and not session.matched:
        return
    stays = need is not None and need.session_id == session.id and need.state != "over" and seeking
    if not await needs.keep(conn, booking, "stays" if stays else "sought" if seeking else "over"):
        return
    if not stays:
        await _release(conn, held, booking.booking_id, "visitor_cancelled")
    for one in held.values():
        await finish(conn, one, hours)


async def dropped(
    conn: Connection,
    booking: BookingState,
    hours: PermittedHours,
    why: Literal["visitor_cancelled", "session_cancelled"] = "visitor_cancelled",
) -> None:
    """A visitor does not come, also if that was heard first: their helper is free, and told once.

    Who was there for them when it had begun keeps that: how it went is said afterwards, and their hours count.

    Raises:
        NotYet: they were moved just now.
    """
    session = await sessions.find(conn, booking.session_id)
    held, need = await _turns(conn, booking.booking_id, *((session.id,) if session else ()))
    if need is None and session is not None and not session.matched:
        return
    if not await needs.end(conn, booking.booking_id, booking.revision):
        return
    await _release(conn, held, booking.booking_id, why, besides_begun=True)
    for session in held.values():
        await finish(conn, session, hours)


async def erased(conn: Connection, booking: BookingState, hours: PermittedHours) -> None:
    """A visitor is forgotten: so is what they wanted help with."""
    await dropped(conn, booking, hours)
    await needs.erase(conn, booking.booking_id)


async def _turns(conn: Connection, booking_id: UUID, *more: UUID) -> tuple[dict[UUID, Session], Need | None]:
    """Take our turn with the sessions that a booking is, or will be, about; then its need is ours."""
    known = await needs.find(conn, booking_id)
    about = {*more, known.session_id} if known and known.session_id else set(more)
    try:
        held = {session.id: session for session in await sessions.lock_all(conn, about)}
    except UnknownSession as error:
        raise NotYet("its session has not been told of") from error
    need = await needs.lock(conn, booking_id)
    if need and need.session_id and need.session_id not in held:
        raise NotYet("it was moved just now")
    return held, need


async def _release(
    conn: Connection,
    held: dict[UUID, Session],
    booking_id: UUID,
    why: Literal["visitor_cancelled", "session_cancelled"],
    *,
    besides_begun: bool = False,
) -> None:
    for made in await assignments.of_booking(conn, booking_id):
        if made.live and made.session_id not in held:
            raise NotYet("it was moved just now")
        if not made.live:
            continue
        session = held[made.session_id]
        if not (besides_begun and made.state == "accepted" and session.now >= session.starts_at):
            await end_assignment(conn, session, made, "released", why)
