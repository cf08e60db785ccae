"""The rules of the programme, a module for each thing they are about."""

from services.catalog.domain.changes import NOTHING, Nothing
from services.catalog.domain.history import Change, Difference, StaleRevision, differences
from services.catalog.domain.meetings import LONGEST_NUMBER, Meeting
from services.catalog.domain.questions import Option, Question
from services.catalog.domain.refusals import (
    Closed,
    Forbidden,
    Invalid,
    Refusal,
    UnknownBranch,
    UnknownSession,
)
from services.catalog.domain.sessions import (
    Activity,
    CancelReason,
    NewSession,
    Place,
    Session,
    SessionChange,
    Status,
    cancelled,
    changed,
    planned,
)
from services.catalog.domain.terms import (
    SMS_CHARACTERS,
    BookedBy,
    CapacityFrom,
    Counts,
    Mode,
    Terms,
    TermsChange,
    adapted,
)

__all__ = [
    "LONGEST_NUMBER",
    "NOTHING",
    "SMS_CHARACTERS",
    "Activity",
    "BookedBy",
    "CancelReason",
    "CapacityFrom",
    "Change",
    "Closed",
    "Counts",
    "Difference",
    "Forbidden",
    "Invalid",
    "Meeting",
    "Mode",
    "NewSession",
    "Nothing",
    "Option",
    "Place",
    "Question",
    "Refusal",
    "Session",
    "SessionChange",
    "StaleRevision",
    "Status",
    "Terms",
    "TermsChange",
    "UnknownBranch",
    "UnknownSession",
    "adapted",
    "cancelled",
    "changed",
    "differences",
    "planned",
]
