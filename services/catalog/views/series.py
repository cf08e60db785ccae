from datetime import date, datetime
from uuid import UUID

from services.catalog.domain import Why
from services.catalog.views.branches import BranchView
from services.catalog.views.conflicts import ConflictView
from services.catalog.views.sessions import SessionView, StaffSessionView
from services.catalog.views.texts import Texts
from shared.models import Model


class SkippedDate(Model):
    """A date of the rule on which nothing is held."""

    date: date
    why: Why
    names: Texts
    """What the day is called, or why it is left out."""


class PlannedSession(Model):
    """What would be held."""

    starts_at: datetime
    ends_at: datetime
    conflicts: tuple[ConflictView, ...]
    """What else needs the same room or the same person then; nothing is refused for it."""


class SeriesPreview(Model):
    """What a series would be; nothing is kept."""

    rule: str
    sessions: tuple[PlannedSession, ...]
    skipped: tuple[SkippedDate, ...]


class StaffSeries(Model):
    """A new series, with all it holds and leaves out."""

    id: UUID
    rule: str
    sessions: tuple[StaffSessionView, ...]
    skipped: tuple[SkippedDate, ...]


class SeriesView(Model):
    """A series, with the sessions to come and the coming dates on which there is none."""

    id: UUID
    rule: str
    activity_id: UUID
    kind: str
    kind_labels: Texts
    titles: Texts
    summaries: Texts
    branch_id: str
    branch: BranchView
    sessions: tuple[SessionView, ...]
    skipped: tuple[SkippedDate, ...]


class Sitting(Model):
    """A sitting, with its slots in order."""

    id: UUID
    sessions: tuple[StaffSessionView, ...]
