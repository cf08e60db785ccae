"""Write-side SQL, a module for each thing that is kept. A constraint's name becomes the refusal it stands for."""

from services.catalog.store.activities import activities, activity, activity_of, insert_activity, known_activities
from services.catalog.store.branches import branches, insert_missing_closures, insert_missing_hours, opening
from services.catalog.store.history import changes_since
from services.catalog.store.sessions import (
    close_session,
    insert_sessions,
    known_sessions,
    lock_session,
    meeting_of,
    now,
    put_availability,
    update_session,
)

__all__ = [
    "activities",
    "activity",
    "activity_of",
    "branches",
    "changes_since",
    "close_session",
    "insert_activity",
    "insert_missing_closures",
    "insert_missing_hours",
    "insert_sessions",
    "known_activities",
    "known_sessions",
    "lock_session",
    "meeting_of",
    "now",
    "opening",
    "put_availability",
    "update_session",
]
