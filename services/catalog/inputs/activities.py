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
    level: Annotated[str, Field(pattern=r"^[ABC][12](-[ABC][12])?$")] | None = None
