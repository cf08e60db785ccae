"""What a line of the weekly programme is, and the sessions it gives from a day on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from services.catalog.domain import Activity, Meeting, NewSession, Place, TermsChange, adapted
from services.catalog.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from services.catalog.opening import Opening

NAMESPACE = UUID("5d0f2f0e-6a27-4f0e-8a58-3f0c2c9a3b71")
AHEAD = timedelta(weeks=6)
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
    """By the clock on the wall."""
    room: str = ""
    weeks: int = 1
    """Every so many weeks."""
    name: str = ""
    """Tells the rows of one offer apart. Never changes: the ids of sessions come from it."""

    def sessions(self, now: datetime, zone: ZoneInfo, opening: Opening) -> Iterator[NewSession]:
        """Those of the coming six weeks, at the same local time whatever the season, when the branch is open."""
        today = now.astimezone(zone).date()
        for day in (today + timedelta(days=number) for number in range(AHEAD.days)):
            if day.weekday() in self.weekdays and _week(day) % self.weeks == 0:
                for at in self.times:
                    starts_at = datetime.combine(day, at, tzinfo=zone)
                    if starts_at >= now + _NOTICE and self._can_be(starts_at, opening):
                        yield self._session(starts_at)

    def _can_be(self, starts_at: datetime, opening: Opening) -> bool:
        """What is not in the house needs no open door, only a day on which people work."""
        if self.offer.place != "branch":
            return not opening.shut(self.branch, starts_at.date())
        return opening.is_open(self.branch, starts_at, starts_at + self.offer.lasts, staffed=self.offer.staffed)

    def _session(self, starts_at: datetime) -> NewSession:
        several = [f"{starts_at:%H%M}"] if len(self.times) > 1 else []
        parts = [self.name or self.offer.name, starts_at.date().isoformat(), *several]
        return NewSession(
            id=uuid5(NAMESPACE, "/".join(parts)),
            activity_id=self.offer.id,
            branch_id=self.branch,
            starts_at=starts_at.astimezone(UTC),
            place=self.offer.place,
            room=self.room,
            theme=self.offer.theme(starts_at.date()),
            meeting=self.offer.meeting,
        )


def sessions(rows: Iterable[Row], now: datetime, zone: ZoneInfo, opening: Opening) -> list[NewSession]:
    """All that the rows give, the soonest first, so that it is also the first that can be booked."""
    found = [session for row in rows for session in row.sessions(now, zone, opening)]
    return sorted(found, key=lambda session: session.starts_at)


def _week(day: date) -> int:
    """The number of a week since the first Monday there was, so that the turn of a year skips none."""
    return (day.toordinal() - 1) // 7
