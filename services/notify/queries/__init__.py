"""Read-side SQL, a module for each thing that is asked."""

from services.notify.queries.hearing import (
    Correspondence,
    Taken,
    answers_given,
    asked_which,
    correspondence,
    taken,
)
from services.notify.queries.saying import Known, Said, branch, said, session
from services.notify.queries.spending import (
    Backlog,
    Till,
    backlog,
    clock,
    parts_spent,
    sent_to,
    till,
    wants_no_reminders,
)

__all__ = [
    "Backlog",
    "Correspondence",
    "Known",
    "Said",
    "Taken",
    "Till",
    "answers_given",
    "asked_which",
    "backlog",
    "branch",
    "clock",
    "correspondence",
    "parts_spent",
    "said",
    "sent_to",
    "session",
    "taken",
    "till",
    "wants_no_reminders",
]
