"""What the catalog shows of the programme: the models of its answers. Texts come in every language there is."""

from services.catalog.views.activities import Activities, ActivityView, Capacity
from services.catalog.views.administration import (
    BranchPreview,
    ChangedBranch,
    ClosureOfAll,
    ClosurePreview,
    KindInUse,
    Planned,
)
from services.catalog.views.branches import Branches, BranchPage, BranchView, Closure, Hours
from services.catalog.views.closures import Closures, ClosureView, NewClosure
from services.catalog.views.conflicts import ConflictingTime, ConflictingTimes, ConflictView
from services.catalog.views.finding import Alternatives, Near, NearBranch, Nearest, Places, Sessions
from services.catalog.views.history import ChangeView, DifferenceView, History
from services.catalog.views.installation import BoundsView, ConsequenceView, InstallationPreview, InstallationView
from services.catalog.views.kinds import Choices, Kinds, KindSettings, KindTerms, KindView
from services.catalog.views.planning import (
    CopiedDate,
    CopiedSeries,
    CopiedTerm,
    MannerView,
    PlannedSeriesList,
    PlannedSeriesView,
    PlannedSessions,
    Tally,
)
from services.catalog.views.programme import Imported, LineErrorView
from services.catalog.views.series import PlannedSession, SeriesPreview, SeriesView, Sitting, SkippedDate, StaffSeries
from services.catalog.views.sessions import (
    Availabilities,
    AvailabilityView,
    ChangedSession,
    LeftOutView,
    MeetingView,
    Queue,
    Seats,
    SessionView,
    StaffSessionView,
)
from services.catalog.views.texts import Lines, Texts

__all__ = [
    "Activities",
    "ActivityView",
    "Alternatives",
    "Availabilities",
    "AvailabilityView",
    "BoundsView",
    "BranchPage",
    "BranchPreview",
    "BranchView",
    "Branches",
    "Capacity",
    "ChangeView",
    "ChangedBranch",
    "ChangedSession",
    "Choices",
    "Closure",
    "ClosureOfAll",
    "ClosurePreview",
    "ClosureView",
    "Closures",
    "ConflictView",
    "ConflictingTime",
    "ConflictingTimes",
    "ConsequenceView",
    "CopiedDate",
    "CopiedSeries",
    "CopiedTerm",
    "DifferenceView",
    "History",
    "Hours",
    "Imported",
    "InstallationPreview",
    "InstallationView",
    "KindInUse",
    "KindSettings",
    "KindTerms",
    "KindView",
    "Kinds",
    "LeftOutView",
    "LineErrorView",
    "Lines",
    "MannerView",
    "MeetingView",
    "Near",
    "NearBranch",
    "Nearest",
    "NewClosure",
    "Places",
    "Planned",
    "PlannedSeriesList",
    "PlannedSeriesView",
    "PlannedSession",
    "PlannedSessions",
    "Queue",
    "Seats",
    "SeriesPreview",
    "SeriesView",
    "SessionView",
    "Sessions",
    "Sitting",
    "SkippedDate",
    "StaffSeries",
    "StaffSessionView",
    "StopKind",
    "Tally",
    "Texts",
]
