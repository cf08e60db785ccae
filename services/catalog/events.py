from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import usecases
from shared.events import AvailabilityChanged, SessionClosed

if TYPE_CHECKING:
    from shared.db import Connection
    from shared.inbox import Handlers


async def availability_changed(conn: Connection, event: AvailabilityChanged) -> None:
    """Seats were taken or given back."""
    await usecases.note_availability(conn, event.data)


async def session_closed(conn: Connection, event: SessionClosed) -> None:
    """Staff closed a session, or corrected how it went."""
    await usecases.note_closing(conn, event.data.session_id)


HANDLERS: Handlers = {AvailabilityChanged: availability_changed, SessionClosed: session_closed}
