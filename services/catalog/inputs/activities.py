from typing import Annotated

from pydantic import AfterValidator, Field

from services.catalog.inputs.fields import (
    KindId,
    LanguageTag,
    SmsTitle,
    Spoken,
    Summary,
    TextsWithSwedish,
    Title,
    with_swedish,
)
from services.catalog.inputs.terms import TermsBody

Level = Annotated[str, Field(pattern=r"^[ABC][12](-[ABC][12])?$")]


class ActivityBody(TermsBody):
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
    level: Level | None = None


class ActivityPatch(TermsBody):
    """What shall be different about an activity; what is left out stays. Texts come whole, in all their languages."""

    titles: Annotated[dict[LanguageTag, Title], AfterValidator(with_swedish)] | None = None
    sms_titles: Annotated[dict[LanguageTag, SmsTitle], AfterValidator(with_swedish)] | None = None
    summaries: dict[LanguageTag, Summary] | None = None
    audiences: TextsWithSwedish | None = None
    bring: TextsWithSwedish | None = None
    led_by: TextsWithSwedish | None = None
    languages: Annotated[tuple[Spoken, ...], Field(max_length=20)] | None = None
    level: Level | None = None
    """Null takes it away."""
    archived: bool | None = None
    """Put away: nothing new is planned of it, and what is planned stays."""
    revision: Annotated[int, Field(strict=True, ge=1)] | None = None
    """The revision this change was made from; another present one is refused."""

    @property
    def without_level(self) -> bool:
        """Whether it was sent as null, not left out."""
        return "level" in self.model_fields_set and self.level is None
