"""What a line of the weekly programme is, and the sessions it gives from a day on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from services.catalog.domain import Activity, Meeting, NewSeries, NewSession, Place, TermsChange, adapted
from services.catalog.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from services.catalog.opening import Opening

NAMESPACE = UUID("5d0f2f0e-6a27-4f0e-8a58-3f0c2c9a3b71")
AHEAD = timedelta(weeks=6)
_BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NOTICE = timedelta(hours=1)
"""What starts sooner than this could hardly be booked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """An activity of the programme; texts by language."""

    name: str
    """Never changes: the id comes from it."""
    kind: str
    titles: Mapping[str, str]
    summaries: Mapping[str, str]
    sms_titles: Mapping[str, str] | None = None
    minutes: int | None = None
    languages: tuple[str, ...] = ("sv",)
    level: str | None = None
    place: Place = "branch"
    meeting: Meeting | None = None
    audiences: Mapping[str, str] = field(default_factory=dict)
    bring: Mapping[str, str] = field(default_factory=dict)
    led_by: Mapping[str, str] = field(default_factory=dict)
    terms: TermsChange = field(default_factory=TermsChange)
    themes: tuple[Mapping[str, str], ...] = ()
    """One for each week in turn, the same all over the city."""
    staffed: bool = True
    """Whether it needs staff in the house."""

    @property
    def id(self) -> UUID:
        """The activity's."""
        return uuid5(NAMESPACE, self.name)

    @property
    def lasts(self) -> timedelta:
        """How long a session is."""
        return timedelta(minutes=self.minutes or KINDS[self.kind].minutes)

    def activity(self) -> Activity:
        """What happens at each session."""
        kind = KINDS[self.kind]
        return Activity(
            id=self.id,
            kind=kind.id,
            titles=self.titles,
            sms_titles=self.sms_titles or kind.sms_labels,
            summaries=self.summaries,
            languages=self.languages,
            level=self.level,
            minutes=self.minutes or kind.minutes,
            terms=adapted(kind.terms, self.terms),
            audiences=self.audiences,
            bring=self.bring,
            led_by=self.led_by,
        )

    def theme(self, day: date) -> Mapping[str, str]:
        """What a day's session is about."""
        return self.themes[_week(day) % len(self.themes)] if self.themes else {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """Where and when an offer is."""

    offer: Offer
    branch: str
    weekdays: tuple[int, ...]
    times: tuple[time, ...]
    """By the clock on the wall; several are slots that follow each other."""
    room: str = ""
    weeks: int = 1
    """Every so many weeks."""
    name: str = ""
    """Tells the rows of one offer apart. Never changes: the ids of sessions come from it."""

    @property
    def series_id(self) -> UUID:
        """Of the series that its sessions are dates of, year in, year out."""
        return uuid5(NAMESPACE, f"series/{self._named}")

    def series(self, today: date) -> NewSeries:
        """Its dates in the coming six weeks, whatever day it is."""
        every = f";INTERVAL={self.weeks}" if self.weeks > 1 else ""
        return NewSeries(
            id=self.series_id,
            activity_id=self.offer.id,
            branch_id=self.branch,
            rule=f"FREQ=WEEKLY{every};BYDAY={','.join(_BYDAY[weekday] for weekday in self.weekdays)}",
            days=tuple(self._days(today)),
            at=self.times[0],
        )

    def sessions(self, now: datetime, zone: ZoneInfo, opening: Opening) -> Iterator[NewSession]:
        """Those of the coming six weeks, at the same local time whatever the season, when the branch is open."""
        for day in self._days(now.astimezone(zone).date()):
            for at in self.times:
                starts_at = datetime.combine(day, at, tzinfo=zone)
                if starts_at >= now + _NOTICE and self._can_be(starts_at, opening):
                    yield self._session(starts_at)

    @property
    def _named(self) -> str:
        return self.name or self.offer.name

    def _days(self, today: date) -> Iterator[date]:
        for day in (today + timedelta(days=number) for number in range(AHEAD.days)):
            if day.weekday() in self.weekdays and _week(day) % self.weeks == 0:
                yield day

    def _can_be(self, starts_at: datetime, opening: Opening) -> bool:
        """What is not in the house needs no open door, only a day on which people work."""
        if self.offer.place != "branch":
            return not opening.shut(self.branch, starts_at.date())
        return opening.is_open(self.branch, starts_at, starts_at + self.offer.lasts, staffed=self.offer.staffed)

    def _session(self, starts_at: datetime) -> NewSession:
        """One of a day; several times of a day are the slots of a sitting."""
        date_named = f"{self._named}/{starts_at.date().isoformat()}"
        slots = len(self.times) > 1
        return NewSession(
            id=uuid5(NAMESPACE, f"{date_named}/{starts_at:%H%M}" if slots else date_named),
            activity_id=self.offer.id,
            branch_id=self.branch,
            starts_at=starts_at.astimezone(UTC),
            place=self.offer.place,
            room=self.room,
            theme=self.offer.theme(starts_at.date()),
            meeting=self.offer.meeting,
            series_id=self.series_id,
            series_date=starts_at.date(),
            sitting_id=uuid5(NAMESPACE, f"sitting/{date_named}") if slots else None,
        )


def sessions(rows: Iterable[Row], now: datetime, zone: ZoneInfo, opening: Opening) -> list[NewSession]:
    """All that the rows give, the soonest first, so that it is also the first that can be booked."""
    found = [session for row in rows for session in row.sessions(now, zone, opening)]
    return sorted(found, key=lambda session: session.starts_at)


def _week(day: date) -> int:
    """The number of a week since the first Monday there was, so that the turn of a year skips none."""
    return (day.toordinal() - 1) // 7
