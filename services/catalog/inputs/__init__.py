"""What clients ask and send: the models of queries and bodies."""

from services.catalog.inputs.activities import ActivityBody, ActivityPatch
from services.catalog.inputs.closures import ClosureBody
from services.catalog.inputs.installation import InstallationPatch
from services.catalog.inputs.libraries import BranchPatch, NewBranchBody, StretchBody
from services.catalog.inputs.planning import ConflictsBody, PlannedQuery, PlannedSessionsQuery, TermCopyBody
from services.catalog.inputs.programme import ExportQuery, ImportQuery
from services.catalog.inputs.queries import (
    AvailabilityQuery,
    BranchCalendarQuery,
    CalendarQuery,
    PageQuery,
    PlacesQuery,
    SessionsQuery,
    WishesQuery,
)
from services.catalog.inputs.series import SeriesBody
from services.catalog.inputs.sessions import CancelBody, MeetingBody, NewSessionBody, NewSittingBody, SessionPatch
from services.catalog.inputs.terms import KindPatch, TermsBody

__all__ = [
    "ActivityBody",
    "ActivityPatch",
    "AvailabilityQuery",
    "BranchCalendarQuery",
    "BranchPatch",
    "CalendarQuery",
    "CancelBody",
    "ClosureBody",
    "ConflictsBody",
    "ExportQuery",
    "ImportQuery",
    "InstallationPatch",
    "KindPatch",
    "MeetingBody",
    "NewBranchBody",
    "NewSessionBody",
    "NewSittingBody",
    "PageQuery",
    "PlacesQuery",
    "PlannedQuery",
    "PlannedSessionsQuery",
    "SeriesBody",
    "SessionPatch",
    "SessionsQuery",
    "StretchBody",
    "TermCopyBody",
    "TermsBody",
    "WishesQuery",
]
