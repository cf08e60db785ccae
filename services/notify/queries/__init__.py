"""Read-side SQL, a module for each thing that is asked."""

from services.notify.queries.hearing import (
    Correspondence,
    Taken,
    answers_given,
    asked_which,
    correspondence,
    taken,
)
from services.notify.queries.log import Logged, branch_of, told_of
from services.notify.queries.saying import Known, Said, branch, called_differently, said, session
from services.notify.queries.spending import (
    Backlog,
    Till,
    backlog,
    clock,
    held,
    most_to_one,
    parts_spent,
    sent_to,
    till,
    wants_no_reminders,
)

__all__ = [
    "Backlog",
    "Correspondence",
    "Known",
    "Logged",
    "Said",
    "Taken",
    "Till",
    "answers_given",
    "asked_which",
    "backlog",
    "branch",
    "branch_of",
    "called_differently",
    "clock",
    "correspondence",
    "held",
    "most_to_one",
    "parts_spent",
    "said",
    "sent_to",
    "session",
    "taken",
    "till",
    "told_of",
    "wants_no_reminders",
]
