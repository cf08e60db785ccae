from typing import Annotated

from pydantic import AfterValidator, Field

from services.catalog.domain import BookedBy, CapacityFrom, Counts, Mode
from services.catalog.inputs.fields import (
    CapacityBody,
    CapacityField,
    KindId,
    LanguageTag,
    SmsTitle,
    Spoken,
    Summary,
    TextsWithSwedish,
    Title,
    with_swedish,
)
from shared.models import Strict


class ActivityBody(Strict):
    """A new activity; what is left out comes from its kind."""

    kind: KindId
    titles: Annotated[dict[LanguageTag, Title], AfterValidator(with_swedish)]
    sms_titles: Annotated[dict[LanguageTag, SmsTitle], AfterValidator(with_swedish)] | None = None
    summaries: dict[LanguageTag, Summary] = Field(default_factory=dict)
    audiences: TextsWithSwedish = Field(default_factory=dict)
    """Who it is for, where that is narrower than its kind."""
    bring: TextsWithSwedish = Field(default_factory=dict)
    """What to have along, where it is not what its kind says."""
    led_by: TextsWithSwedish = Field(default_factory=dict)
    """Whom one meets there: a role or an organisation, never a person's name."""
    languages: Annotated[tuple[Spoken, ...], Field(max_length=20)] = ("sv",)
    level: Annotated[str, Field(pattern=r"^[ABC][12](-[ABC][12])?$")] | None = None
    minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] | None = None
    mode: Mode | None = None
    counts: Counts | None = None
    party_max: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    children: bool | None = None
    booked_by: BookedBy | None = None
    late_cancel_hours: Annotated[int, Field(strict=True, ge=0, le=720)] | None = None
    fill_from_hours: Annotated[int, Field(strict=True)] | None = None
    """From so long before the start a seat goes to the first party of the waiting list that fits, not only to its
    head."""
    offer_minutes: Annotated[int, Field(strict=True)] | None = None
    """How long an offer of a seat may be answered, where the start is far away."""
    reminder_hours: Annotated[int, Field(strict=True)] | None = None
    """How long before the start people are reminded, by the clock on the wall; 0 is never."""
    reconfirm: bool | None = None
    """Whether the reminder of a full session asks everybody to say that they come."""
    certificate: bool | None = None
    """Whether who was there may have it in writing."""
    capacity_from: CapacityFrom | None = None
    """``staffing``: no more seats than there are helpers, once somebody says how many."""
    capacity: CapacityField = CapacityBody()
