"""Write-side SQL, a module for each thing that is kept. A constraint's name becomes the refusal it stands for."""

from services.catalog.store.activities import activities, activity, activity_of, insert_activity, known_activities
from services.catalog.store.branches import (
    branches,
    closures,
    delete_closure,
    delete_closure_of_all,
    insert_closure,
    insert_missing_closures,
    insert_missing_hours,
    opening,
)
from services.catalog.store.history import changes_since
from services.catalog.store.installation import lock_installation
from services.catalog.store.kinds import lock_usual, suggested, update_usual, usual, usuals
from services.catalog.store.libraries import insert_library, library, lock_library, update_library
from services.catalog.store.programme import activities_called, lock_programme, programme
from services.catalog.store.records import insert_record_changes, record_changes_since
from services.catalog.store.series import change_series, put_series
from services.catalog.store.sessions import (
    close_session,
    insert_sessions,
    known_sessions,
    lock_coming_at,
    lock_group,
    meeting_of,
    now,
    put_availability,
    raise_revisions,
    update_sessions,
)

__all__ = [
    "activities",
    "activities_called",
    "activity",
    "activity_of",
    "branches",
    "change_series",
    "changes_since",
    "close_session",
    "closures",
    "delete_closure",
    "delete_closure_of_all",
    "insert_activity",
    "insert_closure",
    "insert_library",
    "insert_missing_closures",
    "insert_missing_hours",
    "insert_record_changes",
    "insert_sessions",
    "known_activities",
    "known_sessions",
    "library",
    "lock_coming_at",
    "lock_group",
    "lock_installation",
    "lock_library",
    "lock_programme",
    "lock_usual",
    "meeting_of",
    "now",
    "opening",
    "programme",
    "put_availability",
    "put_series",
    "raise_revisions",
    "record_changes_since",
    "suggested",
    "update_library",
    "update_sessions",
    "update_usual",
    "usual",
    "usuals",
]
