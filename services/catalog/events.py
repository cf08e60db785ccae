from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import usecases
from shared.events import AvailabilityChanged

if TYPE_CHECKING:
    from shared.db import Connection
    from shared.inbox import Handlers


async def availability_changed(conn: Connection, event: AvailabilityChanged) -> None:
    """Seats were taken or given back."""
    await usecases.note_availability(conn, event.data)


HANDLERS: Handlers = {AvailabilityChanged: availability_changed}
