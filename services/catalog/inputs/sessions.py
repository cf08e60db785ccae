from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.catalog.domain import CancelReason, CapacityFrom, Mode, Place, Scope
from services.catalog.inputs.fields import (
    CapacityBody,
    CapacityField,
    Count,
    Helpers,
    Host,
    Line,
    SlotMinutes,
    Slug,
    TextsWithSwedish,
)
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
    host: Host = ""
    """Who of the staff holds it, for colleagues only."""
    status: Literal["draft", "published"] = "published"
    theme: TextsWithSwedish = Field(default_factory=dict)
    """What this occasion is about, where each has a subject of its own."""
    meeting: MeetingBody | None = None
    capacity_from: CapacityFrom | None = None
    helpers_needed: Helpers | None = None
    """How many volunteers; 0 where the library's own people do it."""
    register_note: bool | None = None
    """Whether it is work with children, for which their register extract has to have been seen."""
    helpers: Count | None = None
    """How many help, where they make the seats."""
    opens_at: AwareDatetime | None = None
    """From when newcomers may book; left out: at once."""
    closes_at: AwareDatetime | None = None
    """From when they may no longer; left out: the start."""


class NewSittingBody(NewSessionBody):
    """A new session in slots that fill it, each with seats and a waiting list of its own."""

    slot_minutes: SlotMinutes


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
    host: Host | None = None
    """Empty is nobody any more."""
    status: Literal["draft", "published", "withdrawn"] | None = None
    theme: TextsWithSwedish | None = None
    """Empty takes it away."""
    meeting: MeetingBody | None = None
    capacity_from: CapacityFrom | None = None
    helpers_needed: Helpers | None = None
    """How many volunteers; 0 where the library's own people do it."""
    register_note: bool | None = None
    """Whether it is work with children, for which their register extract has to have been seen."""
    helpers: Count | None = None
    """Null takes it away; so it does with ``opens_at`` and ``closes_at``."""
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    scope: Scope = "one"
    """For which others of its sitting or series the same is meant; ``following`` and ``all`` are of the series."""
    revision: Annotated[int, Field(strict=True, ge=1)] | None = None
    """The revision this change was made from; another present one is refused."""

    @property
    def taken_away(self) -> frozenset[str]:
        """Values that shall be no more: sent as null, not left out."""
        clearable = {"helpers", "opens_at", "closes_at"} & self.model_fields_set
        return frozenset(name for name in clearable if getattr(self, name) is None)


class CancelBody(Strict):
    """Why a session will not be held."""

    reason: CancelReason
    scope: Scope = "one"
