"""Read-side SQL, a module for each thing that is asked."""

from services.catalog.queries.activity import activities, activity, activity_view
from services.catalog.queries.administration import branch_preview, changed_branch, closure_of_all, closure_preview
from services.catalog.queries.branch import branch_page, branches
from services.catalog.queries.calendar import Subscribed, feed
from services.catalog.queries.choosing import choices
from services.catalog.queries.closures import branch_closures, closures_of_all, new_closure
from services.catalog.queries.conflicts import conflicting_times
from services.catalog.queries.copying import copied_term
from services.catalog.queries.finding import Slice, nearest, sessions
from services.catalog.queries.history import history, host_of
from services.catalog.queries.instead import alternatives
from services.catalog.queries.kinds import kind, kinds
from services.catalog.queries.nearby import places
from services.catalog.queries.planning import Asked, planned_series, planned_sessions
from services.catalog.queries.programme import programme_rows
from services.catalog.queries.series import preview, public_series, skipped_dates
from services.catalog.queries.session import (
    availability,
    changed_session,
    public_session,
    staff_session,
    staff_sessions,
)
from services.catalog.queries.wishes import Wanted

__all__ = [
    "Asked",
    "Slice",
    "Subscribed",
    "Wanted",
    "activities",
    "activity",
    "activity_view",
    "alternatives",
    "availability",
    "branch_closures",
    "branch_page",
    "branch_preview",
    "branches",
    "changed_branch",
    "changed_session",
    "choices",
    "closure_of_all",
    "closure_preview",
    "closures_of_all",
    "conflicting_times",
    "copied_term",
    "feed",
    "history",
    "host_of",
    "kind",
    "kinds",
    "nearest",
    "new_closure",
    "places",
    "planned_series",
    "planned_sessions",
    "preview",
    "programme_rows",
    "public_series",
    "public_session",
    "sessions",
    "skipped_dates",
    "staff_session",
    "staff_sessions",
]
