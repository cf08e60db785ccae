"""What staff do to the programme, and what booking tells of it; each runs inside one transaction of its caller."""

from services.catalog.usecases.activities import create_activity
from services.catalog.usecases.hearing import note_availability, note_closing
from services.catalog.usecases.sessions import cancel_session, change_session, create_session, create_sessions

__all__ = [
    "cancel_session",
    "change_session",
    "create_activity",
    "create_session",
    "create_sessions",
    "note_availability",
    "note_closing",
]
