"""What volunteers hears: catalog on sessions, booking on who wants help, notify on what was told and answered."""

from services.volunteers.usecases import after, sessions
from shared import installation
from shared.db import Connection
from shared.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingErased,
    BookingMoved,
    Event,
    InstallationChanged,
    MessageFailed,
    MessageSent,
    ReplyReceived,
    SessionCancelled,
    SessionClosed,
    SessionPublished,
    SessionWithdrawn,
)
from shared.inbox import Handlers


async def _published(conn: Connection, event: SessionPublished) -> None:
    await sessions.publish(conn, event.data)


async def _withdrawn(conn: Connection, event: SessionWithdrawn) -> None:
    await sessions.end(conn, event.data.session_id, event.data.revision, "withdrawn")


async def _cancelled(conn: Connection, event: SessionCancelled) -> None:
    await sessions.end(conn, event.data.session_id, event.data.revision, "cancelled")


async def _closed(conn: Connection, event: SessionClosed) -> None:
    await after.close(conn, event.data)


async def _installation_changed(conn: Connection, event: InstallationChanged) -> None:
    await installation.keep(conn, event.data)


async def _later(_: Connection, __: Event) -> None:
    """Heard, and of no consequence yet."""


HANDLERS: Handlers = {
    SessionPublished: _published,
    SessionWithdrawn: _withdrawn,
    SessionCancelled: _cancelled,
    SessionClosed: _closed,
    BookingConfirmed: _later,
    BookingMoved: _later,
    BookingCancelled: _later,
    BookingErased: _later,
    MessageSent: _later,
    MessageFailed: _later,
    ReplyReceived: _later,
    InstallationChanged: _installation_changed,
}
