"""What happens at sessions, and how that may change."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.catalog.domain.changes import Nothing, changed_by
from services.catalog.domain.refusals import Invalid
from services.catalog.domain.terms import Terms, TermsChange, adapted


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """What happens at sessions, in words and in the terms that new sessions start from."""

    id: UUID
    kind: str
    titles: Mapping[str, str]
    sms_titles: Mapping[str, str]
    summaries: Mapping[str, str]
    languages: tuple[str, ...]
    level: str | None
    minutes: int
    """How long a session lasts unless somebody says otherwise."""
    terms: Terms
    audiences: Mapping[str, str] = field(default_factory=dict)
    """Who it is for, where that is narrower than its kind says."""
    bring: Mapping[str, str] = field(default_factory=dict)
    """What to have along; without it, what its kind says."""
    led_by: Mapping[str, str] = field(default_factory=dict)
    """Who one meets there: a role or an organisation, never a person's name."""
    revision: int = 1
    archived: bool = False
    """Nothing new is planned of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityChange:
    """What somebody wants different about an activity; None is as it was, NOTHING takes a value away.

    Texts come whole, in all their languages; an empty text by language takes it away.
    """

    titles: Mapping[str, str] | None = None
    sms_titles: Mapping[str, str] | None = None
    summaries: Mapping[str, str] | None = None
    audiences: Mapping[str, str] | None = None
    bring: Mapping[str, str] | None = None
    led_by: Mapping[str, str] | None = None
    languages: tuple[str, ...] | None = None
    level: str | Nothing | None = None
    minutes: int | None = None
    archived: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityEdit:
    """What somebody wants different."""

    change: ActivityChange
    terms: TermsChange = field(default_factory=TermsChange)
    revision: int | None = None
    """The one the change was made from."""


def changed_activity(activity: Activity, change: ActivityChange, terms: TermsChange) -> Activity:
    """The activity with a change made, its revision raised; the same object when nothing differs.

    Its sessions keep the terms they were planned with.

    Raises:
        Invalid: the terms contradict each other.
    """
    result = replace(changed_by(activity, change), terms=adapted(activity.terms, terms))
    return activity if result == activity else replace(result, revision=activity.revision + 1)


def check_in_use(activity: Activity) -> None:
    """Refuse to plan anything new of an activity that was put away.

    Raises:
        Invalid: it was.
    """
    if activity.archived:
        raise Invalid("the activity was put away; take it up again, or choose another one", "activity_id")
