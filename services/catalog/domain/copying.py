"""A term planned as the one before: what its series were like when they were last held."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID
from zoneinfo import ZoneInfo

from services.catalog.domain.conflicts import Conflict
from services.catalog.domain.refusals import Invalid
from services.catalog.domain.series import NewSeries, PlannedSeries, Series
from services.catalog.domain.sessions import Session
from services.catalog.domain.terms import TermsChange
from services.catalog.domain.wall import on_the_wall

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldSeries:
    """A series with what is held of it within some days: at least one session, in the order of their starts."""

    series: Series
    sessions: tuple[Session, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """At what time a date of a series is held, by calendar and clock."""

    shift: int
    """Days after the rule's own date."""
    at: time
    minutes: int
    slot_minutes: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Manner:
    """How a series is held: when, and one of its sessions, which all else is like."""

    when: When
    like: Session


@dataclass(frozen=True, kw_only=True, slots=True)
class GoingOn:
    """What becomes of a series in the later term: a plan, or one that is there already, or why it cannot be."""

    held: HeldSeries
    how: Manner
    plan: PlannedSeries | None = None
    there: UUID | None = None
    refusal: Invalid | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTerm:
    """A later term, and what is in the way of its sessions, by their ids."""

    series: Sequence[GoingOn]
    conflicts: Mapping[UUID, tuple[Conflict, ...]]


def manner(sessions: Sequence[Session], zone: ZoneInfo) -> Manner:
    """How a series was held the last time that was no exception.

    An exception is a date whose time no other one has; where all have a time of their own, the last one counts.
    """
    dates = [list(found) for _, found in groupby(sorted(sessions, key=_by_date), attrgetter("series_date"))]
    times = [_when(found, zone) for found in dates]
    often = Counter(times)
    last = next((n for n in reversed(range(len(dates))) if often[times[n]] > 1), len(dates) - 1)
    return Manner(when=times[last], like=dates[last][0])


def again(held: HeldSeries, how: Manner, new: NewSeries, zone: ZoneInfo) -> NewSeries:
    """The series as it goes on: ``new`` says its id, library, rule and dates, and all else is as it was held.

    Who books it, what is asked and when people are reminded follow the activity, as of any new session.
    """
    like, terms = how.like, how.like.terms
    return NewSeries(
        id=new.id,
        activity_id=held.series.activity_id,
        branch_id=new.branch_id,
        rule=new.rule,
        days=new.days,
        at=how.when.at,
        minutes=how.when.minutes,
        slot_minutes=how.when.slot_minutes,
        skip=held.series.skip,
        place=like.place,
        room=like.room,
        host=like.host,
        status=new.status,
        terms=TermsChange(
            mode=terms.mode,
            seats=terms.seats,
            walk_in=terms.walk_in,
            queue=terms.queue,
            capacity_from=terms.capacity_from,
            helpers_needed=terms.helpers_needed,
            register_note=terms.register_note,
        ),
        meeting=like.meeting,
        opens_days_before=_opens_days_before(like, zone),
        copied_from=held.series.id,
    )


def _by_date(session: Session) -> tuple[date, object]:
    return session.series_date or session.starts_at.date(), session.starts_at


def _when(slots: Sequence[Session], zone: ZoneInfo) -> When:
    first = slots[0]
    starts = on_the_wall(first.starts_at, zone)
    return When(
        shift=(starts.date() - (first.series_date or starts.date())).days,
        at=starts.time(),
        minutes=(slots[-1].ends_at - first.starts_at) // A_MINUTE,
        slot_minutes=(first.ends_at - first.starts_at) // A_MINUTE if first.sitting_id else None,
    )


def _opens_days_before(session: Session, zone: ZoneInfo) -> int | None:
    if session.opens_at is None:
        return None
    return (on_the_wall(session.starts_at, zone).date() - on_the_wall(session.opens_at, zone).date()).days
