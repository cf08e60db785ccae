from datetime import datetime
from uuid import UUID

from services.catalog.domain import Same
from services.catalog.views.texts import Texts
from shared.models import Model


class ConflictView(Model):
    """What else there is at the same time, and whether both need the same room or the same person."""

    same: tuple[Same, ...]
    session_id: UUID
    titles: Texts
    branch_id: str
    branch_name: str
    room: str
    host: str
    starts_at: datetime
    ends_at: datetime


class ConflictingTime(Model):
    """A time somebody thinks of, and what is in its way."""

    starts_at: datetime
    ends_at: datetime
    conflicts: tuple[ConflictView, ...]


class ConflictingTimes(Model):
    """The times that were asked for, in their order."""

    items: tuple[ConflictingTime, ...]
