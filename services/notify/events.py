"""What notify hears: catalog on sessions, for facts; booking on bookings, as reasons to tell somebody."""

from services.notify import messages, usecases
from shared.db import Connection
from shared.events import (
    BookingCancelled,
    BookingCodeRequested,
    BookingConfirmed,
    BookingRescheduled,
    BookingShrunk,
    SessionCancelled,
    SessionPublished,
    SessionWithdrawn,
)
from shared.inbox import Handlers


async def _published(conn: Connection, event: SessionPublished) -> None:
    await usecases.learn_session(conn, event.data)


async def _withdrawn(conn: Connection, event: SessionWithdrawn) -> None:
    await usecases.end_session(conn, event.data, "withdrawn")


async def _cancelled(conn: Connection, event: SessionCancelled) -> None:
    await usecases.end_session(conn, event.data, "cancelled")


async def _booking_confirmed(conn: Connection, event: BookingConfirmed) -> None:
    await usecases.tell(conn, event.data, messages.confirmed(event.data))


async def _booking_shrunk(conn: Connection, event: BookingShrunk) -> None:
    await usecases.tell(conn, event.data, messages.shrunk(event.data))


async def _booking_code_requested(conn: Connection, event: BookingCodeRequested) -> None:
    await usecases.tell(conn, event.data, messages.code_again(event.data))


async def _booking_cancelled(conn: Connection, event: BookingCancelled) -> None:
    await usecases.tell(conn, event.data, messages.cancelled(event.data))


async def _booking_rescheduled(conn: Connection, event: BookingRescheduled) -> None:
    known = event.data.session_revision
    await usecases.tell(conn, event.data, messages.rescheduled(event.data), facts_revision=known)


HANDLERS: Handlers = {
    SessionPublished: _published,
    SessionWithdrawn: _withdrawn,
    SessionCancelled: _cancelled,
    BookingConfirmed: _booking_confirmed,
    BookingShrunk: _booking_shrunk,
    BookingCodeRequested: _booking_code_requested,
    BookingCancelled: _booking_cancelled,
    BookingRescheduled: _booking_rescheduled,
}
