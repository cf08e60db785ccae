"""What keeps somebody from being on duty, from answering, or from being put somewhere."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.volunteers.domain.matching import Unfit, has_note, within_budget
from services.volunteers.domain.people import NOTE_LASTS
from services.volunteers.domain.refusals import Refusal

PLEDGE = 1
"""The version of the rules of bank-neutral help that are accepted now, for each assignment anew."""


class UnknownNeed(Refusal):
    """Nobody seeks help under that booking."""


class UnknownSession(Refusal):
    """There is no such session."""


class NotActive(Refusal):
    """They are no volunteer yet, have paused, or have ended."""


class RegisterNoteMissing(Refusal):
    """It is work with children, and no register note of theirs is in force on that day."""


class OverBudget(Refusal):
    """It is more than they give in a year."""


class AlreadyBusy(Refusal):
    """They are somewhere else at that time."""


class AlreadyAnswered(Refusal):
    """It has been settled otherwise."""


class PledgeMissing(Refusal):
    """The rules of bank-neutral help were not accepted."""


class Full(Refusal):
    """There are as many helpers as are needed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Able:
    """A volunteer, as far as it matters for whether they can be on duty in a session."""

    volunteer_id: UUID
    active: bool
    note_until: date | None
    minutes: int
    """Done and promised in the calendar year of the session."""
    budget: int | None
    busy: bool


def note_until(seen_on: date | None) -> date | None:
    """The last day on which a register note counts that was made then."""
    return seen_on + NOTE_LASTS - timedelta(days=1) if seen_on else None


def unable(volunteer: Able, *, day: date, minutes: int, register_note: bool) -> Refusal | None:
    """What keeps a volunteer from being on duty in a session on that day; None where nothing does."""
    if not volunteer.active:
        return NotActive("they are no active volunteer")
    if register_note and not has_note(volunteer.note_until, day):
        return RegisterNoteMissing("with children, a register note has to be in force on that day")
    if volunteer.busy:
        return AlreadyBusy("they are on duty somewhere at that time")
    if not within_budget(volunteer.minutes, minutes, volunteer.budget):
        return OverBudget("it is more than the hours they give this year")
    return None


def as_refusal(reason: Unfit) -> Refusal:
    """Why somebody on duty cannot help a visitor, as who asked for it is told."""
    match reason:
        case "not_active":
            return NotActive("they are no active volunteer")
        case "register_note":
            return RegisterNoteMissing("with children, a register note has to be in force on that day")
        case "hours":
            return OverBudget("it is more than the hours they give this year")
        case "busy":
            return AlreadyBusy("they help somebody else at that time")
        case "topic" | "asked":
            return AlreadyAnswered("it was asked and answered")
