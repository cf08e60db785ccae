"""Write-side SQL, a module for each thing that is kept. A constraint's name becomes the refusal it stands for."""

from services.catalog.store.activities import (
    activities,
    activities_to_tell,
    activity,
    activity_of,
    held_elsewhere,
    insert_activity,
    known_activities,
    lock_activity,
    update_activity,
)
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
from services.catalog.store.columns import meeting_of
from services.catalog.store.history import activity_changes_since, changes_since, insert_told_changes
from services.catalog.store.installation import lock_installation
from services.catalog.store.kinds import lock_usual, suggested, update_usual, usual, usuals
from services.catalog.store.libraries import insert_library, library, lock_library, update_library
from services.catalog.store.planning import copies, held_series, occupied
from services.catalog.store.programme import activities_called, lock_programme, programme
from services.catalog.store.records import insert_record_changes, record_changes_since
from services.catalog.store.series import change_series, put_series
from services.catalog.store.sessions import (
    close_session,
    insert_sessions,
    known_sessions,
    lock_coming_at,
    lock_coming_of,
    lock_group,
    now,
    put_availability,
    raise_revisions,
    update_sessions,
)

__all__ = [
    "activities",
    "activities_called",
    "activities_to_tell",
    "activity",
    "activity_changes_since",
    "activity_of",
    "branches",
    "change_series",
    "changes_since",
    "close_session",
    "closures",
    "copies",
    "delete_closure",
    "delete_closure_of_all",
    "held_elsewhere",
    "held_series",
    "insert_activity",
    "insert_closure",
    "insert_library",
    "insert_missing_closures",
    "insert_missing_hours",
    "insert_record_changes",
    "insert_sessions",
    "insert_told_changes",
    "known_activities",
    "known_sessions",
    "library",
    "lock_activity",
    "lock_coming_at",
    "lock_coming_of",
    "lock_group",
    "lock_installation",
    "lock_library",
    "lock_programme",
    "lock_usual",
    "meeting_of",
    "now",
    "occupied",
    "opening",
    "programme",
    "put_availability",
    "put_series",
    "raise_revisions",
    "record_changes_since",
    "suggested",
    "update_activity",
    "update_library",
    "update_sessions",
    "update_usual",
    "usual",
    "usuals",
]
