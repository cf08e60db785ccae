from datetime import datetime

from services.catalog.domain.installation import ConsequenceId
from services.catalog.views.history import DifferenceView
from shared.models import Model


class BoundsView(Model):
    """Between which numbers something may be decided, both included."""

    least: int
    most: int


class InstallationView(Model):
    """What counts for the whole installation."""

    revision: int
    """Raised by each decision; 0 while nobody has decided, and what the environment says counts."""
    decided_at: datetime | None
    permitted_hours: str
    bookings_of_number: int
    messages_to_number: int
    bookings_from_network: int
    sms_parts_a_day: int
    bounds: dict[str, BoundsView]
    """What may be decided, by the name of what it is about."""
    shortest_hours: int
    """So many hours of a day people are written to at least."""


class ConsequenceView(Model):
    """Something that whoever decides should know before."""

    field: str
    id: ConsequenceId


class InstallationPreview(Model):
    """What a decision would make different, and what follows from it. Nothing is changed."""

    revision: int
    """From which it would be made."""
    changes: tuple[DifferenceView, ...]
    consequences: tuple[ConsequenceView, ...]
