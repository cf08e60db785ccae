from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue

from shared.claims import Role
from shared.models import Model


class DifferenceView(Model):
    """One field that a change made different; null is no value."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    field: str
    was: JsonValue
    is_: JsonValue = Field(alias="is")


class ChangeView(Model):
    """One change: what it made different, when, and by somebody in which role."""

    revision: int
    at: datetime
    by: Role
    changes: tuple[DifferenceView, ...]


class History(Model):
    """What became of a session since it was planned, the newest change first."""

    session_id: UUID
    items: tuple[ChangeView, ...]
    next: None = None
