"""What volunteers hears: catalog on sessions, booking on who wants help, notify on what was told and answered."""

from functools import partial

from services.volunteers.store import signing_in
from services.volunteers.usecases import after, answers, needs, sessions
from shared import installation
from shared.db import Connection
from shared.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingErased,
    BookingMoved,
    InstallationChanged,
    MessageFailed,
    MessageSent,
    ReplyReceived,
    SessionCancelled,
    SessionClosed,
    SessionPublished,
    SessionWithdrawn,
)
from shared.hours import PermittedHours
from shared.inbox import Handlers

_QUESTIONS = frozenset({"assignment_proposed", "shift_proposed"})
"""The templates of messages that ask a volunteer something: their time to answer begins with them."""

_SIGN_IN = "helper_sign_in"
"""... and that brings the code with which they sign in."""


async def _withdrawn(conn: Connection, event: SessionWithdrawn) -> None:
    await sessions.end(conn, event.data.session_id, event.data.revision, "withdrawn")


async def _cancelled(conn: Connection, event: SessionCancelled) -> None:
    await sessions.end(conn, event.data.session_id, event.data.revision, "cancelled")


async def _closed(conn: Connection, event: SessionClosed) -> None:
    await after.close(conn, event.data)


async def _installation_changed(conn: Connection, event: InstallationChanged) -> None:
    await installation.keep(conn, event.data)


async def _published(conn: Connection, event: SessionPublished, *, hours: PermittedHours) -> None:
    await sessions.publish(conn, event.data, hours)


async def _wanted(conn: Connection, event: BookingConfirmed | BookingMoved, *, hours: PermittedHours) -> None:
    await needs.wanted(conn, event.data, hours)


async def _dropped(conn: Connection, event: BookingCancelled, *, hours: PermittedHours) -> None:
    by_library = event.data.reason == "session_cancelled"
    await needs.dropped(conn, event.data, hours, "session_cancelled" if by_library else "visitor_cancelled")


async def _erased(conn: Connection, event: BookingErased, *, hours: PermittedHours) -> None:
    await needs.erased(conn, event.data, hours)


async def _message_sent(conn: Connection, event: MessageSent, *, hours: PermittedHours) -> None:
    if event.data.template in _QUESTIONS:
        await answers.told(conn, event.data.about, event.data.sent_at, hours)
    elif event.data.template == _SIGN_IN:
        await signing_in.sent(conn, event.data.about)


async def _message_failed(conn: Connection, event: MessageFailed, *, hours: PermittedHours) -> None:
    if event.data.template in _QUESTIONS:
        await answers.untold(conn, event.data.about, hours)


async def _replied(conn: Connection, event: ReplyReceived, *, hours: PermittedHours) -> None:
    await answers.replied(conn, event.data.about, event.data.says, event.data.received_at, hours)


def handlers(hours: PermittedHours) -> Handlers:
    """What volunteers does about each event; people have time to answer by these hours and their zone.

    Of the hours until administrators decide others.
    """
    return {
        SessionPublished: partial(_published, hours=hours),
        SessionWithdrawn: _withdrawn,
        SessionCancelled: _cancelled,
        SessionClosed: _closed,
        BookingConfirmed: partial(_wanted, hours=hours),
        BookingMoved: partial(_wanted, hours=hours),
        BookingCancelled: partial(_dropped, hours=hours),
        BookingErased: partial(_erased, hours=hours),
        MessageSent: partial(_message_sent, hours=hours),
        MessageFailed: partial(_message_failed, hours=hours),
        ReplyReceived: partial(_replied, hours=hours),
        InstallationChanged: _installation_changed,
    }
