from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.catalog.domain import CancelReason, Mode, Place
from services.catalog.inputs.fields import CapacityBody, CapacityField, Line, Slug, TextsWithSwedish
from shared.models import Strict


class MeetingBody(Strict):
    """How one gets into an online session; only those who have a seat are told."""

    link: Annotated[Line, Field(min_length=1)]
    number: Line = ""


class NewSessionBody(Strict):
    """A new session; capacity, mode and length, where left out, come from the activity."""

    activity_id: UUID
    branch_id: Slug
    starts_at: AwareDatetime
    ends_at: AwareDatetime | None = None
    capacity: CapacityField = CapacityBody()
    mode: Mode | None = None
    place: Place = "branch"
    room: Annotated[Line, Field(max_length=60)] = ""
    status: Literal["draft", "published"] = "published"
    theme: TextsWithSwedish = Field(default_factory=dict)
    """What this occasion is about, where each has a subject of its own."""
    meeting: MeetingBody | None = None


class SessionPatch(Strict):
    """What shall be different about a session; what is left out stays."""

    activity_id: UUID | None = None
    branch_id: Slug | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    capacity: CapacityField = CapacityBody()
    mode: Mode | None = None
    place: Place | None = None
    room: Annotated[Line, Field(max_length=60)] | None = None
    status: Literal["draft", "published", "withdrawn"] | None = None
    theme: TextsWithSwedish | None = None
    """Empty takes it away."""
    meeting: MeetingBody | None = None
    revision: Annotated[int, Field(strict=True, ge=1)] | None = None
    """The revision this change was made from; another present one is refused."""


class CancelBody(Strict):
    """Why a session will not be held."""

    reason: CancelReason
