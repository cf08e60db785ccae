"""Read-side SQL, a module for each thing that is asked."""

from services.catalog.queries.activity import activities, activity_view
from services.catalog.queries.branch import branch_page, branches
from services.catalog.queries.calendar import Subscribed, feed
from services.catalog.queries.choosing import choices, kinds
from services.catalog.queries.finding import Slice, nearest, sessions
from services.catalog.queries.history import history, host_of
from services.catalog.queries.instead import alternatives
from services.catalog.queries.nearby import places
from services.catalog.queries.session import availability, public_session, staff_session
from services.catalog.queries.wishes import Wanted

__all__ = [
    "Slice",
    "Subscribed",
    "Wanted",
    "activities",
    "activity_view",
    "alternatives",
    "availability",
    "branch_page",
    "branches",
    "choices",
    "feed",
    "history",
    "host_of",
    "kinds",
    "nearest",
    "places",
    "public_session",
    "sessions",
    "staff_session",
]
