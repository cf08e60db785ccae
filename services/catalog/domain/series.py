"""A series: sessions of one activity at one branch on the dates of a rule, by the clock on the wall."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from services.catalog.domain.activities import Activity
from services.catalog.domain.meetings import Meeting
from services.catalog.domain.refusals import Invalid
from services.catalog.domain.sessions import NewSession, Place, Session, planned
from services.catalog.domain.sittings import Slot, slots
from services.catalog.domain.terms import TermsChange
from services.catalog.domain.wall import Clock, moment_of, on_the_wall

Why: TypeAlias = Literal["closure", "red_day", "school_holiday", "exception", "past"]

MOST_DATES = 400
"""More than every day of a year is a slip of the finger."""
MOST_SESSIONS = 1200
"""What one transaction makes in a few seconds: 400 dates of three slots."""

_PAST = {"sv": "Tiden har redan varit", "en": "The time has passed"}
_SERIES_FIELDS = {"starts_at": "rule", "ends_at": "minutes", "opens_at": "opens_days_before"}
"""What is wrong with a date is wrong in what gave it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A date of the rule on which nothing happens."""

    day: date
    why: Why
    names: Mapping[str, str]
    """What the day is called or why it is left out, by language."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSeries:
    """A series somebody wants to offer; what is None comes from the activity."""

    id: UUID
    activity_id: UUID
    branch_id: str
    rule: str
    days: tuple[date, ...]
    """The dates that the rule gives."""
    at: time
    minutes: int | None = None
    """Of a date, with all its slots."""
    slot_minutes: int | None = None
    skip: frozenset[Why] = frozenset({"closure", "red_day"})
    """Which days besides the exceptions fall away."""
    exceptions: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    """Dates left out by hand, with the reason by language."""
    place: Place = "branch"
    room: str = ""
    host: str = ""
    status: Literal["draft", "published"] = "published"
    terms: TermsChange = field(default_factory=TermsChange)
    meeting: Meeting | None = None
    opens_days_before: int | None = None
    """On which day before each date booking opens, as it begins."""
    copied_from: UUID | None = None
    """The series of an earlier term that it goes on from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """A series as it is kept; its sessions know it."""

    id: UUID
    activity_id: UUID
    branch_id: str
    rule: str
    skipped: tuple[Skipped, ...]
    skip: frozenset[Why] = frozenset({"closure", "red_day"})
    """Which days fell away of themselves."""
    copied_from: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedSeries:
    """A series with all that would be held."""

    series: Series
    sessions: tuple[Session, ...]


def planned_series(
    new: NewSeries,
    activity: Activity,
    off: Mapping[date, Skipped],
    clock: Clock,
    new_id: Callable[[], UUID],
) -> PlannedSeries:
    """The series that a wish makes.

    Args:
        new: The wish.
        activity: What happens on each date.
        off: Dates that fall away, if the rule gives them.
        clock: What is before it falls away too.
        new_id: Gives an id for each session and each sitting.

    Raises:
        Invalid: a date breaks a rule, nothing is left, or a date that is left out is none of the rule's.
    """
    for number, day in enumerate(new.exceptions):
        if day not in new.days:
            raise Invalid(f"the rule gives no {day}", f"except.{number}.date")
    skipped: list[Skipped] = []
    sessions: list[Session] = []
    for day in new.days:
        fallen = off.get(day) or _past(day, new.at, clock)
        if fallen:
            skipped.append(fallen)
        else:
            sessions += _sessions(new, activity, day, clock, new_id)
        if len(sessions) > MOST_SESSIONS:
            raise Invalid(f"these would be more than {MOST_SESSIONS} sessions; let it end sooner", "rule")
    if not sessions:
        raise Invalid("all dates of the rule fall away", "rule")
    series = Series(
        id=new.id,
        activity_id=activity.id,
        branch_id=new.branch_id,
        rule=new.rule,
        skipped=tuple(skipped),
        skip=new.skip,
        copied_from=new.copied_from,
    )
    return PlannedSeries(series=series, sessions=tuple(sessions))


def _past(day: date, at: time, clock: Clock) -> Skipped | None:
    over = datetime.combine(day, at) <= on_the_wall(clock.now, clock.zone)
    return Skipped(day=day, why="past", names=_PAST) if over else None


def _opening(day: date, days_before: int | None, zone: ZoneInfo) -> datetime | None:
    """The beginning of the day on which booking opens."""
    if days_before is None:
        return None
    return datetime.combine(day - timedelta(days=days_before), time(), tzinfo=zone).astimezone(UTC)


def _sessions(
    new: NewSeries, activity: Activity, day: date, clock: Clock, new_id: Callable[[], UUID]
) -> Iterator[Session]:
    """What is held on a date."""
    starts_at = moment_of(datetime.combine(day, new.at), clock.zone, "time")
    ends_at = starts_at + timedelta(minutes=new.minutes or activity.minutes)
    parts: tuple[Slot, ...] = ((starts_at, ends_at),)
    if new.slot_minutes:
        parts = slots(starts_at, ends_at, new.slot_minutes)
    sitting_id = new_id() if new.slot_minutes else None
    opens_at = _opening(day, new.opens_days_before, clock.zone)
    for start, end in parts:
        wish = NewSession(
            id=new_id(),
            activity_id=activity.id,
            branch_id=new.branch_id,
            starts_at=start,
            ends_at=end,
            place=new.place,
            room=new.room,
            host=new.host,
            status=new.status,
            terms=new.terms,
            meeting=new.meeting,
            opens_at=opens_at,
            series_id=new.id,
            series_date=day,
            sitting_id=sitting_id,
        )
        try:
            yield planned(wish, activity, clock.now)
        except Invalid as error:
            field = error.field or ""
            raise Invalid(f"{day}: {error}", _SERIES_FIELDS.get(field, field)) from error
